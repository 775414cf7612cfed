"""Facts: all that a rule may read about a case; no personal data, no input or output."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.profiles.profile import Profile
from app.safeguards.words import Category, Relation, Role

# Age is final only as "adult_final", or where nobody ever doubted it; in between everybody is a child (INV-16).
CHILD_BY_AGE = (
    "not_in_doubt_child", "presumed_child", "ordered", "in_progress", "concluded_child", "inconclusive",
    "concluded_adult", "challenged",
)  # fmt: skip
# What may stand on a container of its own, with no person in it; an emergency brings none with it.
OF_NOBODY = frozenset({"hotline_report", "data_subject_request", "data_breach", "break_glass"})


@dataclass(frozen=True)
class StepTaken:
    """A step in the history of a track."""

    name: str
    from_: str | None
    to: str
    actor_id: UUID
    role: Role
    organisation_id: UUID | None
    at: datetime
    id: UUID | None = None


@dataclass(frozen=True)
class TrackFacts:
    """One track of the case; `marks` are the clear codes that its forms declared (`asked(clear=...)`)."""

    id: UUID
    slug: str
    state: str
    opened_at: datetime
    entered_at: datetime
    marks: Mapping[str, Any] = field(default_factory=dict)
    history: tuple[StepTaken, ...] = ()
    version: int = 0

    def took(self, *names: str) -> StepTaken | None:
        """Return the latest step taken under one of those names."""
        return next((step for step in reversed(self.history) if step.name in names), None)

    def day(self, mark: str) -> date | None:
        """Return the day that a mark holds; marks come from JSON, where days are ISO texts."""
        held = self.marks.get(mark)
        if isinstance(held, datetime):
            return held.date()
        return date.fromisoformat(held[:10]) if isinstance(held, str) else held


@dataclass(frozen=True)
class ConsentFacts:
    """A consent in force or a recorded legal basis: what may be shared, with whom, for what, until when."""

    purpose: str
    recipient_organisation_id: UUID
    categories: frozenset[Category]
    until: datetime | None
    basis: str  # "consent" or vital_interest, child_protection, court_order, statutory_duty
    track_id: UUID | None = None  # the consent or referral that it rests on


@dataclass(frozen=True)
class ActorFacts:
    """Who asks, and what ties them to the case."""

    user_id: UUID
    role: Role
    organisation_id: UUID | None
    relations: frozenset[Relation] = frozenset()


@dataclass(frozen=True)
class Facts:
    """A case as the rules see it."""

    now: datetime
    today: date
    profile: Profile
    age_class: str | None  # "adult", "child", "uncertain"; None before it was said
    actor: ActorFacts
    tracks: tuple[TrackFacts, ...] = ()
    consents: tuple[ConsentFacts, ...] = ()
    this: TrackFacts | None = None  # the track that the step belongs to; None when it is being opened
    watchers: frozenset[tuple[UUID, Role]] = frozenset()  # who can review an emergency access
    authorities: frozenset[UUID] = (
        frozenset()
    )  # police, immigration, consulates, while something may go to them

    def track(self, slug: str) -> TrackFacts | None:
        """Return the latest track of that kind."""
        return next((each for each in reversed(self.tracks) if each.slug == slug), None)

    def in_state(self, slug: str, *states: str) -> bool:
        """Say whether any track of that kind is in one of those states."""
        return any(each.slug == slug and each.state in states for each in self.tracks)

    @property
    def is_of_nobody(self) -> bool:
        """Say whether nothing here is about a person of the mechanism: a call, a request about data, a breach."""
        return bool(self.tracks) and all(each.slug in OF_NOBODY for each in self.tracks)

    @property
    def is_child(self) -> bool:
        """Presumption of childhood: whoever is not known to be adult is a child (CETS 197 art. 10(3)).

        It lasts until an age assessment is final, its remedy included; what a referral says ends it as little.
        """
        return self.age_class != "adult" or self.in_state("age_assessment", *CHILD_BY_AGE)

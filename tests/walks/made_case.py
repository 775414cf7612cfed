"""A whole case in memory: the same declarations, rules and effects, done by simpler code than the engine's."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from app.kit.clock import local_day
from app.kit.errors import Fault
from app.kit.plain import plain
from app.procedure import effects as fx
from app.procedure.available import refusals
from app.procedure.clocks import due_at
from app.procedure.declaration import Deadline, Step, Track
from app.procedure.facts import ActorFacts, ConsentFacts, Facts, StepTaken, TrackFacts
from app.profiles.profile import Profile
from app.safeguards.access import SYSTEM
from app.safeguards.fields import questions
from app.safeguards.words import Relation, Role
from app.tracks import TRACKS
from tests.walks.made_world import Row, World

PROTECTED = (
    "intention", "lodged", "under_examination", "decision_open_appeal", "appeal_pending", "refugee", "subsidiary",
)  # fmt: skip
NOTHING: frozenset[Relation] = frozenset()
DESKS = (Role.NGO, Role.SOC, Role.CAU, Role.SHE, Role.HEA, Role.LEG, Role.POL, Role.LAB, Role.IMM)
TIMER = ActorFacts(SYSTEM, Role.SYS, None)


@dataclass(frozen=True)
class Ticking:
    """One clock of a track."""

    track_id: UUID
    name: str
    due: datetime
    started: datetime
    overdue: bool = False


@dataclass(frozen=True)
class Moved:
    """A step that was taken, with the case as it was and as it then is, before what follows from it."""

    track: Track
    step: Step
    form: Any
    before: Facts
    after: Facts


class Rejected(Exception):
    """A rule stands against the act; nothing of it was done."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults)
        self.faults = faults


@dataclass
class MadeCase:
    """One case: tracks, clocks, team, loans, place, and every step in the order in which it was taken."""

    world: World
    random: Random
    now: datetime
    profile: Profile
    age_class: str | None = None
    tracks: dict[UUID, TrackFacts] = field(default_factory=dict)
    clocks: list[Ticking] = field(default_factory=list)
    team: list[Row] = field(default_factory=list)
    loans: list[ConsentFacts] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    held: UUID | None = None
    stays: UUID | None = None
    shredded: bool = False
    names: dict[UUID, UUID] = field(default_factory=dict)  # identifiers that tracks were given later
    does: dict[type[Any], Callable[..., None]] = field(default_factory=dict)  # what each kind of effect does
    _ties: tuple[datetime, dict[Any, frozenset[Relation]]] | None = None

    def facts(self, who: ActorFacts, track_id: UUID | None = None) -> Facts:
        """Return the case as the rules see it."""
        return Facts(
            now=self.now, today=local_day(self.now, self.profile.zone), profile=self.profile,
            age_class=self.age_class, actor=replace(who, relations=self.relations(who)),
            tracks=tuple(self.tracks.values()),
            consents=tuple(each for each in self.loans if each.until is None or each.until > self.now),
            this=self.tracks[track_id] if track_id else None, authorities=self.world.authorities,
        )  # fmt: skip

    def relations(self, who: ActorFacts) -> frozenset[Relation]:
        """Return what ties somebody to the case now."""
        if self._ties is None or self._ties[0] != self.now:
            self._ties = self.now, self._tied()
        if who.role is Role.CON and any(each.state in PROTECTED for each in self.of_kind("asylum_claim")):
            return NOTHING  # a State of origin learns nothing more, whatever a row of the team says
        ties = self._ties[1]
        return ties.get(who.user_id, NOTHING) | ties.get((who.organisation_id, who.role), NOTHING)

    def _tied(self) -> dict[Any, frozenset[Relation]]:
        """Return the relations of each person, and of each desk (a role in an organisation)."""
        self.team = [row for row in self.team if row.until is None or row.until > self.now]
        ties: dict[Any, set[Relation]] = {}
        for row in self.team:
            ties.setdefault(row.user_id or (row.organisation_id, row.role), set()).add(row.relation)
        return {each: frozenset(found) for each, found in ties.items()}

    def is_led(self) -> bool:
        """Say whether somebody leads the case now."""
        return any(
            row.relation is Relation.LEAD and (row.until is None or row.until > self.now) for row in self.team
        )

    def of_kind(self, slug: str) -> Iterator[TrackFacts]:
        return (each for each in list(self.tracks.values()) if each.slug == slug)

    def act(self, who: ActorFacts, slug: str, track_id: UUID | None, step: Step, form: Any) -> list[Moved]:
        """Take a step with all that follows, or raise Rejected and leave everything as it was."""
        kept = self._kept()
        taken = len(self.moved)
        try:
            self.take(who, slug, track_id, step, form)
        except Rejected:
            self.__dict__.update(kept)
            self._ties = None
            raise
        return self.moved[taken:]

    def _kept(self) -> dict[str, Any]:
        return {
            name: value.copy() if isinstance(value, dict | list) else value
            for name, value in self.__dict__.items()
        }

    def take(self, who: ActorFacts, slug: str, track_id: UUID | None, step: Step, form: Any) -> None:
        track = TRACKS[slug]
        before = self.facts(who, track_id)
        if faults := refusals(track, step, before, form):
            raise Rejected(*faults)
        held = self._stand(who, track, step, form, before.this)
        after = self.facts(who, held.id)
        effects = list(step.then(after, form)) if step.then else []
        for each in effects:
            if isinstance(each, fx.SetMarks):
                self._mark(held.id, each.values)
        self._follow_clocks(track, step, held.id, who)
        self.moved.append(Moved(track, step, form, before, self.facts(who, held.id)))
        for each in effects:
            self.does[type(each)](self, who, held.id, each)

    def _stand(
        self, who: ActorFacts, track: Track, step: Step, form: Any, held: TrackFacts | None
    ) -> TrackFacts:
        before = held.state if held else None
        held = held or TrackFacts(
            UUID(int=self.random.getrandbits(128)), track.slug, step.to, self.now, self.now
        )
        taken = StepTaken(
            step.name,
            before,
            step.to,
            who.user_id,
            who.role,
            who.organisation_id,
            self.now,
            UUID(int=len(self.moved)),
        )
        entered = held.entered_at if before == step.to else self.now
        self.tracks[held.id] = replace(
            held, state=step.to, entered_at=entered, history=(*held.history, taken), version=held.version + 1
        )
        clear = {name for name, about in questions(type(form)).items() if about.clear}
        self._mark(held.id, {name: value for name, value in form if name in clear})
        return self.tracks[held.id]

    def _mark(self, track_id: UUID, values: dict[str, Any]) -> None:
        held = self.tracks[track_id]
        kept = {name: value for name, value in plain(values).items() if value is not None}
        self.tracks[track_id] = replace(held, marks={**held.marks, **kept})

    def _follow_clocks(self, track: Track, step: Step, track_id: UUID, who: ActorFacts) -> None:
        for deadline in track.deadlines:
            begins = step.name in deadline.starts and step.to in deadline.runs_in
            if begins or step.name in deadline.stops or step.to not in deadline.runs_in:
                self._stop(track_id, deadline.name)
            if begins and (due := due_at(deadline, self.facts(who, track_id), self.now)):
                self.clocks.append(Ticking(track_id, deadline.name, due, self.now))

    def _stop(self, track_id: UUID, name: str) -> None:
        self.clocks = [each for each in self.clocks if (each.track_id, each.name) != (track_id, name)]

    def grant(
        self,
        relation: Relation,
        role: Role,
        organisation_id: UUID,
        user_id: UUID | None,
        until: datetime | None,
    ) -> None:
        """Bring somebody onto the team, once."""
        row = Row(relation, role, organisation_id, user_id, until)
        if until is not None or row not in self.team:
            self.team.append(row)
            self._ties = None

    def dismiss(
        self, relation: Relation, organisation_id: UUID | None = None, role: Role | None = None,
        user_id: UUID | None = None,
    ) -> None:  # fmt: skip
        """End rows of the team with that relation, of those only who are named."""
        self.team = [
            row
            for row in self.team
            if row.relation is not relation
            or organisation_id not in (None, row.organisation_id)
            or role not in (None, row.role)
            or user_id not in (None, row.user_id)
        ]
        self._ties = None

    def rename(self, names: dict[UUID, UUID]) -> None:
        """Give tracks other identifiers, wherever they stand."""
        self.names |= names
        texts = {str(old): str(new) for old, new in names.items()}

        def named(value: Any) -> Any:
            if isinstance(value, list):
                return [named(each) for each in value]
            return texts.get(value, value) if isinstance(value, str) else value

        marked = {
            names.get(each.id, each.id): replace(
                each,
                id=names.get(each.id, each.id),
                marks={name: named(value) for name, value in each.marks.items()},
            )
            for each in self.tracks.values()
        }
        self.tracks = marked
        self.clocks = [
            replace(each, track_id=names.get(each.track_id, each.track_id)) for each in self.clocks
        ]
        self.loans = [
            replace(each, track_id=names.get(each.track_id, each.track_id)) if each.track_id else each
            for each in self.loans
        ]

    # Time.

    def sweep(self) -> list[Moved]:
        """Deal with every clock that is due, as the timer does."""
        taken = len(self.moved)
        while clock := self._next_due():
            self.clocks[self.clocks.index(clock)] = replace(clock, overdue=True)
            deadline = self.declared(clock)
            if deadline.expires is not None:
                self._lapse(clock.track_id, deadline.expires)
        return self.moved[taken:]

    def _next_due(self) -> Ticking | None:
        due = [each for each in self.clocks if not each.overdue and each.due <= self.now]
        return min(
            due,
            key=lambda each: (each.due, each.started, self.tracks[each.track_id].slug, each.name),
            default=None,
        )

    def _lapse(self, track_id: UUID, name: str) -> None:
        held = self.tracks[track_id]
        declared = TRACKS[held.slug]
        step = declared.step(name, held.state)
        try:
            self.act(TIMER, held.slug, track_id, step, step.form())
        except Rejected:
            return

    def declared(self, clock: Ticking) -> Deadline:
        """Return what is declared of a clock."""
        slug = self.tracks[clock.track_id].slug
        return next(each for each in TRACKS[slug].deadlines if each.name == clock.name)

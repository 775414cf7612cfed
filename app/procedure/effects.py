"""What may follow from a step, as values; the engine in `casework` does them in the same transaction."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from app.safeguards.words import Category, Relation, Role


@dataclass(frozen=True)
class OpenTrack:
    """Open another track of the case by its opening step, unless one of that kind is in progress."""

    slug: str
    step: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TakeStep:
    """Take a step of another track as the rule engine (SYS), if it is available there."""

    slug: str
    step: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class JoinTeam:
    """Bring somebody onto the team: a user, or everybody of that role in the organisation.

    `user_id` "actor" is whoever took the step; `organisation_id` None is the actor's own.
    """

    relation: Relation
    role: Role | None = None
    organisation_id: UUID | None = None
    user_id: UUID | str | None = None
    until: datetime | None = None
    reason: str | None = None  # stated for an emergency; it is sealed, and named on the ledger
    categories: frozenset[Category] = frozenset()  # what an emergency opens


@dataclass(frozen=True)
class CallIn:
    """Bring in the organisation that is competent for a role in this country; where some are named, one of these."""

    role: Role
    relation: Relation
    named: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class LeaveTeam:
    """End the rows of the team with that relation (of one organisation, role or user, where given)."""

    relation: Relation
    organisation_id: UUID | None = None
    role: Role | None = None
    user_id: UUID | None = None


@dataclass(frozen=True)
class Share:
    """Lend categories to an organisation, by consent or recorded legal basis (INV-17)."""

    purpose: str
    organisation_ids: tuple[UUID, ...]
    categories: frozenset[Category]
    basis: str
    until: datetime | None


@dataclass(frozen=True)
class EndShares:
    """End everything that the consent track of this step had lent, in the same transaction."""


@dataclass(frozen=True)
class EndSharesFor:
    """End everything in the case that was lent for one purpose, on whatever consent or ground."""

    purpose: str


@dataclass(frozen=True)
class Alert:
    """Tell a role (of one organisation, or of the team) that something needs attention; no personal data."""

    kind: str  # marked text, neutral: it may stand in a list that others see
    role: Role | None = None
    organisation_id: UUID | None = None
    urgent: bool = False


@dataclass(frozen=True)
class SetAgeClass:
    """Record whether the person is adult, child or uncertain (uncertain is treated as child: INV-16)."""

    age_class: str


@dataclass(frozen=True)
class AssignLead:
    """Make a user the lead of the case; the organisation's other recipients leave the waiting list.

    `only_if_vacant`: where somebody leads already, the user works on the case beside them.
    """

    user_id: UUID | str  # "actor" or a user
    only_if_vacant: bool = False


@dataclass(frozen=True)
class HoldPlace:
    """Hold a free shelter place for the case, so that it is offered to nobody else."""

    place_id: UUID


@dataclass(frozen=True)
class OccupyPlace:
    """Take a shelter place for the case; the service of shelters writes the whereabouts (INV-12)."""

    place_id: UUID


@dataclass(frozen=True)
class FreePlace:
    """Give back the place that the case holds."""


@dataclass(frozen=True)
class OpenCase:
    """Open the case track once a referral is accepted (T23)."""


@dataclass(frozen=True)
class SetMarks:
    """Keep clear codes and dates on the track of this step, such as an end that a rule worked out."""

    values: dict[str, Any]


@dataclass(frozen=True)
class EndAllShares:
    """End everything that any consent or basis had lent in this case."""


@dataclass(frozen=True)
class DestroyKeys:
    """Destroy the keys of the case, so that its sealed parts can never be opened again."""


Effect = (
    OpenTrack | TakeStep | JoinTeam | CallIn | LeaveTeam | Share | EndShares | EndSharesFor | Alert | SetAgeClass
    | AssignLead | HoldPlace | OccupyPlace | FreePlace | OpenCase | SetMarks | EndAllShares | DestroyKeys
)  # fmt: skip

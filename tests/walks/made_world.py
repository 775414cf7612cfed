"""Who and what there is around a case: people, organisations, places, rows of the team."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from app.safeguards.words import Relation, Role


@dataclass(frozen=True)
class Somebody:
    """A person of the service."""

    id: UUID
    role: Role
    organisation_id: UUID


@dataclass(frozen=True)
class World:
    """Who and what there is around the case."""

    people: tuple[Somebody, ...]
    organisations: tuple[UUID, ...]  # in the order in which they came to the service
    receiving: tuple[UUID, ...]  # those that take referrals
    places: dict[UUID, UUID]  # place -> organisation of its house

    @cached_property
    def authorities(self) -> frozenset[UUID]:
        """Police, immigration and consulates."""
        turning = (Role.POL, Role.IMM, Role.CON)
        return frozenset(each.organisation_id for each in self.people if each.role in turning)

    def of(self, user_id: UUID) -> Somebody:
        return next(each for each in self.people if each.id == user_id)


@dataclass(frozen=True)
class Row:
    """One row of the team."""

    relation: Relation
    role: Role
    organisation_id: UUID
    user_id: UUID | None
    until: datetime | None = None

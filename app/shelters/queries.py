"""What may be seen of shelters: opaque codes and coarse flags, never an address and never who lives there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select

from app.cases.models import Case
from app.safeguards.work import Work
from app.shelters.models import Place, Shelter, Stay

SECURITY_LEVELS = ("ordinary", "raised", "high")


@dataclass(frozen=True)
class Needs:
    """What a place must offer."""

    women: bool = False
    men: bool = False
    children: bool = False
    accessible: bool = False
    pets: bool = False
    people: int = 1
    security: str = "ordinary"
    avoid_regions: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class PlaceSeen:
    """A place as others may see it; `house` is the code of its shelter."""

    id: UUID
    code: str
    house: str
    organisation_id: UUID
    region: str
    state: str
    sleeps: int
    women: bool
    men: bool
    children: bool
    accessible: bool
    pets: bool
    security: str


@dataclass(frozen=True)
class House:
    """A shelter of the actor's own organisation with its places."""

    id: UUID
    code: str
    region: str
    women: bool
    men: bool
    children: bool
    accessible: bool
    security: str
    places: tuple[PlaceSeen, ...]

    def count(self, state: str) -> int:
        """Return how many places are in that state."""
        return sum(1 for place in self.places if place.state == state)


def board(work: Work) -> tuple[House, ...]:
    """Return the shelters and places of the actor's own organisation."""
    own = select(Shelter).where(Shelter.organisation_id == work.actor.organisation_id).order_by(Shelter.code)
    houses = work.session.scalars(own).all()
    places = _seen(work, _places().where(Shelter.organisation_id == work.actor.organisation_id))
    return tuple(
        House(
            each.id, each.code, each.region, each.women, each.men, each.children, each.accessible,
            each.security_level, tuple(place for place in places if place.house == each.code),
        )
        for each in houses
    )  # fmt: skip


def matching_places(work: Work, needs: Needs) -> tuple[PlaceSeen, ...]:
    """Return the free places that meet the needs, the smallest that suffices first."""
    fitting = _places().where(Place.state == "free", *_meets(needs))
    return _seen(work, fitting.order_by(None).order_by(Place.sleeps, Place.code))


def sheltering_organisations(work: Work) -> frozenset[UUID]:
    """Return the organisations that run a house."""
    return frozenset(work.session.scalars(select(Shelter.organisation_id).distinct()))


def residents(work: Work) -> dict[UUID, str]:
    """Return, by place of the actor's own houses, the reference of the case that lives there."""
    rows = work.session.execute(
        select(Stay.place_id, Case.reference)
        .join(Case, Case.id == Stay.case_id)
        .where(Stay.until_at.is_(None))
    )
    return {row.place_id: row.reference for row in rows}


def place(work: Work, place_id: UUID) -> PlaceSeen | None:
    """Return one place by its id, or None."""
    found = _seen(work, _places().where(Place.id == place_id))
    return found[0] if found else None


def _meets(needs: Needs) -> Iterable[ColumnElement[bool]]:
    yield Place.sleeps >= needs.people
    enough = SECURITY_LEVELS[SECURITY_LEVELS.index(needs.security) :]
    yield Shelter.security_level.in_(enough)
    for wanted, offered in (
        (needs.women, Shelter.women), (needs.men, Shelter.men), (needs.children, Shelter.children),
        (needs.accessible, Shelter.accessible), (needs.pets, Shelter.pets),
    ):  # fmt: skip
        if wanted:
            yield offered.is_(True)
    if needs.avoid_regions:
        yield or_(Shelter.region == "unknown", Shelter.region.not_in(needs.avoid_regions))


def _places() -> Select[Place, Shelter]:
    return (
        select(Place, Shelter)
        .join(Shelter, Shelter.id == Place.shelter_id)
        .order_by(Shelter.code, Place.code)
    )


def _seen(work: Work, query: Select[Place, Shelter]) -> tuple[PlaceSeen, ...]:
    return tuple(
        PlaceSeen(
            place.id, place.code, house.code, house.organisation_id, house.region, place.state, place.sleeps,
            house.women, house.men, house.children, house.accessible, house.pets, house.security_level,
        )
        for place, house in work.session.execute(query)
    )  # fmt: skip

"""Keeping shelters: adding houses and places, holding, taking and giving back a place."""

from uuid import UUID

from sqlalchemy import select

from app.kit.errors import Fault, NotAllowed, Refused, Unknown
from app.kit.i18n import _
from app.kit.ids import new_id, reference
from app.safeguards.words import Act, Role
from app.safeguards.work import Work
from app.shelters import addresses
from app.shelters.models import Place, Shelter, Stay
from app.shelters.queries import SECURITY_LEVELS


def add_shelter(  # noqa: PLR0913 -- the flags of a house, all named at the call
    work: Work, *, organisation_id: UUID, region: str, women: bool = False, men: bool = False,
    children: bool = False, accessible: bool = False, pets: bool = False, security_level: str = "ordinary",
) -> UUID:  # fmt: skip
    """Add a house under an opaque code and return its id; its address is sealed elsewhere (category LOC)."""
    if security_level not in SECURITY_LEVELS:
        raise ValueError(security_level)
    shelter = Shelter(
        id=new_id(), organisation_id=organisation_id, code=reference(), region=region, women=women, men=men,
        children=children, accessible=accessible, pets=pets, security_level=security_level,
        created_at=work.clock.now(),
    )  # fmt: skip
    work.session.add(shelter)
    work.session.flush()
    return shelter.id


def add_place(work: Work, shelter_id: UUID, *, sleeps: int = 1) -> UUID:
    """Add a free place to a house and return its id."""
    place = Place(id=new_id(), shelter_id=shelter_id, code=reference(), state="free", sleeps=sleeps)
    work.session.add(place)
    work.session.flush()
    return place.id


def hold(work: Work, place_id: UUID, case_id: UUID) -> None:
    """Hold a free place for a case; what the case held before is free again. Refused if it is not free."""
    held = _locked(work, place_id)
    if held.state == "held" and held.held_for == case_id:
        return
    if held.state != "free":
        raise _taken()
    _let_go(work, case_id)
    held.state, held.held_for = "held", case_id
    work.session.flush()
    _recorded(work, case_id, "held")


def occupy(work: Work, place_id: UUID, case_id: UUID) -> None:
    """Lodge a case in a place; only staff of that house write where somebody is (INV-12)."""
    taken = _locked(work, place_id)
    _staff_only(work, taken)
    if taken.state != "free" and not (taken.state == "held" and taken.held_for == case_id):
        raise _taken()
    if _stay(work, case_id) is not None:
        raise Refused(Fault(_("This person holds another place: give that one back first"), "place_id"))
    _let_go(work, case_id)
    taken.state, taken.held_for = "occupied", None
    stay = Stay(id=new_id(), case_id=case_id, place_id=place_id, from_at=work.clock.now(), until_at=None)
    work.session.add(stay)
    work.session.flush()
    addresses.write_whereabouts(work, stay)
    _recorded(work, case_id, "occupied")


def free(work: Work, case_id: UUID) -> None:
    """Give back what the case holds: its place, or one that is held for it. Nothing held: nothing happens."""
    _let_go(work, case_id)
    stay = _stay(work, case_id)
    if stay is None:
        return
    place = _locked(work, stay.place_id)
    stay.until_at = work.clock.now()
    place.state = "free"
    work.session.flush()
    _recorded(work, case_id, "freed")


def _locked(work: Work, place_id: UUID) -> Place:
    """Return the place with its row locked, so that two cases cannot take it at once."""
    query = (
        select(Place).where(Place.id == place_id).with_for_update().execution_options(populate_existing=True)
    )
    found = work.session.scalar(query)
    if found is None:
        raise Unknown
    return found


def _let_go(work: Work, case_id: UUID) -> None:
    for place in work.session.scalars(select(Place).where(Place.held_for == case_id).with_for_update()):
        place.state, place.held_for = "free", None
    work.session.flush()


def _stay(work: Work, case_id: UUID) -> Stay | None:
    return work.session.scalar(select(Stay).where(Stay.case_id == case_id, Stay.until_at.is_(None)))


def _staff_only(work: Work, place: Place) -> None:
    house = work.session.get_one(Shelter, place.shelter_id)
    if work.actor.role is not Role.SHE or house.organisation_id != work.actor.organisation_id:
        raise NotAllowed(Fault(_("Only the staff of a house say who lives there"), rule="INV-12"))


def _taken() -> Refused:
    return Refused(Fault(_("This place is not free any more. Choose another one"), "place_id"))


def _recorded(work: Work, case_id: UUID, what: str) -> None:
    # Which place it was stays out of the ledger: who reads it need not know where anybody is (INV-12).
    work.record(Act.ALTER, case_id=case_id, what="shelter_place", state=what, rule="INV-12")

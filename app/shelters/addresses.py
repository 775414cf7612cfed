"""Addresses: sealed, opened by the staff of the house alone, written into a case when somebody is placed."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.kit.errors import Fault, NotAllowed, Unknown
from app.kit.i18n import _
from app.safeguards.opening import classify
from app.safeguards.words import Act, Role
from app.safeguards.work import Work
from app.shelters.forms import HouseAddress, Whereabouts
from app.shelters.models import Place, Shelter, Stay

classify("shelter", HouseAddress)
classify("whereabouts", Whereabouts)


def own_house(work: Work, shelter_id: UUID) -> Shelter:
    """Return a house of the actor's own organisation; to everybody else there is none."""
    house = work.session.get(Shelter, shelter_id)
    if house is None or house.organisation_id != work.actor.organisation_id:
        raise Unknown
    if work.actor.role is not Role.SHE:
        raise NotAllowed(Fault(_("Only the staff of a house read and write its address"), rule="INV-12"))
    return house


def record_address(work: Work, shelter_id: UUID, form: HouseAddress) -> None:
    """Seal the address of a house of one's own."""
    own_house(work, shelter_id)
    written = work.seal(
        shelter_id,
        "shelter",
        shelter_id,
        {name: value for name, value in form if value is not None},
        HouseAddress,
    )
    work.record(Act.ALTER, register="shelter", shelter=shelter_id, written=written, rule="INV-12")


def address(work: Work, shelter_id: UUID) -> dict[str, Any]:
    """Open the address of a house of one's own; empty where none was recorded."""
    own_house(work, shelter_id)
    return work.reveal_house(shelter_id)


def write_whereabouts(work: Work, stay: Stay) -> None:
    """Write where the person now lives into her case (category LOC), from the house's own address."""
    place = work.session.get_one(Place, stay.place_id)
    house = work.session.get_one(Shelter, place.shelter_id)
    known = address(work, house.id)
    told = {"address": "–", **known, "place": f"{house.code} / {place.code}"}
    written = work.seal(stay.case_id, "whereabouts", stay.id, told, Whereabouts)
    work.record(Act.COLLECT, case_id=stay.case_id, written=written, rule="INV-12")


def current_stay(work: Work, case_id: UUID) -> Stay | None:
    """Return the stay that runs, under whose id the case's whereabouts lie now, or None."""
    return work.session.scalar(select(Stay).where(Stay.case_id == case_id, Stay.until_at.is_(None)))

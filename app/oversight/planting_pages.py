"""HTML and JSON doors of invented cases: permitted, written, listed with who opened them, withdrawn."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.queries import receiving_organisations
from app.kit.errors import Fault, Invalid
from app.oversight import planting
from app.oversight.planting import Planted
from app.oversight.planting_forms import InventedPerson, Permit
from app.safeguards.words import Role
from app.safeguards.work import Work
from app.web.binding import bind
from app.web.door import Door, Typed
from app.web.drawing import Drawing, draw
from app.web.page import render
from app.web.repeats import Answer, see_other, told

router = APIRouter()
HERE = "/oversight/invented"


@router.get(HERE, name="oversight.invented")
def invented(request: Request, work: Door) -> Response:
    """Show the invented cases, and who opened one."""
    return _list(request, work, _permit_form(work))


def _list(request: Request, work: Work, form: Drawing, status: int = 200) -> Response:
    plants = work.actor.role is Role.SUP
    return render(
        request, "oversight/invented.html", status, cases=planting.planted(work), plants=plants, form=form
    )


def _permit_form(work: Work, typed: Any = None, faults: tuple[Fault, ...] = ()) -> Drawing:
    people = [(str(each), name) for each, name in planting.writers(work).items()]
    return draw(Permit, typed, faults=faults, options={"user_id": people})


@router.post(HERE, name="oversight.permit_invented")
def permit(request: Request, work: Door, sent: Typed) -> Response:
    """Permit a colleague to write one, and show the link this once."""
    bound = bind(Permit, sent)
    if bound.value is None:
        return _list(request, work, _permit_form(work, bound.typed, tuple(bound.faults)), 422)
    try:
        given = planting.permit(work, bound.value.user_id)
    except Invalid as invalid:
        return _list(request, work, _permit_form(work, bound.typed, invalid.faults), 422)
    request.state.answer = Answer(303, HERE)  # what a repeated send gets
    link = f"{request.app.state.settings.origin}/invented/{given}"
    name = planting.writers(work)[bound.value.user_id]
    return render(request, "oversight/permitted.html", link=link, name=name)


@router.post(HERE + "/{case_id}/withdraw", name="oversight.withdraw_invented")
def withdraw(request: Request, work: Door, case_id: UUID) -> Response:
    """Take an invented case away from everybody who could come near it."""
    planting.withdraw(work, case_id)
    return see_other(request, HERE)


@router.get("/invented/{given}", name="oversight.ask_plant")
def ask_plant(request: Request, work: Door, given: str) -> Response:
    """Ask the colleague who was trusted with it for a person who does not exist."""
    planting.permitted(work, given)
    return render(request, "oversight/plant.html", form=_person_form(work))


def _person_form(work: Work, typed: Any = None, faults: tuple[Fault, ...] = ()) -> Drawing:
    houses = receiving_organisations(work).items()
    others = [(str(each), name) for each, name in houses if each != work.actor.organisation_id]
    return draw(InventedPerson, typed, faults=faults, options={"partner_id": others})


@router.post("/invented/{given}", name="oversight.plant")
def plant(request: Request, work: Door, given: str, sent: Typed) -> Response:
    """Write an invented case."""
    planting.permitted(work, given)
    bound = bind(InventedPerson, sent)
    if bound.value is None:
        form = _person_form(work, bound.typed, tuple(bound.faults))
        return render(request, "oversight/plant.html", 422, form=form)
    planting.plant(work, given, bound.value)
    return see_other(request, "/")


@router.get("/api" + HERE, name="api.oversight.invented")
def list_invented(work: Door) -> list[Planted]:
    """Return the invented cases, and who opened one."""
    return planting.planted(work)


@router.post("/api" + HERE, name="api.oversight.permit_invented")
def permit_invented(request: Request, work: Door, form: Permit) -> Response:
    """Permit a colleague to write one; the answer is what opens the door to them alone."""
    return told(request, {"permit": planting.permit(work, form.user_id)})


@router.post("/api/invented/{given}", name="api.oversight.plant", status_code=201)
def plant_invented(request: Request, work: Door, given: str, form: InventedPerson) -> Response:
    """Write an invented case."""
    return told(request, {"reference": planting.plant(work, given, form)}, 201)


@router.post("/api" + HERE + "/{case_id}/withdraw", name="api.oversight.withdraw_invented")
def withdraw_invented(request: Request, work: Door, case_id: UUID) -> Response:
    """Take an invented case away from everybody who could come near it."""
    planting.withdraw(work, case_id)
    return told(request, {})

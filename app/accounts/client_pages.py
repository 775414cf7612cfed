"""HTML doors of the administrator: which programs may call, through which doors."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from app.accounts import clients, forms, queries, service
from app.kit.errors import Fault, Refused
from app.safeguards.matrix import MATRIX
from app.web.binding import Bound, bind
from app.web.door import Door, Typed
from app.web.drawing import Drawing, draw
from app.web.page import language_of, render
from app.web.repeats import Answer, see_other

router = APIRouter()
HERE = "/administration/programs"


@router.get(HERE, name="accounts.clients")
def programs(request: Request, work: Door) -> Response:
    """Show the programs that may call, and those that were ended."""
    return render(
        request,
        "accounts/programs.html",
        programs=clients.clients(work),
        organisations=queries.organisation_names(work),
        role_name=lambda role: MATRIX.name(role, language_of(request)),
        fresh=request.state.signed_in.fresh,
    )


@router.get(f"{HERE}/add", name="accounts.ask_client")
def ask_client(request: Request, work: Door) -> Response:
    """Ask which program may call."""
    service.by_administrator(work)
    return render(request, "accounts/program.html", form=_form(request, work))


@router.post(f"{HERE}/add", name="accounts.add_client")
def add_client(request: Request, work: Door, typed: Typed) -> Response:
    """Add a program, and show its secret this once: it is stored nowhere, so the answer is never kept."""
    bound = bind(forms.AddClient, typed or FormData())
    faults: list[Fault] | tuple[Fault, ...] = bound.faults
    if bound.value is not None:
        try:
            added, secret = clients.add_client(work, bound.value)
        except Refused as refused:
            faults = refused.faults
        else:
            request.state.answer = Answer(303, HERE)  # what a repeated send gets
            waits = any(each.waits for each in clients.clients(work) if each.id == added)
            return render(
                request, "accounts/program_added.html", client=added, secret=secret, name=bound.value.name,
                waits=waits,
            )  # fmt: skip
    return render(request, "accounts/program.html", 422, form=_form(request, work, bound, faults))


def _form(
    request: Request, work: Door, bound: Bound[forms.AddClient] | None = None, faults: Any = ()
) -> Drawing:
    offered: dict[str, list[tuple[Any, str]]] = {
        "organisation_id": list(queries.organisation_names(work).items()),
        "role": list(forms.client_roles(language_of(request)).items()),
        "doors": sorted(
            ((each, _called(request, each)) for each in clients.doors_for()), key=lambda door: door[1]
        ),
    }
    return draw(forms.AddClient, bound.typed if bound else None, faults=faults, options=offered)


def _called(request: Request, door: str) -> str:
    """Return what a door is called in the reader's language, so far as the rooms above have named it."""
    name = getattr(request.app.state, "door_name", None)
    return (name and name(door, language_of(request))) or door.removeprefix("api.")


@router.post(f"{HERE}/{{client_id}}/end", name="accounts.end_client")
def end_client(request: Request, work: Door, client_id: UUID) -> Response:
    """End a program's access for good."""
    clients.end_client(work, client_id)
    return see_other(request, HERE)

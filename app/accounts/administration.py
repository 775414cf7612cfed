"""HTML doors of the administrator: who is invited, who has an account, which organisations there are."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from app.accounts import forms, invitations, queries, service
from app.accounts.api import site
from app.kit.errors import Fault, Refused
from app.safeguards.matrix import MATRIX
from app.web.binding import Bound, bind
from app.web.door import Door, Typed
from app.web.drawing import Drawing, draw
from app.web.page import language_of, render
from app.web.repeats import Answer, see_other

router = APIRouter()
HERE = "/administration"


@router.get(HERE, name="accounts.administration")
def administration(request: Request, work: Door) -> Response:
    """Show invitations, accounts and organisations."""
    return render(
        request,
        "accounts/administration.html",
        invitations=queries.open_invitations(work),
        users=queries.everybody(work),
        organisations=queries.organisations(work),
        kinds=forms.KINDS,
        role_name=lambda role: MATRIX.name(role, language_of(request)),
        me=work.actor.user_id,
        fresh=request.state.signed_in.fresh,
    )


@router.get("/administration/invite", name="accounts.ask_invite")
def ask_invite(request: Request, work: Door) -> Response:
    """Ask whom to invite."""
    service.by_administrator(work)
    return render(request, "accounts/invite.html", form=_invite_form(request, work))


@router.post("/administration/invite", name="accounts.invite")
def invite(request: Request, work: Door, typed: Typed) -> Response:
    """Invite, and show the link this once: it is stored nowhere, so the answer is never kept."""
    bound = bind(forms.Invite, typed or FormData())
    faults: list[Fault] | tuple[Fault, ...] = bound.faults
    if bound.value is not None:
        try:
            token = invitations.invite(work, bound.value)
        except Refused as refused:
            faults = refused.faults
        else:
            request.state.answer = Answer(303, HERE)  # what a repeated send gets
            link = invitations.link(site(request), token)
            return render(request, "accounts/invited.html", link=link, name=bound.value.name)
    form = _invite_form(request, work, bound, faults)
    return render(request, "accounts/invite.html", 422, form=form)


def _invite_form(
    request: Request, work: Door, bound: Bound[forms.Invite] | None = None, faults: Any = ()
) -> Drawing:
    offered: dict[str, list[tuple[Any, str]]] = {
        "organisation_id": list(queries.organisation_names(work).items()),
        "role": list(forms.role_names(language_of(request)).items()),
    }
    return draw(forms.Invite, bound.typed if bound else None, faults=faults, options=offered)


@router.get("/administration/organisations/add", name="accounts.ask_organisation")
def ask_organisation(request: Request, work: Door) -> Response:
    """Ask which organisation joins."""
    service.by_administrator(work)
    return render(request, "accounts/organisation.html", form=draw(forms.AddOrganisation))


@router.post("/administration/organisations/add", name="accounts.add_organisation")
def add_organisation(request: Request, work: Door, typed: Typed) -> Response:
    """Add an organisation."""
    bound = bind(forms.AddOrganisation, typed or FormData())
    faults: list[Fault] | tuple[Fault, ...] = bound.faults
    if bound.value is not None:
        try:
            service.add_organisation(work, **bound.value.model_dump())
        except Refused as refused:
            faults = refused.faults
        else:
            return see_other(request, HERE)
    form = draw(forms.AddOrganisation, bound.typed, faults=faults)
    return render(request, "accounts/organisation.html", 422, form=form)


@router.post("/administration/users/{user_id}/close", name="accounts.close_account")
def close_account(request: Request, work: Door, user_id: UUID) -> Response:
    """Close an account and end its sessions."""
    service.disable_user(work, user_id)
    return see_other(request, HERE)


@router.post("/administration/users/{user_id}/open", name="accounts.open_account")
def open_account(request: Request, work: Door, user_id: UUID) -> Response:
    """Open a closed account again."""
    service.enable_user(work, user_id)
    return see_other(request, HERE)

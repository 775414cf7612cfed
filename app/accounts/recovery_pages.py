"""HTML and JSON doors of recovery: proposed by an administrator, confirmed by a second person."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts import invitations, recovery
from app.accounts.api import site
from app.web.door import Door
from app.web.page import render
from app.web.repeats import Answer, see_other

router = APIRouter()
HERE = "/recoveries"


@router.get(HERE, name="accounts.recoveries")
def recoveries(request: Request, work: Door) -> Response:
    """Show the proposals that wait for a second person."""
    return render(
        request,
        "accounts/recoveries.html",
        waiting=recovery.waiting(work),
        fresh=request.state.signed_in.fresh,
    )


@router.post("/administration/users/{user_id}/recover", name="accounts.propose_recovery")
def propose_recovery(request: Request, work: Door, user_id: UUID) -> Response:
    """Propose that a person who lost every passkey is let in again."""
    recovery.propose(work, user_id)
    return see_other(request, HERE)


@router.post(f"{HERE}/{{recovery_id}}/confirm", name="accounts.confirm_recovery")
def confirm_recovery(request: Request, work: Door, recovery_id: UUID) -> Response:
    """Confirm, and show the link this once: it is stored nowhere, so the answer is never kept."""
    name, token = recovery.confirm(work, recovery_id)
    request.state.answer = Answer(303, HERE)  # what a repeated send gets
    link = invitations.link(site(request), token)
    return render(request, "accounts/invited.html", link=link, name=name, back=HERE)

"""HTML and JSON doors of newcomers: made by one administrator, opened by a second person."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts import admission
from app.accounts.admission import Newcomer
from app.safeguards.matrix import MATRIX
from app.web.door import Door
from app.web.page import language_of, render
from app.web.repeats import see_other, told

router = APIRouter()
HERE = "/newcomers"


@router.get(HERE, name="accounts.newcomers")
def newcomers(request: Request, work: Door) -> Response:
    """Show the accounts and programs that wait for a second person."""
    language = language_of(request)
    return render(
        request, "accounts/newcomers.html", newcomers=admission.newcomers(work),
        role_name=lambda role: MATRIX.name(role, language), fresh=request.state.signed_in.fresh,
    )  # fmt: skip


@router.post(HERE + "/{user_id}/open", name="accounts.let_in")
def let_in(request: Request, work: Door, user_id: UUID) -> Response:
    """Open an account or a program that waits."""
    admission.let_in(work, user_id)
    return see_other(request, HERE)


@router.get("/api" + HERE, name="api.accounts.newcomers")
def list_newcomers(work: Door) -> list[Newcomer]:
    """Return the accounts and programs that wait for a second person."""
    return admission.newcomers(work)


@router.post("/api" + HERE + "/{user_id}/open", name="api.accounts.let_in")
def open_newcomer(request: Request, work: Door, user_id: UUID) -> Response:
    """Open an account or a program that waits."""
    admission.let_in(work, user_id)
    return told(request, {"id": str(user_id), "state": "open"})

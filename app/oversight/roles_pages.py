"""HTML and JSON doors of the access review: who still needs their role."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.oversight import roles
from app.oversight.roles import Holder
from app.safeguards.matrix import MATRIX
from app.safeguards.words import Role
from app.web.door import Door
from app.web.page import language_of, render
from app.web.repeats import see_other, told

router = APIRouter()
HERE = "/oversight/roles"


@router.get(HERE, name="oversight.roles")
def review(request: Request, work: Door) -> Response:
    """Show who holds a role, what is overdue first."""
    language = language_of(request)
    return render(
        request, "oversight/roles.html", holders=roles.holders(work),
        all_houses=work.actor.role is Role.ADM, role_name=lambda code: MATRIX.name(code, language),
    )  # fmt: skip


@router.post(HERE + "/{user_id}/confirm", name="oversight.confirm_role")
def confirm(request: Request, work: Door, user_id: UUID) -> Response:
    """Say that a person still needs the role."""
    roles.confirm(work, user_id)
    return see_other(request, HERE)


@router.post(HERE + "/{user_id}/end", name="oversight.end_role")
def end(request: Request, work: Door, user_id: UUID) -> Response:
    """Say that a person needs the role no more."""
    roles.end(work, user_id)
    return see_other(request, HERE)


@router.get("/api" + HERE, name="api.oversight.roles")
def told_review(work: Door) -> list[Holder]:
    """Return who holds a role, what is overdue first."""
    return roles.holders(work)


@router.post("/api" + HERE + "/{user_id}/confirm", name="api.oversight.confirm_role")
def told_confirm(request: Request, work: Door, user_id: UUID) -> Response:
    """Say that a person still needs the role."""
    roles.confirm(work, user_id)
    return told(request, {})


@router.post("/api" + HERE + "/{user_id}/end", name="api.oversight.end_role")
def told_end(request: Request, work: Door, user_id: UUID) -> Response:
    """Say that a person needs the role no more."""
    roles.end(work, user_id)
    return told(request, {})

"""The page of the data-protection officer: requests and breaches by their legal clock."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.oversight.protection import BREACH, REQUEST, Watched, watched
from app.web.door import Door
from app.web.page import render

router = APIRouter()


@router.get("/protection", name="oversight.protection")
def protection(request: Request, work: Door) -> Response:
    """Show the requests and breaches that lie with the reader."""
    found = watched(work)
    return render(
        request, "oversight/protection.html", requests=[each for each in found if each.slug == REQUEST],
        breaches=[each for each in found if each.slug == BREACH],
    )  # fmt: skip


@router.get("/api/protection", name="api.oversight.protection")
def protection_list(work: Door) -> list[Watched]:
    """Return the requests and breaches that lie with the reader."""
    return watched(work)

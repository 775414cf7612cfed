"""The search page: what is sought is sent, never part of an address, and nothing of it is kept."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.cases import same_pages
from app.cases.forms import Search
from app.cases.search import REASONS, search
from app.kit.errors import Invalid, TooMany
from app.web.binding import bind
from app.web.door import Door, Typed
from app.web.drawing import draw
from app.web.page import render

router = APIRouter()
router.include_router(same_pages.router)


@router.get("/search", name="cases.ask_search")
def ask_search(request: Request, work: Door) -> Response:
    """Ask for whom the reader looks."""
    return render(
        request, "cases/search.html", form=draw(Search), found=None, reasons=REASONS, purpose=work.purpose
    )


@router.post("/search", name="cases.search")
def find(request: Request, work: Door, sent: Typed) -> Response:
    """Show the reader's own cases that fit, under what was asked."""
    bound = bind(Search, sent)
    if bound.value is None:
        form = draw(Search, bound.typed, faults=bound.faults)
        return render(request, "cases/search.html", 422, form=form, found=None, reasons=REASONS)
    try:
        found = search(work, bound.value)
    except (Invalid, TooMany) as problem:
        form = draw(Search, bound.typed, faults=problem.faults)
        return render(request, "cases/search.html", problem.status, form=form, found=None, reasons=REASONS)
    return render(request, "cases/search.html", form=draw(Search, bound.typed), found=found, reasons=REASONS)

"""Pages of emergency access: breaking the glass, and reviewing who did."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.kit.errors import Fault, Refused, Unknown
from app.kit.i18n import _
from app.oversight.breaking import break_glass
from app.oversight.forms import BreakGlass
from app.oversight.reviews import waiting_reviews
from app.safeguards.matrix import MATRIX
from app.safeguards.words import Act, Category, Role
from app.safeguards.work import Work
from app.web.binding import bind
from app.web.door import Door, Typed
from app.web.drawing import draw
from app.web.page import language_of, render
from app.web.repeats import see_other

router = APIRouter()
NO_CASE = Fault(
    _("No case can be opened with this reference. Check it with whoever gave it to you."), "reference"
)


@router.get("/emergency", name="oversight.ask_emergency")
def ask_emergency(request: Request, work: Door) -> Response:  # noqa: ARG001 -- the door admits
    """Ask which case is to be opened in an emergency, and why."""
    return render(request, "oversight/emergency.html", form=draw(BreakGlass))


@router.post("/emergency", name="oversight.emergency")
def emergency(request: Request, work: Door, sent: Typed) -> Response:
    """Break the glass: what was named opens for hours, and those who review it are told at once."""
    bound = bind(BreakGlass, sent)
    if bound.value is None:
        return _again(request, bound.typed, bound.faults)
    try:
        with work.attempt():
            case_id = break_glass(work, bound.value)
    except Unknown as unknown:
        _record(work, unknown.kind, unknown.unsaid, unknown.behind)
        return _again(request, bound.typed, (NO_CASE,))
    except Refused as refused:
        _record(work, refused.kind, tuple(each.rule for each in refused.faults if each.rule))
        return _again(request, bound.typed, tuple(replace(each, field=None) for each in refused.faults))
    return see_other(request, f"/cases/{case_id}")


def _record(work: Work, kind: str, rules: tuple[str, ...], behind: UUID | None = None) -> None:
    """Put a refusal on the ledger, with its real reason; the page keeps what was typed."""
    work.record(Act.REFUSE, case_id=behind, door="oversight.emergency", kind=kind, rules=sorted(rules))


def _again(request: Request, typed: Any, faults: Iterable[Fault]) -> Response:
    return render(request, "oversight/emergency.html", 422, form=draw(BreakGlass, typed, faults=faults))


@router.get("/oversight/emergency", name="oversight.reviews")
def reviews(request: Request, work: Door) -> Response:
    """Show the emergency accesses that wait for a review."""
    language = language_of(request)
    return render(
        request, "oversight/reviews.html", reviews=waiting_reviews(work, language),
        role_name=lambda code: MATRIX.name(Role(code), language),
        category_name=lambda code: MATRIX.name(Category(code), language),
    )  # fmt: skip

"""JSON doors of oversight."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from app.oversight import queries, service
from app.oversight.breaking import break_glass
from app.oversight.forms import BreakGlass
from app.oversight.reviews import Review, waiting_reviews
from app.safeguards.words import Act
from app.web.door import Door
from app.web.repeats import told

router = APIRouter()
LINES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/jsonl": {"schema": {"type": "string"}}}}
}


@router.get("/api/oversight", name="api.oversight.looks")
def looks(
    work: Door,
    case: Annotated[UUID | None, Query()] = None,
    actor: Annotated[UUID | None, Query()] = None,
    act: Annotated[Act | None, Query()] = None,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> dict[str, Any]:
    """Return a page of the ledger, as far as it is this reader's."""
    return {
        "health": queries.health(work),
        "events": queries.lines(work, queries.Asked(case, actor, act, before)),
    }


@router.post("/api/emergency", name="api.oversight.emergency")
def emergency(request: Request, work: Door, form: BreakGlass) -> Response:
    """Open a case in an emergency: one case, the categories named, four hours at most, always reviewed."""
    return told(request, {"case_id": str(break_glass(work, form))})


@router.get("/api/oversight/emergency", name="api.oversight.reviews")
def reviews(work: Door) -> list[Review]:
    """Return the emergency accesses that wait for the actor's review."""
    return waiting_reviews(work)


@router.post("/api/oversight/erasures", name="api.oversight.erasures")
def erasures(work: Door) -> Response:
    """Return the signed certificates of all erasures, as notes that `nrm` and others can check."""
    return JSONResponse(
        {"certificates": service.export_erasures(work)}
    )  # not kept, so never handed out again


@router.post("/api/oversight/ledger", name="api.oversight.export", response_class=Response, responses=LINES)
def export(request: Request, work: Door) -> Response:
    """Return the whole sealed ledger, one JSON value a line."""
    return Response(
        "".join(service.export_ledger(work, request.app.state.settings)), media_type="application/jsonl"
    )

"""JSON doors of oversight."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.oversight import queries, service
from app.safeguards.words import Act
from app.web.door import Door

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


@router.post("/api/oversight/ledger", name="api.oversight.export", response_class=Response, responses=LINES)
def export(request: Request, work: Door) -> Response:
    """Return the whole sealed ledger, one JSON value a line."""
    return Response(
        "".join(service.export_ledger(work, request.app.state.settings)), media_type="application/jsonl"
    )

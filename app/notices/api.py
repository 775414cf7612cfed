"""JSON doors of messages to the person."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Request
from fastapi.responses import Response

from app.notices import queries, telling
from app.notices.forms import TellPerson
from app.web.door import Door
from app.web.repeats import told

router = APIRouter(tags=["notices"])
IfMatch = Annotated[
    str, Header(alias="If-Match", pattern=r'^"?\d{1,9}"?$', description="version that was read")
]


@router.get("/api/cases/{case_id}/message", name="api.notices.ways")
def ways(work: Door, case_id: UUID) -> dict[str, Any]:
    """Return by which ways the person may be told, the record's version, and earlier messages."""
    found, version = telling.safe_ways(work, case_id)
    return {"ways": found, "version": version, "messages": queries.messages(work, case_id)}


@router.post("/api/cases/{case_id}/message", name="api.notices.tell", status_code=201)
def tell(request: Request, work: Door, case_id: UUID, form: TellPerson, if_match: IfMatch) -> Response:
    """Queue a message to the person."""
    message_id = telling.tell_person(work, case_id, form, int(if_match.strip('"')))
    return told(request, {"message_id": str(message_id)}, 201)


@router.post("/api/cases/{case_id}/message/call-off", name="api.notices.call_off")
def call_off(request: Request, work: Door, case_id: UUID) -> Response:
    """Call off what waits to be sent."""
    telling.may_tell(work, case_id)
    return told(request, {"called_off": telling.call_off(work, case_id)})

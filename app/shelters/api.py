"""JSON doors of shelters."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.shelters import addresses, queries, service
from app.shelters.forms import AddPlace, HouseAddress
from app.web.door import Door
from app.web.repeats import told

router = APIRouter()


@router.get("/api/shelters", name="api.shelters.board")
def board(work: Door) -> dict[str, Any]:
    """Return the houses of one's own organisation and their places."""
    return {"houses": queries.board(work), "residents": queries.residents(work)}


@router.put("/api/shelters/{shelter_id}/address", name="api.shelters.record_address")
def record_address(request: Request, work: Door, shelter_id: UUID, form: HouseAddress) -> Response:
    """Seal a house's address."""
    addresses.record_address(work, shelter_id, form)
    return told(request, {"shelter_id": str(shelter_id)})


@router.post("/api/shelters/{shelter_id}/places", name="api.shelters.add_place", status_code=201)
def add_place(request: Request, work: Door, shelter_id: UUID, form: AddPlace) -> Response:
    """Add a place to a house."""
    addresses.own_house(work, shelter_id)
    return told(request, {"place_id": str(service.add_place(work, shelter_id, sleeps=form.sleeps))}, 201)

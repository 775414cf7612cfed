"""HTML doors of shelters: the board of beds, a house's address, one place more."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from app.kit.plain import plain
from app.shelters import addresses, queries, service
from app.shelters.forms import AddPlace, HouseAddress
from app.shelters.words import STATES, offered
from app.web.binding import bind
from app.web.door import Door, Typed
from app.web.drawing import draw
from app.web.names import as_typed
from app.web.page import language_of, render
from app.web.repeats import see_other

router = APIRouter()
BOARD = "/shelters"


@router.get(BOARD, name="shelters.board")
def board(request: Request, work: Door) -> Response:
    """Show the houses of one's own organisation, their places, and which case is in which."""
    return render(
        request, "shelters/board.html", houses=queries.board(work), residents=queries.residents(work),
        states=STATES, offered=lambda house: offered(house, language_of(request)),
    )  # fmt: skip


@router.get("/shelters/{shelter_id}/address", name="shelters.address")
def address(request: Request, work: Door, shelter_id: UUID) -> Response:
    """Show the form of a house's address with what is recorded."""
    typed = as_typed(HouseAddress, plain(addresses.address(work, shelter_id)))
    return render(request, "shelters/address.html", form=draw(HouseAddress, typed), shelter_id=shelter_id)


@router.post("/shelters/{shelter_id}/address", name="shelters.record_address")
def record_address(request: Request, work: Door, shelter_id: UUID, typed: Typed) -> Response:
    """Seal a house's address."""
    bound = bind(HouseAddress, typed or FormData())
    if bound.value is None:
        form = draw(HouseAddress, bound.typed, faults=bound.faults)
        return render(request, "shelters/address.html", 422, form=form, shelter_id=shelter_id)
    addresses.record_address(work, shelter_id, bound.value)
    return see_other(request, BOARD)


@router.get("/shelters/{shelter_id}/places", name="shelters.new_place")
def new_place(request: Request, work: Door, shelter_id: UUID) -> Response:
    """Show the form of one place more."""
    addresses.own_house(work, shelter_id)
    return render(request, "shelters/place.html", form=draw(AddPlace, {}), shelter_id=shelter_id)


@router.post("/shelters/{shelter_id}/places", name="shelters.add_place")
def add_place(request: Request, work: Door, shelter_id: UUID, typed: Typed) -> Response:
    """Add a place to a house."""
    addresses.own_house(work, shelter_id)
    bound = bind(AddPlace, typed or FormData())
    if bound.value is None:
        form = draw(AddPlace, bound.typed, faults=bound.faults)
        return render(request, "shelters/place.html", 422, form=form, shelter_id=shelter_id)
    service.add_place(work, shelter_id, sleeps=bound.value.sleeps)
    return see_other(request, BOARD)

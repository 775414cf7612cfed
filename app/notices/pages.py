"""HTML doors of messages to the person: ask, queue, call off."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from app.kit.errors import Refused, Stale
from app.notices import queries, telling
from app.notices.forms import TellPerson
from app.notices.words import CHANNELS, REFUSALS, STATES
from app.safeguards.work import Work
from app.web.binding import Bound, bind
from app.web.door import Door, Typed
from app.web.drawing import draw
from app.web.page import render
from app.web.repeats import see_other

router = APIRouter()


@router.get("/cases/{case_id}/message", name="notices.ask_tell")
def ask_tell(request: Request, work: Door, case_id: UUID) -> Response:
    """Show by which ways the person may be told, and what became of earlier messages."""
    return _page(request, work, case_id)


@router.post("/cases/{case_id}/message", name="notices.tell")
def tell(request: Request, work: Door, case_id: UUID, sent: Typed) -> Response:
    """Queue a message; what stands against it is shown beside what was chosen."""
    typed = sent if sent is not None else FormData()
    bound = bind(TellPerson, typed)
    if bound.value is None:
        return _page(request, work, case_id, bound, 422)
    try:
        with work.attempt():
            telling.tell_person(work, case_id, bound.value, _version(typed))
    except (Refused, Stale) as problem:
        return _page(request, work, case_id, bound, problem.status, problem)
    return see_other(request, f"/cases/{case_id}/message")


@router.post("/cases/{case_id}/message/call-off", name="notices.call_off")
def call_off(request: Request, work: Door, case_id: UUID) -> Response:
    """Call off what waits to be sent."""
    telling.may_tell(work, case_id)
    telling.call_off(work, case_id)
    return see_other(request, f"/cases/{case_id}/message")


def _version(typed: FormData) -> int:
    """Return the version of the record that the page was made from; any other text is an older one."""
    text = str(typed.get("version") or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _page(  # noqa: PLR0913, PLR0917 -- one room's page, its last three only after a send
    request: Request, work: Work, case_id: UUID, bound: Bound[TellPerson] | None = None, status: int = 200,
    problem: Refused | Stale | None = None,
) -> Response:  # fmt: skip
    ways, version = telling.safe_ways(work, case_id)
    options = {"way": [(each.number, " · ".join(filter(None, (each.to, each.hours)))) for each in ways]}
    faults = [*(bound.faults if bound else ()), *(problem.faults if problem else ())]
    form = draw(TellPerson, bound.typed if bound else {}, faults=faults, options=options)
    return render(
        request, "notices/tell.html", status, form=form, version=version, case_id=case_id, ways=ways,
        messages=queries.messages(work, case_id), adult=telling.may_be_told(work, case_id),
        stale=isinstance(problem, Stale), channels=CHANNELS, states=STATES, refusals=REFUSALS,
    )  # fmt: skip

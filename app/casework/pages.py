"""Pages of casework: my work, the case, and one generic door for every step of every track."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.cases.queries import my_cases
from app.casework import offered, person, steps, supervision
from app.casework.asking import Asked, asked_opening, asked_step
from app.casework.forms import StateReason
from app.casework.queries import case_page
from app.casework.worklist import worklist
from app.kit.errors import Invalid, Refused, Stale, Unknown
from app.notices import service as notices
from app.notices.queries import waiting
from app.safeguards.work import Work
from app.tracks import TRACKS
from app.web.binding import bind
from app.web.door import Door, Typed
from app.web.drawing import draw
from app.web.page import language_of, render
from app.web.repeats import see_other

router = APIRouter()
router.include_router(person.router)


@router.get("/", name="casework.my_work")
def my_work(request: Request, work: Door) -> Response:
    """Show what needs the reader now, in order of harm."""
    leads = getattr(request.app.state, "leads", {})
    return render(request, "casework/my_work.html", mine=worklist(work, language_of(request)), leads=leads)


@router.get("/cases/{case_id}", name="casework.case")
def case(
    request: Request, work: Door, case_id: UUID, done: Annotated[str | None, Query(max_length=80)] = None
) -> Response:
    """Show a case as far as it is this reader's."""
    page = case_page(work, case_id, language_of(request))
    template = "casework/office.html" if page.office else "casework/case.html"
    return render(request, template, page=page, done=_label(done))


def _label(done: str | None) -> str | None:
    """Return the label of a step that was just taken, if the address names one."""
    slug, _sign, name = (done or "").partition(".")
    steps_of = TRACKS[slug].steps if slug in TRACKS else ()
    return next((each.label for each in steps_of if each.name == name), None)


@router.get("/cases/{case_id}/open/{slug}/{step}", name="casework.ask_opening")
def ask_opening(request: Request, work: Door, case_id: UUID, slug: str, step: str) -> Response:
    """Ask what a track is opened with."""
    return _ask(request, work, asked_opening(work, case_id, slug, step))


@router.post("/cases/{case_id}/open/{slug}/{step}", name="casework.open")
def open_(  # noqa: PLR0913, PLR0917 -- the parts of the address
    request: Request, work: Door, case_id: UUID, slug: str, step: str, sent: Typed
) -> Response:
    """Open a track."""
    return _take(request, work, asked_opening(work, case_id, slug, step), sent)


@router.get("/cases/{case_id}/tracks/{track_id}/{step}", name="casework.ask_step")
def ask_step(request: Request, work: Door, case_id: UUID, track_id: UUID, step: str) -> Response:
    """Ask what a step needs to know."""
    return _ask(request, work, asked_step(work, case_id, track_id, step))


@router.post("/cases/{case_id}/tracks/{track_id}/{step}", name="casework.step")
def take(  # noqa: PLR0913, PLR0917 -- the parts of the address
    request: Request, work: Door, case_id: UUID, track_id: UUID, step: str, sent: Typed
) -> Response:
    """Take a step."""
    return _take(request, work, asked_step(work, case_id, track_id, step), sent)


def _ask(request: Request, work: Work, asked: Asked) -> Response:
    against = asked.against()
    if against:
        return steps.show_blocked(request, work, asked, against)
    return steps.show(request, work, asked)


def _take(request: Request, work: Work, asked: Asked, sent: Typed) -> Response:
    asked.against()  # who may never take the step learns no more than that, whatever was typed
    bound = bind(asked.step.form, sent)
    unanswered = [] if bound.rearranged else offered.unanswered(asked, bound.typed)
    if bound.value is None or unanswered:
        status = 200 if bound.rearranged else 422
        faults = [*bound.faults, *unanswered]
        return steps.show(request, work, asked, bound.typed, faults=faults, status=status)
    try:
        steps.take(work, asked, bound.value, steps.sent_version(asked, sent))
    except Refused as refused:
        steps.record_refused(request, work, asked, refused)
        return steps.show(request, work, asked, bound.typed, faults=refused.faults, status=refused.status)
    except Invalid as invalid:
        return steps.show(request, work, asked, bound.typed, faults=invalid.faults, status=invalid.status)
    except Stale as stale:
        return steps.show_stale(request, work, asked, bound.typed, stale)
    if not work.standing(asked.case_id).relations:
        return see_other(request, "/")  # the step ended what tied the actor to the case
    return see_other(request, f"/cases/{asked.case_id}?done={asked.declared.slug}.{asked.step.name}")


@router.post("/notices/{notice_id}/done", name="casework.settle")
def settle(request: Request, work: Door, notice_id: UUID) -> Response:
    """Take a notice off the list."""
    mine = {each.id for each in my_cases(work)}
    if not any(each.id == notice_id for each in waiting(work, mine)):
        raise Unknown
    notices.settle(work, notice_id)
    return see_other(request, "/")


@router.get("/cases/{case_id}/oversight", name="casework.ask_oversight")
def ask_oversight(request: Request, work: Door, case_id: UUID) -> Response:
    """Ask why the case is to be opened."""
    reference, form = supervision.overseen(work, case_id), draw(StateReason)
    return render(request, "casework/oversight.html", reference=reference, form=form, case_id=case_id)


@router.post("/cases/{case_id}/oversight", name="casework.oversee")
def oversee(request: Request, work: Door, case_id: UUID, sent: Typed) -> Response:
    """Let somebody in by office for a few hours, with the reason on the ledger."""
    reference = supervision.overseen(work, case_id)
    bound = bind(StateReason, sent)
    if bound.value is None:
        form = draw(StateReason, bound.typed, faults=bound.faults)
        return render(
            request, "casework/oversight.html", 422, reference=reference, form=form, case_id=case_id
        )
    supervision.oversee(work, case_id, bound.value.reason)
    return see_other(request, f"/cases/{case_id}")

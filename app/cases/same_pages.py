"""Pages about one person in two places: known elsewhere, requests to get in touch, two cases joined."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.cases import known, merging
from app.cases.forms import ProposeMerge
from app.cases.queries import case_line
from app.kit.errors import Fault, Invalid, Problem, Refused, TooMany
from app.safeguards.matrix import WORKING
from app.safeguards.words import Role
from app.safeguards.work import Work
from app.web.binding import bind
from app.web.door import Door, Typed
from app.web.drawing import Drawing, draw
from app.web.page import render
from app.web.repeats import see_other

router = APIRouter()


@router.get("/cases/{case_id}/same", name="cases.same")
def same(request: Request, work: Door, case_id: UUID) -> Response:
    """Ask whether the person is known elsewhere, and which other case is of the same person."""
    return _same(request, work, case_id)


def _same(
    request: Request, work: Work, case_id: UUID, form: Drawing | None = None, problem: Problem | None = None
) -> Response:
    relations = work.member(case_id).relations
    joined = None if work.actor.role is Role.CON else merging.joined(work, case_id)
    return render(
        request, "cases/same.html", problem.status if problem else 200, case_id=case_id,
        asked=known.asked(work, case_id),
        reference=case_line(work, case_id).reference, may_ask=known.may_enter(work.actor.role, relations),
        may_join=bool(relations & WORKING), joined=joined, form=form,
        question=form or draw(ProposeMerge),
        faults=() if form else problem.faults if problem else (), words=merging.STATES, buttons=merging.BUTTONS,
    )  # fmt: skip


@router.post("/cases/{case_id}/known", name="cases.check_known")
def check_known(request: Request, work: Door, case_id: UUID) -> Response:
    """Ask whether somebody else may know the person of a case."""
    try:
        check_id = known.check(work, case_id)
    except (Refused, TooMany) as problem:
        return _same(request, work, case_id, problem=problem)
    return see_other(request, f"/cases/{case_id}/known/{check_id}")


@router.get("/cases/{case_id}/known/{check_id}", name="cases.known")
def checked(
    request: Request, work: Door, case_id: UUID, check_id: UUID, draft: UUID | None = None
) -> Response:
    """Show what was answered, and who is ready to talk; `draft` leads back to a referral that was not sent yet."""
    return _checked(request, work, case_id, check_id, draft)


def _checked(  # noqa: PLR0913, PLR0917 -- one caller's page, its last two seldom
    request: Request, work: Work, case_id: UUID, check_id: UUID, draft: UUID | None = None,
    problem: Problem | None = None,
) -> Response:  # fmt: skip
    return render(
        request, "cases/known.html", problem.status if problem else 200,
        check=known.checked(work, case_id, check_id), case_id=case_id, faults=problem.faults if problem else (),
        back=f"/referrals/{draft}/check" if draft else f"/cases/{case_id}", draft=draft,
    )  # fmt: skip


@router.post("/cases/{case_id}/known/{check_id}", name="cases.ask_contact")
def ask_contact(
    request: Request, work: Door, case_id: UUID, check_id: UUID, draft: UUID | None = None
) -> Response:
    """Ask to be put in touch; `draft` is led back to, as before."""
    try:
        known.ask_contact(work, case_id, check_id)
    except TooMany as problem:
        return _checked(request, work, case_id, check_id, draft, problem)
    return see_other(request, f"/cases/{case_id}/known/{check_id}" + (f"?draft={draft}" if draft else ""))


@router.get("/contacts", name="cases.contacts")
def contacts(request: Request, work: Door) -> Response:
    """Show who asks to talk about a case that the reader coordinates."""
    return render(request, "cases/contacts.html", wanted=known.wanted(work))


@router.post("/contacts/{request_id}", name="cases.answer_contact")
def answer_contact(request: Request, work: Door, request_id: UUID, sent: Typed) -> Response:
    """Answer with the button that was pressed."""
    known.answer(work, request_id, agreed="agree" in sent)
    return see_other(request, "/contacts")


@router.post("/cases/{case_id}/same", name="cases.propose_merge")
def propose_merge(request: Request, work: Door, case_id: UUID, sent: Typed) -> Response:
    """Propose that another case is of the same person."""
    work.member(case_id)
    bound = bind(ProposeMerge, sent)
    if bound.value is None:
        form = draw(ProposeMerge, bound.typed, faults=bound.faults)
        return _same(request, work, case_id, form, Invalid(*bound.faults))
    try:
        merging.propose(work, case_id, bound.value.reference)
    except (Invalid, Refused) as problem:
        faults = [Fault(each.message, "reference") for each in problem.faults]
        return _same(request, work, case_id, draw(ProposeMerge, bound.typed, faults=faults), problem)
    return see_other(request, f"/cases/{case_id}/same")


@router.post("/cases/{case_id}/same/{merge_id}/{name}", name="cases.merge")
def merge(request: Request, work: Door, case_id: UUID, merge_id: UUID, name: str) -> Response:
    """Confirm, decline, undo or seal."""
    work.member(case_id)
    merging.act(work, case_id, merge_id, name)
    return see_other(request, f"/cases/{case_id}/same")

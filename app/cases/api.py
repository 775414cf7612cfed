"""JSON doors of searching, of asking who knows a person, and of joining two cases."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.cases import known, merging
from app.cases.forms import AnswerContact, ProposeMerge, Search
from app.cases.known import Checked, Wanted
from app.cases.merging import Joined
from app.cases.search import Found, search
from app.web.door import Door
from app.web.repeats import told

router = APIRouter(prefix="/api", tags=["cases"])


@router.post("/search", name="api.cases.search")
def find(work: Door, form: Search) -> list[Found]:
    """Return the caller's own cases that fit, the best first; of the person only what the caller may see."""
    return search(work, form)


@router.post("/cases/{case_id}/known", name="api.cases.check_known")
def check_known(request: Request, work: Door, case_id: UUID) -> Response:
    """Ask whether another organisation may know the person of a case."""
    check_id = known.check(work, case_id)
    found = known.checked(work, case_id, check_id).known
    return told(request, {"case_id": str(case_id), "check_id": str(check_id), "known": found})


@router.get("/cases/{case_id}/known/{check_id}", name="api.cases.known")
def checked(work: Door, case_id: UUID, check_id: UUID) -> Checked:
    """Return what was answered, and who is ready to talk."""
    return known.checked(work, case_id, check_id)


@router.post("/cases/{case_id}/known/{check_id}", name="api.cases.ask_contact")
def ask_contact(request: Request, work: Door, case_id: UUID, check_id: UUID) -> Response:
    """Ask whoever coordinates the other case to get in touch."""
    known.ask_contact(work, case_id, check_id)
    return told(request, {"case_id": str(case_id), "check_id": str(check_id)})


@router.get("/contacts", name="api.cases.contacts")
def contacts(work: Door) -> list[Wanted]:
    """Return who asks to talk about a case that the caller coordinates."""
    return known.wanted(work)


@router.post("/contacts/{request_id}", name="api.cases.answer_contact")
def answer_contact(request: Request, work: Door, request_id: UUID, form: AnswerContact) -> Response:
    """Say whether the caller is ready to talk; a no is not told."""
    known.answer(work, request_id, agreed=form.agreed)
    return told(request, {"request_id": str(request_id)})


@router.get("/cases/{case_id}/same", name="api.cases.same")
def same(work: Door, case_id: UUID) -> Joined | None:
    """Return to which case this one is joined, or is proposed to be."""
    work.member(case_id)
    return merging.joined(work, case_id)


@router.post("/cases/{case_id}/same", name="api.cases.propose_merge")
def propose_merge(request: Request, work: Door, case_id: UUID, form: ProposeMerge) -> Response:
    """Propose that another case is of the same person."""
    work.member(case_id)
    return told(request, {"merge_id": str(merging.propose(work, case_id, form.reference))})


@router.post("/cases/{case_id}/same/{merge_id}/{name}", name="api.cases.merge")
def merge(request: Request, work: Door, case_id: UUID, merge_id: UUID, name: str) -> Response:
    """Confirm, decline, undo or seal."""
    work.member(case_id)
    merging.act(work, case_id, merge_id, name)
    return told(request, {"merge_id": str(merge_id)})

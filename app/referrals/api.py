"""JSON doors over the same acts: a referral in one go, or a draft page by page; status and inbox."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.queries import receiving_organisations
from app.cases import known
from app.kit.errors import Fault
from app.kit.i18n import translate
from app.kit.plain import plain
from app.referrals import drawn, groups, journey, queries, service
from app.referrals.forms import FoundTogether, SavePage, SendDraft
from app.tracks.intake.referral_answers import DiscardDraft
from app.tracks.intake.referral_consent import AnonymousNotification
from app.tracks.intake.referral_form import SubmitReferral
from app.tracks.intake.referral_start import CreateReferral
from app.web.door import Door
from app.web.page import language_of
from app.web.repeats import told
from app.web.wording import said

router = APIRouter(prefix="/api/referrals", tags=["referrals"])


@router.get("", name="api.referrals.mine")
def mine(work: Door) -> dict[str, Any]:
    """List my drafts and the referrals that I sent."""
    return {"drafts": _plain(queries.my_drafts(work)), "sent": _plain(queries.my_referrals(work))}


def _plain(rows: list[Any]) -> list[Any]:
    return [plain(asdict(each)) for each in rows]


@router.post("", name="api.referrals.send", status_code=201)
def send(request: Request, work: Door, form: SubmitReferral) -> Response:
    """Begin and send a whole referral in one go."""
    return told(request, plain(asdict(service.send_at_once(work, form))), 201)


@router.post("/anonymous", name="api.referrals.notify", status_code=201)
def notify(request: Request, work: Door, form: AnonymousNotification) -> Response:
    """Send an anonymous notification in one go; there never is a draft of it."""
    return told(request, plain(asdict(service.notify_at_once(work, form))), 201)


@router.get("/recipients", name="api.referrals.recipients")
def recipients(work: Door) -> dict[str, Any]:
    """List the organisations that take referrals."""
    return {
        "organisations": [
            {"id": str(id_), "name": name} for id_, name in receiving_organisations(work).items()
        ]
    }


@router.get("/inbox", name="api.referrals.inbox")
def inbox(work: Door) -> dict[str, Any]:
    """List the referrals that wait for my organisation's answer, with the least needed to decide."""
    return {"waiting": _plain(queries.inbox(work))}


@router.post("/drafts", name="api.referrals.begin", status_code=201)
def begin(request: Request, work: Door, form: CreateReferral) -> Response:
    """Begin a draft."""
    case_id, track_id = service.begin_referral(work, form)
    return told(request, {"case_id": str(case_id), "track_id": str(track_id), "version": 0}, 201)


@router.get("/drafts/{track_id}", name="api.referrals.draft")
def draft(request: Request, work: Door, track_id: UUID) -> dict[str, Any]:
    """Return my draft: answers, version, what is missing; what is never shown again is only named."""
    found, language = service.draft_answers(work, track_id), language_of(request)
    lacking = [{"field": each.field, "message": said(each, language)} for each in journey.wanting(found)]
    return {
        "case_id": found.case_id, "track_id": found.track_id, "version": found.version,
        "answers": found.answers, "withheld": sorted(found.withheld), "missing": lacking,
        "pages": [each.slug for each in journey.places(found)],
        "advice": translate(drawn.advice(found).text, language),
    }  # fmt: skip


@router.put("/drafts/{track_id}/{section}", name="api.referrals.save")
def save(request: Request, work: Door, track_id: UUID, section: str, body: SavePage) -> Response:
    """Keep the answers of one page of my draft."""
    saved = service.save_section(work, track_id, section, body.answers, body.version, forget=body.forget)
    return told(request, {"track_id": str(track_id), "version": saved.version})


@router.post("/drafts/{track_id}/submit", name="api.referrals.submit")
def submit(request: Request, work: Door, track_id: UUID, body: SendDraft) -> Response:
    """Send my draft as it stands."""
    return told(request, plain(asdict(service.submit_draft(work, track_id, body.version))))


@router.post("/drafts/{track_id}/notify", name="api.referrals.notify_instead")
def notify_instead(request: Request, work: Door, track_id: UUID, form: AnonymousNotification) -> Response:
    """Send four answers instead of my draft; all else of it is erased."""
    return told(request, plain(asdict(service.notify_anonymously(work, track_id, form))))


@router.post("/drafts/{track_id}/known", name="api.referrals.check_known")
def check_known(request: Request, work: Door, track_id: UUID) -> Response:
    """Ask, before sending, whether another organisation may know the person."""
    case_id, check_id = service.ask_known(work, track_id)
    found = known.checked(work, case_id, check_id).known
    return told(request, {"case_id": str(case_id), "check_id": str(check_id), "known": found})


@router.post("/drafts/{track_id}/discard", name="api.referrals.discard")
def discard(request: Request, work: Door, track_id: UUID, form: DiscardDraft) -> Response:
    """Throw my draft away."""
    return told(request, plain(asdict(service.discard_referral(work, track_id, form))))


@router.post("/groups", name="api.referrals.send_together", status_code=201)
def send_together(request: Request, work: Door, everybody: FoundTogether) -> Response:
    """Begin and send everybody who was found together in one go, each as a referral of their own, or nobody."""
    return told(request, {"sent": _plain(groups.send_together(work, everybody))}, 201)


@router.get("/groups/{track_id}", name="api.referrals.group")
def group(request: Request, work: Door, track_id: UUID) -> dict[str, Any]:
    """Return several people who were found together: what is missing of all, and of each."""
    found, language = groups.group_of(work, track_id), language_of(request)

    def lacking(faults: Iterable[Fault]) -> list[dict[str, Any]]:
        return [{"field": each.field, "message": said(each, language)} for each in faults]

    people = [
        {
            "track_id": each.draft.track_id, "case_id": each.draft.case_id, "called": each.called,
            "counted": each.counted, "child": each.child, "missing": lacking(each.wanting),
        }
        for each in found.people
    ]  # fmt: skip
    return {"version": found.common.version, "missing": lacking(found.wanting), "people": people}


@router.post("/groups/{track_id}/submit", name="api.referrals.send_group")
def send_group(request: Request, work: Door, track_id: UUID, body: SendDraft) -> Response:
    """Send everybody of a group, each as a referral of their own."""
    return told(request, {"sent": _plain(groups.send_group(work, track_id, body.version))})


@router.get("/groups/{track_id}/sent", name="api.referrals.sent_people")
def sent_people(work: Door, track_id: UUID) -> dict[str, Any]:
    """List what was sent of a group: references and bare states."""
    return {"sent": _plain(groups.sent_people(work, track_id))}


@router.get("/{track_id}", name="api.referrals.status")
def status(work: Door, track_id: UUID) -> Any:
    """Return what became of a referral that I sent."""
    return plain(asdict(queries.status(work, track_id)))

"""The end of a referral: check all answers, send; or count without a name; or throw it away; what follows."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.kit.errors import Fault, Invalid, Refused, Stale, TooMany
from app.referrals import drafts, drawn, journey, queries, service
from app.referrals.drafts import Draft
from app.safeguards.doors import ACCESS
from app.safeguards.work import Work
from app.tracks.intake.indicators import SHORT_LIST
from app.tracks.intake.referral_answers import DiscardDraft
from app.tracks.intake.referral_consent import AnonymousNotification
from app.tracks.intake.referral_rules import refused
from app.tracks.intake.referral_signs import ticked
from app.web.binding import bind
from app.web.door import Door, Typed
from app.web.drawing import draw
from app.web.page import language_of, render
from app.web.repeats import see_other

router = APIRouter()


@router.get("/referrals/{track_id}/check", name="referrals.check")
def check(request: Request, work: Door, track_id: UUID) -> Response:
    """Show all answers before they are sent, each with the way to change it."""
    draft = drawn.own_draft(work, track_id)
    return draft if isinstance(draft, Response) else _checked(request, work, draft)


def _checked(
    request: Request, work: Work, draft: Draft, faults: Iterable[Fault] = (), status: int = 200
) -> Response:
    who, way = drawn.reader(request, work), {each.slug: each for each in journey.way(draft)}
    pages = [
        (place, way[place.slug], drawn.shown(way[place.slug], draft, who)) for place in journey.places(draft)
    ]
    return render(
        request, "referrals/check.html", status, draft=draft, pages=pages, faults=list(faults),
        refused=refused(draft.answers), can_be_sent=journey.can_be_sent(draft),
        asks_known=ACCESS.entries["referrals.check_known"].admits(work.actor.role),
        child=journey.consent_is_skipped(draft), advice=drawn.advice(draft),
        addresses={slug: journey.address(draft, each) for slug, each in way.items()},
    )  # fmt: skip


@router.post("/referrals/{track_id}/known", name="referrals.check_known")
def check_known(request: Request, work: Door, track_id: UUID) -> Response:
    """Ask, before sending, whether another organisation may know the person."""
    try:
        case_id, check_id = service.ask_known(work, track_id)
    except (Refused, TooMany) as problem:
        return _checked(request, work, drafts.open_draft(work, track_id), problem.faults, problem.status)
    return see_other(request, f"/cases/{case_id}/known/{check_id}?draft={track_id}")


@router.post("/referrals/{track_id}/check", name="referrals.send")
def send(request: Request, work: Door, form: Typed, track_id: UUID) -> Response:
    """Send the draft as it was checked."""
    version = drawn.version_of(form)
    try:
        service.submit_draft(work, track_id, version)
    except Invalid as problem:
        return _checked(request, work, drafts.open_draft(work, track_id), problem.faults, 422)
    except Stale as problem:
        told = [Fault(problem.detail or problem.title)]
        return _checked(request, work, drafts.open_draft(work, track_id), told, 409)
    return see_other(request, f"/referrals/{track_id}/sent")


@router.get("/referrals/{track_id}/anonymous", name="referrals.anonymous")
def anonymous(request: Request, work: Door, track_id: UUID) -> Response:
    """Say plainly what is kept of an adult who does not agree, and ask just that."""
    draft = drawn.own_draft(work, track_id)
    return draft if isinstance(draft, Response) else _counted(request, draft, _known(draft))


def _known(draft: Draft) -> dict[str, Any]:
    """Return what the draft says already of the four answers, as it would be typed."""
    said = draft.answers
    return {
        "nationality": next(iter(said.get("nationalities", ())), ""),
        "region": said.get("current_region") or said.get("met_in_region") or "",
        "indicators": sorted(ticked(said) & SHORT_LIST.keys()),
    }


def _counted(
    request: Request, draft: Draft, typed: dict[str, Any], faults: Iterable[Fault] = (), status: int = 200
) -> Response:
    language = language_of(request)
    offered = dict(drawn.long_lists(AnonymousNotification, language))
    form = draw(AnonymousNotification, typed, faults=faults, options=offered)
    return render(request, "referrals/anonymous.html", status, form=form, draft=draft)


@router.post("/referrals/{track_id}/anonymous", name="referrals.notify")
def notify(request: Request, work: Door, form: Typed, track_id: UUID) -> Response:
    """Send the four answers and erase all else."""
    bound = bind(AnonymousNotification, form)
    if bound.value is None or form.get("_review"):
        draft = drafts.open_draft(work, track_id)
        return _counted(request, draft, bound.typed, bound.faults, 422 if bound.faults else 200)
    service.notify_anonymously(work, track_id, bound.value)
    return see_other(request, f"/referrals/{track_id}/sent")


@router.get("/referrals/{track_id}/discard", name="referrals.discarding")
def discarding(request: Request, work: Door, track_id: UUID) -> Response:
    """Ask why a draft is thrown away, and say that nothing brings it back."""
    draft = drawn.own_draft(work, track_id)
    if isinstance(draft, Response):
        return draft
    return render(request, "referrals/discard.html", draft=draft, form=draw(DiscardDraft))


@router.post("/referrals/{track_id}/discard", name="referrals.discard")
def discard(request: Request, work: Door, form: Typed, track_id: UUID) -> Response:
    """Throw a draft away."""
    bound = bind(DiscardDraft, form)
    if bound.value is None or form.get("_review"):
        draft = drafts.open_draft(work, track_id)
        again = draw(DiscardDraft, bound.typed, faults=bound.faults)
        return render(
            request, "referrals/discard.html", 422 if bound.faults else 200, draft=draft, form=again
        )
    service.discard_referral(work, track_id, bound.value)
    return see_other(request, "/referrals")


@router.get("/referrals/{track_id}/sent", name="referrals.sent")
def sent(request: Request, work: Door, track_id: UUID) -> Response:
    """Confirm the sending: the reference, and what happens by when."""
    return _status(request, work, track_id, "referrals/sent.html")


@router.get("/referrals/{track_id}/status", name="referrals.status")
def status(request: Request, work: Door, track_id: UUID) -> Response:
    """Show how far a referral is: arrived, accepted, by which kind of service."""
    if queries.is_group(work, track_id):
        return RedirectResponse(f"/referrals/{track_id}/people", 303)
    return _status(request, work, track_id, "referrals/status.html")


def _status(request: Request, work: Work, track_id: UUID, template: str) -> Response:
    return render(request, template, status=200, found=queries.status(work, track_id))

"""Pages for whoever refers a person: the beginning, one page after the other, and those one comes back to."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.kit.errors import Fault, Invalid, Stale, Unknown
from app.referrals import (
    drafts,
    drawn,
    group_pages,
    groups,
    inbox_pages,
    journey,
    queries,
    sending_pages,
    service,
)
from app.referrals.drafts import Draft
from app.safeguards.fields import questions
from app.safeguards.work import Work
from app.tracks.intake.referral_consent import AnonymousNotification
from app.tracks.intake.referral_signs import ticked
from app.tracks.intake.referral_start import CreateReferral
from app.tracks.intake.sections import GROUP, Section, section
from app.web.binding import Bound, bind
from app.web.door import Door, Typed
from app.web.drawing import draw
from app.web.names import as_typed
from app.web.page import language_of, render
from app.web.repeats import see_other

router = APIRouter()
SIGNS = {"signs", "further-signs"}  # pages at which, and after which, advice is given


@router.get("/referrals", name="referrals.mine")
def mine(request: Request, work: Door) -> Response:
    """List my drafts and what became of the referrals that I sent."""
    return render(
        request, "referrals/mine.html", drafts=queries.my_drafts(work), sent=queries.my_referrals(work)
    )


@router.get("/referrals/new", name="referrals.start")
def start(request: Request, work: Door) -> Response:
    """Say what is needed and how long it takes, before anything is asked."""
    return render(request, "referrals/start.html", drafts=queries.my_drafts(work))


@router.post("/referrals/new", name="referrals.begin")
def begin(request: Request, work: Door, form: Typed) -> Response:
    """Begin a draft and lead to its first page."""
    asked = ("_anonymous", "anonymous_notification"), ("_group", "group")
    kind = next((each for name, each in asked if form.get(name)), "initial")
    track_id = service.begin_referral(work, CreateReferral(type=kind))[1]
    if kind == "anonymous_notification":
        return see_other(request, f"/referrals/{track_id}/anonymous")
    return see_other(request, f"/referrals/{track_id}/pages/report")


router.include_router(inbox_pages.router)  # before the routes whose address begins with an identifier


@router.get("/referrals/{track_id}", name="referrals.draft")
def draft_page(request: Request, work: Door, track_id: UUID) -> Response:
    """Show how far a draft is, and where to go on."""
    draft = drawn.own_draft(work, track_id)
    if isinstance(draft, Response):
        return draft
    if draft.kind == GROUP:
        return group_pages.drawn_group(request, groups.group_of(work, track_id, common=draft))
    return render(
        request, "referrals/draft.html", draft=draft, chapters=list(journey.chapters(draft)),
        resume=journey.resume(draft), can_be_sent=journey.can_be_sent(draft),
    )  # fmt: skip


@router.get("/referrals/{track_id}/pages/{slug}", name="referrals.page")
def page(request: Request, work: Door, track_id: UUID, slug: str) -> Response:
    """Ask one question or a small group."""
    draft, asked = drawn.own_draft(work, track_id), _section(slug)
    if isinstance(draft, Response):
        return draft
    here = journey.address(draft, asked)
    if here != request.url.path or asked not in journey.way(draft):
        away = here if asked in journey.way(draft) else f"/referrals/{track_id}"
        return RedirectResponse(away, 303)
    return _drawn(request, work, draft, asked, as_typed(asked.form, draft.answers))


def _section(slug: str) -> Section:
    try:
        return section(slug)
    except KeyError as absent:
        raise Unknown from absent


@router.post("/referrals/{track_id}/pages/{slug}", name="referrals.save")
def save(request: Request, work: Door, form: Typed, track_id: UUID, slug: str) -> Response:
    """Keep the answers of a page; then the next page, or back to where one came from."""
    asked = _section(slug)
    if asked.form is AnonymousNotification:
        raise Unknown
    bound, version, later = bind(asked.form, form), drawn.version_of(form), bool(form.get("_later"))
    draft = drafts.open_draft(work, track_id)
    if bound.rearranged or form.get("_review"):
        return _drawn(request, work, draft, asked, bound.typed, version=version)
    if bound.faults and not (later and _may_wait(bound.faults)):
        return _drawn(request, work, draft, asked, bound.typed, bound.faults, version=version, status=422)
    try:
        saved = service.save_section(
            work, track_id, slug, bound.answers, version, partly=later, forget=bool(form.get("_forget"))
        )
    except Invalid as problem:
        return _drawn(request, work, draft, asked, bound.typed, problem.faults, version=version, status=422)
    except Stale as problem:
        return _both(request, work, draft, asked, bound, problem)
    return see_other(request, _next(request, saved, asked, later=later))


def _may_wait(faults: Iterable[Fault]) -> bool:
    return all(each.message in drafts.UNANSWERED for each in faults)


def _next(request: Request, draft: Draft, asked: Section, *, later: bool) -> str:
    if later:
        return f"/referrals/{draft.track_id}"
    if request.query_params.get("back") == "check" and journey.can_be_sent(draft):
        return f"/referrals/{draft.track_id}/check"
    return journey.after(draft, asked)


def _drawn(  # noqa: PLR0913, PLR0917 -- what a page is drawn from; the last two are named at the call
    request: Request, work: Work, draft: Draft, asked: Section, typed: dict[str, Any],
    faults: Iterable[Fault] = (), *, version: int | None = None, status: int = 200,
) -> Response:  # fmt: skip
    """Draw a page of the draft, with what was typed and what is wrong with it."""
    form = drawn.form_of(work, asked, typed, faults, language_of(request))
    before, advised = journey.before(draft, asked), SIGNS & {asked.slug, draft.saved_page}
    return render(
        request, "referrals/page.html", status, form=form, page=asked, draft=draft,
        intro=journey.intro(draft, asked), advice=drawn.advice(draft) if advised and ticked(draft.answers) else None,
        version=draft.version if version is None else version, progress=journey.progress(draft, asked),
        back=journey.address(draft, before) if before else journey.start(draft), unseen=draft.keeps_unseen(asked),
        can_be_sent=journey.can_be_sent(draft),
    )  # fmt: skip


def _both(  # noqa: PLR0913, PLR0917 -- one caller
    request: Request, work: Work, draft: Draft, asked: Section, bound: Bound[Any], problem: Stale
) -> Response:
    """Show both versions of a page, field by field, and let the reader send theirs again."""
    who = drawn.reader(request, work)
    mine, held = (drawn.by_name(asked.form, each, who) for each in (problem.sent, problem.held))
    offered = drawn.options(work, asked.form, language_of(request))
    return render(
        request, "referrals/both.html", 409, page=asked, draft=draft, mine=mine, held=held,
        labels={name: about.label for name, about in questions(asked.form).items()},
        form=draw(asked.form, bound.typed, options=offered),
    )  # fmt: skip


router.include_router(sending_pages.router)
router.include_router(group_pages.router)

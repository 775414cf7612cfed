"""Ticking the signs of trafficking by dimension; how one knows of each is asked on the page after."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.kit.errors import Fault, Stale
from app.kit.i18n import _
from app.referrals import drafts, drawn, journey, service
from app.referrals.drafts import Draft
from app.referrals.forms import TickSigns
from app.safeguards.work import Work
from app.tracks.intake.indicators import labels
from app.tracks.intake.sections import section
from app.web.binding import Bound, bind
from app.web.door import Door, Typed
from app.web.drawing import draw
from app.web.page import language_of, render
from app.web.repeats import see_other

router = APIRouter()
SIGNS = section("signs")


@router.get("/referrals/{track_id}/signs", name="referrals.signs")
def signs(request: Request, work: Door, track_id: UUID) -> Response:
    """Ask which signs there are: the short list first, then each dimension."""
    draft = drawn.own_draft(work, track_id)
    if isinstance(draft, Response):
        return draft
    held = draft.answers.get("indicators", [])
    return _drawn(request, draft, {"tick": [each["code"] for each in held if "code" in each]})


@router.post("/referrals/{track_id}/signs", name="referrals.tick")
def tick(request: Request, work: Door, form: Typed, track_id: UUID) -> Response:
    """Keep the ticks with what is known of each, and lead to what is not."""
    bound, version, later = bind(TickSigns, form), drawn.version_of(form), bool(form.get("_later"))
    draft = drafts.open_draft(work, track_id)
    if form.get("_review"):
        return _drawn(request, draft, bound.typed)
    said = _said(draft, bound)
    found = [*bound.faults, *_unsaid(said)]
    if later and may_wait(found):
        found = []
    if found:
        return _drawn(request, draft, bound.typed, found, version=version, status=422)
    return _kept(request, work, draft, said, version, later=later)


def may_wait(faults: list[Fault]) -> bool:
    """Say whether all that is wrong is that something was not answered yet."""
    return all(each.message in (*drafts.UNANSWERED, UNSAID) for each in faults)


UNSAID = _("Say how you know of what you ticked.")


def _said(draft: Draft, bound: Bound[TickSigns]) -> list[dict[str, Any]]:
    """Return each ticked sign with what was said of it before, or with the source given for the new ones."""
    before = {each.get("code"): each for each in draft.answers.get("indicators", [])}
    source = bound.answers.get("source")
    new = {"source": source} if source else {}
    return [before.get(code) or {"code": code, **new} for code in bound.answers.get("tick", [])]


def _unsaid(said: list[dict[str, Any]]) -> list[Fault]:
    return [] if all(each.get("source") for each in said) else [Fault(UNSAID, "source")]


def _kept(  # noqa: PLR0913 -- one caller
    request: Request, work: Work, draft: Draft, said: list[dict[str, Any]], version: int, *, later: bool
) -> Response:
    answers = {"indicators": said, "indicators_details": draft.answers.get("indicators_details")}
    try:
        service.save_section(work, draft.track_id, SIGNS.slug, answers, version, partly=later)
    except Stale as problem:
        ticked = [each["code"] for each in (*said, *problem.held.get("indicators", ()))]
        typed = {"tick": list(dict.fromkeys(ticked))}
        told = [
            Fault(_("These answers were saved elsewhere in the meantime. Both are ticked here: check them."))
        ]
        return _drawn(request, draft, typed, told, status=409)
    onward = "" if later else "/pages/signs"
    return see_other(request, f"/referrals/{draft.track_id}{onward}")


def _drawn(  # noqa: PLR0913 -- what the page is drawn from; the last two are named at the call
    request: Request, draft: Draft, typed: dict[str, Any], faults: Any = (), *,
    version: int | None = None, status: int = 200,
) -> Response:  # fmt: skip
    language = language_of(request)
    form = draw(TickSigns, typed, faults=faults, options={"tick": list(labels(language).items())})
    before = journey.before(draft, SIGNS)
    return render(
        request, "referrals/signs.html", status, form=form, page=SIGNS, draft=draft,
        groups=drawn.by_dimension(form.questions[0].options, language),
        version=draft.version if version is None else version, progress=journey.progress(draft, SIGNS),
        back=journey.address(draft, before) if before else "/referrals/new",
    )  # fmt: skip

"""What the pages of a referral are drawn from: offered answers in the reader's language, answers in words."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from starlette.datastructures import FormData

from app.accounts.queries import organisation_names, receiving_organisations
from app.casework.answers import Answer, answers
from app.casework.reader import Reader
from app.kit.errors import Fault, Invalid
from app.kit.places import Names
from app.referrals import journey
from app.referrals.drafts import AlreadySent, Draft, open_draft
from app.safeguards.fields import questions
from app.safeguards.work import Work
from app.tracks.intake import indicators
from app.tracks.intake.referral_signs import ticked
from app.tracks.intake.sections import Section
from app.web.drawing import Drawing, Options, draw
from app.web.names import Typed
from app.web.page import language_of
from app.web.shape import shapes

# Needed in order to send, although the form alone does not ask for them: it depends on the age.
NEEDED = {"consent_explained", "consent_notice", "consent", "legal_basis", "legal_basis_reason"}


def reader(request: Request, work: Work) -> Reader:
    """Return who reads the page."""
    zone = getattr(request.app.state, "zone", "UTC")
    return Reader(work.actor, language_of(request), zone, organisation_names(work))


def own_draft(work: Work, track_id: UUID) -> Draft | Response:
    """Return the draft of a page, or the way to its status once it is a draft no more."""
    try:
        return open_draft(work, track_id)
    except AlreadySent:
        return RedirectResponse(f"/referrals/{track_id}/status", 303)


def form_of(work: Work, page: Section, typed: Typed, faults: Iterable[Fault], language: str) -> Drawing:
    """Return the questions of a page; a question that says the same as the page's title is its heading."""
    first, *more = shapes(page.form).values()
    heads = not first.group and (not more or first.about.label == page.title)
    form = draw(
        page.form, typed, faults=faults, options=options(work, page.form, language),
        heading=first.name if heads else None,
    )  # fmt: skip
    asked = tuple(replace(each, required=each.required or each.name in NEEDED) for each in form.questions)
    return replace(form, questions=asked)


def options(work: Work, form: type[BaseModel], language: str) -> Options:
    """Return the answers of long lists in the reader's language, and the organisations that can be asked."""
    found: dict[str, Any] = dict(long_lists(form, language))
    if "receiving_organisation_id" in form.model_fields:
        found["receiving_organisation_id"] = list(receiving_organisations(work).items())
    return found


def long_lists(form: type[BaseModel], language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the choices of each question with a long list, also inside groups, named in a language."""
    found = []
    for name, about in questions(form).items():
        if isinstance(about.choices, Names):
            found.append((name, list(about.choices.shown(language).items())))
        if inner := shapes(form)[name].group:
            found += long_lists(inner, language)
    return found


def shown(page: Section, draft: Draft, who: Reader) -> tuple[Answer, ...]:
    """Return the answers of one page in words."""
    return answers(page.form, draft.answers, who)


def by_name(form: type[BaseModel], values: Mapping[str, Any], who: Reader) -> dict[str, Answer]:
    """Return answers in words by the name of their question; what cannot be said in words is left out."""
    try:
        return {each.name: each for each in answers(form, values, who)}
    except (ValueError, KeyError, TypeError):
        return {}


def advice(draft: Draft) -> indicators.Advice:
    """Return what the ticked signs point to; it decides nothing."""
    return indicators.advise(ticked(draft.answers), is_child=journey.consent_is_skipped(draft))


def version_of(form: FormData) -> int:
    """Return the version of the draft that a page was drawn from; raises Invalid for anything else."""
    given = form.get("version")
    if not isinstance(given, str) or not (given.isascii() and given.isdigit()) or len(given) > 6:
        raise Invalid
    return int(given)

"""The invented referral of full size, addressed, and as a browser would type it page by page."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import create_engine, select, text

from app.accounts.models import Organisation
from app.casework.models import CaseStep
from app.kit.plain import plain
from app.safeguards.fields import questions
from app.safeguards.words import Category
from app.safeguards.work import Work
from app.tracks.intake.referral_form import SubmitReferral
from app.tracks.intake.sections import SECTIONS, Section
from app.web.names import as_typed
from app.web.shape import shapes
from tests.fixtures.service import Browser

FULL: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "full_referral.json").read_text("utf-8")
)
RECEIVER = "Harbour Association"


def organisation(work: Work, name: str = RECEIVER) -> UUID:
    return work.session.scalars(select(Organisation.id).where(Organisation.name == name)).one()


def addressed(receiver: UUID, **changed: Any) -> dict[str, Any]:
    """The full referral to an organisation of this database; what is changed to None is left out."""
    whole = {**FULL, "receiving_organisation_id": str(receiver), **changed}
    return {name: value for name, value in whole.items() if value is not None}


def short(receiver: UUID, **changed: Any) -> dict[str, Any]:
    """The least with which an adult who agrees can be referred."""
    least = {
        "age_class": "adult", "immediate_safety": "safe", "immediate_needs": ["safe_place"],
        "urgency": "today",
        "reason": "Other", "consent": "yes", "consent_explained": "yes", "consent_notice": "yes",
        "shared_categories": ["ID", "SVC"], "language": "en", "interpreter": "no", "current_region": "north",
        "indicators": [{"source": "seen", "signs": ["ilo.debt"]}], "receiving_organisation_id": str(receiver),
        "safe_contact": [{"channel": "through_referrer", "safe": "yes"}],
    }  # fmt: skip
    return {name: value for name, value in {**least, **changed}.items() if value is not None}


def kept(answers: Mapping[str, Any]) -> dict[str, Any]:
    """What must come back of a referral: every answer, as JSON knows it."""
    form = SubmitReferral.model_validate(dict(answers))
    return without_blanks({name: plain(each) for name, each in form})


def of_categories(answers: Mapping[str, Any], *without: Category) -> dict[str, Any]:
    """The answers in all categories but some."""
    asked = questions(SubmitReferral)
    return {name: value for name, value in answers.items() if asked[name].category not in without}


def sent_step(work: Work, track_id: UUID) -> UUID:
    query = select(CaseStep.id).where(CaseStep.track_id == track_id, CaseStep.name.in_(("submit", "notify")))
    return work.session.scalars(query).one()


def without_blanks(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that say something; a page sends no empty ones, JSON may."""
    said = {name: _without_blanks(value) for name, value in fields.items()}
    return {name: value for name, value in said.items() if value not in (None, [], "")}


def _without_blanks(value: Any) -> Any:
    if isinstance(value, dict):
        return without_blanks(value)
    return [_without_blanks(each) for each in value] if isinstance(value, list) else value


def typed(page: Section, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of one page as a browser sends them."""
    mine = {name: value for name, value in answers.items() if name in page.form.model_fields}
    return dict(_flat(page.form, as_typed(page.form, mine), ""))


def _flat(form: type[BaseModel], values: Mapping[str, Any], at: str) -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        shape, path = shapes(form)[name], f"{at}{name}"
        if shape.group:
            for number, block in enumerate(value):
                yield from _flat(shape.group, block, f"{path}-{number}-")
        elif isinstance(value, dict):
            yield from ((f"{path}-{part}", each) for part, each in value.items())
        else:
            yield path, value


def begun(police: Browser) -> str:
    return police.json("POST", "/api/referrals/drafts", {"type": "initial"}, status=201)["track_id"]


def put(  # noqa: PLR0917 -- read at the call as a sentence
    police: Browser, track_id: str, page: str, answers: dict[str, Any], version: int, status: int = 200
) -> Any:
    body = {"version": version, "answers": answers}
    return police.json("PUT", f"/api/referrals/drafts/{track_id}/{page}", body, status=status)


def answers(police: Browser, track_id: str) -> dict[str, Any]:
    return police.json("GET", f"/api/referrals/drafts/{track_id}")["answers"]


def filled(police: Browser, receiver: UUID, **changed: Any) -> tuple[str, int]:
    """A draft with the answers of every page, ready to be sent."""
    whole, track_id, version = short(receiver, **changed), begun(police), 0
    for page in SECTIONS:
        mine = {name: each for name, each in whole.items() if name in page.form.model_fields}
        if mine and page.slug != "anonymous" and page.applies(whole):
            version = put(police, track_id, page.slug, mine, version)["version"]
    return track_id, version


def rows(given: Any, table: str) -> int:
    engine = create_engine(given.database_url)
    with engine.connect() as connection:
        found = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    engine.dispose()
    return int(found)


def live_keys(given: Any, case_id: str) -> set[str]:
    engine = create_engine(given.keys_database_url)
    with engine.connect() as connection:
        named = text("SELECT category FROM keys.wrapped_key WHERE destroyed_at IS NULL AND case_id = :c")
        rows = connection.execute(named, {"c": case_id})
        found = {row[0] for row in rows}
    engine.dispose()
    return found

"""Correcting the person's record: what may be changed, by version, both versions after a conflict."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.cases import service as cases
from app.cases.queries import case_line, person_line
from app.casework.answers import Answer, answers
from app.casework.asking import sent_version
from app.casework.forms import PersonRecord
from app.casework.naming import reader_of
from app.casework.queries import writable
from app.kit.errors import Fault, NotAllowed, Stale, Unknown
from app.kit.i18n import _
from app.kit.plain import plain
from app.profiles.profile import load
from app.safeguards.work import Work
from app.web.binding import bind
from app.web.door import Door, Typed
from app.web.drawing import Drawing, draw
from app.web.names import as_typed
from app.web.page import language_of, render
from app.web.repeats import see_other

router = APIRouter()


@router.get("/cases/{case_id}/person", name="casework.ask_person")
def ask_person(request: Request, work: Door, case_id: UUID) -> Response:
    """Show the record in a form, as far as the reader may change it."""
    names = _mine_to_change(work, case_id)
    held, version = held_now(work, case_id)
    form = draw(PersonRecord, as_typed(PersonRecord, held), only=names)
    return _page(request, work, case_id, form, version)


@router.post("/cases/{case_id}/person", name="casework.correct_person")
def correct_person(request: Request, work: Door, case_id: UUID, sent: Typed) -> Response:
    """Correct the record; after a conflict both versions are shown field by field, with what was typed kept."""
    names = _mine_to_change(work, case_id)
    version = sent_version(sent.get("version"))
    bound = bind(PersonRecord, sent, only=names)
    if bound.value is None:
        form = draw(PersonRecord, bound.typed, faults=bound.faults, only=names)
        return _page(request, work, case_id, form, version, 200 if bound.rearranged else 422)
    try:
        with work.attempt():
            cases.correct_person(work, case_id, bound.value, version)
    except Stale as stale:
        held, now = held_now(work, case_id)
        form = draw(PersonRecord, bound.typed, only=names)
        rows = _rows(request, work, case_id, plain(bound.value), {name: held.get(name) for name in names})
        return _page(request, work, case_id, form, now, stale.status, rows)
    return see_other(request, f"/cases/{case_id}")


def held_now(work: Work, case_id: UUID) -> tuple[dict[str, Any], int]:
    """Return what the reader may see of the record, and its version; the look is recorded."""
    person = person_line(work, case_id)
    if person is None:
        raise Unknown
    return work.reveal(case_id, [person.id]).of(person.id), person.row_version


def _mine_to_change(work: Work, case_id: UUID) -> list[str]:
    work.member(case_id)
    if person_line(work, case_id) is None:
        raise Unknown
    names = writable(work, case_id)
    if not names:
        raise NotAllowed(Fault(_("Your role does not include changing this.")))
    return names


def _page(  # noqa: PLR0913, PLR0917 -- one caller's page, its last two only after a conflict
    request: Request, work: Work, case_id: UUID, form: Drawing, version: int, status: int = 200,
    rows: list[tuple[str, Answer | None, Answer | None]] | None = None,
) -> Response:  # fmt: skip
    return render(
        request, "casework/person.html", status, form=form, version=version, rows=rows or [],
        reference=case_line(work, case_id).reference, case_id=case_id,
    )  # fmt: skip


def _rows(
    request: Request, work: Work, case_id: UUID, sent: dict[str, Any], held: dict[str, Any]
) -> list[tuple[str, Answer | None, Answer | None]]:
    """Return each question that the two versions answer differently, with both answers."""
    case = case_line(work, case_id)
    zone = load(case.profile_code, case.profile_version).zone
    reader = reader_of(work, case_id, zone, language_of(request))
    ours = {each.name: each for each in answers(PersonRecord, sent, reader)}
    theirs = {each.name: each for each in answers(PersonRecord, held, reader)}
    names = [name for name in PersonRecord.model_fields if sent.get(name) != held.get(name)]
    return [
        ((ours.get(name) or theirs[name]).label, ours.get(name), theirs.get(name))
        for name in names
        if name in ours or name in theirs
    ]

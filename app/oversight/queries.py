"""Reading the ledger: who did what to which case, when and why; the database shows each reader only their share."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from app.accounts.queries import organisation_names, user_names
from app.cases.models import Case
from app.casework.reader import SHELTER
from app.kit.i18n import translate
from app.oversight.words import REGISTERS
from app.safeguards.conflicts import is_barred
from app.safeguards.ledger.export import Leaf
from app.safeguards.ledger.seal import LAST_XID, unsealed
from app.safeguards.models import LedgerCheckpoint, LedgerEvent, LedgerLeaf
from app.safeguards.words import Act
from app.safeguards.work import Work
from app.shelters.queries import sheltering_organisations

A_PAGE = 50


@dataclass(frozen=True)
class Line:
    """One event as its reader sees it; names of fields and categories, never a value."""

    id: int | None  # None to whoever is barred from a case: its events would be gaps between the numbers
    at: datetime
    act: str
    who: str
    role: str
    organisation: str
    purpose: str
    case_id: UUID | None
    case: str | None  # the reference where the reader may know it, else the start of the id
    categories: tuple[str, ...]
    fields: tuple[str, ...]
    step: str | None
    reason: str | None
    refused_by: tuple[str, ...]
    caused_by: str | None
    register: str | None


@dataclass(frozen=True)
class Asked:
    """What the reader wants to see; empty means all."""

    case_id: UUID | None = None
    actor_id: UUID | None = None
    act: Act | None = None
    before: int | None = None  # the number of an event; of whoever is barred from a case, how many were shown


@dataclass(frozen=True)
class Health:
    """How the ledger stands: events under the last signed head, and those that wait for the next.

    Whoever is barred from a case is told none of it: what they are not shown could be counted, and when it happened.
    """

    sealed: int | None
    waiting: int | None
    last_at: datetime | None
    last_note: str | None


def lines(work: Work, asked: Asked) -> list[Line]:
    """Return a page of events, the latest first; that they were read is itself an event."""
    bare = is_barred(work)
    found = work.session.execute(_wanted(asked, bare=bare)).all()
    rows = [(None if bare else row.id, json.loads(row.body)) for row in found]
    work.record(Act.CONSULT, register="ledger", about_case=asked.case_id, about_actor=asked.actor_id)
    people = {UUID(body[key]) for _id, body in rows for key in ("actor", "caused_by") if body.get(key)}
    cases = {UUID(body["case"]) for _id, body in rows if body.get("case")}
    names = user_names(work, people)
    references = _references(work, cases)
    reasons = work.reasons(
        {UUID(body["justification"]): UUID(body["case"]) for _id, body in rows if body.get("justification")}
    )
    known, within = organisation_names(work), organisations_within_cases(work)
    return [
        _line(each, body, names, within if body.get("case") else known, references, reasons)
        for each, body in rows
    ]


def organisations_within_cases(work: Work) -> dict[UUID, str]:
    """Return the names of organisations beside a case; which house shelters somebody stays unsaid (INV-12)."""
    others = sheltering_organisations(work) - {work.actor.organisation_id}
    unsaid = dict.fromkeys(others, translate(SHELTER, work.actor.language))
    return organisation_names(work) | unsaid


def next_page(asked: Asked, found: list[Line]) -> int | None:
    """Return what asks for the page after this one, or None where this is the last."""
    if len(found) < A_PAGE:
        return None
    return found[-1].id or (asked.before or 0) + A_PAGE


def _wanted(asked: Asked, *, bare: bool) -> Select[int, str]:
    query = select(LedgerEvent.id, LedgerEvent.body).order_by(LedgerEvent.id.desc()).limit(A_PAGE)
    if asked.case_id is not None:
        query = query.where(LedgerEvent.case_id == asked.case_id)
    if asked.actor_id is not None:
        query = query.where(LedgerEvent.actor_id == asked.actor_id)
    if asked.act is not None:
        query = query.where(LedgerEvent.act == asked.act.value)
    if asked.before is not None:
        query = query.offset(asked.before) if bare else query.where(LedgerEvent.id < asked.before)
    return query


def _references(work: Work, cases: set[UUID]) -> dict[UUID, str]:
    rows = work.session.execute(select(Case.id, Case.reference).where(Case.id.in_(cases)))
    known = {row.id: row.reference for row in rows}
    return {each: known.get(each) or str(each)[:8].upper() for each in cases}


def _line(  # noqa: PLR0913, PLR0917 -- a row and the names for what stands in it
    event_id: int | None, body: dict[str, Any], names: dict[UUID, str], houses: dict[UUID, str],
    references: dict[UUID, str], reasons: dict[UUID, str],
) -> Line:  # fmt: skip
    case_id = UUID(body["case"]) if body.get("case") else None
    organisation = body.get("organisation")
    fields = body.get("fields") or {}
    step = f"{body['slug']}: {body['step']}" if body.get("step") else None
    return Line(
        id=event_id,
        at=datetime.fromisoformat(body["at"]),
        act=body["act"],
        who=names[UUID(body["actor"])],
        role=body["role"],
        organisation=houses.get(UUID(organisation), "") if organisation else "",
        purpose=body["purpose"],
        case_id=case_id,
        case=references[case_id] if case_id else None,
        categories=tuple(body.get("categories") or ()),
        fields=tuple(sorted({name for each in fields.values() for name in each})),
        step=step,
        reason=reasons.get(UUID(body["justification"])) if body.get("justification") else None,
        refused_by=tuple(body.get("rules") or ()) if body["act"] == Act.REFUSE else (),
        caused_by=names[UUID(body["caused_by"])] if body.get("caused_by") else None,
        register=_register(body),
    )


def _register(body: dict[str, Any]) -> str | None:
    """Return the code of what was read or changed, where it has a name."""
    named = f"merge: {body['by']}" if body.get("merge") else body.get("register")
    return named if named in REGISTERS else None


def health(work: Work) -> Health:
    """Return how many events are sealed, how many wait, and the last signed head."""
    if is_barred(work):
        return Health(None, None, None, None)
    last = work.session.scalars(
        select(LedgerCheckpoint).order_by(LedgerCheckpoint.size.desc()).limit(1)
    ).one_or_none()
    waits = unsealed(last.before_xid if last else 0, LAST_XID)
    waiting = work.session.scalar(select(func.count()).select_from(LedgerEvent).where(waits)) or 0
    return Health(last.size if last else 0, waiting, last.at if last else None, last.note if last else None)


def leaves(work: Work, size: int) -> Iterator[Leaf]:
    """Yield each event under a head of that size, with its place in the tree; without its text where that is gone."""
    query = (
        select(LedgerLeaf.position, LedgerEvent.body, LedgerLeaf.hash)
        .outerjoin(LedgerEvent, LedgerEvent.id == LedgerLeaf.event_id)
        .where(LedgerLeaf.position < size)
        .order_by(LedgerLeaf.position)
    )
    for row in work.session.execute(query.execution_options(yield_per=1000)):
        yield row.position, row.body, row.hash


def checkpoints(work: Work) -> list[tuple[int, str]]:
    """Return every signed head with its size, the first first."""
    rows = work.session.execute(
        select(LedgerCheckpoint.size, LedgerCheckpoint.note).order_by(LedgerCheckpoint.size)
    )
    return [(row.size, row.note) for row in rows]

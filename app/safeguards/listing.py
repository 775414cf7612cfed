"""Opening a little of many cases at once, as `work.reveal` does of one: matrix, one select, an event for each case."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from app.safeguards.ledger import events
from app.safeguards.opening import consulted, decisions, narrow
from app.safeguards.vault import parts
from app.safeguards.vault.parts import Opened
from app.safeguards.words import Act, Category
from app.safeguards.work import Work

Parts = dict[UUID, tuple[Opened, ...]]


def reveal_each(work: Work, wanted: Mapping[UUID, Iterable[UUID]], categories: Iterable[Category]) -> Parts:
    """Open those categories of records of many cases, as far as the actor may see them; return the parts by case.

    Cases that are not the actor's are left out. One event is written for each case of which anything was opened.
    """
    work.meet(wanted)
    rows, case_of = [], {}
    for case_id, records in wanted.items():
        foreign, own = decisions(work.actor.role, work.standing(case_id))
        for record_id in records:
            case_of[record_id] = case_id
            rows += [(record_id, each, each in foreign.open) for each in categories if each in own.open]
    opened: dict[UUID, list[Opened]] = {}
    for part in parts.read_each(work.session, work.keys, work.actor, rows):
        case_id = case_of[part.record_id]
        foreign, own = decisions(work.actor.role, work.standing(case_id))
        opened.setdefault(case_id, []).append(
            narrow(part, (own if part.own else foreign).said[part.category])
        )
    _record(work, opened)
    return {case_id: tuple(found) for case_id, found in opened.items()}


def _record(work: Work, opened: Mapping[UUID, list[Opened]]) -> None:
    now = work.clock.now()
    fresh = ((case_id, work.unrecorded(held)) for case_id, held in opened.items())
    said = [
        events.Happened(Act.CONSULT, now, work.actor, work.purpose, case_id, _about(work, case_id, found))
        for case_id, found in fresh
        if found
    ]
    events.write(work.session, *said, voucher=work.keys.voucher)


def _about(work: Work, case_id: UUID, found: list[Opened]) -> dict[str, Any]:
    foreign, own = decisions(work.actor.role, work.standing(case_id))
    said = {True: own.said, False: foreign.said}
    return consulted(found, lambda part: said[part.own][part.category].rule)

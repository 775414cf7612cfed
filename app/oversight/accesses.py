"""Accesses that nothing explains: the report of a supervisor, the question to whoever opened a case, and its end."""

import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, DateTime, Text, Uuid, bindparam, cast, column, func, select
from sqlalchemy.dialects.postgresql import JSONB

from app.accounts.queries import organisation_names, organisations_with, user_names
from app.cases.models import Case
from app.deadlines.models import RunningDeadline
from app.kit.errors import Fault, Refused, Unknown
from app.kit.i18n import _
from app.kit.ids import new_id
from app.notices.models import Notice
from app.notices.service import alert
from app.oversight.explaining import Access, Known, Span, explanation, ties_of
from app.oversight.models import AccessQuestion
from app.oversight.queries import organisations_within_cases
from app.safeguards.models import LedgerEvent
from app.safeguards.words import Act, Role
from app.safeguards.work import Work

IN_PASSING = ("search", "own work")  # purposes under which a list shows a little of many cases
TYING = (Act.GRANT, Act.REVOKE, Act.DISCLOSE)
DOING = (Act.STEP, Act.COLLECT, Act.ALTER)
REGISTER = "unexplained accesses"
MOST_DAYS = 90  # how far back anybody is asked
ANSWERED = _("A question about an access was answered")
ASKED = _("Somebody asks about an access: look at “Questions about what I opened”")

AWAITED = func.nrm.awaited(bindparam("cases", type_=ARRAY(Uuid()))).table_valued(
    column("case_id", Uuid()), column("is_clock", Boolean()), column("role", Text()),
    column("organisation_id", Uuid()), column("from_at", DateTime(timezone=True)),
    column("until_at", DateTime(timezone=True)),
)  # fmt: skip


@dataclass(frozen=True)
class Unexplained:
    """One person’s accesses to one case on one day, of which at least one is explained by nothing."""

    case_id: UUID
    reference: str
    user_id: UUID
    who: str
    role: str
    organisation_id: UUID
    organisation: str
    day: dt.date
    times: int
    question_id: UUID | None
    answer: str | None
    outcome: str | None


@dataclass(frozen=True)
class Question:
    """A question to the reader: which case, and on which day it was opened."""

    id: UUID
    reference: str
    day: dt.date


@dataclass(frozen=True)
class Report:
    """What the reader’s people opened in some days, and how much of it is explained, by what."""

    days: int
    total: int
    explained: int
    by: dict[str, int]
    unexplained: tuple[Unexplained, ...]

    @property
    def share(self) -> float | None:
        """Return the share that is explained, in per cent; None where nothing was opened."""
        return round(100 * self.explained / self.total, 1) if self.total else None


def report(work: Work, days: int) -> Report:
    """Return what the actor’s people opened in the last days; that it was looked at is an event."""
    found = _accesses(work, work.clock.now() - dt.timedelta(days=days))
    known = _known(work, {each.case_id for each in found})
    why = [(each, explanation(each, known[each.case_id])) for each in found]
    work.record(Act.CONSULT, register=REGISTER)
    by = Counter(code for _access, code in why if code)
    return Report(
        days,
        len(why),
        by.total(),
        dict(by),
        tuple(_groups(work, [each for each, code in why if code is None])),
    )


def _offices(work: Work) -> Collection[UUID | None]:
    """Return whose people the actor asks: their own; the auditor, those of every other office without a supervisor."""
    mine = work.actor.organisation_id
    if work.actor.role is not Role.AUD:
        return {mine}
    return set(organisation_names(work)) - organisations_with(work, {Role.SUP}) - {mine}


def _accesses(work: Work, since: dt.datetime) -> list[Access]:
    body = cast(LedgerEvent.body, JSONB)
    query = select(LedgerEvent.body).where(
        LedgerEvent.act == Act.CONSULT.value, LedgerEvent.case_id.is_not(None),
        LedgerEvent.organisation_id.in_(_offices(work)), body["at"].astext >= since.isoformat(),
        body["purpose"].astext.not_in(IN_PASSING), body["register"].astext.is_(None),
    )  # fmt: skip
    said = (json.loads(each) for each in work.session.scalars(query.order_by(LedgerEvent.id)))
    return [
        Access(
            UUID(each["case"]), UUID(each["actor"]), each["role"], UUID(each["organisation"]),
            dt.datetime.fromisoformat(each["at"]),
        )
        for each in said
    ]  # fmt: skip


def _known(work: Work, cases: Collection[UUID]) -> dict[UUID, Known]:
    """Return what is known of each case, in three statements however many there are."""
    events: defaultdict[UUID, list[dict[str, Any]]] = defaultdict(list)
    wanted = [each.value for each in (*TYING, *DOING)]
    query = select(LedgerEvent.body).where(LedgerEvent.case_id.in_(cases), LedgerEvent.act.in_(wanted))
    for body in work.session.scalars(query.order_by(LedgerEvent.id)):
        said = json.loads(body)
        events[UUID(said["case"])].append(said)
    clocks, notices = _awaited(work, cases)
    doing = {each.value for each in DOING}
    return {
        case_id: Known(
            ties_of(events[case_id]), tuple(clocks[case_id]), tuple(notices[case_id]),
            tuple(
                (UUID(each["actor"]), dt.datetime.fromisoformat(each["at"]))
                for each in events[case_id] if each["act"] in doing
            ),
        )
        for case_id in cases
    }  # fmt: skip


Spans = defaultdict[UUID, list[Span]]


def _awaited(work: Work, cases: Collection[UUID]) -> tuple[Spans, Spans]:
    """Return the clocks and the notices of those cases; to the auditor, only whom and when they awaited."""
    clocks, notices = Spans(list), Spans(list)
    if work.actor.role is Role.AUD:
        for row in work.session.execute(select(AWAITED).params(cases=list(cases))):
            span = Span("", row.from_at, row.until_at, role=row.role, organisation_id=row.organisation_id)
            (clocks if row.is_clock else notices)[row.case_id].append(span)
        return clocks, notices
    for clock in work.session.scalars(select(RunningDeadline).where(RunningDeadline.case_id.in_(cases))):
        span = Span(clock.slug, clock.starts_at, clock.ended_at, role=clock.responsible)
        clocks[clock.case_id].append(span)
    for each in work.session.scalars(select(Notice).where(Notice.case_id.in_(cases))):
        assert each.case_id is not None
        span = Span(each.kind, each.at, each.done_at, role=each.role, organisation_id=each.organisation_id)
        notices[each.case_id].append(span)
    return clocks, notices


def _groups(work: Work, found: Iterable[Access]) -> Iterator[Unexplained]:
    """Yield a line for each person, case and day, the latest first."""
    groups: defaultdict[tuple[dt.date, UUID, UUID], list[Access]] = defaultdict(list)
    for each in found:
        groups[each.at.date(), each.case_id, each.user_id].append(each)
    names = user_names(work, {user for _day, _case, user in groups})
    cases = {case for _day, case, _user in groups}
    rows = work.session.execute(select(Case.id, Case.reference).where(Case.id.in_(cases)))
    references = {row.id: row.reference for row in rows}
    asked, houses = _asked(work, cases), organisations_within_cases(work)
    for (day, case_id, user_id), looks in sorted(groups.items(), key=lambda each: each[0], reverse=True):
        row = asked.get((day, case_id, user_id))
        house = looks[0].organisation_id
        yield Unexplained(
            case_id, references.get(case_id, str(case_id)[:8].upper()), user_id, names[user_id], looks[0].role,
            house, houses.get(house, ""), day, len(looks), row.id if row else None, row.answer if row else None,
            row.outcome if row else None,
        )  # fmt: skip


def _asked(work: Work, cases: Collection[UUID]) -> dict[tuple[dt.date, UUID, UUID], AccessQuestion]:
    rows = work.session.scalars(select(AccessQuestion).where(AccessQuestion.case_id.in_(cases)))
    return {(each.day, each.case_id, each.user_id): each for each in rows}


def ask(work: Work, case_id: UUID, user_id: UUID, day: dt.date) -> UUID:
    """Ask one of the actor’s people why they opened a case on a day; return the question."""
    found = report(work, MOST_DAYS).unexplained
    line = next(
        (each for each in found if (each.case_id, each.user_id, each.day) == (case_id, user_id, day)), None
    )
    if line is None:
        raise Unknown
    if line.question_id is not None:
        raise Refused(Fault(_("This was asked already.")))
    asked = AccessQuestion(
        id=new_id(), organisation_id=line.organisation_id, case_id=case_id, user_id=user_id, day=day,
        asked_by=work.actor.user_id, asked_at=work.clock.now(),
    )  # fmt: skip
    work.session.add(asked)
    work.session.flush()
    work.record(Act.COLLECT, register=REGISTER, question=asked.id, to_user=user_id, about_case=case_id)
    alert(work, None, ASKED, role=Role(line.role), organisation_id=line.organisation_id)
    return asked.id


def to_answer(work: Work) -> list[Question]:
    """Return the questions to the actor that wait for an answer, the earliest first."""
    query = (
        select(AccessQuestion, Case.reference)
        .outerjoin(Case, Case.id == AccessQuestion.case_id)
        .where(AccessQuestion.user_id == work.actor.user_id, AccessQuestion.answered_at.is_(None))
        .where(AccessQuestion.closed_at.is_(None))
        .order_by(AccessQuestion.asked_at, AccessQuestion.id)
    )
    return [
        Question(row.id, reference or str(row.case_id)[:8].upper(), row.day)
        for row, reference in work.session.execute(query)
    ]


def answer(work: Work, question_id: UUID, code: str) -> None:
    """Answer a question that was put to the actor, once."""
    row = _row(work, question_id)
    if row.user_id != work.actor.user_id or row.closed_at is not None:
        raise Unknown
    if row.answered_at is not None:
        raise Refused(Fault(_("You have answered this already.")))
    row.answer, row.answered_at = code, work.clock.now()
    work.session.flush()
    work.record(Act.COLLECT, register=REGISTER, question=row.id, answer=code)
    alert(work, None, ANSWERED, role=Role.SUP, organisation_id=row.organisation_id)


def close(work: Work, question_id: UUID, code: str) -> None:
    """Say what came of a question; nobody closes one about their own accesses."""
    row = _row(work, question_id)
    if row.user_id == work.actor.user_id:
        raise Unknown
    if row.closed_at is not None:
        raise Refused(Fault(_("Somebody else decided this in the meantime. Open the page again.")))
    row.outcome, row.closed_by, row.closed_at = code, work.actor.user_id, work.clock.now()
    work.session.flush()
    work.record(Act.COLLECT, register=REGISTER, question=row.id, outcome=code)


def _row(work: Work, question_id: UUID) -> AccessQuestion:
    found = work.session.get(AccessQuestion, question_id, with_for_update=True)
    if found is None:
        raise Unknown
    return found

"""My work: what needs me now in order of harm, with one clear next act each; nothing of it is sealed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.accounts import recovery
from app.cases import merging
from app.cases.known import Asked, ready, wanted
from app.cases.queries import CaseLine, my_cases, references_by_office, supervised_cases
from app.casework.desk import WAITING, Called, CaseEntry, ClockLine, Desk, Waits, is_idle
from app.casework.models import CaseTrack
from app.casework.panels import order_of
from app.casework.reader import Reader
from app.deadlines.queries import running_clocks
from app.kit.clock import local_day
from app.notices.queries import waiting
from app.profiles.profile import load
from app.safeguards.work import Work
from app.settings import settings

SOON = timedelta(days=7)
Clocks = list[tuple[str, ClockLine]]  # each with the kind of track on which it runs


@dataclass(frozen=True)
class MyWork:
    """What needs the reader now, in order of harm; a case stands in one of the first five lists at most."""

    urgent: tuple[Called, ...]
    missing: tuple[Waits, ...]
    to_answer: tuple[Waits, ...]
    overdue: tuple[ClockLine, ...]
    soon: tuple[ClockLine, ...]
    drafts: tuple[Waits, ...]
    notices: tuple[Called, ...]
    contacts: int  # requests to get in touch that wait for an answer
    ready: tuple[Asked, ...]  # questions of one's own to which somebody said that they will talk
    merges: tuple[tuple[UUID, str], ...]  # cases that somebody else says are of one person
    recoveries: int  # people who lost their passkeys, for whom the reader is the second person
    cases: tuple[CaseEntry, ...]
    supervised: tuple[CaseEntry, ...]

    @property
    def is_empty(self) -> bool:
        """Say whether nothing waits and nothing is carried."""
        waits = (
            self.urgent,
            self.missing,
            self.to_answer,
            self.overdue,
            self.soon,
            self.drafts,
            self.notices,
            self.contacts,
            self.ready,
            self.merges,
            self.recoveries,
        )
        return not any((*waits, self.cases, self.supervised))


def worklist(work: Work, language: str | None = None) -> MyWork:
    """Return what needs the actor, in a number of queries that does not grow with the cases."""
    mine = {each.id: each for each in my_cases(work)}
    others = {each.id: each for each in supervised_cases(work) if each.id not in mine}
    desk = _desk(work, {**mine, **others}, language)
    clocks = [
        (each.slug, desk.clock(each)) for each in running_clocks(work, desk.lines) if desk.concerns(each)
    ]
    notices = waiting(work, mine)
    by_office = references_by_office(
        work, {each.case_id for each in notices if each.case_id} - desk.lines.keys()
    )
    called = _told_once(desk.called(each, by_office) for each in notices)
    until = work.clock.now() + SOON
    pressing = {each.case_id: each for each in desk.folded(_mine(clocks, mine, until))}
    missing = [replace(each, due=pressing.pop(each.case_id, None)) for each in desk.missing()]
    to_answer = [_asked(each, pressing.pop(each.case_id, None), called) for each in desk.to_answer()]
    asked = {each.case_id for each in to_answer}
    told = [each for each in called if each.case_id not in asked]  # the answer deals with its notices too
    return MyWork(
        urgent=tuple(each for each in told if each.urgent),
        missing=tuple(sorted(missing, key=_harm)),
        to_answer=tuple(sorted(to_answer, key=_harm)),
        overdue=tuple(each for each in pressing.values() if each.overdue),
        soon=tuple(each for each in pressing.values() if not each.overdue),
        drafts=tuple(desk.drafts()),
        notices=tuple(each for each in told if not each.urgent),
        contacts=sum(each.agreed is None for each in wanted(work)),
        ready=tuple(ready(work)),
        merges=tuple(merging.waiting(work)),
        recoveries=sum(each.may_confirm for each in recovery.waiting(work)),
        cases=tuple(_entries(desk, _carried(mine.values(), asked), clocks)),
        supervised=tuple(_entries(desk, others.values(), clocks)),
    )


def _mine(clocks: Clocks, mine: Collection[UUID], until: datetime) -> Iterator[tuple[str, ClockLine]]:
    for slug, each in clocks:
        if each.case_id in mine and each.due_at <= until:
            yield slug, each


def _told_once(called: Iterable[Called]) -> list[Called]:
    """Return one line for what was said several times of a case: the latest, in the place of the first."""
    lines: dict[tuple[UUID | None, str, bool], list[Called]] = {}
    for each in called:
        lines.setdefault((each.case_id, each.words, each.urgent), []).append(each)
    return [replace(several[-1], times=len(several)) for several in lines.values()]


def _asked(each: Waits, due: ClockLine | None, called: Iterable[Called]) -> Waits:
    urgent = any(notice.urgent and notice.case_id == each.case_id for notice in called)
    return replace(each, due=due, urgent=urgent)


def _harm(each: Waits) -> tuple[bool, bool]:
    return not each.urgent, not each.child


def _entries(desk: Desk, cases: Iterable[CaseLine], clocks: Clocks) -> Iterator[CaseEntry]:
    lines = [line for _slug, line in clocks]
    for each in cases:
        if each.relations == frozenset() or not is_idle(desk.tracks[each.id]):
            yield desk.entry(each, lines)


def _carried(cases: Iterable[CaseLine], asked: Collection[UUID]) -> list[CaseLine]:
    """Return the cases that are the reader's by more than that an answer is waited for."""
    return [each for each in cases if each.id not in asked or not each.relations <= WAITING.keys()]


def _desk(work: Work, lines: dict[UUID, CaseLine], language: str | None) -> Desk:
    zone = load(settings().profile).zone
    tracks: defaultdict[UUID, list[CaseTrack]] = defaultdict(list)
    if lines:
        rows: Collection[CaseTrack] = work.session.scalars(
            select(CaseTrack).where(CaseTrack.case_id.in_(list(lines)))
        ).all()
        for row in sorted(rows, key=lambda each: order_of(each.slug)):
            tracks[row.case_id].append(row)
    reader = Reader(work.actor, language or work.actor.language, zone)
    return Desk(work, reader, lines, tracks, local_day(work.clock.now(), zone))

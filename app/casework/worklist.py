"""My work: what needs me now in order of harm, with one clear next act each; nothing of it is sealed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.cases.queries import CaseLine, my_cases, supervised_cases
from app.casework.models import CaseTrack
from app.casework.panels import deadline_of, order_of
from app.casework.reader import Reader
from app.deadlines.queries import Clock, running_clocks
from app.kit.clock import local_day
from app.notices.queries import NoticeLine, waiting
from app.profiles.profile import load
from app.safeguards.matrix import MATRIX, WORKING
from app.safeguards.words import Category, Level, Relation, Role
from app.safeguards.work import Work
from app.settings import settings
from app.tracks import TRACKS

SOON = timedelta(days=7)
WAITING = {  # how somebody was asked -> the track on which they answer, and where it stands until then
    Relation.RECIPIENT: ("referral", ("submitted", "acknowledged", "escalated")),
    Relation.SHELTER_ASKED: ("shelter_placement", ("requested", "waiting", "transfer_requested")),
}
ANSWERING = frozenset({Relation.LEAD, Relation.GUARDIAN})  # they follow every clock of the case


@dataclass(frozen=True)
class Called:
    """A notice that waits for the reader."""

    id: UUID
    words: str
    urgent: bool
    at: datetime
    on: str
    case_id: UUID | None
    reference: str | None


@dataclass(frozen=True)
class ClockLine:
    """A clock of one of the reader's cases."""

    case_id: UUID
    reference: str
    track: str
    label: str
    responsible: str
    due_at: datetime
    due: str
    days_left: int
    overdue: bool


@dataclass(frozen=True)
class Waits:
    """A track of a case that waits for the reader: a referral to answer, a draft to finish."""

    case_id: UUID
    track_id: UUID
    reference: str
    track: str
    state: str
    since: str


@dataclass(frozen=True)
class CaseEntry:
    """One of the reader's cases: reference, why it is theirs, how its tracks stand, what is due next."""

    id: UUID
    reference: str
    why: str
    states: tuple[str, ...]
    next_due: ClockLine | None


@dataclass(frozen=True)
class MyWork:
    """What needs the reader now, in order of harm."""

    urgent: tuple[Called, ...]
    overdue: tuple[ClockLine, ...]
    soon: tuple[ClockLine, ...]
    to_answer: tuple[Waits, ...]
    drafts: tuple[Waits, ...]
    notices: tuple[Called, ...]
    cases: tuple[CaseEntry, ...]
    supervised: tuple[CaseEntry, ...]

    @property
    def is_empty(self) -> bool:
        """Say whether nothing waits and nothing is carried."""
        waits = (self.urgent, self.overdue, self.soon, self.to_answer, self.drafts, self.notices)
        return not any((*waits, self.cases, self.supervised))


@dataclass(frozen=True)
class _Desk:
    """What was read for one reader: cases, their tracks, and what day it is."""

    work: Work
    reader: Reader
    lines: dict[UUID, CaseLine]
    tracks: defaultdict[UUID, list[CaseTrack]]
    today: date

    def shown(self, case: CaseLine) -> list[CaseTrack]:
        """Return the tracks of a case of which the reader may see how they stand."""
        tracks = [each for each in self.tracks[case.id] if each.slug in TRACKS]
        if case.relations and not case.relations & WORKING:
            slugs = {WAITING[each][0] if each in WAITING else "referral" for each in case.relations}
            return [each for each in tracks if each.slug in slugs]
        role = self.reader.actor.role
        known = [each for each in tracks if TRACKS[each.slug].may_know(role)]
        return [each for each in known if _knows_of(role, TRACKS[each.slug].summary)]

    def concerns(self, clock: Clock) -> bool:
        """Say whether a clock presses the reader: reminders do not, nor what a sender has handed on."""
        named = deadline_of(TRACKS[clock.slug], clock.name) if clock.slug in TRACKS else None
        case = self.lines[clock.case_id]
        tied = case.relations != {Relation.REFERRER} or is_draft(self.tracks[case.id])
        answers = (
            not case.relations or case.relations & ANSWERING or clock.responsible is self.reader.actor.role
        )
        return (
            named is not None
            and not named.reminder
            and tied
            and bool(answers)
            and any(each.id == clock.track_id for each in self.shown(case))
        )

    def clock(self, clock: Clock) -> ClockLine:
        """Return a clock as it is read."""
        declared, reader = TRACKS[clock.slug], self.reader
        named = deadline_of(declared, clock.name)
        return ClockLine(
            case_id=clock.case_id,
            reference=self.lines[clock.case_id].reference,
            track=reader.say(declared.label),
            label=reader.say(named.label) if named else clock.name,
            responsible=reader.word(clock.responsible),
            due_at=clock.due_at,
            due=reader.day(clock.due_at),
            days_left=(local_day(clock.due_at, reader.zone) - self.today).days,
            overdue=clock.overdue,
        )

    def called(self, each: NoticeLine) -> Called:
        """Return a notice as it is read; its case is a link only where the reader is on it."""
        case = self.lines.get(each.case_id) if each.case_id else None
        return Called(
            each.id, self.reader.say(each.kind), each.urgent, each.at, self.reader.instant(each.at),
            case.id if case and case.relations else None, case.reference if case else None,
        )  # fmt: skip

    def to_answer(self) -> Iterator[Waits]:
        """Yield what others asked of the reader, such as to take a case."""
        for case in self.lines.values():
            for relation in sorted(case.relations & WAITING.keys()):
                slug, states = WAITING[relation]
                for track in self.tracks[case.id]:
                    if track.slug == slug and track.state in states:
                        yield self._waits(case, track)

    def drafts(self) -> Iterator[Waits]:
        """Yield the reader's own referrals that were not sent yet."""
        for case in self.lines.values():
            if case.created_by == self.work.actor.user_id and is_draft(self.tracks[case.id]):
                yield from (self._waits(case, each) for each in self.tracks[case.id])

    def _waits(self, case: CaseLine, track: CaseTrack) -> Waits:
        declared, say = TRACKS[track.slug], self.reader.say
        return Waits(
            case.id, track.id, case.reference, say(declared.label), say(declared.state(track.state).label),
            self.reader.day(track.entered_at),
        )  # fmt: skip

    def entry(self, case: CaseLine, clocks: Iterable[ClockLine]) -> CaseEntry:
        """Return a case as lists show it."""
        say = self.reader.say
        return CaseEntry(
            id=case.id,
            reference=case.reference,
            why=", ".join(sorted(self.reader.word(each) for each in case.relations)),
            states=tuple(
                f"{say(TRACKS[each.slug].label)}: {say(TRACKS[each.slug].state(each.state).label)}"
                for each in self.shown(case)
            ),
            next_due=next((each for each in clocks if each.case_id == case.id), None),
        )


def worklist(work: Work, language: str | None = None) -> MyWork:
    """Return what needs the actor, in a number of queries that does not grow with the cases."""
    mine = {each.id: each for each in my_cases(work)}
    others = {each.id: each for each in supervised_cases(work) if each.id not in mine}
    desk = _desk(work, {**mine, **others}, language)
    clocks = [desk.clock(each) for each in running_clocks(work, desk.lines) if desk.concerns(each)]
    called = [desk.called(each) for each in waiting(work, mine)]
    own = [each for each in clocks if each.case_id in mine]
    soon = work.clock.now() + SOON
    return MyWork(
        urgent=tuple(each for each in called if each.urgent),
        overdue=tuple(each for each in own if each.overdue),
        soon=tuple(each for each in own if not each.overdue and each.due_at <= soon),
        to_answer=tuple(desk.to_answer()),
        drafts=tuple(desk.drafts()),
        notices=tuple(each for each in called if not each.urgent),
        cases=tuple(desk.entry(each, clocks) for each in mine.values() if not _is_idle(desk.tracks[each.id])),
        supervised=tuple(desk.entry(each, clocks) for each in others.values()),
    )


def _desk(work: Work, lines: dict[UUID, CaseLine], language: str | None) -> _Desk:
    zone = load(settings().profile).zone
    tracks: defaultdict[UUID, list[CaseTrack]] = defaultdict(list)
    if lines:
        rows = work.session.scalars(select(CaseTrack).where(CaseTrack.case_id.in_(list(lines))))
        for row in sorted(rows, key=lambda each: order_of(each.slug)):
            tracks[row.case_id].append(row)
    reader = Reader(work.actor, language or work.actor.language, zone)
    return _Desk(work, reader, lines, tracks, local_day(work.clock.now(), zone))


def _knows_of(role: Role, category: Category) -> bool:
    """Say whether a role may know at all that there is something of that category."""
    cell = MATRIX.cell(role, category)
    return cell.foreign.level is not Level.NOTHING


def is_draft(tracks: Collection[CaseTrack]) -> bool:
    """Say whether there is nothing but a referral that was not sent yet."""
    return bool(tracks) and all(each.slug == "referral" and each.state == "draft" for each in tracks)


def _is_idle(tracks: Collection[CaseTrack]) -> bool:
    """Say whether there is no case to show: a draft, or one that was thrown away."""
    return all(each.slug == "referral" and each.state in ("draft", "withdrawn") for each in tracks)

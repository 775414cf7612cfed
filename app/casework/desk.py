"""What lies on one reader's desk: cases, their tracks and clocks, and the one act that each asks for."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from app.cases.queries import CaseLine
from app.casework.classified import JOURNEYS
from app.casework.models import CaseTrack
from app.casework.panels import deadline_of
from app.casework.reader import Reader
from app.deadlines.queries import Clock
from app.kit.clock import local_day
from app.kit.i18n import _
from app.notices.queries import NoticeLine
from app.procedure.available import OF_PAPERS
from app.procedure.declaration import Deadline, Step, Track
from app.safeguards.matrix import MATRIX, WORKING
from app.safeguards.words import Category, Level, Relation, Role
from app.safeguards.work import Work
from app.tracks import TRACKS

WAITING = {  # how somebody was asked -> the track on which they answer, and where it stands until then
    Relation.RECIPIENT: ("referral", ("submitted", "acknowledged", "escalated")),
    Relation.SHELTER_ASKED: ("shelter_placement", ("requested", "waiting", "transfer_requested")),
}
ANSWERING = frozenset({Relation.LEAD, Relation.GUARDIAN})  # they follow every clock of the case
REVIEWED = "break_glass"  # whoever was called in to review sees that it waits, and until when
MISSING = ("missing_person", ("reported", "search"))
# What harms most while it waits; all else is sorted by its day. Within one kind, a child comes first.
HARM = ("missing_person", "removal_measure", "non_punishment", "shelter_placement", "inra", "guardian")
GROWN = "adult"
LEADING = (Role.NGO, Role.SOC)  # either leads a case, so what one is to do the other does where it leads


@dataclass(frozen=True)
class Called:
    """A notice that waits for the reader; `times` counts those that say the same of the same case."""

    id: UUID
    words: str
    urgent: bool
    at: datetime
    on: str
    case_id: UUID | None
    reference: str | None
    reasoned: bool = False  # the case opens only once the reader has stated a reason
    by_office: bool = False  # not on the reader's desk: it leads to what the ledger says of the case
    times: int = 1
    kind: str = ""  # as it was told, in no language of the reader's


@dataclass(frozen=True)
class NextAct:
    """The step with which the reader ends what presses; the page of the step says what stands against it."""

    track_id: UUID
    step: str
    label: str


@dataclass(frozen=True)
class ClockLine:
    """A clock of one of the reader's cases; `also` are the other clocks that press in that case."""

    case_id: UUID
    reference: str
    track: str
    label: str
    responsible: str
    due_at: datetime
    due: str
    days_left: int
    overdue: bool
    act: NextAct | None = None
    also: tuple["ClockLine", ...] = ()


@dataclass(frozen=True)
class Waits:
    """A track of a case that waits for the reader: somebody to find, a referral to answer, a draft to finish."""

    case_id: UUID
    track_id: UUID
    reference: str
    track: str
    state: str
    since: str
    child: str | None = None  # that it is a child, or perhaps one
    urgent: bool = False
    act: NextAct | None = None
    due: ClockLine | None = None  # the clock that runs until the answer


@dataclass(frozen=True)
class CaseEntry:
    """One of the reader's cases: reference, why it is theirs, how its tracks stand, what is due next."""

    id: UUID
    reference: str
    why: str
    states: tuple[str, ...]
    next_due: ClockLine | None


@dataclass(frozen=True)
class Desk:
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
            slugs |= {REVIEWED} if Relation.OVERSIGHT in case.relations else set()
            return [each for each in tracks if each.slug in slugs]
        role = self.reader.actor.role
        if role is Role.CON:
            return [each for each in tracks if each.slug in OF_PAPERS]
        known = [each for each in tracks if TRACKS[each.slug].may_know(role)]
        return [each for each in known if _knows_of(role, TRACKS[each.slug].summary)]

    def concerns(self, clock: Clock) -> bool:
        """Say whether a clock presses the reader: reminders do not, nor what a sender has handed on."""
        named = deadline_of(TRACKS[clock.slug], clock.name) if clock.slug in TRACKS else None
        case = self.lines[clock.case_id]
        tied = case.relations != {Relation.REFERRER} or is_draft(self.tracks[case.id])
        answers = (
            not case.relations or case.relations & ANSWERING or clock.slug == REVIEWED
            or clock.responsible is self.reader.actor.role
        )  # fmt: skip
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
            act=self.act(clock.track_id, clock.case_id, named),
        )

    def act(self, track_id: UUID, case_id: UUID, clock: Deadline | None = None) -> NextAct | None:
        """Return the reader's first step on a track of their case; of a clock that they answer for, what ends it."""
        track = next((each for each in self.tracks[case_id] if each.id == track_id), None)
        if track is None or not self._answers_for(case_id, clock):
            return None
        own = list(self._own_steps(TRACKS[track.slug], track.state))
        named = clock.stops + clock.starts if clock else ()
        first = next((each for each in own if each.name in named), own[0] if own else None)
        return NextAct(track.id, first.name, self.reader.say(first.label)) if first else None

    def _answers_for(self, case_id: UUID, clock: Deadline | None) -> bool:
        """Say whether a clock waits for the reader: for their role, or for whoever leads the case."""
        relations, role = self.lines[case_id].relations, self.reader.actor.role
        leads = Relation.LEAD in relations and clock is not None and clock.responsible in LEADING
        return bool(relations & WORKING) and (clock is None or clock.responsible is role or leads)

    def _own_steps(self, declared: Track, state: str) -> Iterator[Step]:
        role = self.reader.actor.role
        for step in declared.steps:
            if state in step.from_ and role in step.by and (declared.slug, step.name) not in JOURNEYS:
                yield step

    def folded(self, clocks: Iterable[tuple[str, ClockLine]]) -> tuple[ClockLine, ...]:
        """Return one line for each case: the clock whose waiting harms most, with the others of that case."""
        lines: dict[UUID, list[ClockLine]] = {}
        for _slug, each in sorted(clocks, key=lambda pair: self._harm(*pair)):
            lines.setdefault(each.case_id, []).append(each)
        return tuple(replace(first, also=tuple(others)) for first, *others in lines.values())

    def _harm(self, slug: str, line: ClockLine) -> tuple[bool, bool, int, bool, datetime]:
        """Return what lines are sorted by: late before soon, what waits for the reader before what waits for others."""
        harm = HARM.index(slug) if slug in HARM else len(HARM)
        child = line.overdue and self._is_child(line.case_id)
        return not line.overdue, line.act is None, harm, not child, line.due_at

    def _child(self, case_id: UUID) -> str | None:
        known = self.lines[case_id].age_class == "child"
        said = _("A child") if known else _("Perhaps a child")
        return self.reader.say(said) if self._is_child(case_id) else None

    def _is_child(self, case_id: UUID) -> bool:
        return self.lines[case_id].age_class not in (GROWN, None)

    def called(self, each: NoticeLine, by_office: Mapping[UUID, str]) -> Called:
        """Return a notice as it is read, with its case where that is on the desk, or known by office."""
        case = self.lines.get(each.case_id) if each.case_id else None
        known = by_office.get(each.case_id) if each.case_id and case is None else None
        return Called(
            each.id, self.reader.say(each.kind), each.urgent, each.at, self.reader.instant(each.at),
            case.id if case else each.case_id if known else None, case.reference if case else known,
            reasoned=case is not None and not case.relations, by_office=known is not None, kind=each.kind,
        )  # fmt: skip

    def missing(self) -> Iterator[Waits]:
        """Yield who is being looked for in the cases on which the reader works."""
        slug, states = MISSING
        for case in self.lines.values():
            if case.relations & WORKING:
                for track in self.shown(case):
                    if track.slug == slug and track.state in states:
                        yield replace(self._waits(case, track), act=self.act(track.id, case.id))

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
                yield from (
                    self._waits(case, each) for each in self.tracks[case.id] if each.slug == "referral"
                )

    def _waits(self, case: CaseLine, track: CaseTrack) -> Waits:
        declared, say = TRACKS[track.slug], self.reader.say
        return Waits(
            case.id, track.id, case.reference, say(declared.label), say(declared.state(track.state).label),
            self.reader.day(track.entered_at), child=self._child(case.id),
        )  # fmt: skip

    def entry(self, case: CaseLine, clocks: Iterable[ClockLine]) -> CaseEntry:
        """Return a case as lists show it."""
        return CaseEntry(
            id=case.id,
            reference=case.reference,
            why=", ".join(sorted(self.reader.word(each) for each in case.relations)),
            states=tuple(
                self.reader.stands(TRACKS[each.slug].label, TRACKS[each.slug].state(each.state).label)
                for each in sorted(self.shown(case), key=_is_over)
            ),
            next_due=next((each for each in clocks if each.case_id == case.id), None),
        )


def _is_over(track: CaseTrack) -> bool:
    return TRACKS[track.slug].state(track.state).terminal


def _knows_of(role: Role, category: Category) -> bool:
    """Say whether a role may know at all that there is something of that category."""
    cell = MATRIX.cell(role, category)
    return cell.foreign.level is not Level.NOTHING


def is_draft(tracks: Collection[CaseTrack]) -> bool:
    """Say whether there is nothing but a referral that was not sent yet, and the call that it may come from."""
    called = ("hotline_report", "converted")
    own = [each for each in tracks if (each.slug, each.state) != called]
    return bool(own) and all(each.slug == "referral" and each.state == "draft" for each in own)


def is_idle(tracks: Collection[CaseTrack]) -> bool:
    """Say whether there is no case to show: a draft, or one that was thrown away."""
    return all(each.slug == "referral" and each.state in ("draft", "withdrawn") for each in tracks)

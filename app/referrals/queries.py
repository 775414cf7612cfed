"""What is read about referrals: my drafts, what became of those I sent, and those that wait for my answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, select

from app.accounts.forms import KINDS
from app.accounts.models import Organisation
from app.cases.models import Case
from app.casework.facts import facts_of
from app.casework.models import CaseStep, CaseTrack
from app.deadlines.queries import Clock, running_clocks
from app.kit.errors import Fault, NotAllowed, Unknown
from app.kit.i18n import _
from app.procedure.available import available
from app.safeguards import ties
from app.safeguards.models import Part, TeamMember
from app.safeguards.words import Relation
from app.safeguards.work import Work
from app.tracks import TRACKS

SLUG = "referral"
WAITING = ("submitted", "acknowledged", "escalated")
ANSWERS = ("accept", "decline", "acknowledge")  # the steps of whoever was asked, in the order shown
MINIMUM = (
    "age_class", "found_together", "urgency", "current_region", "immediate_safety", "immediate_needs", "access_needs",
    "language", "other_languages", "interpreter", "interpreter_wish", "child_services_told", "reason",
    "reason_details",
)  # fmt: skip
MOST = 200  # lines of a list


@dataclass(frozen=True)
class DraftLine:
    """A draft of my own; its reference says nothing of whom it is about."""

    track_id: UUID
    case_id: UUID
    reference: str
    begun_at: datetime
    saved_at: datetime
    group: bool = False  # what several people have in common; each of them is listed there, not here


@dataclass(frozen=True)
class SentLine:
    """A referral that I sent, by its reference and bare state."""

    track_id: UUID
    case_id: UUID
    reference: str
    state: str  # marked text
    sent_at: datetime
    anonymous: bool


@dataclass(frozen=True)
class ClockLine:
    """What somebody must do, and by when."""

    label: str  # marked text
    due_at: datetime
    overdue: bool


@dataclass(frozen=True)
class Status:
    """What whoever referred may know afterwards: how far it is, and which kind of service took it on."""

    track_id: UUID
    case_id: UUID
    reference: str
    state: str
    label: str  # marked text of the state
    sent_at: datetime | None
    acknowledged_at: datetime | None
    accepted_at: datetime | None
    by_kind: str | None  # marked text: the kind of service that accepted
    anonymous: bool
    child: bool
    clocks: tuple[ClockLine, ...]


@dataclass(frozen=True)
class Waiting:
    """A referral that waits for my organisation: the least that is needed to decide, and its clock."""

    case_id: UUID
    track_id: UUID
    state: str  # marked text
    sent_at: datetime
    anonymous: bool
    minimum: Mapping[str, Any]  # answers by field name, as far as the matrix gives them
    clock: ClockLine | None
    steps: tuple[tuple[str, str], ...]  # name and marked label of each answer that may be given now


def my_drafts(work: Work) -> list[DraftLine]:
    """Return the drafts that I began and have not sent, the latest saved first; nothing of them is opened."""
    saved, kind = func.max(Part.sealed_at), CaseTrack.marks["type"].as_string()
    query = (
        select(CaseTrack.id, Case.id, Case.reference, CaseTrack.opened_at, saved, kind)
        .join(Case, Case.id == CaseTrack.case_id)
        .outerjoin(Part, and_(Part.record_id == CaseTrack.id, Part.record_type == "draft"))
        .where(CaseTrack.slug == SLUG, CaseTrack.state == "draft", _mine(work, Relation.REFERRER))
        .where(CaseTrack.marks["group_id"].as_string().is_(None))
        .group_by(CaseTrack.id, Case.id, Case.reference, CaseTrack.opened_at)  # the keys of both
        .order_by(func.coalesce(saved, CaseTrack.opened_at).desc())
        .limit(MOST)
    )
    return [
        DraftLine(track, case, name, begun, at or begun, type_ == "group")
        for track, case, name, begun, at, type_ in work.session.execute(query)
    ]


def my_referrals(work: Work) -> list[SentLine]:
    """Return the referrals that I sent, the latest first."""
    query = (
        select(CaseTrack, Case.reference, CaseStep.at, CaseStep.name)
        .join(Case, Case.id == CaseTrack.case_id)
        .join(CaseStep, and_(CaseStep.track_id == CaseTrack.id, CaseStep.name.in_(("submit", "notify"))))
        .where(CaseTrack.slug == SLUG, CaseStep.actor_id == work.actor.user_id)
        .where(_mine(work, Relation.REFERRER))
        .order_by(CaseStep.at.desc())
        .limit(MOST)
    )
    return [
        SentLine(row.id, row.case_id, name, TRACKS[SLUG].state(row.state).label, at, step == "notify")
        for row, name, at, step in work.session.execute(query)
    ]


def _mine(work: Work, relation: Relation) -> Any:
    """Match tracks of cases to which that relation ties me, by name or by my desk."""
    tied = ties.rows(work, TeamMember.relation == relation.value, ties.row_is_mine(work))
    return CaseTrack.case_id.in_([each.case_id for each in tied])


def status(work: Work, track_id: UUID) -> Status:
    """Return what became of a referral, for whoever sent it; a stranger finds nothing."""
    row = work.session.scalars(
        select(CaseTrack).where(CaseTrack.id == track_id, CaseTrack.slug == SLUG)
    ).one_or_none()
    if row is None:
        raise Unknown
    if Relation.REFERRER not in work.member(row.case_id).relations:
        raise NotAllowed(Fault(_("Only whoever sent a referral reads its status here")))
    steps = _latest_steps(work, track_id)
    case = work.session.get_one(Case, row.case_id)
    sent = steps.get("submit") or steps.get("notify")
    accepted, arrived = steps.get("accept"), steps.get("acknowledge")
    return Status(
        track_id, row.case_id, case.reference, row.state, TRACKS[SLUG].state(row.state).label,
        sent.at if sent else None, arrived.at if arrived else None, accepted.at if accepted else None,
        _kind(work, accepted), "notify" in steps, case.age_class in ("child", "uncertain"),
        tuple(_clock_line(each) for each in running_clocks(work, [row.case_id]) if each.track_id == track_id),
    )  # fmt: skip


def is_group(work: Work, track_id: UUID) -> bool:
    """Say whether a draft is, or was, what several people have in common."""
    row = work.session.get(CaseTrack, track_id)
    return row is not None and row.marks.get("type") == "group"


def _latest_steps(work: Work, track_id: UUID) -> dict[str, CaseStep]:
    query = select(CaseStep).where(CaseStep.track_id == track_id).order_by(CaseStep.number)
    return {step.name: step for step in work.session.scalars(query)}


def _kind(work: Work, accepted: CaseStep | None) -> str | None:
    """Return the kind of service that accepted, never its name: it may be the house where the person is."""
    if accepted is None or accepted.organisation_id is None:
        return None
    return KINDS.get(work.session.get_one(Organisation, accepted.organisation_id).kind)


def _clock_line(clock: Clock) -> ClockLine:
    named = next((each.label for each in TRACKS[SLUG].deadlines if each.name == clock.name), clock.name)
    return ClockLine(named, clock.due_at, clock.overdue)


def inbox(work: Work) -> list[Waiting]:
    """Return the referrals that wait for my organisation's answer, the most pressing clock first."""
    sent = (
        select(CaseTrack, CaseStep.id, CaseStep.at, CaseStep.name)
        .join(CaseStep, and_(CaseStep.track_id == CaseTrack.id, CaseStep.name.in_(("submit", "notify"))))
        .where(CaseTrack.slug == SLUG, CaseTrack.state.in_(WAITING), _mine(work, Relation.RECIPIENT))
        .order_by(CaseStep.at)
        .limit(MOST)
    )
    rows = work.session.execute(sent).all()
    clocks = running_clocks(work, {row.case_id for row, *_rest in rows})
    found = [_waiting(work, row, step, at, name == "notify", clocks) for row, step, at, name in rows]
    return sorted(found, key=lambda each: each.clock.due_at if each.clock else each.sent_at)


def _waiting(  # noqa: PLR0913, PLR0917 -- one row of the query and the clocks of all; one caller
    work: Work, row: CaseTrack, step_id: UUID, at: datetime, anonymous: bool, clocks: list[Clock]
) -> Waiting:
    shown = work.reveal(row.case_id, [step_id]).of(step_id) | dict(row.marks)
    return Waiting(
        row.case_id, row.id, TRACKS[SLUG].state(row.state).label, at, anonymous,
        {name: shown[name] for name in MINIMUM if shown.get(name) not in (None, "", [])},
        next((_clock_line(each) for each in clocks if each.track_id == row.id), None),
        _answers(work, row),
    )  # fmt: skip


def _answers(work: Work, row: CaseTrack) -> tuple[tuple[str, str], ...]:
    offers = available(TRACKS[SLUG], facts_of(work, row.case_id, row.id))
    free = {each.step.name: each.step.label for each in offers if not each.blocked}
    return tuple((name, free[name]) for name in ANSWERS if name in free)

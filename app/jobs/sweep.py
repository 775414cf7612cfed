"""The deadline sweep: each clock that is due is dealt with once, however often and by however many it is run."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select

from app.cases.models import Case
from app.casework import service as engine
from app.casework.models import CaseTrack
from app.deadlines import service as deadlines
from app.deadlines.models import RunningDeadline
from app.kit.errors import Problem
from app.kit.i18n import _
from app.notices import service as notices
from app.procedure.declaration import Deadline
from app.safeguards.work import Work
from app.tracks import TRACKS

LOG = logging.getLogger("app.jobs")
OpenWork = Callable[[], AbstractContextManager[Work]]


@dataclass(frozen=True)
class Swept:
    """What a sweep did: how many clocks it dealt with, and those at which it failed, to be looked at."""

    done: int
    failed: frozenset[UUID]


def sweep(open_work: OpenWork, most: int = 100_000) -> Swept:
    """Deal with every clock that is due, each in a transaction of its own; one that fails holds up no other."""
    done, failed = 0, set[UUID]()
    while done < most:
        dealt = _deal_with_one(open_work, failed)
        if dealt is None:
            break
        done += dealt
    return Swept(done, frozenset(failed))


def _deal_with_one(open_work: OpenWork, failed: set[UUID]) -> int | None:
    """Return 1 for a clock that was dealt with, 0 for one that failed, None when no more is due."""
    with open_work() as work:
        clock = work.session.scalars(_next_due(work, failed)).one_or_none()
        if clock is None:
            return None
        clock_id = clock.id
        try:
            deadlines.mark_overdue(work, clock_id)
            _take_effect(work, clock.track_id, clock)
            work.commit()
        except Exception:  # a fault in one case must not let the clocks of all others lapse unseen
            work.session.rollback()
            LOG.exception("clock %s could not be dealt with", clock_id)
            failed.add(clock_id)
            return 0
        return 1


def _next_due(work: Work, failed: set[UUID]) -> Select[RunningDeadline]:
    return (
        select(RunningDeadline)
        .join(Case, Case.id == RunningDeadline.case_id)
        .where(
            RunningDeadline.ended_at.is_(None),
            RunningDeadline.overdue_at.is_(None),
            RunningDeadline.due_at <= work.clock.now(),
            RunningDeadline.id.not_in(failed),
        )
        .order_by(RunningDeadline.due_at, RunningDeadline.id)
        .limit(1)
        # The clock is locked beside its case: a sweep that waited for neither would still see it as due.
        .with_for_update(of=(Case, RunningDeadline), skip_locked=True)
    )


def _take_effect(work: Work, track_id: UUID, clock: RunningDeadline) -> None:
    """Take the step that the law ties to the lapse, if there is one, and tell whoever must know."""
    track = work.session.get_one(CaseTrack, track_id)
    declared = next((each for each in TRACKS[clock.slug].deadlines if each.name == clock.name), None)
    if declared is None:
        return
    if declared.expires is not None:
        _expire(work, track, declared)
    if declared.alerts is not None:
        told = declared.label if declared.reminder else _("A clock has run out")
        notices.alert(work, clock.case_id, told, role=declared.alerts, urgent=not declared.reminder)


def _expire(work: Work, track: CaseTrack, declared: Deadline) -> None:
    assert declared.expires is not None
    try:
        with work.session.begin_nested():
            engine.take_step(work, track.id, declared.expires)
    except Problem:
        # A rule stands against the lapse (such as a decision still open): the clock stays overdue and is told.
        notices.alert(
            work, track.case_id, _("A clock has run out, and a rule keeps the case as it is"), urgent=True
        )

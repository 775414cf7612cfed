"""The deadline sweep: each clock that is due is dealt with once, however often and by however many it is run."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

from sqlalchemy import select

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

OpenWork = Callable[[], AbstractContextManager[Work]]


def sweep(open_work: OpenWork, most: int = 100_000) -> int:
    """Deal with every clock that is due, each in a transaction of its own; return how many."""
    done = 0
    while done < most and _deal_with_one(open_work):
        done += 1
    return done


def _deal_with_one(open_work: OpenWork) -> bool:
    with open_work() as work:
        clock = work.session.scalars(
            select(RunningDeadline)
            .join(Case, Case.id == RunningDeadline.case_id)
            .where(
                RunningDeadline.ended_at.is_(None),
                RunningDeadline.overdue_at.is_(None),
                RunningDeadline.due_at <= work.clock.now(),
            )
            .order_by(RunningDeadline.due_at, RunningDeadline.id)
            .limit(1)
            .with_for_update(of=Case, skip_locked=True)
        ).one_or_none()
        if clock is None:
            return False
        deadlines.mark_overdue(work, clock.id)
        _take_effect(work, clock.track_id, clock)
        work.commit()
        return True


def _take_effect(work: Work, track_id: UUID, clock: RunningDeadline) -> None:
    """Take the step that the law ties to the lapse, if there is one, and tell whoever must know."""
    track = work.session.get_one(CaseTrack, track_id)
    declared = next((each for each in TRACKS[clock.slug].deadlines if each.name == clock.name), None)
    if declared is None:
        return
    if declared.expires is not None:
        _expire(work, track, declared)
    if declared.alerts is not None:
        notices.alert(work, clock.case_id, _("A clock has run out"), role=declared.alerts, urgent=True)


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

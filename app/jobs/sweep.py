"""The deadline sweep: each clock that is due is dealt with once, however often and by however many it is run.

A lapse that a rule holds up is tried again each day, without a second alarm, until it happens or its clock ends.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select

from app.cases.models import Case
from app.casework import service as engine
from app.deadlines import service as deadlines
from app.deadlines.models import IN_TURN, RunningDeadline
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
            _deal_with(work, clock)
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
            RunningDeadline.look_at <= work.clock.now(),
            RunningDeadline.id.not_in(failed),
        )
        .order_by(*(getattr(RunningDeadline, name) for name in IN_TURN))
        .limit(1)
        # The clock is locked beside its case: a sweep that waited for neither would still see it as due.
        .with_for_update(of=(Case, RunningDeadline), skip_locked=True)
    )


def _deal_with(work: Work, clock: RunningDeadline) -> None:
    """Take the step that the law ties to the lapse, if there is one; tell whoever must know, the first time only."""
    first = clock.overdue_at is None
    deadlines.mark_overdue(work, clock.id)
    declared = _declared(clock)
    if declared is None:
        return
    held_up = declared.expires is not None and not _lapses(work, clock.track_id, declared.expires)
    if held_up:
        deadlines.look_again(work, clock.id)
    if not first:
        return
    if held_up:
        kept = _("A clock has run out, and a rule keeps the case as it is")
        notices.alert(work, clock.case_id, kept, urgent=True)
    if declared.alerts is not None:
        told = declared.label if declared.reminder else _("A clock has run out")
        notices.alert(work, clock.case_id, told, role=declared.alerts, urgent=not declared.reminder)


def _declared(clock: RunningDeadline) -> Deadline | None:
    return next((each for each in TRACKS[clock.slug].deadlines if each.name == clock.name), None)


def _lapses(work: Work, track_id: UUID, step: str) -> bool:
    """Take the step; False where a rule stands against it, such as a decision that is still open."""
    try:
        with work.attempt():
            engine.take_step(work, track_id, step)
    except Problem:
        return False
    return True

"""Which clocks run."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.deadlines.models import RunningDeadline
from app.safeguards.words import Role
from app.safeguards.work import Work


@dataclass(frozen=True)
class Clock:
    """A running clock of a track."""

    case_id: UUID
    track_id: UUID
    slug: str
    name: str
    basis: str
    responsible: Role
    due_at: datetime
    overdue: bool


def running_clocks(work: Work, case_ids: Collection[UUID], before: datetime | None = None) -> list[Clock]:
    """Return the running clocks of those cases, the earliest first; with `before`, those due sooner."""
    now = work.clock.now()
    query = select(RunningDeadline).where(
        RunningDeadline.case_id.in_(list(case_ids)), RunningDeadline.ended_at.is_(None)
    )
    if before is not None:
        query = query.where(RunningDeadline.due_at < before)
    rows = work.session.scalars(query.order_by(RunningDeadline.due_at, RunningDeadline.id))
    return [
        Clock(
            each.case_id, each.track_id, each.slug, each.name, each.basis, Role(each.responsible),
            each.due_at, each.due_at <= now,
        )
        for each in rows
    ]  # fmt: skip

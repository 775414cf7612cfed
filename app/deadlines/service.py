"""Starting, stopping and marking clocks."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from app.deadlines.models import RunningDeadline
from app.safeguards.words import Role
from app.safeguards.work import Work


def start(  # noqa: PLR0913 -- a clock has these sides; all named at the call
    work: Work, *, case_id: UUID, track_id: UUID, slug: str, name: str, basis: str, responsible: Role, due_at: datetime
) -> None:  # fmt: skip
    """Start a clock of a track."""
    work.session.add(
        RunningDeadline(
            case_id=case_id,
            track_id=track_id,
            slug=slug,
            name=name,
            basis=basis,
            responsible=responsible.value,
            starts_at=work.clock.now(),
            due_at=due_at,
        )
    )
    work.session.flush()


def stop(work: Work, track_id: UUID, names: Iterable[str]) -> None:
    """Stop the running clocks of a track that have one of those names."""
    query = update(RunningDeadline).where(
        RunningDeadline.track_id == track_id,
        RunningDeadline.ended_at.is_(None),
        RunningDeadline.name.in_(list(names)),
    )
    work.session.execute(query.values(ended_at=work.clock.now()).execution_options(synchronize_session=False))


def mark_overdue(work: Work, deadline_id: UUID) -> None:
    """Mark a clock overdue, once."""
    query = update(RunningDeadline).where(
        RunningDeadline.id == deadline_id, RunningDeadline.overdue_at.is_(None)
    )
    work.session.execute(
        query.values(overdue_at=work.clock.now()).execution_options(synchronize_session=False)
    )

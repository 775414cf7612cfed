"""Starting, stopping and marking clocks."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Update, func, update

from app.deadlines.models import RunningDeadline
from app.safeguards.invented import is_invented
from app.safeguards.words import Role
from app.safeguards.work import Work

A_DAY = timedelta(days=1)
WATCHED = "break_glass"  # the one kind of track whose clocks run on an invented case as well


def start(  # noqa: PLR0913 -- a clock has these sides; all named at the call
    work: Work, *, case_id: UUID, track_id: UUID, slug: str, name: str, basis: str, responsible: Role, due_at: datetime
) -> None:  # fmt: skip
    """Start a clock of a track; on an invented case none, because nobody has anything to do there."""
    if slug != WATCHED and is_invented(work.keys, case_id):
        return
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
            look_at=due_at,
        )
    )
    work.session.flush()


def stop(work: Work, track_id: UUID, names: Iterable[str]) -> None:
    """Stop the running clocks of a track that have one of those names."""
    stopped = list(names)
    if not stopped:
        return
    query = update(RunningDeadline).where(
        RunningDeadline.track_id == track_id,
        RunningDeadline.ended_at.is_(None),
        RunningDeadline.name.in_(stopped),
    )
    work.session.execute(_silently(query.values(ended_at=work.clock.now(), look_at=None)))


def mark_overdue(work: Work, deadline_id: UUID) -> None:
    """Mark a clock as dealt with: overdue, from when it was first found so."""
    query = update(RunningDeadline).where(RunningDeadline.id == deadline_id)
    since = func.coalesce(RunningDeadline.overdue_at, work.clock.now())
    work.session.execute(_silently(query.values(overdue_at=since, look_at=None)))


def look_again(work: Work, deadline_id: UUID) -> None:
    """Let the sweep come back in a day to a clock whose lapse a rule held up."""
    query = update(RunningDeadline).where(RunningDeadline.id == deadline_id)
    work.session.execute(_silently(query.values(look_at=work.clock.now() + A_DAY)))


def _silently(query: Update) -> Update:
    """Leave the session's own records as they are; nobody reads them again in this transaction."""
    return query.execution_options(synchronize_session=False)

"""Tidying deletes what is over, keeps what is not, and cannot touch anything else."""

from datetime import timedelta

from sqlalchemy import func, select

from app.accounts.models import SignInSession
from app.jobs.tidy import tidy


def test_old_sessions_go_and_running_ones_stay(enter, jobs, clock):
    enter("ngo")
    clock.move(timedelta(days=8))
    enter("police")
    with jobs() as work:
        assert tidy(work) == 1
        work.commit()
    with jobs() as work:
        assert work.session.scalar(select(func.count()).select_from(SignInSession)) == 1
        assert tidy(work) == 0

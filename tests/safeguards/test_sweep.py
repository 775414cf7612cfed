"""The sweep: one clock that cannot be dealt with holds up no other, and is named."""

from sqlalchemy import create_engine, select, text, update

from app.deadlines.models import RunningDeadline
from app.demo import stories
from app.jobs.sweep import sweep


def test_a_clock_that_fails_holds_up_no_other(given, runtime, clock, jobs, acting):
    case_id = stories.waiting(stories.Teller(runtime, clock))
    clock.move(stories.timedelta(days=40))
    with acting("police") as work:
        first = work.session.scalars(
            select(RunningDeadline)
            .where(RunningDeadline.case_id == case_id)
            .order_by(RunningDeadline.due_at)
            .limit(1)
        ).one()
    engine = create_engine(given.database_url)
    with engine.begin() as connection:  # a kind of track that no declaration knows
        connection.execute(
            update(RunningDeadline).where(RunningDeadline.id == first.id).values(slug="nowhere")
        )
        due = connection.execute(text("SELECT count(*) FROM deadline WHERE ended_at IS NULL")).scalar_one()
    swept = sweep(jobs)
    assert swept.failed == {first.id}
    assert 0 < swept.done < due + 1
    with engine.begin() as connection:
        connection.execute(
            update(RunningDeadline).where(RunningDeadline.id == first.id).values(slug="referral")
        )
    engine.dispose()
    assert sweep(jobs).failed == frozenset()

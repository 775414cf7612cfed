"""The sweep: one clock that cannot be dealt with holds up no other, and is named."""

import json
from datetime import timedelta

from sqlalchemy import create_engine, select, text, update

from app.deadlines.models import RunningDeadline
from app.demo import stories
from app.jobs.sweep import sweep
from app.kit.ids import new_id

PERIOD = """INSERT INTO track (id, case_id, slug, declaration_version, state, version, marks, opened_at, entered_at)
    VALUES (:track, :case, 'reflection_period', 1, 'active', 1, CAST(:marks AS jsonb), :now, :now)"""
CLOCK = """INSERT INTO deadline (id, case_id, track_id, slug, name, basis, responsible, starts_at, due_at, look_at)
    VALUES (:clock, :case, :track, 'reflection_period', 'end', 'law', 'CAU', :now, :ends, :ends)"""


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


def test_a_lapse_that_a_rule_holds_up_happens_when_the_obstacle_is_gone(given, runtime, clock, jobs, acting):
    """Where the period waits for the decision on identification, it ends a day after that at the latest."""
    case_id = stories.waiting(stories.Teller(runtime, clock))
    ends = clock.now() + timedelta(days=30)
    engine = create_engine(given.database_url)
    values = {
        "case": case_id, "now": clock.now(), "ends": ends, "track": new_id(), "clock": new_id(),
        "marks": json.dumps({"start_on": clock.now().date().isoformat(), "end_on": ends.date().isoformat()}),
    }  # fmt: skip
    with engine.begin() as connection:  # the United Kingdom's law, and a period that runs
        connection.execute(text("UPDATE \"case\" SET profile_code = 'uk', profile_version = 1"))
        connection.execute(text(PERIOD), values)
        connection.execute(text(CLOCK), values)

    def swept(**later: float) -> tuple[str, int]:
        clock.move(timedelta(**later))
        sweep(jobs)
        with engine.connect() as connection:
            state = connection.execute(text("SELECT state FROM track WHERE id = :track"), values).scalar_one()
            told = "SELECT count(*) FROM notice WHERE kind LIKE 'A clock has run out, and%'"
            return state, connection.execute(text(told)).scalar_one()

    state, told = swept(days=31)
    assert (state, told > 0) == ("active", True)
    assert swept(minutes=5) == swept(days=1) == ("active", told), "tried again, and nobody is told twice"
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE track SET state = 'conclusive_positive' WHERE slug = 'identification'")
        )
    assert swept(minutes=5)[0] == "active", "one day's patience"
    assert swept(days=1)[0] == "ended_expired"
    with engine.connect() as connection:
        left = "SELECT count(*) FROM deadline WHERE track_id = :track AND look_at IS NOT NULL"
        assert connection.execute(text(left), values).scalar_one() == 0
    engine.dispose()

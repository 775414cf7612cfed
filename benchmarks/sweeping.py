"""A sweep over 100,000 clocks that run, of which 1,000 are due; and how the database finds the next."""

import time
from collections.abc import Iterator

from sqlalchemy import create_engine, text

from app.jobs.sweep import sweep
from app.kit.clock import HeldClock, SystemClock
from app.running import jobs_session_maker
from app.settings import Settings
from benchmarks.cases import refer
from benchmarks.figures import Figure
from benchmarks.installation import running

CLOCKS, DUE, CASES = 100_000, 1_000, 20
CLOCKS_OF = """
INSERT INTO deadline (id, case_id, track_id, slug, name, basis, responsible, starts_at, due_at, look_at)
SELECT gen_random_uuid(), t.case_id, t.id, 'inra', 'initial', 'law', 'NGO', at, at, at
FROM (SELECT id, case_id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many
      FROM track WHERE slug = 'inra') AS t
JOIN (SELECT n, now() + make_interval(mins => CASE WHEN n < :due THEN -1 - n % 600 ELSE 600 + n END) AS at
      FROM generate_series(0, :clocks - 1) AS n) AS c ON c.n % t.many = t.place"""
QUEUE = "SELECT id FROM deadline WHERE look_at <= now() ORDER BY look_at, id LIMIT 1"


def measure(given: Settings) -> Iterator[Figure]:
    """Yield the seconds of a sweep, and of a second one that finds nothing."""
    assert given.database_url
    with running(given) as runtime:
        runtime.clock = HeldClock(SystemClock().now())
        refer(runtime, CASES)
    owner = create_engine(given.database_url)
    with owner.begin() as connection:
        connection.execute(text(CLOCKS_OF), {"due": DUE, "clocks": CLOCKS})
        connection.execute(text("ANALYZE deadline"))
        plan = "\n".join(row[0] for row in connection.execute(text(f"EXPLAIN {QUEUE}")))
        assert "ix_deadline_look" in plan, plan
    owner.dispose()
    open_work = jobs_session_maker(given)
    began = time.perf_counter()
    swept = sweep(open_work)
    spent = time.perf_counter() - began
    assert (swept.done >= DUE, swept.failed) == (True, frozenset()), swept
    yield Figure(f"sweep, {CLOCKS:,} running clocks, {DUE:,} due", spent, "s", 60, limit=True, digits=1)
    began = time.perf_counter()
    assert sweep(open_work).done == 0
    yield Figure("the next sweep, with nothing due", (time.perf_counter() - began) * 1000, "ms", digits=1)

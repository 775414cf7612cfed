"""What it costs to compare all that is kept with what the service wrote; an honest database is left in peace.

The demonstration country goes through its journeys, then some cases are copied as the restore drill copies them, each
with notes, sums and events of its own; all is compared in one run, as the timer does.
"""

import os
import time
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Engine, create_engine, text

from app.demo import telling
from app.demo.stories import Teller
from app.jobs.integrity import check
from app.kit.clock import HeldClock, SystemClock
from app.running import jobs_session_maker
from app.safeguards.access import system_actor
from app.safeguards.ledger import notes
from app.safeguards.ledger.events import Happened
from app.safeguards.words import Act
from app.sealing import seal_once
from app.settings import Settings
from benchmarks.cases import made
from benchmarks.drill import REAL, multiplied
from benchmarks.figures import Figure
from benchmarks.installation import running

CASES = int(os.environ.get("NRM_COMPARED_CASES", "10000"))
ROWS_OF_AN_ACT = 6
AT_ONCE = 20_000  # events that are written and sealed in one piece


def measure(given: Settings) -> Iterator[Figure]:
    """Yield how long a run takes, and what it finds in a database that nobody wrote to past the service."""
    with running(given) as runtime:
        runtime.clock = HeldClock(SystemClock().now() - timedelta(days=30))
        telling.tell(Teller(runtime, runtime.clock))
    made(given, REAL)
    _sealed(given)
    yield from _run(given, "the demonstration country after its journeys")
    engine = create_engine(given.database_url or "")
    with engine.begin() as connection:
        last = {"last": connection.execute(text("SELECT max(id) FROM ledger.event")).scalar_one()}
        multiplied(connection, CASES)
        connection.execute(text("DELETE FROM ledger.event WHERE id > :last AND act = 'write'"), last)
    _noted(given, engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        counted = connection.execute(
            text("SELECT (SELECT count(*) FROM ledger.written), (SELECT count(*) FROM ledger.event)")
        ).one()
    yield Figure("compared: notes", counted[0], digits=0)
    yield Figure("compared: events", counted[1], digits=0)
    yield from _run(given, f"{CASES:,} cases", 300)
    engine.dispose()


def _run(given: Settings, where: str, aim: float | None = None) -> Iterator[Figure]:
    """Compare once; an honest database has nothing to find."""
    began = time.perf_counter()
    found = check(jobs_session_maker(given, "integrity"), given.checkpoints_at)
    yield Figure(f"compared: {where}", time.perf_counter() - began, "s", aim, limit=True, digits=1)
    yield Figure(f"compared: {where}, false alarms", len(found), digits=0)


def _sealed(given: Settings) -> None:
    while seal_once(given):
        pass


NOTE = """
INSERT INTO ledger.written (act, of_table, row_id, became)
SELECT :first + 1 + row_number() OVER () / :together, :name, d.row_id, d.stands
FROM nrm.differing(ARRAY[:name], NULL) AS d"""


def _noted(given: Settings, engine: Engine) -> None:
    """Note the copies as the triggers would have, some rows to each act, and put each act on the ledger."""
    with engine.begin() as connection:
        first = last = int(connection.execute(text("SELECT nextval('ledger.written_id_seq')")).scalar_one())
        for name in notes.NOTED:
            said = {"name": name, "first": last, "together": ROWS_OF_AN_ACT}
            connection.execute(text(NOTE), said)
            last = max(last, connection.execute(text("SELECT max(act) FROM ledger.written")).scalar_one())
        connection.execute(
            text("SELECT setval('ledger.written_id_seq', greatest(:last, max(id))) FROM ledger.written"),
            {"last": last},
        )
    now = SystemClock().now()
    with running(given) as runtime, engine.connect() as reading:
        sums = reading.execution_options(yield_per=AT_ONCE).execute(
            text("SELECT act, notes, digest FROM ledger.summed(:first, :last) WHERE act > :first"),
            {"first": first, "last": last},
        )
        for rows in sums.partitions():
            with engine.begin() as connection:
                said = (notes.said_of(runtime.keys, *row) for row in rows)
                events = (Happened(Act.WRITE, now, system_actor(), "integrity", None, each) for each in said)
                bodies = [{"body": runtime.keys.voucher.text(each.said())} for each in events]
                connection.execute(text("INSERT INTO ledger.event (body) VALUES (:body)"), bodies)
            _sealed(given)

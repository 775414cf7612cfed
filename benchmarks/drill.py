"""The restore drill with many cases: backed up, brought back into an empty database, compared; how long it takes.

Some cases are led through the service, so that their rows and sealed parts are real; the others are copies of these
under identifiers of their own. `NRM_DRILL_CASES=100000` is the whole drill, which takes half an hour; with fewer it is
reckoned what 100,000 would take, which grows with the rows.
"""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, make_url, text

from app import backups
from app.kit.clock import SystemClock
from app.safeguards.vault import backup as wrapped
from app.sealing import seal_once
from app.settings import Settings
from benchmarks.cases import made
from benchmarks.figures import Figure
from benchmarks.installation import PLACE, server

WANTED = 100_000
CASES = int(os.environ.get("NRM_DRILL_CASES", "10000"))
REAL = 20
LEFT_AS_THEY_ARE = ("organisation", "user_account", "shelter", "place")
TABLES = (
    '"case"',
    "person",
    "team_member",
    "track",
    "step",
    "part",
    "share",
    "deadline",
    "notice",
    "keys.wrapped_key",
)
COLUMNS = """
SELECT a.attname, a.atttypid = 'uuid'::regtype AND NOT (a.attname ~ '(user|organisation|actor|shelter|place)_id$'
    OR EXISTS (SELECT FROM pg_constraint AS c WHERE c.contype = 'f' AND c.conrelid = a.attrelid
      AND a.attnum = ANY (c.conkey) AND c.confrelid::regclass::text = ANY (:kept))) AS own
  FROM pg_attribute AS a WHERE a.attrelid = CAST(:name AS regclass) AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attgenerated = '' AND a.attidentity = '' ORDER BY a.attnum"""


def measure(given: Settings) -> Iterator[Figure]:
    """Yield how long each part of the drill takes, and what that makes for 100,000 cases."""
    made(given, REAL)
    engine = create_engine(given.database_url or "")
    with engine.begin() as connection:
        held = multiplied(connection, CASES)
    seal_once(given)
    folder, name = PLACE / "drill", "benchmark_drill"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "keys").mkdir(parents=True)
    shutil.copy2(PLACE / "roles.json", folder / "keys" / "roles.json")
    url = make_url(given.database_url or "").set(database=name).render_as_string(hide_password=False)
    server().create_database(name)
    took: dict[str, float] = {}
    try:
        with timed(took, "backing up"):
            dump = backups.back_up(given.database_url or "", folder / "data", SystemClock().now())
            keys = wrapped.dump(given.keys_database_url or "", folder / "wrapped", SystemClock().now())
        with timed(took, "bringing back and comparing"):
            back = backups.restore(url, dump, given.model_copy(update={"state": folder}))
            wrapped.restore(url, keys)
        assert not wrapped.missing(url), "keys are missing"
    finally:
        server().drop_database(name)
        engine.dispose()
    size = sum(each.stat().st_size for each in (dump, keys)) / 1e6
    shutil.rmtree(folder)
    yield Figure("drill: cases", held, digits=0)
    yield Figure("drill: rows compared, all digests equal", back.rows, digits=0)
    yield Figure("drill: size of both backups", size, "MB", digits=0)
    for what, seconds in took.items():
        yield Figure(f"drill: {what}", seconds, "s", digits=0)
    minutes = took["bringing back and comparing"] / 60 * WANTED / held
    how = "" if held >= WANTED else ", reckoned from these"
    what = f"drill: bringing back 100,000 cases{how}"
    yield Figure(what, minutes, "min", aim=30, limit=True, digits=1)


@contextmanager
def timed(took: dict[str, float], what: str) -> Iterator[None]:
    """Note how long something takes."""
    began = time.perf_counter()
    yield
    took[what] = time.perf_counter() - began


def multiplied(connection: Connection, cases: int) -> int:
    """Copy the rows of the real cases until there are so many; return how many cases there are."""
    connection.execute(text("SET LOCAL session_replication_role TO replica"))
    times = cases // REAL - 1
    for table in TABLES:
        columns = connection.execute(text(COLUMNS), {"name": table, "kept": list(LEFT_AS_THEY_ARE)}).all()
        said = [f"md5({name}::text || n)::uuid" if own else name for name, own in columns]
        if table == '"case"':
            said[[name for name, _own in columns].index("reference")] = (
                "left(reference, 4) || '-' || n || '-' || id"
            )
        names = ", ".join(name for name, _own in columns)
        connection.execute(
            text(
                f"INSERT INTO {table} ({names}) SELECT {', '.join(said)} FROM {table}, generate_series(1, {times}) AS n"
            )
        )
    connection.execute(
        text(f"INSERT INTO ledger.event (body) SELECT body FROM ledger.event, generate_series(1, {times})")
    )
    return int(connection.execute(text('SELECT count(*) FROM "case"')).scalar_one())

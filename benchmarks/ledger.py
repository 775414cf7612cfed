"""The ledger's plain insert against a hash chain, which every writer must wait for; both wait for the disk.

The chain is as quick as one can be: hash and insert are one statement, so that its lock is held for one journey
less, and its table has the same columns and indexes as the ledger.
"""

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kit.database import make_engine
from app.safeguards.access import Actor
from app.safeguards.ledger import events
from app.safeguards.ledger.vouching import Voucher, committing
from app.safeguards.words import Act, Role
from app.settings import Settings
from benchmarks.figures import Figure
from benchmarks.installation import owner
from benchmarks.serving import median

WRITERS = 8
SECONDS = 1.5  # each kind is measured three times so long
ROUNDS = 3
OTHER_WORK = 0.005  # seconds

CHAIN = (
    "CREATE SCHEMA peer",
    "CREATE TABLE peer.event (LIKE ledger.event INCLUDING ALL, hash bytea NOT NULL)",
    "CREATE TABLE peer.head (hash bytea NOT NULL) WITH (fillfactor = 10)",
    "INSERT INTO peer.head VALUES ('')",
    "GRANT USAGE ON SCHEMA peer TO nrm_app",
    "GRANT SELECT, INSERT, UPDATE ON peer.event, peer.head TO nrm_app",
)
LINK = text(
    "WITH next AS (UPDATE peer.head SET hash = sha256(hash || convert_to(:body, 'UTF8')) RETURNING hash)"
    " INSERT INTO peer.event (body, hash) SELECT :body, hash FROM next"
)
LAG_SECONDS, SEALED_EVERY = 45, 10  # the timer begins so long after the last sealing ended
NEEDED = ("jobs_database_url", "state", "origin")
WAITED = text(
    "SELECT extract(epoch FROM min(c.at) - (e.body::jsonb ->> 'at')::timestamptz) FROM ledger.event e"
    " JOIN ledger.leaf l ON l.event_id = e.id JOIN ledger.checkpoint c ON c.size > l.position"
    " WHERE e.body LIKE '%\"casework\"%' AND e.id > :since GROUP BY e.id"
)
UNSEALED = text("SELECT count(*) FROM ledger.event WHERE id NOT IN (SELECT event_id FROM ledger.leaf)")
VOUCHER = Voucher(bytes(32))  # each writer is a process, which has its own
Write = Callable[[Session, events.Happened], object]


def ours(session: Session, happened: events.Happened) -> None:
    """Write an event as the service does."""
    events.write(session, happened, voucher=VOUCHER)


def chained(session: Session, happened: events.Happened) -> None:
    """Write an event as a hash chain must: whoever writes holds the last link until the commit."""
    session.execute(LINK, {"body": happened.body()})


def measure(given: Settings) -> Iterator[Figure]:
    """Yield how long events wait to be sealed, and the committed transactions a second of ours and of a chain."""
    yield from lags(given)
    with owner(given) as engine, engine.begin() as connection:
        for statement in CHAIN:
            connection.execute(text(statement))
    assert given.app_database_url
    for label, pause, aim in (("5 ms of other work", OTHER_WORK, 4.0), ("nothing else", 0.0, None)):
        pairs = [
            (
                throughput(given.app_database_url, ours, pause),
                throughput(given.app_database_url, chained, pause),
            )
            for _round in range(ROUNDS)
        ]
        where = f"ledger, {WRITERS} writers, {label}"
        yield Figure(f"{where}: plain insert", median([each for each, _peer in pairs]), "/s", digits=0)
        yield Figure(f"{where}: hash chain", median([peer for _each, peer in pairs]), "/s", digits=0)
        yield Figure(
            f"{where}: plain insert / hash chain", median([each / peer for each, peer in pairs]), "x", aim
        )


def lags(given: Settings) -> Iterator[Figure]:
    """Yield how long events wait for a signed head while all write and one transaction stays open all the time."""
    context = multiprocessing.get_context("fork")
    until = time.monotonic() + LAG_SECONDS
    assert given.app_database_url
    writers = [
        context.Process(target=_write_slowly, args=(given.app_database_url, until), daemon=True)
        for _writer in range(WRITERS)
    ]
    with owner(given) as engine, engine.connect() as idle:
        since = idle.execute(
            text("SELECT coalesce(max(id), 0), pg_current_xact_id() FROM ledger.event")
        ).scalar_one()
        for writer in writers:
            writer.start()
        while time.monotonic() < until + SEALED_EVERY:
            command = [sys.executable, "-m", "app.cli", "seal"]
            said = {f"NRM_{name.upper()}": str(value) for name, value in given if name in NEEDED}
            subprocess.run(command, check=True, env={**os.environ, **said}, stdout=subprocess.DEVNULL)
            time.sleep(SEALED_EVERY)
        for writer in writers:
            writer.join()
        waits = sorted(float(each) for each in idle.execute(WAITED, {"since": since}).scalars())
        lost = idle.execute(UNSEALED).scalar_one()
    where = f"ledger, {WRITERS} writers for {LAG_SECONDS} s, a transaction open throughout"
    yield Figure(f"{where}: events", len(waits), digits=0)
    yield Figure(
        f"{where}: wait for a signed head, 99 of 100", waits[len(waits) * 99 // 100], "s", 30.0, limit=True
    )
    yield Figure(f"{where}: events without one at the end", lost, digits=0)


def _write_slowly(url: str, until: float) -> None:
    engine = make_engine(url, pool_size=1)
    actor = Actor(uuid4(), Role.NGO, uuid4(), session_id=uuid4(), authenticator="passkey")
    with Session(engine) as session:
        while time.monotonic() < until:
            ours(session, _happened(actor))
            time.sleep(OTHER_WORK)
            with committing(session):
                session.commit()
    engine.dispose()


def throughput(url: str, write: Write, pause: float) -> float:
    """Return the committed transactions a second of all writers together, each a process."""
    context = multiprocessing.get_context("fork")
    ready, done = context.Barrier(WRITERS), context.Queue()
    writers = [
        context.Process(target=_write, args=(url, write, pause, ready, done), daemon=True)
        for _number in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    rates = [done.get(timeout=60) for _writer in writers]
    for writer in writers:
        writer.join()
    return float(sum(rates))


def _write(
    url: str, write: Write, pause: float, ready: Barrier, done: "multiprocessing.Queue[float]"
) -> None:
    engine, count = make_engine(url, pool_size=1), 0
    actor = Actor(uuid4(), Role.NGO, uuid4(), session_id=uuid4(), authenticator="passkey")
    with Session(engine) as session:
        session.execute(text("SELECT 1"))
        session.commit()
        ready.wait()
        began = time.perf_counter()
        while (spent := time.perf_counter() - began) < SECONDS:
            write(session, _happened(actor))
            time.sleep(pause)  # the rest of a request: opening, deciding, drawing
            with committing(session):
                session.commit()
            count += 1
    done.put(count / spent)
    engine.dispose()


def _happened(actor: Actor) -> events.Happened:
    about = {
        "categories": ["ID", "NAT"], "fields": {"ID": ["family_names", "given_names"], "NAT": ["nationality"]},
        "records": [[str(uuid4()), "ID", 1], [str(uuid4()), "NAT", 1]],
    }  # fmt: skip
    return events.Happened(Act.CONSULT, datetime.now(UTC), actor, "casework", uuid4(), about)

"""The ledger's plain insert against a hash chain, which every writer must wait for; both wait for the disk.

The chain is as quick as one can be: hash and insert are one statement, so that its lock is held for one journey
less, and its table has the same columns and indexes as the ledger.
"""

import multiprocessing
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
Write = Callable[[Session, events.Happened], object]


def ours(session: Session, happened: events.Happened) -> None:
    """Write an event as the service does."""
    events.write(session, happened)


def chained(session: Session, happened: events.Happened) -> None:
    """Write an event as a hash chain must: whoever writes holds the last link until the commit."""
    session.execute(LINK, {"body": happened.body()})


def measure(given: Settings) -> Iterator[Figure]:
    """Yield committed transactions a second of both, with and without other work in the transaction."""
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

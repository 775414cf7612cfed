"""10,000 acts of tampering with a ledger that the service wrote and sealed: how many of them verification finds."""

import multiprocessing
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kit.database import make_engine
from app.safeguards.access import Actor
from app.safeguards.ledger import events
from app.safeguards.ledger.seal import Sealer, seal
from app.safeguards.models import LedgerCheckpoint, LedgerEvent, LedgerLeaf
from app.safeguards.vault.signing import Signer
from app.safeguards.words import Act, Role
from app.settings import Settings
from benchmarks.figures import Figure
from benchmarks.tampered import ATTACKS, Ledger, undetected

EVENTS, HEADS, TRIES, SEED = 1_000, 20, 10_000, 6962


def measure(given: Settings) -> Iterator[Figure]:
    """Yield how many of the attacks are found, on a ledger that the service wrote and sealed."""
    with TemporaryDirectory() as folder:
        ledger = made(given, Path(folder))
        parts = _in_two(ledger)
    tried, missed = sum(each for each, _missed in parts), [name for _tried, names in parts for name in names]
    where = f"ledger of {len(ledger.leaves):,} events, {len(ledger.heads)} heads"
    yield Figure(f"{where}: ways to tamper with it", len(ATTACKS), digits=0)
    yield Figure(f"{where}: tampered with", tried, "times", digits=0)
    yield Figure(f"{where}: found", 100 * (tried - len(missed)) / tried, "%", 100.0)


def _in_two(ledger: Ledger) -> list[tuple[int, list[str]]]:
    """Let two processes attack, each with half of the tries."""
    context = multiprocessing.get_context("fork")
    done: multiprocessing.Queue[tuple[int, list[str]]] = context.Queue()
    hands = [
        context.Process(
            target=lambda seed: done.put(undetected(ledger, TRIES // 2, seed)), args=(SEED + number,)
        )
        for number in range(2)
    ]
    for hand in hands:
        hand.start()
    parts = [done.get(timeout=3600) for _hand in hands]
    for hand in hands:
        hand.join()
    return parts


def made(given: Settings, folder: Path) -> Ledger:
    """Let the service write events and seal them, and read what lies in the database then."""
    signer, own = Signer.load(given.signing_at), Signer.create(folder / "own.pem")
    sealer = Sealer(signer, given.origin, folder)
    actor = Actor(uuid4(), Role.NGO, uuid4(), session_id=uuid4(), authenticator="passkey")
    engine = make_engine(str(given.jobs_database_url), pool_size=1)
    with Session(engine) as session:
        for _head in range(HEADS):
            for _event in range(EVENTS // HEADS):
                about = {
                    "categories": ["ID"],
                    "fields": {"ID": ["family_names"]},
                    "records": [[str(uuid4()), "ID", 1]],
                }
                happened = events.Happened(Act.CONSULT, datetime.now(UTC), actor, "casework", uuid4(), about)
                events.write(session, happened)
            session.commit()
            seal(session, sealer, datetime.now(UTC))
            session.commit()
        query = select(LedgerLeaf.position, LedgerEvent.body, LedgerLeaf.hash)
        rows = session.execute(
            query.join(LedgerEvent, LedgerEvent.id == LedgerLeaf.event_id).order_by(LedgerLeaf.position)
        ).all()
        heads = session.execute(
            select(LedgerCheckpoint.size, LedgerCheckpoint.note).order_by(LedgerCheckpoint.size)
        ).all()
    engine.dispose()
    sizes = tuple(size for size, _note in heads)
    leaves = tuple((place, text, hashed) for place, text, hashed in rows)
    return Ledger(
        given.origin, signer.public, leaves, tuple(note for _size, note in heads), sizes, signer, own
    )

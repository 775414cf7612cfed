"""Retention: what the oldest events said is erased; that they were, and in which order, stays proven.

First it is declared, in a signed note within an event of its own; once that event is under a signed head, the texts go.
The hashes stay leaves of the tree. Whoever verifies refuses a text that is missing and was not declared.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from app.safeguards.access import system_actor
from app.safeguards.ledger.events import Happened, write
from app.safeguards.ledger.merkle import root
from app.safeguards.ledger.note import Forged
from app.safeguards.ledger.seal import ONE_AT_A_TIME, Sealer
from app.safeguards.ledger.withheld import Declaration, declare, declared, read
from app.safeguards.models import LedgerCheckpoint, LedgerEvent, LedgerLeaf
from app.safeguards.words import Act

AT_ONCE = 50_000  # events that one declaration adds at most
AT = text("(body::jsonb ->> 'at')::timestamptz >= :before")


@dataclass(frozen=True)
class Retained:
    """What one run did: events newly declared, and texts erased that were declared before."""

    declared: int
    erased: int


def retain(session: Session, sealer: Sealer, before: datetime, now: datetime) -> Retained:
    """Erase what was declared and sealed, then declare what else is older. The caller commits."""
    session.execute(text("SELECT pg_advisory_xact_lock(:one)"), {"one": ONE_AT_A_TIME})
    known = list(_declarations(session, sealer))
    erased = _erase(session, max((size for size, sealed in known if sealed), default=0))
    done = max((size for size, _sealed in known), default=0)
    size = _old(session, done, before)
    if size > done:
        within = select(LedgerLeaf.hash).where(LedgerLeaf.position < size).order_by(LedgerLeaf.position)
        found = Declaration(size, root(list(session.scalars(within))), before.date().isoformat())
        about = {
            "register": "ledger", "withheld": size, "rule": "retention", "basis": "retention_over", "categories": [],
            "declaration": declare(found, sealer.origin, sealer.signer),
        }  # fmt: skip
        write(session, Happened(Act.ERASE, now, system_actor(), "retention", None, about))
    return Retained(max(size - done, 0), erased)


def _declarations(session: Session, sealer: Sealer) -> Iterator[tuple[int, bool]]:
    """Give the size of each declaration that our key signed, and whether it is under a signed head."""
    query = select(LedgerEvent.body, LedgerLeaf.position).outerjoin(
        LedgerLeaf, LedgerLeaf.event_id == LedgerEvent.id
    )
    for body, position in session.execute(query.where(LedgerEvent.body.contains('"declaration"'))):
        try:
            yield read(declared(body) or "", sealer.origin, sealer.signer.public).size, position is not None
        except Forged:
            continue


def _erase(session: Session, size: int) -> int:
    """Erase the first texts; of what is left of them, the database lets go only what is sealed and ten years old."""
    covered = select(LedgerLeaf.event_id).where(LedgerLeaf.position < size)
    done = session.connection().execute(delete(LedgerEvent).where(LedgerEvent.id.in_(covered)))
    return done.rowcount


def _old(session: Session, done: int, before: datetime) -> int:
    """Return how many events from the beginning are all older than that, and sealed."""
    young = (
        select(func.min(LedgerLeaf.position))
        .join(LedgerEvent, LedgerEvent.id == LedgerLeaf.event_id)
        .where(LedgerLeaf.position >= done, AT.bindparams(before=before))
    )
    sealed = session.scalar(select(func.max(LedgerCheckpoint.size))) or 0
    first = session.scalar(young)
    return min(sealed if first is None else first, done + AT_ONCE)

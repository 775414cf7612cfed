"""Sealing: the events of finished transactions become leaves of the tree, and its head is signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Row, and_, func, insert, or_, select, text
from sqlalchemy.orm import Session

from app.kit.errors import Fault, OutOfReach
from app.kit.i18n import _
from app.safeguards.ledger import note
from app.safeguards.ledger.merkle import Frontier, leaf_hash
from app.safeguards.models import LedgerCheckpoint, LedgerEvent, LedgerLeaf
from app.safeguards.vault.signing import Signer

VERIFIER = "ledger.vkey"
ONE_AT_A_TIME = 6962  # advisory lock
LAST_XID = 2**63 - 1
# Transactions before the first number have all ended, so that no event can still appear among them; none has the second
# yet. Going by the sequence instead would lose for ever whoever took a number early and committed late.
SNAPSHOT = text(
    "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint FROM pg_current_snapshot() AS s"
)


@dataclass(frozen=True)
class Sealer:
    """Who signs, under which name, and the second place where checkpoints go."""

    signer: Signer
    origin: str
    second_place: Path


def seal(session: Session, sealer: Sealer, now: datetime) -> int:
    """Seal what is ripe and sign the new head; return how many leaves were added. The caller commits first."""
    session.execute(text("SELECT pg_advisory_xact_lock(:one)"), {"one": ONE_AT_A_TIME})
    last = session.scalars(
        select(LedgerCheckpoint).order_by(LedgerCheckpoint.size.desc()).limit(1)
    ).one_or_none()
    frontier = Frontier.load(last.frontier) if last else Frontier()
    horizon, ahead = session.execute(SNAPSHOT).one()
    ripe = _ripe(session, min(last.before_xid, horizon) if last else 0, ahead)
    if not ripe:
        return 0
    leaves = []
    for row in ripe:
        leaves.append({"position": frontier.size, "event_id": row.id, "hash": leaf_hash(row.body.encode())})
        frontier.append(leaves[-1]["hash"])
    session.execute(insert(LedgerLeaf), leaves)
    signed = note.checkpoint(sealer.origin, frontier.size, frontier.root(), sealer.signer)
    session.add(
        LedgerCheckpoint(
            size=frontier.size, note=signed, frontier=frontier.dump(), before_xid=horizon, at=now
        )
    )
    session.flush()
    publish(sealer.second_place, sealer.origin, sealer.signer.public)
    _write_second(sealer.second_place, frontier, signed)
    return len(leaves)


def _ripe(session: Session, since: int, ahead: int) -> Sequence[Row[int, str]]:
    """Return what is committed and no leaf yet, so that a transaction that stays open holds up nobody's event.

    It may stand anywhere since the transactions that had not ended at the last sealing. In a database that was
    restored elsewhere these are numbered anew; there it is found by its own number, which only grows.
    """
    query = select(LedgerEvent.id, LedgerEvent.body).where(unsealed(since, ahead))
    return session.execute(query.order_by(LedgerEvent.id)).all()


def unsealed(since: int, ahead: int) -> ColumnElement[bool]:
    """Match the events that are no leaf, of transactions between these two and of whatever came after the last leaf."""
    leaf = select(LedgerLeaf.event_id).where(LedgerLeaf.event_id == LedgerEvent.id).exists()
    newest = select(func.coalesce(func.max(LedgerLeaf.event_id), 0)).scalar_subquery()
    return and_(or_(LedgerEvent.xid.between(since, ahead), LedgerEvent.id > newest), ~leaf)


def _write_second(folder: Path, frontier: Frontier, signed: str) -> None:
    """Write the head where the database's administrator does not reach; no other head is ever overwritten.

    It is written before the commit, so that no head can be in the database alone. Two heads of one size are
    a commit that failed, or a ledger that was rewritten: `verify` tells which.
    """
    path = folder / f"{frontier.size:020d}-{frontier.root().hex()[:16]}.checkpoint"
    path.write_text(signed, "utf-8")


def publish(second_place: Path, origin: str, public: bytes) -> None:
    """Write the ledger's verifier key beside its heads, for whoever may not come near the private one."""
    (second_place / VERIFIER).write_text(note.verifier_key(origin, public) + "\n", "utf-8")


def published(second_place: Path) -> bytes:
    """Return the public key that stands beside the heads; raises `OutOfReach` where none does yet."""
    try:
        return note.public_of((second_place / VERIFIER).read_text("utf-8"))[1]
    except (OSError, note.Forged) as failure:
        raise OutOfReach(
            Fault(
                _("The key that verifies the ledger is not there yet. Seal the ledger once, then try again.")
            )
        ) from failure

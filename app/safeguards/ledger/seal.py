"""Sealing: the events of finished transactions become leaves of the tree, and its head is signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, text
from sqlalchemy.orm import Session

from app.kit.errors import Fault, OutOfReach
from app.kit.i18n import _
from app.safeguards.ledger import note, second, twice
from app.safeguards.ledger.merkle import Frontier, leaf_hash
from app.safeguards.models import LedgerCheckpoint, LedgerEvent, LedgerLeaf
from app.safeguards.vault.lattice import LatticeSigner
from app.safeguards.vault.signing import Signer

VERIFIER, SECOND = "ledger.vkey", "ledger-mldsa44.vkey"
ONE_AT_A_TIME = 6962  # advisory lock
LAST_XID = 2**63 - 1
# Transactions before the first number have all ended, so that no event can still appear among them; none has the second
# yet. Going by the sequence instead would lose for ever whoever took a number early and committed late.
SNAPSHOT = text(
    "SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint FROM pg_current_snapshot() AS s"
)
MOST = 20_000  # leaves at once: what waited while nothing was sealed fits into memory and into the time of a statement
LOOKED_BACK = 1000  # heads that the second place may have missed, such as while its disk was full


class OlderThanItsHeads(Exception):
    """The database holds less, or other, than what was signed: a backup was restored, or rows were taken away."""

    def __init__(self, held: int, signed: int) -> None:
        super().__init__(
            f"The ledger in the database ends with event {held} or holds other events, but the second place has a "
            f"signed head over {signed}. Nothing was sealed. If an older backup was restored, what happened since is "
            "lost: say so with `nrm ledger restored`. If none was, somebody changed the ledger: keep everything as it "
            "is, and call the data-protection officer."
        )
        self.held, self.signed = held, signed


@dataclass(frozen=True)
class Sealer:
    """Who signs, under which name, and the second place where checkpoints go."""

    signer: Signer
    origin: str
    second_place: Path
    lattice: LatticeSigner | None = None  # signs the first head of each hour too


def seal(session: Session, sealer: Sealer, now: datetime) -> int:
    """Seal what is ripe and sign the new head; return how many leaves were added, of which `MOST` says: there is more.

    The caller commits, and then hands the head over. Raises `OlderThanItsHeads`.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(:one)"), {"one": ONE_AT_A_TIME})
    last = session.scalars(
        select(LedgerCheckpoint).order_by(LedgerCheckpoint.size.desc()).limit(1)
    ).one_or_none()
    _refuse_older(session, sealer, last)
    frontier = Frontier.load(last.frontier) if last else Frontier()
    horizon, ahead = session.execute(SNAPSHOT).one()
    since = min(last.before_xid, horizon) if last else 0
    ripe = _ripe(session, since, ahead)
    if not ripe:
        return 0
    leaves = []
    for row in ripe:
        leaves.append({"position": frontier.size, "event_id": row.id, "hash": leaf_hash(row.body.encode())})
        frontier.append(leaves[-1]["hash"])
    session.execute(insert(LedgerLeaf), leaves)
    signed = note.checkpoint(sealer.origin, frontier.size, frontier.root(), sealer.signer)
    if sealer.lattice and (last is None or _hour(last.at) != _hour(now)):
        head = note.Checkpoint(sealer.origin, frontier.size, frontier.root())
        signed += twice.line(head, sealer.lattice, now)
    session.add(
        LedgerCheckpoint(
            size=frontier.size,
            note=signed,
            frontier=frontier.dump(),
            at=now,
            before_xid=horizon if len(ripe) < MOST else since,
        )
    )
    session.flush()
    return len(leaves)


def _ripe(session: Session, since: int, ahead: int) -> Sequence[Row[int, str]]:
    """Return what is committed and no leaf yet, so that a transaction that stays open holds up nobody's event.

    It may stand anywhere since the transactions that had not ended at the last sealing. In a database that was
    restored elsewhere these are numbered anew; there it is found by its own number, which only grows.
    """
    query = select(LedgerEvent.id, LedgerEvent.body).where(unsealed(since, ahead))
    return session.execute(query.order_by(LedgerEvent.id).limit(MOST)).all()


def unsealed(since: int, ahead: int) -> ColumnElement[bool]:
    """Match the events that are no leaf, of transactions between these two and of whatever came after the last leaf."""
    leaf = select(LedgerLeaf.event_id).where(LedgerLeaf.event_id == LedgerEvent.id).exists()
    newest = select(func.coalesce(func.max(LedgerLeaf.event_id), 0)).scalar_subquery()
    return and_(or_(LedgerEvent.xid.between(since, ahead), LedgerEvent.id > newest), ~leaf)


def hand_over(session: Session, sealer: Sealer) -> int:
    """Write every committed head that the second place lacks there, the oldest first; return how many.

    Only what is committed: a head that was signed and then lost in a crash would deny the ledger that goes on.
    """
    publish(sealer.second_place, sealer.origin, sealer.signer.public, sealer.lattice)
    heads = select(LedgerCheckpoint.note).order_by(LedgerCheckpoint.size.desc()).limit(LOOKED_BACK)
    missing: list[tuple[note.Checkpoint, str]] = []
    for signed in session.scalars(heads):
        head = note.read(signed, sealer.signer.public)
        if second.holds(sealer.second_place, head):
            break
        missing.append((head, signed))
    for head, signed in reversed(missing):
        second.keep(sealer.second_place, head, signed)
    return len(missing)


def older(database: Session | Connection, second_place: Path, public: bytes) -> note.Checkpoint | None:
    """Return the newest head of the second place, if the ledger in the database does not hold it."""
    head = second.newest(second_place, public)
    if head is None:
        return None
    ours = database.scalars(select(LedgerCheckpoint.note).where(LedgerCheckpoint.size == head.size))
    return None if head in [note.read(each, public) for each in ours] else head


def _refuse_older(session: Session, sealer: Sealer, last: LedgerCheckpoint | None) -> None:
    """Sign nothing over a ledger that has lost events which were signed before."""
    if head := older(session, sealer.second_place, sealer.signer.public):
        raise OlderThanItsHeads(last.size if last else 0, head.size)


def publish(second_place: Path, origin: str, public: bytes, lattice: LatticeSigner | None = None) -> None:
    """Write the ledger's verifier keys beside its heads, for whoever may not come near the private ones."""
    second.put(second_place, VERIFIER, note.verifier_key(origin, public) + "\n")
    if lattice:
        second.put(second_place, SECOND, f"{twice.SecondKey(origin, lattice.public)}\n")


def _hour(at: datetime) -> int:
    return int(at.timestamp()) // 3600


def published(second_place: Path) -> bytes:
    """Return the public key that stands beside the heads; raises `OutOfReach` where none does yet."""
    try:
        return note.public_of((second_place / VERIFIER).read_bytes().decode())[1]
    except (OSError, note.Forged) as failure:
        raise OutOfReach(
            Fault(
                _("The key that verifies the ledger is not there yet. Seal the ledger once, then try again.")
            )
        ) from failure

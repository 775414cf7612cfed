"""Comparing what stands in the tables with what the service wrote, and the ledger with its tree: digests only.

Whoever writes past the service and leaves the triggers on leaves notes without a sum; who switches them off leaves rows
without notes; who rewrites the notes breaks a sum whose mark they cannot draw, or an event that is a leaf of the tree.
"""

import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.kit.errors import OutOfReach
from app.safeguards.ledger import note, withheld
from app.safeguards.ledger.merkle import Frontier
from app.safeguards.ledger.notes import NOTED, mark
from app.safeguards.ledger.seal import published
from app.safeguards.ledger.vouching import unvouched
from app.safeguards.models import LedgerCheckpoint, LedgerEvent, LedgerLeaf

if TYPE_CHECKING:
    from app.safeguards.vault.keys import DataKeys

MOST = 200  # findings of one kind: who hears of so many need not hear of all
AT_ONCE = 5_000  # rows that are fetched in one piece

# The whole is one snapshot, and may take longer than a page may.
PREPARE = ("SET TRANSACTION READ ONLY", "SET LOCAL statement_timeout = '4min'", "SET LOCAL work_mem = '64MB'")
DIFFERING = text("SELECT of_table, row_id, stands, noted FROM nrm.differing(:tables, :most)")
BROKEN = text(
    "SELECT of_table, row_id, id FROM (SELECT of_table, row_id, id, was,"
    " lag(became) OVER (PARTITION BY row_id, of_table ORDER BY id) AS before FROM ledger.written) AS n"
    " WHERE was IS DISTINCT FROM before ORDER BY id LIMIT :most"
)
SUMS = text(
    "SELECT coalesce(s.act, e.act) AS act, s.notes, s.digest, e.body FROM ledger.summed(0, 9223372036854775807) AS s"
    " FULL JOIN (SELECT CASE WHEN of ~ '^[0-9]{1,18}$' THEN of::bigint ELSE 0 END AS act, body FROM"
    "   (SELECT body::jsonb ->> 'of' AS of, body FROM ledger.event WHERE act = 'write' OFFSET 0) AS said) AS e"
    " ON e.act = s.act ORDER BY 1"
)
OF_ACT = text("SELECT of_table, row_id FROM ledger.written WHERE act = :act ORDER BY id LIMIT :most")
GONE = text(
    "SELECT l.position FROM ledger.leaf AS l LEFT JOIN ledger.event AS e ON e.id = l.event_id"
    " WHERE e.id IS NULL AND l.position >= :declared ORDER BY 1 LIMIT :most"
)
CHANGED = text(
    "SELECT l.position FROM ledger.leaf AS l JOIN ledger.event AS e ON e.id = l.event_id"
    " WHERE l.hash <> sha256('\\x00'::bytea || convert_to(e.body, 'UTF8')) ORDER BY 1 LIMIT :most"
)


@dataclass(frozen=True, order=True)
class Finding:
    """Something that the service did not write, or that it wrote and that is not there."""

    kind: str
    of_table: str
    which: str  # the row, the act or the leaf
    digest: str = ""  # of the row as it stands: a second change is another finding

    @property
    def key(self) -> str:
        """Return what tells it from any other, so that nobody is told of it twice."""
        return " ".join((self.kind, self.of_table, self.which, self.digest[:16]))


def compare(session: Session, keys: "DataKeys", second_place: Path) -> list[Finding]:
    """Return all that was written past the service. The session must have no transaction yet."""
    connection = session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    for each in PREPARE:
        connection.execute(text(each))
    newest = (Finding(kind, "ledger", which) for kind, which in unvouched(session, keys.voucher))
    found = [
        *_rows(session), *_acts(session, keys), *_breaks(session), *_tree(session, second_place),
        *islice(newest, MOST),
    ]  # fmt: skip
    session.rollback()
    return found


def _rows(session: Session) -> Iterator[Finding]:
    """Give the rows that are not as they were last noted."""
    asked = {"tables": list(NOTED), "most": MOST}
    for name, row_id, stands, noted in session.execute(DIFFERING, asked):
        kind = "gone" if stands is None else "added" if noted is None else "changed"
        yield Finding(f"row {kind}", name, str(row_id), (stands or b"").hex())


def _acts(session: Session, keys: "DataKeys") -> Iterator[Finding]:
    """Give what was noted and is on nobody's account, and the accounts to which the notes do not fit."""
    wrong = islice(_wrong(_streamed(session, SUMS), keys), MOST)
    for act, kind in list(wrong):
        rows = session.execute(OF_ACT, {"act": act, "most": MOST}).all() if kind == "row unsaid" else []
        yield from (
            Finding(kind, name, str(row_id), str(act)) for name, row_id in dict.fromkeys(map(tuple, rows))
        )
        if not rows:
            yield Finding(kind, "ledger", str(act))


def _wrong(sums: Iterable[Any], keys: "DataKeys") -> Iterator[tuple[int, str]]:
    before = None
    for act, notes, digest, body in sums:
        if body is None:
            yield act, "row unsaid"
        elif act == before:
            yield act, "act twice"
        elif digest is None:
            yield act, "notes gone"
        elif not _fits(json.loads(body), act, notes, digest, keys):
            yield act, "notes changed"
        before = act


def _fits(said: dict[str, Any], act: int, notes: int, digest: bytes, keys: "DataKeys") -> bool:
    return (
        (said.get("of"), said.get("notes"), said.get("digest")) == (act, notes, digest.hex())
        and hmac.compare_digest(str(said.get("mark")).encode(), mark(keys, act, notes, digest).encode())
    )  # fmt: skip


def _breaks(session: Session) -> Iterator[Finding]:
    """Give the rows that somebody had changed in between, before the service wrote them again."""
    for name, row_id, number in session.execute(BROKEN, {"most": MOST}):
        yield Finding("row changed before", name, str(row_id), str(number))


def _tree(session: Session, second_place: Path) -> Iterator[Finding]:
    """Give the events that are not what the tree says, and a tree that is not what was signed."""
    last = session.scalars(
        select(LedgerCheckpoint.note).order_by(LedgerCheckpoint.size.desc()).limit(1)
    ).first()
    try:
        public = published(second_place)
    except OutOfReach:
        if last is not None:  # before the first sealing there is none yet; later its absence hides everything
            yield Finding("second place gone", "ledger", "key")
        return
    asked = {"most": MOST, "declared": _declared(session, public)}
    yield from (Finding("event gone", "ledger", str(each)) for each in session.scalars(GONE, asked))
    yield from (
        Finding("event changed", "ledger", str(each)) for each in session.scalars(CHANGED, {"most": MOST})
    )
    frontier = _leaves(session)
    try:
        head = note.read(last, public) if last is not None else None
    except note.Forged:
        yield Finding("head forged", "ledger", str(frontier.size))
        return
    if (head.size, head.root) != (frontier.size, frontier.root()) if head else frontier.size:
        yield Finding("tree changed", "ledger", str(head.size if head else 0))


def _leaves(session: Session) -> Frontier:
    """Return the tree of the leaves, as far as none is missing."""
    frontier = Frontier()
    leaves = select(LedgerLeaf.position, LedgerLeaf.hash).order_by(LedgerLeaf.position)
    for position, digest in _streamed(session, leaves):
        if position != frontier.size:
            break
        frontier.append(digest)
    return frontier


def _declared(session: Session, public: bytes) -> int:
    """Return how many of the first events may have lost their texts."""
    sizes = [0]
    for body in session.scalars(select(LedgerEvent.body).where(LedgerEvent.body.contains('"declaration"'))):
        said = withheld.declared(body) or ""
        try:
            sizes.append(withheld.read(said, said.partition("/withheld")[0], public).size)
        except note.Forged:
            continue
    return max(sizes)


def _streamed(session: Session, statement: Any) -> Iterable[Any]:
    return session.execute(statement, execution_options={"stream_results": True, "yield_per": AT_ONCE})

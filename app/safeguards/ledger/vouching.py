"""Each event bears a mark that only the service can draw, and names those that its process committed just before.

So an event that is deleted before it is a leaf of the tree is missed as soon as its process writes another one, and
one that was put in or changed bears no mark. A number would not do: whoever rolls back leaves a gap in it.
"""

import hmac
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.safeguards.canonical import canonical, packed
from app.safeguards.ledger.merkle import leaf_hash
from app.safeguards.words import Act

LABEL = b"nrm event 1"
VOUCHED, AFTER = "vouched", "after"
SHORT = 16  # bytes of a digest, and of a mark
MOST_NAMED = 64  # by one event; the others wait for the next
NEWEST = 20_000  # events that the check reads: what is older is in the tree, and what is gone was told when it went
HELD = "vouching"

READ = text("SELECT id, act, body FROM ledger.event ORDER BY id DESC LIMIT :newest")
NO_LEAF = text(
    "SELECT n FROM unnest(CAST(:named AS bytea[])) AS n WHERE NOT EXISTS"
    " (SELECT FROM ledger.leaf AS l WHERE substring(l.hash FROM 1 FOR 16) = n)"
)
NO_EVENT = text(  # where nothing was sealed for long
    "SELECT n FROM unnest(CAST(:named AS bytea[])) AS n WHERE NOT EXISTS (SELECT FROM ledger.event AS e"
    " WHERE substring(sha256('\\x00'::bytea || convert_to(e.body, 'UTF8')) FROM 1 FOR 16) = n)"
)


@dataclass
class _Held:
    """What one transaction wrote, and whom it named; forgotten with it."""

    voucher: "Voucher"
    of: object
    named: list[bytes] | None = None
    written: list[bytes] = field(default_factory=list)


@dataclass
class Voucher:
    """Draws the marks of one process, and keeps the digests of what it committed until a committed event names them.

    A digest comes in only after the commit, and goes only after that of the event which names it: rolled back acts
    leave no trace, and several threads wait for nobody. What a savepoint may still undo is marked, and not named.
    """

    key: bytes = field(repr=False)
    _waiting: dict[bytes, None] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def bodies(self, session: Session, said: Sequence[dict[str, Any]]) -> list[str]:
        """Return the texts of events, marked; the first one of a transaction names those before it."""
        held = self._held(session)
        if held and held.named is None:
            with self._lock:
                held.named = list(islice(self._waiting, MOST_NAMED))
            if held.named:
                said[0][AFTER] = [each.hex() for each in held.named]
        made = [self.text(each) for each in said]
        if held:
            held.written += map(digest, made)
        return made

    def text(self, said: Mapping[str, Any]) -> str:
        """Return the text of an event with its mark."""
        return canonical({**said, VOUCHED: self._mark(canonical(said))})

    def read(self, body: str) -> dict[str, Any] | None:
        """Return what an event says, if it bears the mark of this service."""
        try:
            said = json.loads(body)
            given, drawn = str(said.pop(VOUCHED)), self._mark(canonical(said))
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        return said if hmac.compare_digest(given.encode(errors="replace"), drawn.encode()) else None

    def passed(self, named: Sequence[bytes], written: Sequence[bytes]) -> None:
        """Take note that a transaction was committed."""
        with self._lock:
            for each in named:
                self._waiting.pop(each, None)
            self._waiting.update(dict.fromkeys(written))

    def _held(self, session: Session) -> _Held | None:
        session.connection()  # from here on there is a transaction
        if session.in_nested_transaction():
            return None
        held: _Held | None = session.info.get(HELD)
        if held is None or held.of is not session.get_transaction():
            held = session.info[HELD] = _Held(self, session.get_transaction())
        return held

    def _mark(self, said: str) -> str:
        return hmac.digest(self.key, packed(LABEL, said.encode()), "sha256")[:SHORT].hex()


def digest(body: str) -> bytes:
    """Return how an event is named: as its leaf is, but shorter."""
    return leaf_hash(body.encode())[:SHORT]


@contextmanager
def committing(session: Session) -> Iterator[None]:
    """Remember what this transaction wrote once its commit is done; of one whose end is not known, nothing."""
    held: _Held | None = session.info.pop(HELD, None)
    is_this = held is not None and held.of is session.get_transaction()
    yield
    if held is not None and is_this:
        held.voucher.passed(held.named or (), held.written)


def unvouched(session: Session, voucher: Voucher) -> Iterator[tuple[str, str]]:
    """Give what is wrong with the newest events: which are not ours, which are there twice, which are gone.

    Events from before there were marks come first; the records of erasing are signed, by a role without this key.
    """
    there, named, begun = set[bytes](), dict[bytes, None](), False
    for number, act, body in reversed(session.execute(READ, {"newest": NEWEST}).all()):
        name, said = digest(body), voucher.read(body)
        if said is None and begun and act != Act.ERASE.value:
            yield "act not ours", str(number)
        if said is not None and name in there:
            yield "act copied", str(number)
        begun = begun or said is not None
        named |= _named(said or {})
        there.add(name)
    left = [each for each in named if each not in there]
    for where in (NO_LEAF, NO_EVENT):
        left = list(session.scalars(where, {"named": left})) if left else []
    yield from (("act gone", bytes(each).hex()) for each in left)


def _named(said: Mapping[str, Any]) -> dict[bytes, None]:
    return dict.fromkeys(bytes.fromhex(each) for each in said.get(AFTER, ()))

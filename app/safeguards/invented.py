"""Invented cases: that a case is one stands in its identifier, and only whoever has the stamping key can read it there.

No column, table or policy says it, so that no select, backup or difference in time tells one from a case of a person.
"""

import hmac
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

from app.kit.ids import new_id

if TYPE_CHECKING:
    from app.safeguards.vault.keys import DataKeys

HALF = 8  # bytes of an identifier that are random; the others answer to them
VARIANT, REST = 0x80, 0x3F  # the two bits that every random identifier has there


def draw(keys: "DataKeys") -> UUID:
    """Return a new identifier of an invented case; it looks as random as any."""
    return _answered(keys, new_id())


def is_invented(keys: "DataKeys", case_id: UUID) -> bool:
    """Say whether a case is an invented one; both answers take the same time."""
    return hmac.compare_digest(_answered(keys, case_id).bytes, case_id.bytes)


def mark(keys: "DataKeys", case_id: UUID) -> str:
    """Return by what the ledger names an invented case that was planted, without saying which it is."""
    return hmac.digest(keys.stamping, b"nrm invented mark 1" + case_id.bytes, sha256).hex()[:32]


def _answered(keys: "DataKeys", case_id: UUID) -> UUID:
    said = case_id.bytes[:HALF]
    answer = hmac.digest(keys.stamping, b"nrm invented case 1" + said, sha256)
    return UUID(bytes=said + bytes([VARIANT | answer[0] & REST]) + answer[1:HALF])

"""What each transaction wrote: the sum of its notes on the ledger, under a mark that only the service can draw.

Triggers note the digest of each row before and after. Whoever writes past the service leaves notes without a sum, or
rows without notes; `compare.py` finds both.
"""

import hmac
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kit.database import Ready
from app.safeguards.access import system_actor
from app.safeguards.canonical import packed
from app.safeguards.ledger.events import Happened
from app.safeguards.words import Act

if TYPE_CHECKING:
    from app.safeguards.vault.keys import DataKeys

LABEL = b"nrm written 1"
# Tables whose rows are noted: all but what lives for minutes, and what is kept by other means (see ADR 0045).
NOTED = (
    "access_question", "api_client", "barring", "case", "contact_answer", "contact_request", "deadline", "invitation",
    "known_check", "merge", "notice", "oidc_link", "organisation", "part", "passkey", "person", "quota_lift",
    "recovery", "role_review", "share", "shelter", "shelter_place", "shelter_stay", "step", "team_member", "track",
    "user_account",
)  # fmt: skip
SUM = Ready(text("SELECT act, notes, digest FROM nrm.written()"))


def mark(keys: "DataKeys", act: int, notes: int, digest: bytes) -> str:
    """Return the mark of a sum: the key never reaches the database, so that nobody there can draw one."""
    said = packed(LABEL, b"%d" % act, b"%d" % notes, digest)
    return hmac.digest(keys.stamping, said, "sha256").hex()


def summed(session: Session, keys: "DataKeys", at: datetime, purpose: str) -> list[Happened]:
    """Return the event that says what this transaction wrote; none where it only read. It names nobody."""
    return [
        Happened(Act.WRITE, at, system_actor(), purpose, None, said_of(keys, *row))
        for row in SUM.rows(session, {})
    ]


def said_of(keys: "DataKeys", act: int, notes: int, digest: bytes) -> dict[str, object]:
    """Return what an event says of an act."""
    return {"of": act, "notes": notes, "digest": digest.hex(), "mark": mark(keys, act, notes, digest)}

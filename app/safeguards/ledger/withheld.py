"""Declaring that the texts of the oldest events are gone: a signed note in an event, for which verification asks."""

import base64
import json
import re
from dataclasses import dataclass
from typing import Any

from app.safeguards.ledger.note import SIZE, Forged, bytes_of, named, sign, signed_text
from app.safeguards.vault.signing import Signer

WITHHELD = "/withheld"  # behind the origin, so that no declaration passes for a head of the ledger, nor a head for one
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Declaration:
    """The first `size` events, all older than that day, have lost their texts; `root` is that of their tree."""

    size: int
    root: bytes
    before: str


def declare(found: Declaration, origin: str, signer: Signer) -> str:
    """Return the declaration as a signed note."""
    root = base64.b64encode(found.root).decode()
    return sign(f"{named(origin)}{WITHHELD}\n{found.size}\n{root}\n{found.before}\n", origin, signer)


def read(note: str, origin: str, public: bytes) -> Declaration:
    """Return what a note declares, if the ledger's key signed it; raises `Forged` otherwise."""
    lines = signed_text(note, origin, public)[:-1].split("\n")
    if (
        len(lines) != 4
        or lines[0] != origin + WITHHELD
        or not SIZE.fullmatch(lines[1])
        or not DAY.fullmatch(lines[3])
    ):
        raise Forged("the signed note is no declaration")
    return Declaration(int(lines[1]), bytes_of(lines[2]), lines[3])


def declared(event: str) -> str | None:
    """Return the note that an event bears, if it is an event that declares."""
    if '"declaration"' not in event:
        return None
    body: Any = json.loads(event)
    said = body.get("declaration") if isinstance(body, dict) else None
    return said if isinstance(said, str) else None

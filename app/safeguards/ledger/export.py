"""The file that an auditor takes away: every event of the ledger, and every checkpoint signed over them."""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from app.safeguards.ledger.merkle import leaf_hash

FORMAT = "nrm-ledger-1"


@dataclass(frozen=True)
class Header:
    """Whose ledger it is, and the public keys that its checkpoints are signed with."""

    origin: str
    keys: tuple[bytes, ...]


def write(header: Header, leaves: Iterable[tuple[int, str]], checkpoints: Iterable[str]) -> Iterator[str]:
    """Give the lines: the header, each leaf (its index and canonical text), each checkpoint, the end.

    The hash beside an event proves nothing by itself; it lets `verify` name the very event that was changed.
    """
    yield _line(format=FORMAT, origin=header.origin, keys=[_base64(key) for key in header.keys])
    leaf_count = checkpoint_count = 0
    for index, event in leaves:
        leaf_count += 1
        yield _line(leaf=index, event=event, hash=_base64(leaf_hash(event.encode())))
    for each in checkpoints:
        checkpoint_count += 1
        yield _line(checkpoint=each)
    yield _line(leaves=leaf_count, checkpoints=checkpoint_count)


def _line(**values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()

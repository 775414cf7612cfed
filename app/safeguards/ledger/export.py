"""The file that an auditor takes away: every event of the ledger, and every checkpoint signed over them."""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

FORMAT = "nrm-ledger-1"
NONE = "none"  # what a file without texts says of them in its first line
Leaf = tuple[int, str | None, bytes]  # place in the tree; text, unless it is withheld; hash


@dataclass(frozen=True)
class Header:
    """Whose ledger it is, the public keys that its checkpoints are signed with, and whether it says what happened."""

    origin: str
    keys: tuple[bytes, ...]
    bare: bool = False  # hashes alone, for a reader who may not know of every case


def write(header: Header, leaves: Iterable[Leaf], checkpoints: Iterable[str]) -> Iterator[str]:
    """Give the lines: the header, each leaf (its index and canonical text), each checkpoint, the end.

    The hash beside an event is the leaf as it was sealed: it lets `verify` name the very event that was changed, and
    stands for an event whose text is withheld.
    """
    said = {"texts": NONE} if header.bare else {}
    yield _line(format=FORMAT, origin=header.origin, keys=[_base64(key) for key in header.keys], **said)
    leaf_count = checkpoint_count = 0
    for index, event, hashed in leaves:
        leaf_count += 1
        said = {} if event is None or header.bare else {"event": event}
        yield _line(leaf=index, **said, hash=_base64(hashed))
    for each in checkpoints:
        checkpoint_count += 1
        yield _line(checkpoint=each)
    yield _line(leaves=leaf_count, checkpoints=checkpoint_count)


def _line(**values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()

"""Which keys were destroyed, in a file outside the database: a restored backup brings none of them back."""

import fcntl
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from app.safeguards.vault.private import replace_private

RECORD = 20  # sixteen bytes of the key's id, four of the epoch that wrapped it
WHAT = "list of destroyed keys"


class Erased:
    """An append-only list that all processes share. A key in it is treated as destroyed, whatever the database holds.

    It stays short: once an epoch is destroyed, no backup can bring back what it wrapped, and its entries go.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._epochs: dict[UUID, int] = {}

    def __contains__(self, key_id: object) -> bool:
        return key_id in self.known()

    def known(self) -> Mapping[UUID, int]:
        """Return every destroyed key that a backup could still hold, with the epoch that wrapped it."""
        with self._lock:
            found = _seen(self.path)
            if found != self._seen:
                self._epochs, self._seen = dict(_records(self.path)), found
            return self._epochs

    def add(self, keys: Mapping[UUID, int]) -> None:
        """Write keys down as destroyed, and wait until the disk has it."""
        with appending(self.path, RECORD) as descriptor:
            os.write(descriptor, b"".join(key.bytes + epoch.to_bytes(4) for key, epoch in keys.items()))
            os.fsync(descriptor)

    def forget_below(self, epoch: int) -> int:
        """Drop the entries of epochs that exist nowhere any more; return how many are left."""
        with appending(self.path, RECORD):
            kept = {key: each for key, each in _records(self.path) if each >= epoch}
            text = b"".join(key.bytes + each.to_bytes(4) for key, each in kept.items())
            replace_private(self.path, text, WHAT)
        return len(kept)


@contextmanager
def appending(path: Path, record: int) -> Iterator[int]:
    """Open a list for adding, with every other writer kept out; it is made where there is none.

    Half a record, which a crash may have left, is taken away.
    """
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_ino == path.stat().st_ino:
            break
        os.close(descriptor)  # somebody put a shorter list in its place while we waited
    try:
        os.ftruncate(descriptor, os.lseek(descriptor, 0, os.SEEK_END) // record * record)
        yield descriptor
    finally:
        os.close(descriptor)


def _seen(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size


def _records(path: Path) -> Iterable[tuple[UUID, int]]:
    content = path.read_bytes() if path.exists() else b""
    for at in range(0, len(content) // RECORD * RECORD, RECORD):
        yield UUID(bytes=content[at : at + 16]), int.from_bytes(content[at + 16 : at + RECORD])

"""Which rows, and which earlier states of rows, are over: in a file outside the database, so that none comes back."""

import os
import struct
import threading
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from pathlib import Path

from app.safeguards.vault.erased import appending
from app.safeguards.vault.private import replace_private

RECORD = 8  # the first bytes of a stamp, or of a row's identifier
MOST_FRESH = 4096  # records that a process holds unsorted
WHAT = "list of what is over"


class Ended:
    """A list that all processes share: a stamp or a row in it gives nothing, whatever the database holds.

    What was read stays in memory, eight bytes a record; of what others add only the end is read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int, int] | None = None
        self._sorted, self._fresh = array("Q"), set[int]()

    def any_of(self, *names: bytes) -> bool:
        """Say whether any of these stamps and identifiers of rows is over."""
        with self._lock:
            self._catch_up()
            return any(map(self._has, (int.from_bytes(name[:RECORD]) for name in names)))

    def _has(self, number: int) -> bool:
        at = bisect_left(self._sorted, number)
        return number in self._fresh or (at < len(self._sorted) and self._sorted[at] == number)

    def add(self, names: Iterable[bytes]) -> None:
        """Write down what is over. What a failing power takes of it is found by the check all the same (ADR 0045)."""
        with appending(self.path, RECORD) as descriptor:
            os.write(descriptor, b"".join(name[:RECORD] for name in names))

    def forget(self, names: Iterable[bytes]) -> None:
        """Take what is good again off the list: an account that was opened again is as it was before."""
        back = {int.from_bytes(name[:RECORD]) for name in names}
        with appending(self.path, RECORD):
            kept = [each for each in _records(self.path) if each not in back]
            replace_private(self.path, struct.pack(f">{len(kept)}Q", *kept), WHAT)

    def _catch_up(self) -> None:
        found, former = _look(self.path), self._seen
        if found == former:
            return
        goes_on = former and found and found[:2] == former[:2] and found[2] > former[2]
        records = _records(self.path, former[2] // RECORD * RECORD if former and goes_on else 0)
        if not goes_on:
            self._sorted, self._fresh = array("Q"), set()
        if len(self._fresh) + len(records) <= MOST_FRESH:
            self._fresh.update(records)
        else:
            self._sorted = array("Q", sorted((*self._sorted, *self._fresh, *records)))
            self._fresh = set()
        self._seen = found


def _look(path: Path) -> tuple[int, int, int] | None:
    """Return what tells a list from others: also when its folder, in which it lies alone, got a shorter one.

    That may be given the number of the file that is gone.
    """
    try:
        file, changed = path.stat(), path.parent.stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return file.st_ino, changed, file.st_size


def _records(path: Path, start: int = 0) -> tuple[int, ...]:
    """Return the records of the list from there on; a torn last one is none."""
    if not path.exists():
        return ()
    with path.open("rb") as file:
        file.seek(start)
        content = file.read()
    whole = len(content) // RECORD
    return struct.unpack(f">{whole}Q", content[: whole * RECORD])

"""A bar that shows how far a long command is: on standard error, and only where a person watches."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

WIDTH = 30


class Told(Protocol):
    """Takes how much is done."""

    def __call__(self, done: int, total: int) -> None:
        """Show it."""
        ...


@contextmanager
def progress(what: str, stream: TextIO | None = None) -> Iterator[Told]:
    """Give what draws the bar; nothing is written to a file, a pipe or a journal."""
    out = stream or sys.stderr
    watched = out.isatty()

    def told(done: int, total: int) -> None:
        if not watched:
            return
        share = min(done / total, 1.0) if total else 1.0
        bar = "#" * round(share * WIDTH)
        out.write(f"\r{what} [{bar:<{WIDTH}}] {done}/{total}")
        out.flush()

    yield told
    if watched:
        out.write("\n")
        out.flush()

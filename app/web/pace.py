"""Pace: how much one person, or one address, may ask of a process; a program that pours is told to wait."""

import time
from collections.abc import Callable
from threading import Lock
from uuid import UUID

from app.kit.errors import TooFast
from app.kit.i18n import _

A_MINUTE = 60.0
ACTS_AT_ONCE = 20  # of one person, such as one press after another; then as many as the settings say
MOST = 10_000  # askers that are remembered; who asked nothing for a minute is forgotten first


class Pace:
    """A bucket for each asker, which is full after a quiet minute; nothing of whom or of what is kept beside it."""

    def __init__(
        self, per_minute: int, now: Callable[[], float] = time.monotonic, *, burst: int | None = None
    ) -> None:
        self.per_minute = float(per_minute)
        self.most = float(burst or per_minute)  # at once, after a quiet while
        self._now = now
        self._left: dict[str, tuple[float, float]] = {}  # what is left, and since when
        self._lock = Lock()  # doors run in several threads

    def allows(self, asker: str) -> bool:
        """Say whether one more may be asked, and count it."""
        with self._lock:
            now = self._now()
            if len(self._left) >= MOST and asker not in self._left:
                self._forget(now)
            left, since = self._left.get(asker, (self.most, now))
            left = min(self.most, left + (now - since) * self.per_minute / A_MINUTE)
            self._left[asker] = (left - 1 if left >= 1 else left, now)
            return left >= 1

    def _forget(self, now: float) -> None:
        """Make room: full buckets go; if all are in use, all begin anew."""
        kept = {asker: each for asker, each in self._left.items() if each[1] > now - A_MINUTE}
        self._left = kept if len(kept) < MOST else {}


def keep_human(pace: Pace | None, user_id: UUID) -> None:
    """Refuse acts that follow each other faster than somebody can think: a script acts in a person's session."""
    if pace is not None and not pace.allows(str(user_id)):
        raise TooFast(detail=_("You sent very much within a few seconds. Wait ten seconds, then go on."))

"""How many data keys one process may have opened in a minute."""

import threading
import time


class Quota:
    """A measure that fills evenly and holds one minute's worth; without a number there is no limit.

    It bounds what a flaw in a page can pull out in bulk. Against a thief inside the process it bounds nothing: that
    is for the key service's own limit.
    """

    def __init__(self, a_minute: int | None = None) -> None:
        self.a_minute = a_minute
        self._left, self._at = float(a_minute or 0), time.monotonic()
        self._lock = threading.Lock()

    def take(self, number: int) -> bool:
        """Take so many, or none at all."""
        if self.a_minute is None:
            return True
        with self._lock:
            now = time.monotonic()
            self._left = min(self.a_minute, self._left + (now - self._at) * self.a_minute / 60)
            self._at = now
            if number > self._left:
                return False
            self._left -= number
            return True

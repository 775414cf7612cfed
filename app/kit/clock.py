"""Time is injected: this is the only place that asks the machine what time it is."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Whatever can say what time it is."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        ...

    def still(self) -> "Clock":
        """Return a clock that stands at the present instant, for one unit of work."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC)

    def still(self) -> "HeldClock":
        """Return a clock that stands at the present instant, for one unit of work."""
        return HeldClock(self.now())


@dataclass
class HeldClock:
    """A clock that stands still until it is moved; for tests, demonstrations and rehearsals."""

    at: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 9, 0, tzinfo=UTC))

    def now(self) -> datetime:
        """Return the instant at which the clock is held."""
        return self.at

    def still(self) -> "HeldClock":
        """Return itself: it stands already."""
        return self

    def move(self, by: timedelta) -> None:
        """Move the clock by the given span, forwards or back."""
        self.at += by


def local_day(at: datetime, zone: str) -> date:
    """Return the calendar day of an instant in the named time zone."""
    return at.astimezone(ZoneInfo(zone)).date()

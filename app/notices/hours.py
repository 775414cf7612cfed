"""The hours in which it is safe that a message arrives, in the time of the country."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Hours:
    """Days of the week, and from which full hour until which, such as 9 until 17."""

    days: Collection[str]
    begins: int
    ends: int
    zone: str

    def opens(self, now: datetime) -> datetime | None:
        """Return now if it is safe now, else the next instant at which it is; None if it never is."""
        today = now.astimezone(ZoneInfo(self.zone)).date()
        for ahead in range(8):
            day = today + timedelta(days=ahead)
            begins, ends = self._at(day, self.begins), self._at(day, self.ends)
            if DAYS[day.weekday()] in self.days and now < ends and begins < ends:
                return max(now, begins)
        return None

    def _at(self, day: date, hour: int) -> datetime:
        """Return a full hour of a day in UTC; hour 24 is midnight at its end."""
        days, hour = divmod(hour, 24)
        local = datetime.combine(day + timedelta(days=days), time(hour), ZoneInfo(self.zone))
        return local.astimezone(UTC)

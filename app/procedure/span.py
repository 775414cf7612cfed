"""Spans of law: hours, days, working days, months; due dates by the calendar of a profile."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

import holidays

from app.profiles.profile import Profile

Unit = Literal["minutes", "hours", "days", "working_days", "working_hours", "months", "years"]
OPENS, CLOSES = time(9), time(17)  # the office day of working hours
END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True)
class Span:
    """A length of time as the law states it; days may be negative, for a reminder before an end."""

    amount: int
    unit: Unit


def due(start: datetime, span: Span, profile: Profile) -> datetime:
    """Return the instant (UTC) at which a span that begins at `start` ends in the country of the profile.

    Minutes and hours are exact; days, working days, months and years end with the last second of
    their last day. The day of the start is never counted.
    """
    if span.unit in ("minutes", "hours"):
        return start + timedelta(**{span.unit: span.amount})
    zone = ZoneInfo(profile.zone)
    day = start.astimezone(zone).date()
    if span.unit == "working_hours":
        return _after_working_hours(start.astimezone(zone), span.amount, profile).astimezone(UTC)
    if span.unit == "days":
        return end_of(day + timedelta(days=span.amount), profile)
    if span.unit == "working_days":
        return end_of(_after_working_days(day, span.amount, profile), profile)
    return end_of(_after_months(day, span.amount * (12 if span.unit == "years" else 1)), profile)


def end_of(day: date, profile: Profile) -> datetime:
    """Return the last second of a day in the time zone of the profile, in UTC."""
    return datetime.combine(day, END_OF_DAY, ZoneInfo(profile.zone)).astimezone(UTC)


def is_working_day(day: date, profile: Profile) -> bool:
    """Say whether offices are open that day: neither the country's weekend nor a public holiday."""
    free, weekend = _closed(profile.country, day.year)
    return day.weekday() not in weekend and day not in free


@cache
def _closed(country: str, year: int) -> tuple[frozenset[date], frozenset[int]]:
    # Built whole and kept frozen: the package's calendar fills itself when read, which threads would see.
    calendar = holidays.country_holidays(country, years=year)
    return frozenset(calendar), frozenset(calendar.weekend)


def _after_working_days(day: date, amount: int, profile: Profile) -> date:
    while amount > 0:
        day += timedelta(days=1)
        amount -= is_working_day(day, profile)
    return day


def _after_working_hours(at: datetime, hours: int, profile: Profile) -> datetime:
    left = timedelta(hours=hours)
    while True:
        begins = max(at, datetime.combine(at.date(), OPENS, at.tzinfo))
        ends = datetime.combine(at.date(), CLOSES, at.tzinfo)
        if is_working_day(at.date(), profile) and begins < ends:
            if left <= ends - begins:
                return begins + left
            left -= ends - begins
        at = datetime.combine(at.date() + timedelta(days=1), OPENS, at.tzinfo)


def _after_months(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

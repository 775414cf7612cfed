"""When a clock is due, worked out a second time by plain counting: day after day, minute after minute."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from app.procedure.declaration import Deadline
from app.procedure.facts import Facts
from app.procedure.span import Span
from app.profiles.profile import Profile

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
OFFICE = range(9 * 60, 17 * 60)


def reckoned(deadline: Deadline, facts: Facts) -> datetime | None:
    """Return when a clock that starts now is due, from declaration, profile and facts."""
    if deadline.lasts is not None:
        span = deadline.lasts(facts)
        return None if span is None else counted(facts.now, span, facts.profile)
    if isinstance(deadline.at, str):
        said = facts.this.marks.get(deadline.at) if facts.this else None
        return last_second(date.fromisoformat(said[:10]), facts.profile) if said else None
    assert deadline.at is not None
    found = deadline.at(facts)
    return found if found is None or isinstance(found, datetime) else last_second(found, facts.profile)


def last_second(day: date, profile: Profile) -> datetime:
    """Return the second before the next day begins in the country, in UTC."""
    midnight = datetime.combine(day + DAY, time(0), ZoneInfo(profile.zone))
    return midnight.astimezone(UTC) - timedelta(seconds=1)


def counted(start: datetime, span: Span, profile: Profile) -> datetime:
    """Return the end of a span by counting."""
    if span.unit == "hours":
        return start + span.amount * 60 * MINUTE
    if span.unit == "minutes":
        return start + span.amount * MINUTE
    if span.unit == "working_hours":
        return _office_minutes(start, span.amount * 60, profile)
    day = start.astimezone(ZoneInfo(profile.zone)).date()
    if span.unit in ("days", "working_days"):
        left = span.amount
        while left > 0:
            day += DAY
            left -= span.unit == "days" or _is_open(day, profile)
        return last_second(day + min(span.amount, 0) * DAY if span.unit == "days" else day, profile)
    return last_second(_later(day, span.amount * (12 if span.unit == "years" else 1)), profile)


def _later(day: date, months: int) -> date:
    year, month = day.year, day.month
    for _each in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(number, day.day))
        except ValueError:
            continue
    raise AssertionError


def _office_minutes(start: datetime, left: int, profile: Profile) -> datetime:
    zone = ZoneInfo(profile.zone)
    at = start
    while left:
        here = at.astimezone(zone)
        if here.hour * 60 + here.minute in OFFICE and _is_open(here.date(), profile):
            left -= 1
        at += MINUTE
    return at


def _is_open(day: date, profile: Profile) -> bool:
    return _opens(day, profile.country)


@cache
def _opens(day: date, country: str) -> bool:
    calendar = _calendar(country, day.year)
    return day.weekday() not in calendar.weekend and day not in calendar


@cache
def _calendar(country: str, year: int) -> holidays.HolidayBase:
    return holidays.country_holidays(country, years=year)

"""When spans of law end."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.procedure.span import Span, due, is_working_day
from app.profiles.profile import load

FLOOR = load()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "span", "ends"),
    [
        ("2026-03-02T09:00", Span(24, "hours"), "2026-03-03T09:00:00"),
        ("2026-03-02T09:00", Span(0, "minutes"), "2026-03-02T09:00:00"),
        (
            "2026-03-02T09:00",
            Span(1, "days"),
            "2026-03-03T22:59:59",
        ),  # the end of the day in Vienna, in winter
        ("2026-07-01T09:00", Span(1, "days"), "2026-07-02T21:59:59"),  # and in summer
        ("2026-03-01T23:30", Span(0, "days"), "2026-03-02T22:59:59"),  # it is Monday already in Vienna
        ("2026-03-06T09:00", Span(1, "working_days"), "2026-03-09T22:59:59"),  # Friday to Monday
        ("2026-03-07T09:00", Span(1, "working_days"), "2026-03-09T22:59:59"),  # from a Saturday
        (
            "2026-04-02T09:00",
            Span(1, "working_days"),
            "2026-04-03T21:59:59",
        ),  # Good Friday is no holiday there
        ("2026-04-03T09:00", Span(1, "working_days"), "2026-04-07T21:59:59"),  # Easter Monday is
        ("2026-12-23T09:00", Span(3, "working_days"), "2026-12-29T22:59:59"),  # Christmas and St Stephen
        ("2026-03-02T09:00", Span(5, "working_days"), "2026-03-09T22:59:59"),
        ("2026-01-31T09:00", Span(1, "months"), "2026-02-28T22:59:59"),  # clipped
        ("2028-02-29T09:00", Span(1, "years"), "2029-02-28T22:59:59"),
        ("2026-11-30T09:00", Span(3, "months"), "2027-02-28T22:59:59"),
        ("2026-03-02T09:00", Span(-10, "days"), "2026-02-20T22:59:59"),  # a reminder before an end
        ("2026-03-27T09:00", Span(48, "hours"), "2026-03-29T09:00:00"),  # exact across the change of clocks
    ],
)
def test_a_span_ends_by_the_calendar_of_the_country(start: str, span: Span, ends: str) -> None:
    assert due(at(start), span, FLOOR) == at(ends)


@pytest.mark.parametrize(
    ("start", "hours", "ends"),
    [
        ("2026-03-02T09:00", 2, "2026-03-02T11:00"),  # from ten to twelve in Vienna
        ("2026-03-02T15:00", 2, "2026-03-03T09:00"),
        ("2026-03-06T15:30", 1, "2026-03-09T08:30"),  # over a weekend
        ("2026-03-02T03:00", 8, "2026-03-02T16:00"),  # before the office opens
    ],
)
def test_working_hours_count_only_while_offices_are_open(start: str, hours: int, ends: str) -> None:
    assert due(at(start), Span(hours, "working_hours"), FLOOR) == at(ends)


@given(
    st.datetimes(at("2020-01-01").replace(tzinfo=None), at("2035-01-01").replace(tzinfo=None)),
    st.integers(0, 60),
    st.sampled_from(["days", "working_days", "months", "hours"]),
)
def test_a_longer_span_never_ends_sooner(start: datetime, amount: int, unit: str) -> None:
    begun = start.replace(tzinfo=UTC)
    first, second = (due(begun, Span(n, unit), FLOOR) for n in (amount, amount + 1))  # type: ignore[arg-type]
    assert begun <= first <= second


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(1, 40))
def test_a_working_day_span_ends_on_a_working_day(day: date, amount: int) -> None:
    start = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    assert is_working_day(due(start, Span(amount, "working_days"), FLOOR).date(), FLOOR)

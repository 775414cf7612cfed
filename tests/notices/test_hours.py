"""The hours in which a message may arrive, in the time of the country, over midnight and over the change of clocks."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.notices.hours import DAYS, Hours


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-03-02T07:59", "2026-03-02T08:00"),  # Monday, before nine in Vienna
        ("2026-03-02T08:00", "2026-03-02T08:00"),
        ("2026-03-02T15:59", "2026-03-02T15:59"),
        ("2026-03-02T16:00", "2026-03-03T08:00"),  # five in the afternoon is over
        ("2026-03-03T16:00", "2026-03-09T08:00"),  # Tuesday evening: not before Monday
        ("2026-03-28T12:00", "2026-03-30T07:00"),  # clocks went forward in between
    ],
)
def test_a_message_waits_for_the_hours_that_are_safe(now: str, opens: str) -> None:
    assert Hours(("mon", "tue"), 9, 17, "Europe/Vienna").opens(at(now)) == at(opens)


def test_the_last_hour_of_a_day_ends_at_midnight() -> None:
    evening = Hours(("mon",), 22, 24, "Europe/Vienna")
    assert evening.opens(at("2026-03-02T22:59")) == at("2026-03-02T22:59")
    assert evening.opens(at("2026-03-02T23:00")) == at("2026-03-09T21:00")


def test_hours_that_never_come_open_never() -> None:
    assert Hours(("mon",), 17, 9, "Europe/Vienna").opens(at("2026-03-02T12:00")) is None
    assert Hours((), 9, 17, "Europe/Vienna").opens(at("2026-03-02T12:00")) is None


@given(
    st.sets(st.sampled_from(DAYS), min_size=1), st.integers(0, 23), st.integers(1, 24),
    st.integers(0, 366 * 24 * 60).map(lambda minutes: at("2026-01-01T00:00") + timedelta(minutes=minutes)),
    st.sampled_from(["Europe/Vienna", "Europe/London", "Europe/Lisbon"]),
)  # fmt: skip
def test_what_opens_is_open_and_never_in_the_past(
    days: set[str], begins: int, ends: int, now: datetime, zone: str
) -> None:
    hours = Hours(tuple(days), begins, ends, zone)
    opens = hours.opens(now)
    if begins >= ends:
        assert opens is None
    elif (
        opens is not None
    ):  # on the one night in which an hour is missing, a window of that hour alone may be too
        assert opens >= now
        assert hours.opens(opens) == opens

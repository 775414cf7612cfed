"""National law as data: every number with its source, and never under the treaty."""

import pytest
from pydantic import ValidationError

from app.procedure.clocks import National
from app.profiles.profile import Profile, load
from app.tracks import TRACKS


def floor() -> dict[str, object]:
    return load().model_dump(mode="json")


def test_a_reflection_period_under_thirty_days_is_refused() -> None:
    text = floor()
    text["numbers"]["reflection.min_days"]["value"] = 29  # type: ignore[index]
    with pytest.raises(ValidationError, match=r"reflection\.min_days is 29"):
        Profile.model_validate(text)


def test_a_longer_one_is_accepted() -> None:
    text = floor()
    text["numbers"]["reflection.min_days"]["value"] = 45  # type: ignore[index]
    assert Profile.model_validate(text).number("reflection.min_days") == 45


@pytest.mark.parametrize(
    ("key", "value"),
    [("unit", "fortnights"), ("value", -1), ("source", ""), ("as_of", "soon"), ("note", "x")],
)
def test_a_number_without_unit_source_or_sense_is_refused(key: str, value: object) -> None:
    text = floor()
    text["numbers"]["consent.ask_again_days"][key] = value  # type: ignore[index]
    with pytest.raises(ValidationError):
        Profile.model_validate(text)


def test_an_unknown_number_is_named() -> None:
    with pytest.raises(KeyError, match=r"coe-floor has no number 'moon\.phase'"):
        load().number("moon.phase")


def test_every_clock_that_reads_a_number_finds_it() -> None:
    clocks = [
        clock for track in TRACKS.values() for clock in track.deadlines if isinstance(clock.lasts, National)
    ]
    assert clocks
    for clock in clocks:
        assert isinstance(clock.lasts, National)
        entry = load().entry(clock.lasts.key)
        assert entry.unit in ("minutes", "hours", "working_hours", "days", "working_days", "months", "years")
        assert "proposal" in entry.source or not clock.proposal, clock.name

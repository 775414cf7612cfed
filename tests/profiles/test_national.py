"""Every national profile: what it changes, what it may not, and that no version of it is ever lost."""

import re
import shutil
from pathlib import Path
from zoneinfo import available_timezones

import holidays
import pytest
import yaml
from pydantic import ValidationError

from app.cli import main
from app.law.source import national_keys
from app.profiles.citation import cited
from app.profiles.compare import changes, comparison
from app.profiles.profile import FLOOR, HERE, assemble, codes, load
from app.tracks import TRACKS

COUNTRIES = {
    "fr": "FR", "be": "BE", "nl": "NL", "de": "DE", "uk": "GB", "no": "NO", "fi": "FI", "ie": "IE", "pt": "PT",
    "se": "SE", "dk": "DK",
}  # fmt: skip
SHORTEST = {"be": 45, "nl": 90, "de": 90, "no": 180, "ie": 60}  # the others have the treaty's 30
BOUND = {"fr", "be", "nl", "de", "fi", "pt", "se"}  # by Directive 2004/81/EC, which knows a ground more
WAITS = {"uk"}
PERMIT = {"fr": 12, "pt": 12}  # months; the others have the directive's six


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the profiles that a test may spoil."""
    return Path(shutil.copytree(HERE, tmp_path / "profiles", ignore=shutil.ignore_patterns("*.py", "locale")))


def rewrite(folder: Path, code: str, /, **changed: object) -> None:
    path = folder / f"{code}.yaml"
    text = yaml.safe_load(path.read_text("utf-8"))
    path.write_text(yaml.safe_dump({**text, **changed}, allow_unicode=True), "utf-8")


def number(value: int, unit: str = "days") -> dict[str, object]:
    return {"value": value, "unit": unit, "source": "a law", "as_of": "2026-01-15"}


def test_the_countries_are_there() -> None:
    assert set(codes()) == {FLOOR, *COUNTRIES}
    assert codes()[0] == FLOOR


@pytest.mark.parametrize("code", codes())
def test_every_profile_loads_with_a_calendar_and_a_zone(code: str) -> None:
    profile = load(code)
    assert profile.code == code
    assert profile.zone in available_timezones()
    assert holidays.country_holidays(profile.country, years=2026)
    assert profile.numbers.keys() == load().numbers.keys()


@pytest.mark.parametrize(("code", "country"), COUNTRIES.items())
def test_each_country_says_what_the_published_law_says(code: str, country: str) -> None:
    profile = load(code)
    assert profile.country == country
    assert profile.number("reflection.min_days") == SHORTEST.get(code, 30)
    assert profile.says("reflection.renewed_contact_ground") == (code in BOUND)
    assert profile.says("residence.withdrawal_by_proceedings") == (code in BOUND)
    assert profile.says("reflection.wait_for_identification") == (code in WAITS)
    assert profile.number("residence.min_validity_months") == PERMIT.get(code, 6)


@pytest.mark.parametrize("code", COUNTRIES)
def test_a_country_states_only_what_differs_from_the_floor(code: str) -> None:
    own = yaml.safe_load((HERE / f"{code}.yaml").read_text("utf-8"))["numbers"]
    assert [each.key for each in changes(load(code))] == [key for key in load().numbers if key in own]


@pytest.mark.parametrize("code", COUNTRIES)
def test_every_note_has_its_source_in_both_languages(code: str) -> None:
    for note in load(code).notes:
        assert note.en != note.fr


@pytest.mark.parametrize("days", [29, 0])
def test_a_country_under_the_treaty_does_not_load(folder: Path, days: int) -> None:
    rewrite(folder, "fr", numbers={"reflection.min_days": number(days)})
    with pytest.raises(ValidationError, match=rf"profile fr: reflection\.min_days is {days}"):
        assemble(folder, "fr")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"numbers": {"reflection.max_days": number(60)}}, "no rule reads a number 'reflection.max_days'"),
        ({"numbers": {"reflection.min_days": number(3, "months")}}, "is counted in days"),
        ({"numbers": {"reflection.min_days": {**number(40), "by": "me"}}}, "Extra inputs"),
        ({"floor": None}, "does not say which version of the floor"),
        ({"territory": "x"}, "Extra inputs"),
        ({"zone": "Europe/Nowhere"}, "No time zone found"),
        ({"code": "be"}, "says that it is 'be'"),
    ],
)
def test_what_nobody_reads_or_nobody_means_is_refused(
    folder: Path, changed: dict[str, object], said: str
) -> None:
    rewrite(folder, "fr", **changed)
    with pytest.raises((ValueError, LookupError), match=said):
        assemble(folder, "fr")


def test_a_number_that_stands_twice_is_refused(folder: Path) -> None:
    line = "  reflection.min_days: {value: 45, unit: days, source: a, as_of: 2026-01-15}\n"
    path = folder / "be.yaml"
    path.write_text(path.read_text("utf-8").replace("numbers:\n", f"numbers:\n{line}"), "utf-8")
    with pytest.raises(ValueError, match=r"reflection\.min_days stands there twice"):
        assemble(folder, "be")


@pytest.mark.parametrize("code", ["xx", "../profiles/fr", "", "earlier/fr"])
def test_a_profile_that_is_not_there_is_named(code: str) -> None:
    with pytest.raises(LookupError, match="there is no profile"):
        load(code)


def test_a_version_keeps_its_numbers_when_the_law_changes(folder: Path) -> None:
    """The whole way: a country changes its law, then the floor changes, then the country takes that over."""
    before = assemble(folder, "ie", 1)
    shutil.copy(folder / "ie.yaml", folder / "earlier" / "ie-1.yaml")
    rewrite(folder, "ie", version=2, numbers={"reflection.min_days": number(90)})
    shutil.copy(folder / f"{FLOOR}.yaml", folder / "earlier" / f"{FLOOR}-1.yaml")
    numbers = yaml.safe_load((folder / f"{FLOOR}.yaml").read_text("utf-8"))["numbers"]
    changed = {"consent.ask_again_days": number(7), "moon.phase_days": number(4)}
    rewrite(folder, FLOOR, version=2, numbers={**numbers, **changed})

    first, second = assemble(folder, "ie", 1), assemble(folder, "ie")
    assert {key: first.numbers[key] for key in before.numbers} == before.numbers
    assert (first.version, first.number("reflection.min_days")) == (1, 60)
    assert (second.version, second.number("reflection.min_days")) == (2, 90)
    assert second.number("consent.ask_again_days") == 14, "it stands on the floor's first version still"
    assert first.number("moon.phase_days") == 4, "what was never asked before has no older answer"

    shutil.copy(folder / "ie.yaml", folder / "earlier" / "ie-2.yaml")
    rewrite(folder, "ie", version=3, floor=2)
    asked = [assemble(folder, "ie", each).number("consent.ask_again_days") for each in (1, 2, 3)]
    assert asked == [14, 14, 7]


def test_a_version_that_is_missing_is_an_error_never_another_one(folder: Path) -> None:
    rewrite(folder, "fr", version=2)
    with pytest.raises(LookupError, match="no version 1 of profile 'fr'"):
        assemble(folder, "fr", 1)


def test_no_version_is_missing_and_each_country_stands_on_the_newest_floor() -> None:
    for code in codes():
        newest = load(code)
        assert [load(code, each).version for each in range(1, newest.version + 1)]
        assert newest.floor == (None if code == FLOOR else load().version), code


def test_the_comparison_says_number_unit_source_and_day_in_both_languages() -> None:
    english, french = ("\n".join(comparison(load("be"), language)) for language in ("en", "fr"))
    assert "Belgium" in english
    assert "Shortest reflection period (reflection.min_days): 30 days → 45 days" in english
    assert "Belgium, annex 15 of 45 days, read on 2026-01-15" in english
    assert "Belgique" in french
    assert "Délai de réflexion le plus court (reflection.min_days): 30 jours → 45 jours" in french
    assert "lu le 2026-01-15" in french


def test_every_source_is_told_in_french_too() -> None:
    """Names of instruments by rule, everything else phrase by phrase; nothing of it stays in English."""
    english = re.compile(
        r"\b(the|and|of|or|to|with|without|where|only|published|proposal|unchecked|days|Directive)\b"
    )
    profiles = [load(code) for code in codes()]
    sources = {number.source for profile in profiles for number in profile.numbers.values()}
    sources |= {note.source for profile in profiles for note in profile.notes}
    assert not {source: cited(source, "fr") for source in sources if english.search(cited(source, "fr"))}
    idle = yaml.safe_load((HERE / "words" / "sources.fr.yaml").read_text("utf-8")).keys()
    idle -= {phrase for source in sources for phrase in source.split("; ")}
    assert not idle


def test_what_a_country_can_change_or_a_rule_asks_for_has_a_name() -> None:
    titles = yaml.safe_load((HERE / "words" / "titles.yaml").read_text("utf-8"))
    asked = {key for code in COUNTRIES for key in (each.key for each in changes(load(code)))}
    asked |= {key for key, number in load().numbers.items() if number.unit == "yes_no"}
    asked |= {
        key
        for track in TRACKS.values()
        for step in track.steps
        for guard in step.guards
        for key in national_keys(guard)
    }
    assert asked <= titles.keys() <= load().numbers.keys()
    assert all(named["en"] and named["fr"] for named in titles.values())


def test_a_profile_that_changes_nothing_says_so() -> None:
    assert "Every number is the floor’s." in "\n".join(comparison(load("dk"), "en"))


def test_the_command_lists_shows_and_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profiles"]) == 0
    assert capsys.readouterr().out.split() == list(codes())
    assert main(["profiles", "no", "--language", "fr"]) == 0
    assert "Norvège" in capsys.readouterr().out
    assert main(["profiles", "xx"]) == 2
    assert "there is no profile 'xx'" in capsys.readouterr().err
    assert main(["profiles", "fr", "--version", "7"]) == 2
    assert "no version 7" in capsys.readouterr().err

"""The code lists are those of the standards, in both languages, and none holds a condition."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from app.kit.i18n import catalogue
from app.kit.places import Names, countries, languages, nationalities
from app.tracks import codes, exploitation_codes
from app.tracks.intake import referral_codes
from app.tracks.support import needs_codes, shelter_codes

APP = Path(codes.__file__).parents[1]
MODULES = (codes, exploitation_codes, referral_codes, needs_codes, shelter_codes)


def lists(module: ModuleType) -> dict[str, dict[str, str]]:
    return {name: value for name, value in vars(module).items() if name.isupper() and isinstance(value, dict)}


ALL = [(f"{module.__name__}.{name}", held) for module in MODULES for name, held in lists(module).items()]


@pytest.mark.parametrize(("name", "held"), ALL, ids=[name for name, held in ALL])
def test_every_code_has_words_in_both_languages(name: str, held: dict[str, str]) -> None:
    if isinstance(held, Names):
        assert held.shown("fr").keys() == held.keys()
        return
    french = catalogue("fr")
    assert not [label for label in held.values() if not french.get(label)]
    assert len(set(held.values())) == len(held), "two codes with the same words"


ENDINGS = [
    referral_codes.DECLINE, referral_codes.WITHDRAW, referral_codes.DISCARD, referral_codes.OUTCOMES,
    shelter_codes.EXIT, shelter_codes.NO_PLACE, shelter_codes.TRANSFER, shelter_codes.NEW_OFFER,
]  # fmt: skip
CONDITIONS = re.compile(
    r"co-?operat|testi|statement|complain|police|prosecut|investigat|status|permit|irregular|rule",
    re.IGNORECASE,
)


@pytest.mark.parametrize("held", ENDINGS)
def test_no_list_of_endings_holds_cooperation_or_status(held: dict[str, str]) -> None:
    assert not [row for row in held.items() if CONDITIONS.search(" ".join(row))]


def test_the_lists_of_endings_are_those_of_the_law() -> None:
    assert set(referral_codes.DECLINE) == {
        "no_capacity", "out_of_scope", "conflict_of_interest", "safety", "duplicate",
    }  # fmt: skip
    assert set(shelter_codes.EXIT) == {
        "own_housing", "family", "other_shelter", "return_abroad", "hospital", "victim_wish", "safety",
        "end_of_need",
    }  # fmt: skip
    assert set(referral_codes.TYPES) == {"initial", "group", "service", "anonymous_notification"}
    assert set(needs_codes.KINDS) == {"initial", "full", "review", "trigger"}
    assert set(codes.RISK) == {"low", "medium", "high", "critical"}
    assert len(needs_codes.TWENTY) == 20
    assert set(needs_codes.THREATS) == {"life", "physical", "psychological", "property"}


def test_whereabouts_cannot_be_lent() -> None:
    assert "LOC" not in referral_codes.SHARED


def test_nothing_reads_whether_somebody_would_assist_the_police() -> None:
    readers = [path.name for path in APP.rglob("*.py") if "willing_to_assist_police" in path.read_text()]
    assert readers == ["referral_signs.py"]


def test_the_lists_of_the_case_data_standard_are_whole() -> None:
    assert list(codes.GENDER) == [
        "Feminine", "Masculine", "TransgenderFeminine", "TransgenderMasculine", "NonConforming",
        "NonSpecifiedUnknown",
    ]  # fmt: skip
    assert len(set(codes.EDUCATION) - {"none", "unknown"}) == 9
    assert len(set(codes.MARITAL_STATUS) - {"unknown"}) == 6
    assert len(exploitation_codes.METHODS_OF_RECRUITMENT) == 10
    assert len(set(exploitation_codes.METHODS_OF_CONTROL) - {"RestrictsMovement"}) == 16
    assert len(set(exploitation_codes.TYPES_OF_EXPLOITATION) - {"ForcedCriminality"}) == 11
    assert [code[:2] for code in exploitation_codes.INDUSTRIES] == [
        f"{letter}_" for letter in "ABCDEFGHIJKLMNOPQRSTU"
    ]
    assert len(exploitation_codes.ROLES_IN_PROCESS) == 15
    assert "Unaquainted" in exploitation_codes.RELATIONSHIP_TO_TRAFFICKER  # as the standard spells it


@pytest.mark.parametrize("language", ["en", "fr"])
def test_countries_and_languages_are_named_in_each_language(language: str) -> None:
    assert len(countries(language)) >= 249
    assert nationalities(language).keys() - countries(language).keys() == {"stateless"}
    assert {"ka", "ar", "ti", "rom", "sgn", "unknown"} <= languages(language).keys()
    assert countries("fr")["DE"] == "Allemagne"
    assert languages("fr")["ka"] == "géorgien"
    assert nationalities("fr")["stateless"] == "Apatride"

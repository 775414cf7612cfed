"""The signs advise and never decide."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.tracks.intake.indicators import INDICATORS, SHORT_LIST, advise, dimensions, signs_of
from app.tracks.intake.referral_signs import ticked

NAMES = list(dimensions("en"))


def test_the_six_dimensions_have_as_many_indicators_as_the_source() -> None:
    assert [len(signs_of(name)) for name in NAMES] == [10, 10, 16, 9, 15, 7]
    assert len([code for code in SHORT_LIST if code.startswith("ilo.")]) == 11


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_sign_has_words(language: str) -> None:
    words = INDICATORS.shown(language)
    assert words.keys() == INDICATORS.keys()
    assert all(words.values())


POSITIVE = [
    ({"exploitation.hours", "exploitation.low_pay"}, False, "exploitation", True),  # one strong, one more
    ({"exploitation.hours"}, False, "exploitation", False),
    ({"exploitation.hours"}, True, "exploitation", True),  # for a child one strong is enough
    ({"exploitation.living", "exploitation.hazard", "exploitation.low_pay"}, False, "exploitation", True),
    ({"exploitation.living", "exploitation.hazard"}, False, "exploitation", False),
    ({"exploitation.living", "exploitation.hazard", "exploitation.education"}, False, "exploitation", True),
    ({"coercion.debt", "coercion.violence"}, False, "coercion", True),
    ({"exploitation.living", "exploitation.education"}, True, "exploitation", True),
]


@pytest.mark.parametrize(("ticks", "is_child", "dimension", "positive"), POSITIVE)
def test_a_dimension_is_positive_by_the_rule(
    ticks: set[str], is_child: bool, dimension: str, positive: bool
) -> None:
    found = {each.code: each.positive for each in advise(ticks, is_child=is_child).dimensions}
    assert found[dimension] is positive


def test_for_an_adult_means_are_wanted_too_and_for_a_child_not() -> None:
    exploited = {"exploitation.hours", "exploitation.low_pay"}
    assert not advise(exploited, is_child=False).points_to_trafficking
    assert advise(exploited, is_child=True).points_to_trafficking
    assert advise(exploited | {"coercion.debt", "coercion.lie"}, is_child=False).points_to_trafficking


def test_a_sign_of_the_short_list_asks_for_the_long_one() -> None:
    assert advise({"ilo.debt"}, is_child=False).ask_further
    assert not advise({"ilo.debt", "coercion.debt"}, is_child=False).ask_further
    assert not advise([], is_child=False).ask_further


@given(st.sets(st.sampled_from(sorted(INDICATORS))), st.booleans())
def test_more_signs_never_point_less(ticks: set[str], is_child: bool) -> None:
    grown = [set(sorted(ticks)[:number]) for number in range(len(ticks) + 1)]
    said = [advise(each, is_child=is_child).points_to_trafficking for each in grown]
    assert all(before <= after for before, after in pairwise(said))


def test_whatever_is_said_it_stands_against_no_referral() -> None:
    for ticks in ([], ["ilo.debt"], ["exploitation.hours"]):
        advice = advise(ticks, is_child=False)
        assert "refer" in advice.text
        assert advice.version == 1
        assert advice.source


def test_ticks_are_gathered_from_all_rows() -> None:
    answers = {
        "indicators": [{"source": "seen", "signs": ["ilo.debt"], "note": "x"}],
        "further_indicators": [{"source": "told", "coercion": ["coercion.debt"], "exploitation": []}],
    }
    assert ticked(answers) == {"ilo.debt", "coercion.debt"}
    assert ticked({"indicators": ["ilo.debt"]}) == {"ilo.debt"}
    assert ticked({}) == frozenset()

"""Search tokens: how names sound, what tokens are drawn, how short they are cut."""

import pytest

from app.cases.likeness import Likeness, alike
from app.kit.sounds import skeleton, sounds, words
from app.kit.values import PartialDate
from app.safeguards.traits import Traits, as_contact, as_number, asked_numbers, traits
from app.safeguards.vault.tokens import WHOLE, Blind, cut, planned, ranked, same

DRAW, OTHER = Blind(b"1" * 32), Blind(b"2" * 32)
HER = traits(["Leila", "Husseini"], PartialDate(year=1996, month=3, day=9), "Feminine", frozenset())


@pytest.mark.parametrize(
    "ways",
    [
        ["محمد", "Mohammed", "Muhammad", "Mohamed"], ["خديجة", "Khadija", "Khadidja"],
        ["عبد الرحمن", "Abdul Rahman", "Abderrahmane", "Abd al-Rahman"], ["عبد الله", "Abdullah", "Abdallah"],
        ["الحسن", "Al-Hassan", "Alhassan"], ["Мария", "Maria", "Marija", "Mariya"], ["Юлия", "Julia", "Iuliia"],
        ["Щербаков", "Shcherbakov", "Ŝerbakov"], ["Александр", "Alexander", "Aleksandr"], ["Nguyễn", "Nguyen"],
    ],
)  # fmt: skip
def test_a_name_sounds_the_same_in_any_script(ways):
    assert len({sounds(each) for each in ways}) == 1


def test_particles_come_and_go_and_vowels_alone_are_no_name():
    assert words("Anna van der Berg") == words("Anna Berg") == ("anna", "berg")
    assert skeleton("aia") == ""
    assert words("de la") == ("de", "la")  # where nothing else is left, they are the name


def test_tokens_stand_for_two_facts_and_need_the_key():
    assert DRAW.kept(HER) <= DRAW.asked(HER)
    assert not DRAW.kept(HER) & OTHER.kept(HER)
    assert not DRAW.kept(Traits(sounds=("ll",)))  # one name alone would be counted
    assert len(DRAW.kept(HER)) == 1 + 2 + 2 + 1  # the pair; each with year, with day and month; date with sex
    swapped = traits(["Husseini Leila"], PartialDate(year=1997, month=9, day=3), None, frozenset())
    assert len(DRAW.asked(swapped) & DRAW.kept(HER)) == 1 + 2 + 2
    assert "1" * 32 not in repr(DRAW)


def test_tokens_are_cut_so_short_that_each_stands_for_two():
    for tokens in (100, 5000, 72_798, 145_145):
        assert 2 <= tokens / 2 ** planned(tokens) < 4 or planned(tokens) == 4
    assert planned(0) == 4
    assert cut((1 << 64) - 1, 10) == 1023
    assert cut((1 << 64) - 1, WHOLE) == -1
    assert cut(5, WHOLE) == 5


def test_rarity_weighs_more():
    order = ranked([(1, "a"), (1, "b"), (1, "c"), (2, "c"), (3, "b")], 100)
    assert [found for _weight, found in order] in (["c", "b", "a"], ["b", "c", "a"])


@pytest.mark.parametrize(
    ("names", "born", "sex", "known"),
    [
        (["Layla", "Hosseini"], (1996, 9, 3), None, True), (["Layla", "Hosseini"], (1997, 3, 9), "Feminine", True),
        (["Layla", "Hosseini"], (1990, 3, 9), None, False), (["Layla", "Hosseini"], (1996, 3, 9), "Masculine", False),
        (["Layla", "Brown"], (1996, 3, 9), None, True), (["Layla", "Brown"], (1996, 4, 9), None, False),
        (["Layla", "Hosseini"], None, None, True), (["Oksana", "Brown"], (1996, 3, 9), None, False),
    ],
)  # fmt: skip
def test_known_elsewhere_takes_names_and_dates_that_agree(names, born, sex, known):
    date = PartialDate(year=born[0], month=born[1], day=born[2]) if born else None
    theirs = DRAW.marks(traits(names, date, sex, frozenset()))
    assert same(DRAW.marks(HER), theirs, {}) is known
    common = dict.fromkeys(theirs["pairs"], 50)  # many people bear both names
    assert same(DRAW.marks(HER), theirs, common) is (known and born is not None)


def test_numbers_are_compared_without_what_people_put_around_them():
    assert as_contact("+963 944 567 123") == as_contact("0944/567123") == "call:944567123"
    assert as_contact("Anna@Example.org ") == "mail:anna@example.org"
    assert as_contact("12 34") is as_number("A-1") is as_number("ABCDEF") is None
    assert as_number("p 123-456") == as_number("P123456")
    assert asked_numbers("944 567 123") == {"call:944567123", "number:944567123"}


def test_likeness_is_high_for_the_same_person_and_low_for_another():
    her = Likeness(("ليلى", "الحسيني"), PartialDate(year=1996, month=3, day=9), "Feminine")
    again = Likeness(("Leila Husaini",), PartialDate(year=1996, month=9, day=3), None)
    assert alike(her, again) > 0.85
    assert alike(her, Likeness(("Oksana Bondarenko",), PartialDate(year=1990), "Feminine")) < 0.5
    assert (
        alike(
            Likeness((), None, None, frozenset({"number:X12345"})),
            Likeness((), None, None, frozenset({"number:X12345"})),
        )
        == 1.0
    )
    assert (
        alike(her, Likeness(("Leila Husseini",), PartialDate(year=1970, month=1, day=1), "Masculine")) < 0.6
    )

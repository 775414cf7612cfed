"""What two records must share before their teams hear of each other, clause by clause; weights; widths of tokens."""

import math
from dataclasses import replace
from typing import Any

import pytest

from app.safeguards.traits import Traits
from app.safeguards.vault.tokens import RARE, WHOLE, Blind, cut, planned, ranked, same

DRAW = Blind(b"1" * 32)
NONE: dict[str, Any] = {
    "names": [], "long": [], "pairs": [], "year": None, "near": [], "days": None, "full": None, "sex": None,
}  # fmt: skip
TWO = {"names": [1, 2], "long": [1, 2], "pairs": [12]}
THREE = {"names": [1, 2, 3], "long": [1, 2, 3], "pairs": [12, 13, 23]}
BORN = {"year": 90, "near": [89, 91]}


def alike(ours: dict[str, Any], theirs: dict[str, Any], **common: int) -> bool:
    return same(
        {**NONE, **ours}, {**NONE, **theirs}, {int(pair[1:]): count for pair, count in common.items()}
    )


@pytest.mark.parametrize(
    ("ours", "theirs", "common", "known"),
    [
        ({"full": 7, "long": [1, 5], "names": [1]}, {"full": 7, "long": [1, 6], "names": [1]}, {}, True),
        ({"full": 7, "long": [5]}, {"full": 7, "long": [6]}, {}, False),
        ({"full": 7, "long": [1]}, {"full": 8, "long": [1]}, {}, False),
        ({"full": None, "long": [1]}, {"full": None, "long": [1]}, {}, False),
        ({**TWO, **BORN, "days": 3}, {**TWO, **BORN, "days": 3}, {"p12": 99}, True),
        ({**TWO, **BORN, "days": 3}, {**TWO, "year": 91, "near": [90, 92], "days": 3}, {"p12": 99}, True),
        ({**TWO, **BORN, "days": 3}, {**TWO, "year": 92, "near": [91, 93], "days": 3}, {}, False),
        ({**TWO, **BORN, "days": 3}, {**TWO, **BORN, "days": 4}, {}, False),
        ({**TWO, "sex": 1}, {**TWO, "sex": 2}, {}, False),
        ({**TWO, "sex": 1}, {**TWO, "sex": 1}, {}, True),
        ({**TWO, "sex": 1}, TWO, {}, True),
        ({"names": [1], "pairs": [12]}, {"names": [1], "pairs": [12]}, {}, False),
        (TWO, TWO, {"p12": RARE}, True),
        (TWO, TWO, {"p12": RARE + 1}, False),
        ({**TWO, **BORN}, {**TWO, **BORN}, {"p12": 3 * RARE}, True),
        ({**TWO, **BORN}, {**TWO, **BORN}, {"p12": 3 * RARE + 1}, False),
        ({**TWO, **BORN}, {**TWO, "year": 91, "near": [90, 92]}, {"p12": RARE}, True),
        ({**TWO, **BORN}, {**TWO, "year": 91, "near": [90, 92]}, {"p12": RARE + 1}, False),
        ({**TWO, "days": 3}, {**TWO, "days": 3}, {"p12": RARE + 1}, False),
        (THREE, THREE, {"p12": 99, "p13": 3 * RARE, "p23": 99}, True),
        (THREE, THREE, {"p12": 99, "p13": 3 * RARE + 1, "p23": 99}, False),
        ({**THREE, **BORN}, {**THREE, **BORN}, {"p12": 99, "p13": 99, "p23": 99}, True),
        ({**THREE, "days": 3}, {**THREE, "days": 3}, {"p12": 99, "p13": 99, "p23": 99}, True),
        ({**THREE, "pairs": []}, {**THREE, "pairs": []}, {}, True),
    ],
)  # fmt: skip
def test_each_clause_decides_alone(
    ours: dict[str, Any], theirs: dict[str, Any], common: dict[str, int], known: bool
) -> None:
    assert alike(ours, theirs, **common) is known
    assert alike(theirs, ours, **common) is known


def test_what_is_kept_meets_what_is_asked_and_nothing_more() -> None:
    def of(**changed: Any) -> Traits:
        given = {"sounds": ("ll", "hsn"), "year": 1996, "month": 3, "day": 9, "sex": "Feminine"}
        return Traits(**{**given, **changed})

    def shared(kept: Traits, asked: Traits) -> int:
        return len(DRAW.kept(kept) & DRAW.asked(asked))

    whole = of()
    assert (
        len(DRAW.kept(whole)) == 6
    )  # the pair; each name with the year, and with the day; the date with the sex
    assert len(DRAW.asked(whole)) == 1 + 2 * 3 + 2 + 2
    assert shared(whole, whole) == 6
    assert shared(whole, of(sounds=("hsn", "ll"))) == 6  # in whatever order names were given
    assert shared(whole, of(year=1995)) == shared(whole, of(year=1997)) == 5
    assert shared(whole, of(year=1994)) == shared(whole, of(year=1998)) == 3
    assert shared(whole, of(day=10)) == shared(whole, of(month=4)) == 3
    assert shared(whole, of(sounds=("ll", "x"))) == 3
    assert shared(whole, of(sex="Masculine")) == 5
    assert shared(of(sex=None), whole) == shared(whole, of(sex=None)) == 6
    assert shared(of(sex="Other"), whole) == shared(whole, of(sex="Other")) == 6
    assert len(DRAW.asked(of(sex=None))) == 1 + 2 * 3 + 2 + 3
    assert shared(of(month=None, day=None), whole) == 3
    assert DRAW.kept(Traits(sounds=("ll",), year=None)) == DRAW.asked(Traits(sounds=("ll",))) == frozenset()
    assert len(DRAW.numbers(of(numbers=frozenset({"call:1", "call:2"})))) == 2
    assert DRAW.numbers(whole) == frozenset()
    assert len({*DRAW.kept(whole), *Blind(b"2" * 32).kept(whole)}) == 12
    kinds = [
        each
        for some in DRAW.marks(whole).values()
        if some
        for each in (some if isinstance(some, list) else [some])
    ]
    assert len(set(kinds)) == len(kinds) - 2  # each fact under its own kind; both names are long
    assert not set(kinds) & (DRAW.kept(whole) - set(DRAW.marks(whole)["pairs"]))


def test_marks_are_what_same_compares() -> None:
    her = Traits(sounds=("ll", "hsn", "h"), year=1996, month=3, day=9, sex="Feminine")
    marks = DRAW.marks(her)
    assert [len(marks[each]) for each in ("names", "long", "pairs", "near")] == [3, 2, 3, 2]
    assert all(marks[each] == sorted(marks[each]) for each in ("names", "long", "pairs"))
    assert set(marks["long"]) < set(marks["names"])
    before, after = (DRAW.marks(Traits(sounds=her.sounds, year=year))["year"] for year in (1995, 1997))
    assert marks["near"] == [before, after]
    empty = DRAW.marks(Traits(sounds=(), sex="Other"))
    assert empty == {**NONE, "names": [], "long": [], "pairs": []}
    swapped = DRAW.marks(Traits(sounds=(), year=1996, month=9, day=3))
    assert (swapped["days"], swapped["full"] == marks["full"]) == (marks["days"], False)
    for changed, what in (
        ({"year": 1997}, {"year", "near", "full"}), ({"month": 4}, {"days", "full"}), ({"day": 10}, {"days", "full"}),
        ({"sex": "Masculine"}, {"sex"}), ({"sounds": ("ll", "hsn", "x")}, {"names", "pairs"}),
        ({"sounds": ("ll", "hs", "h")}, {"names", "long", "pairs"}),
    ):  # fmt: skip
        theirs = DRAW.marks(replace(her, **changed))  # type: ignore[arg-type]
        assert {each for each in marks if marks[each] != theirs[each]} == what


def test_tokens_of_numbers_stay_whole_and_others_are_cut_to_their_first_bits() -> None:
    assert [planned(each) for each in (0, 1, 63, 64, 127, 128, 2**41, 2**42, 2**60)] == [
        4,
        4,
        4,
        5,
        5,
        6,
        40,
        40,
        40,
    ]
    assert [cut(1 << 63, each) for each in (1, 10, WHOLE)] == [1, 512, -(1 << 63)]
    assert [cut((1 << 63) - 1, each) for each in (1, 10, WHOLE)] == [0, 511, (1 << 63) - 1]
    assert cut(-1, 4) == 15  # a whole token as the database holds it is cut like any other
    assert all(0 <= each < 1 << WHOLE for each in DRAW.kept(Traits(sounds=("a", "b"))))


def test_a_record_weighs_what_its_tokens_weigh_and_the_heaviest_comes_first() -> None:
    found = ranked([(1, "a"), (1, "b"), (2, "b"), (3, "c"), (3, "d"), (3, "a"), (3, "b")], 8)
    assert found == [
        (pytest.approx(math.log(5) + math.log(9) + math.log(3)), "b"),
        (pytest.approx(math.log(5) + math.log(3)), "a"),
        (pytest.approx(math.log(3)), "c"),
        (pytest.approx(math.log(3)), "d"),
    ]
    assert ranked([], 8) == []


def test_tokens_that_a_register_holds_are_drawn_the_same_for_ever() -> None:
    """Drawn by the first version: another label would leave a whole register unfindable until it is written anew."""
    her = Traits(("ll", "h"), 1996, 3, 9, "Feminine", frozenset({"call:1"}))
    assert DRAW.kept(her) == {
        0x0CDEBDC6D8C1CDD7, 0x7D137898C1D65183, 0x9EBCA37AEAEFF7E3, 0xB4AA670997B995D4, 0xBF8E25670C39BD76,
        0xF819361CA4B601FF,
    }  # fmt: skip
    assert DRAW.numbers(her) == {0xF04DEBC43F36ABB6}
    assert DRAW.marks(her) == {
        "names": [0x3B303D7CBA427059, 0xDCDA17A7AF0C00AD], "long": [0x3B303D7CBA427059], "pairs": [0x9EBCA37AEAEFF7E3],
        "year": 0x66DBF674E4CAA02E, "near": [0xB3DA8584AAE96E8C, 0x102B1C89D8B99023], "days": 0xC79FE1CFF99B6AA1,
        "full": 0xFE99B0DFE957F718, "sex": 0x07F39FACE601F965,
    }  # fmt: skip

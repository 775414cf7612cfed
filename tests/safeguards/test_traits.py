"""By what somebody can be found: out of which answers it is gathered, and when it is enough to look for."""

from typing import Any

import pytest

from app.kit.values import PartialDate
from app.safeguards.fields import Form, FoundBy, asked
from app.safeguards.traits import Traits, as_contact, as_date, as_number, asked_numbers, traits, traits_of
from app.safeguards.words import Category


def found(label: str, category: Category, kind: FoundBy | None = None) -> Any:
    return asked(category, label, default=None, found_by=kind)


class Paper(Form):
    number: str | None = found("Number", Category.DOC, "number")
    issued_by: str | None = found("By whom", Category.DOC)


class Person(Form):
    given: str | None = found("Given names", Category.ID, "name")
    family: str | None = found("Family name", Category.ID, "name")
    born: PartialDate | None = found("Born", Category.ID, "born")
    sex: str | None = found("Sex", Category.ID, "sex")
    story: str | None = found("Story", Category.EXP)
    call: str | None = found("Telephone", Category.CON, "contact")
    file: str | None = found("File", Category.CON, "number")
    mother: str | None = found("Mother", Category.FAM, "sex")
    papers: list[Paper] | None = asked(Category.DOC, "Papers", default=None, widget="group")


def test_each_category_is_found_by_what_was_declared_in_it_and_by_nothing_else() -> None:
    said = {
        "given": "Leila", "family": "Husseini", "born": {"year": 1996, "month": 3, "day": 9}, "sex": "Feminine",
        "story": "Anna Bell", "call": "+963 944 567 123", "file": "K-12345", "mother": "Feminine",
        "papers": [{"number": "P 123-456", "issued_by": "Registry 99999"}, Paper(number="Q7654321"), {"number": "1"}],
    }  # fmt: skip
    her = traits(["Leila", "Husseini"], PartialDate(year=1996, month=3, day=9), "Feminine", frozenset())
    assert len(her.sounds) == 2
    assert traits_of(Person, said) == {
        Category.ID: her,
        Category.CON: Traits(numbers=frozenset({"call:944567123", "number:K12345"})),
        Category.DOC: Traits(numbers=frozenset({"number:P123456", "number:Q7654321"})),
    }
    # A sex alone finds nobody, and what was not said finds nothing.
    assert traits_of(Person, {"mother": "Feminine", "papers": None, "given": None, "story": "Anna"}) == {}
    sealed = Person.model_validate(said)
    assert traits_of(Person, dict(sealed)) == traits_of(Person, said)


def test_a_name_counts_once_and_of_a_long_one_the_first_eight_words() -> None:
    long = "Barbara Dorota Fatima Gabriela Kamila Liliana Marta Renata Tatiana Petra"
    heard = traits([long], None, None, frozenset()).sounds
    assert len(heard) == 8
    assert (
        traits(["Marta", "Marta Marta"], None, None, frozenset()).sounds
        == traits(["Marta"], None, None, frozenset()).sounds
    )
    assert traits(["Io", "Marta"], None, "x", frozenset({"n"})) == Traits(
        traits(["Marta"], None, None, frozenset()).sounds, None, None, None, "x", frozenset({"n"})
    )
    assert traits([], PartialDate(year=1996, day=9), None, frozenset()) == Traits((), 1996, None, 9)


@pytest.mark.parametrize(
    ("held", "something", "enough"),
    [
        (Traits(), False, False),
        (Traits(sex="Feminine"), False, False),
        (Traits(("l",)), True, False),
        (Traits(("l", "hsn")), True, True),
        (Traits(("l",), year=1996), True, True),
        (Traits(("l",), month=3, day=9), True, True),
        (Traits(("l",), month=3), True, False),
        (Traits(("l",), day=9), True, False),
        (Traits(numbers=frozenset({"n"})), True, True),
        (Traits(year=1996), False, False),
        (Traits(year=1996, month=3), False, False),
        (Traits(year=1996, day=9), False, False),
        (Traits(month=3, day=9), False, False),
        (Traits(year=1996, month=3, day=9), True, True),
    ],
)
def test_what_is_something_to_go_by_and_what_is_enough_to_look_for(
    held: Traits, something: bool, enough: bool
) -> None:
    assert (bool(held), held.enough) == (something, enough)
    assert held.full == (None not in (held.year, held.month, held.day))


def test_day_and_month_are_taken_in_either_order() -> None:
    assert Traits(month=3, day=9).days == Traits(month=9, day=3).days == (3, 9)
    assert Traits(month=3).days is Traits(day=9).days is None


def test_numbers_are_compared_in_one_form_and_short_ones_not_at_all() -> None:
    assert as_contact("123 4567") == "call:1234567"
    assert as_contact("123 456") is None
    assert as_contact(" A@B.example ") == "mail:a@b.example"
    assert as_contact("0033 612 345 678") == "call:612345678"
    assert as_number("ab_12 3") == "number:AB123"
    assert as_number("A-123") is None
    assert as_number("ABCDE") is None
    assert asked_numbers("1234567") == {"call:1234567", "number:1234567"}
    assert asked_numbers("AB123") == {"number:AB123"}
    assert asked_numbers("A") == frozenset()


def test_a_date_is_read_as_typed_and_as_it_was_sealed() -> None:
    day = PartialDate(year=1996, month=3)
    assert as_date(day) is day
    assert as_date({"year": 1996, "month": 3}) == day
    assert as_date(None) is None

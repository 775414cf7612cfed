"""What every field brings with it: it is answered, with what was offered, on a day of our time, in text that stays."""

from datetime import date
from enum import Enum
from typing import Any, get_args
from uuid import UUID

import pytest
from pydantic import ValidationError

from app.kit.values import PartialDate
from app.safeguards.answers import unwritable
from app.safeguards.fields import GUIDES, Asked, Form, FoundBy, Widget, asked, questions
from app.safeguards.words import Category

WORDS = GUIDES["text"]  # the help of what has none of its own
OFFERED = {"work": "Work", "home": "Home"}


class Kind(Enum):
    WORK = "work"
    ELSE = "else"


def a_form() -> type[Form]:
    """A form with each kind of answer, declared when a test asks for it."""

    class Answers(Form):
        name: str = asked(Category.ID, "Name", help="As she says it", max_length=9)
        kind: str = asked(Category.EXP, "Kind", choices=OFFERED)
        signs: list[str] = asked(Category.EXP, "Signs", choices=OFFERED)
        known: Kind | None = asked(Category.EXP, "Known", choices=OFFERED, default=None)
        safe: bool | None = asked(Category.EXP, "Safe", choices={"yes": "Yes", "no": "No"}, default=None)
        seen: date | None = asked(Category.EXP, "Seen", default=None)
        notes: list[str] = asked(Category.EXP, "Notes", default=[])
        house: UUID | None = asked(Category.LOC, "House", default=None)
        mail: str | None = asked(Category.CON, "Mail", default=None)

    return Answers


LEAST = {"name": "Ana", "kind": "work", "signs": ["home"]}


def refused(form: type[Form], **said: Any) -> list[tuple[str, tuple[str | int, ...]]]:
    with pytest.raises(ValidationError) as caught:
        form.model_validate({**LEAST, **said})
    return [(each["type"], each["loc"]) for each in caught.value.errors()]


def test_what_is_answered_with_what_was_offered_comes_in() -> None:
    form = a_form()
    least = form.model_validate(LEAST)
    assert least.model_dump(exclude_defaults=True) == LEAST
    more = {"known": "work", "safe": True, "seen": "1900-01-01", "notes": ["anything"], "mail": ""}
    came = form.model_validate({**LEAST, "signs": ["home", "work"], **more}).model_dump()
    assert came["known"] is Kind.WORK
    assert (came["safe"], came["seen"], came["notes"], came["mail"]) == (
        True,
        date(1900, 1, 1),
        ["anything"],
        "",
    )
    assert form.model_validate({**LEAST, "safe": False, "seen": "2100-12-31"}).model_dump()["safe"] is False


def test_what_is_not_is_refused_by_name() -> None:
    form = a_form()
    assert refused(form, name="  ") == [("unanswered", ("name",))]
    assert refused(form, signs=[]) == [("unanswered", ("signs",))]
    assert refused(form, kind="") == [("unanswered", ("kind",))]
    assert refused(form, kind="else") == [("not_a_choice", ("kind",))]
    assert refused(form, kind="wor") == [("not_a_choice", ("kind",))]
    assert refused(form, signs=["work", "else"]) == [("not_a_choice", ("signs",))]
    assert refused(form, known="else") == [("not_a_choice", ("known",))]
    for year in ("1899-12-31", "2101-01-01"):
        assert refused(form, seen=year) == [("year_out_of_range", ("seen",))]
    assert refused(form, name="x" * 10) == [("string_too_long", ("name",))]
    assert refused(form, more="x") == [("extra_forbidden", ("more",))]
    with pytest.raises(ValidationError) as caught:
        form.model_validate({})
    assert [each["loc"] for each in caught.value.errors()] == [("name",), ("kind",), ("signs",)]


def test_each_refusal_says_what_to_do() -> None:
    with pytest.raises(ValidationError) as caught:
        a_form().model_validate({"name": "", "kind": "else", "signs": ["work"], "seen": "1066-10-14"})
    assert [each["msg"] for each in caught.value.errors()] == [
        "This must be answered", "Choose one of the answers offered", "The year must lie between 1900 and 2100",
    ]  # fmt: skip


def test_the_schema_says_before_what_validation_refuses() -> None:
    said = a_form().model_json_schema()["properties"]
    assert said["name"] == {
        "description": "As she says it", "maxLength": 9, "pattern": r"\S", "title": "Name", "type": "string",
    }  # fmt: skip
    assert said["kind"] == {
        "description": WORDS, "enum": ["work", "home"], "title": "Kind", "type": "string",
    }  # fmt: skip
    assert said["signs"] == {
        "description": WORDS, "items": {"enum": ["work", "home"], "type": "string"}, "minItems": 1,
        "title": "Signs", "type": "array",
    }  # fmt: skip
    assert said["notes"] == {
        "default": [], "description": WORDS, "items": {"type": "string"}, "title": "Notes", "type": "array",
    }  # fmt: skip
    assert said["mail"]["anyOf"] == [{"type": "string"}, {"type": "null"}]
    assert said["house"]["anyOf"] == [{"format": "uuid", "type": "string"}, {"type": "null"}]
    assert said["safe"]["anyOf"] == [{"type": "boolean"}, {"type": "null"}]


def test_the_schema_keeps_what_a_type_says_of_itself() -> None:
    class Typed(Form):
        house: UUID = asked(Category.LOC, "House")
        day: date = asked(Category.EXP, "Day")
        code: str = asked(Category.EXP, "Code", pattern="^[a-z]+$")
        signs: list[Kind] = asked(Category.EXP, "Signs", choices=OFFERED, min_length=2)
        kind: str | None = asked(Category.EXP, "Kind", choices=OFFERED, default=None)

    said = Typed.model_json_schema()["properties"]
    assert said["house"] == {"description": WORDS, "format": "uuid", "title": "House", "type": "string"}
    assert said["day"] == {"description": WORDS, "format": "date", "title": "Day", "type": "string"}
    assert said["code"] == {
        "description": WORDS, "pattern": "^[a-z]+$", "title": "Code", "type": "string",
    }  # fmt: skip
    assert said["signs"]["minItems"] == 2
    assert said["kind"]["anyOf"] == [{"enum": ["work", "home"], "type": "string"}, {"type": "null"}]


BAD = "\ud800"


def test_text_that_no_database_keeps_is_refused_where_it_stands() -> None:
    sent = {
        "name": "a\x00", "fine": "caf\u00e9 \ud7ff\ue000", 1: [BAD, "good", {"deep": ("x", "\udfff")}], "none": None,
        "number": 3,
    }  # fmt: skip
    assert sorted(unwritable(sent), key=str) == sorted([("name",), ("1", 0), ("1", 2, "deep", 1)], key=str)
    with pytest.raises(ValidationError) as caught:
        a_form().model_validate({**LEAST, "name": "a\x00", "notes": ["good", BAD]})
    assert caught.value.title == "Answers"
    found = [(each["type"], each["loc"], each["input"], each["msg"]) for each in caught.value.errors()]
    assert sorted(found, key=str) == [
        ("unwritable", ("name",), None, "This text has a character that cannot be kept"),
        ("unwritable", ("notes", 1), None, "This text has a character that cannot be kept"),
    ]


def test_a_field_is_asked_as_it_was_declared() -> None:
    class Whole(Form):
        born: PartialDate | None = asked(
            Category.ID, "Born", default=None, help="As far as it is known", widget="partial_date", choices=OFFERED,
            minimal=True, clear="a clock runs from it", when=("kind", ("work",)), standard="birth_date",
            found_by="born",
        )  # fmt: skip
        plain: str = asked(Category.EXP, "Plain")

    assert {"partial_date"} <= set(get_args(Widget))
    assert {"born"} <= set(get_args(FoundBy))
    assert questions(Whole) == {
        "born": Asked(
            category=Category.ID, label="Born", help="As far as it is known", widget="partial_date", choices=OFFERED,
            minimal=True, clear="a clock runs from it", when=("kind", ("work",)), standard="birth_date",
            found_by="born",
        ),
        "plain": Asked(category=Category.EXP, label="Plain"),
    }  # fmt: skip
    assert not questions(Whole)["plain"].minimal


def test_a_field_that_was_not_declared_stops_the_form() -> None:
    class Undeclared(Form):
        name: str = asked(Category.ID, "Name")
        loose: str

    with pytest.raises(TypeError, match=r"Undeclared\.loose has no category"):
        questions(Undeclared)

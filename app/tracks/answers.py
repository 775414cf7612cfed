"""How the forms of tracks ask: codes that are checked, dates known in part, long accounts."""

from typing import Any

from pydantic import GetJsonSchemaHandler, ValidationInfo, field_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from app.kit.places import Names
from app.safeguards.fields import Form, asked, questions
from app.safeguards.words import Category

LONG = 15_000  # characters of an account; as many as the largest national form takes
SHORT = 300
LONGEST_LIST = 80  # a longer list of codes is not repeated in the JSON schema


class Answers(Form):
    """A form whose coded answers must be codes of their list."""

    @field_validator("*", mode="after")
    @classmethod
    def known_codes(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse a code that is not in the list of the field."""
        about = questions(cls).get(info.field_name or "")
        if about is None or about.choices is None or value is None:
            return value
        given = value if isinstance(value, tuple | list | frozenset) else (value,)
        if any(code not in about.choices for code in given):
            raise PydanticCustomError("not_a_choice", "Choose an answer from the list")
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Name the codes of each list in the schema of the JSON door."""
        schema = handler(core)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        for name, about in questions(cls).items():
            if about.choices and len(about.choices) <= LONGEST_LIST and name in properties:
                _strings(properties[name])["enum"] = list(about.choices)
        return schema


def _strings(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a field's schema that stands for one code."""
    if "anyOf" in schema:
        return _strings(next(each for each in schema["anyOf"] if each.get("type") != "null"))
    return _strings(schema["items"]) if "items" in schema else schema


def account(category: Category, label: str, help: str | None = None, **more: Any) -> Any:  # noqa: A002
    """Declare a free account that may be left out; up to 15,000 characters."""
    settings = {"default": None, "widget": "area", "max_length": LONG, **more}
    return asked(category, label, help=help, **settings)


def line(category: Category, label: str, help: str | None = None, **more: Any) -> Any:  # noqa: A002
    """Declare a short text that may be left out."""
    return asked(category, label, help=help, **{"default": None, "max_length": SHORT, **more})


def choice(
    category: Category,
    label: str,
    choices: dict[str, str],
    help: str | None = None,  # noqa: A002
    **more: Any,
) -> Any:
    """Declare one code of a list, which may be left out unless `default=...` says otherwise."""
    widget = "select" if len(choices) > 12 else "choice"
    settings = {"default": None, "widget": widget, "choices": choices, **more}
    return asked(category, label, help=help, **settings)


def ticks(
    category: Category,
    label: str,
    choices: dict[str, str],
    help: str | None = None,  # noqa: A002
    **more: Any,
) -> Any:
    """Declare any number of codes of a list; from a long list they are chosen one by one."""
    widget = "select" if isinstance(choices, Names) else "ticks"
    settings = {"default": (), "widget": widget, "choices": choices, **more}
    return asked(category, label, help=help, **settings)


def day(category: Category, label: str, help: str | None = None, **more: Any) -> Any:  # noqa: A002
    """Declare a date known as far as it is known; the type of the field is `PartialDate | None`."""
    return asked(category, label, help=help, **{"default": None, "widget": "partial_date", **more})


def group(category: Category, label: str, help: str | None = None, **more: Any) -> Any:  # noqa: A002
    """Declare rows of the same questions; all of a row's fields belong to the category of the group."""
    return asked(category, label, help=help, **{"default": (), "widget": "group", "max_length": 20, **more})

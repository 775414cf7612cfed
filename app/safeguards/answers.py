"""What holds for every answer, typed or sent as JSON: it is one of the choices, and it is not blank."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

Place = tuple[str | int, ...]
FIRST_YEAR, LAST_YEAR = 1900, 2100  # a clock that runs from a day outside them would run out of the calendar


@dataclass(frozen=True)
class Answer:
    """Checks that a declared field brings with it, in validation and in the JSON schema."""

    codes: tuple[str, ...]  # empty: anything
    required: bool

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Check after everything that the annotation asks."""
        return core_schema.no_info_after_validator_function(self.checked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Say in the schema what validation will refuse."""
        found = handler(schema)
        for each in found.get("anyOf", [found]):
            self._narrow(each)
        return found

    def checked(self, value: Any) -> Any:
        """Return the value, or refuse a blank one and one that was not offered."""
        if self.required and isinstance(value, str | list | tuple | set | frozenset) and not value:
            raise PydanticCustomError("unanswered", "This must be answered")
        if isinstance(value, date) and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise PydanticCustomError("year_out_of_range", "The year must lie between 1900 and 2100")
        if self.codes and not all(each in self.codes for each in _codes(value)):
            raise PydanticCustomError("not_a_choice", "Choose one of the answers offered")
        return value

    def _narrow(self, schema: JsonSchemaValue) -> None:
        kind = schema.get("type")
        if kind == "string" and self.codes and "enum" not in schema:
            schema["enum"] = list(self.codes)
        elif kind == "string" and self.required and not {"format", "pattern", "enum"} & schema.keys():
            schema["pattern"] = r"\S"
        elif kind == "array":
            items = schema.get("items", {})
            if self.codes and items.get("type") == "string" and "enum" not in items:
                items["enum"] = list(self.codes)
            if self.required:
                schema.setdefault("minItems", 1)


def _codes(value: Any) -> Iterator[str]:
    """Yield the codes in an answer; a yes or no that became true or false needs no looking up."""
    if value is None or isinstance(value, bool):
        return
    for each in value if isinstance(value, list | tuple | set | frozenset) else (value,):
        yield str(each.value if isinstance(each, Enum) else each)


def unwritable(sent: Any) -> Iterator[Place]:
    """Yield the place of every text with a NUL character or a lone surrogate, however deep it stands."""
    waiting: list[tuple[Place, Any]] = [((), sent)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, str):
            if not is_writable(value):
                yield place
        elif isinstance(value, Mapping):
            waiting += [((*place, str(key)), each) for key, each in value.items()]
        elif isinstance(value, list | tuple):
            waiting += [((*place, number), each) for number, each in enumerate(value)]


def is_writable(text: str) -> bool:
    """Say whether a text can be kept: it has no NUL character and no lone surrogate."""
    return "\x00" not in text and not any("\ud800" <= each <= "\udfff" for each in text)

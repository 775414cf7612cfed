"""Types of form fields that hold a code out of a list."""

from typing import Annotated, Any

from pydantic import AfterValidator, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.kit.i18n import _
from app.kit.places import countries, languages


class OneOf:
    """Metadata for `Annotated[str, OneOf(CODES)]`: one of the codes, in JSON schema too."""

    def __init__(self, codes: dict[str, str]) -> None:
        self.codes = codes

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Accept the codes and nothing else; Pydantic asks for this under this name."""
        return core_schema.literal_schema(list(self.codes))


def _language(code: str) -> str:
    if code not in languages("en"):
        raise PydanticCustomError("language", _("Choose a language from the list"))
    return code


def _country(code: str) -> str:
    if code not in countries("en"):
        raise PydanticCustomError("country", _("Choose a country from the list"))
    return code


Language = Annotated[str, AfterValidator(_language)]
Country = Annotated[str, AfterValidator(_country)]

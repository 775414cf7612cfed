"""What a record can be found by: how its names sound, when the person was born, numbers that are theirs alone."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel

from app.kit.sounds import skeleton, words
from app.kit.values import PartialDate
from app.safeguards.fields import Asked, FoundBy, questions
from app.safeguards.words import Category

MOST = 8  # words of a name; more would only add pairs
SHORTEST = 5  # signs of a number below which it would be found by chance
LOCAL = 9  # digits of a telephone number that stay the same with and without the country
FINDABLE: dict[str, type[BaseModel]] = {}  # record types that can be found, with their forms


def findable(record_type: str, form: type[BaseModel]) -> None:
    """Make records of this type findable, by the fields that the form declares."""
    FINDABLE[record_type] = form


@dataclass(frozen=True)
class Traits:
    """By what somebody can be found, in one category of one record or in a question."""

    sounds: tuple[str, ...] = ()
    year: int | None = None
    month: int | None = None
    day: int | None = None
    sex: str | None = None
    numbers: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Say whether there is anything to go by."""
        return bool(self.sounds or self.numbers or self.full)

    @property
    def days(self) -> tuple[int, int] | None:
        """Return day and month in either order: many write the one where others write the other."""
        return (min(self.day, self.month), max(self.day, self.month)) if self.day and self.month else None

    @property
    def full(self) -> bool:
        """Say whether the whole date of birth is known."""
        return bool(self.year and self.month and self.day)

    @property
    def enough(self) -> bool:
        """Say whether it is enough to look for: a number, two names, or a name and when somebody was born."""
        dated = bool(self.year or self.days)
        return bool(self.numbers) or len(self.sounds) > 1 or (bool(self.sounds) and dated) or self.full


def traits(
    names: Iterable[str], born: PartialDate | None, sex: str | None, numbers: frozenset[str]
) -> Traits:
    """Put together what one record is found by."""
    heard = [found for name in names for word in words(name) if (found := skeleton(word))]
    year, month, day = (born.year, born.month, born.day) if born else (None, None, None)
    return Traits(tuple(dict.fromkeys(heard))[:MOST], year, month, day, sex, numbers)


def traits_of(form: type[BaseModel], values: Mapping[str, Any]) -> dict[Category, Traits]:
    """Return by what a record with these values can be found, for each category that they lie in."""
    found: dict[Category, list[tuple[FoundBy, Any]]] = {}
    for about, value in declared(form, values):
        assert about.found_by is not None
        found.setdefault(about.category, []).append((about.found_by, value))
    return {category: each for category, said in found.items() if (each := _gathered(said))}


def declared(form: type[BaseModel], values: Mapping[str, Any]) -> Iterator[tuple[Asked, Any]]:
    """Yield each value that is declared findable, in groups too; values may be as typed or as they were sealed."""
    for name, about in questions(form).items():
        value = values.get(name)
        if about.found_by is not None and value is not None:
            yield about, value
        if about.widget == "group" and (block := _block(form.model_fields[name].annotation)):
            for each in value or ():
                yield from declared(block, dict(each))


def _block(annotation: Any) -> type[BaseModel] | None:
    """Return the form of one block of a group."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _block(each))), None)


def _gathered(said: list[tuple[FoundBy, Any]]) -> Traits:
    names = [str(value) for kind, value in said if kind == "name"]
    born = next((as_date(value) for kind, value in said if kind == "born"), None)
    sex = next((str(value) for kind, value in said if kind == "sex"), None)
    numbers = {as_contact(str(value)) for kind, value in said if kind == "contact"}
    numbers |= {as_number(str(value)) for kind, value in said if kind == "number"}
    return traits(names, born, sex, frozenset(each for each in numbers if each))


def as_date(value: Any) -> PartialDate | None:
    """Return a date known in parts, as typed or as it was sealed."""
    if isinstance(value, PartialDate) or value is None:
        return value
    return PartialDate.model_validate(value)


def as_contact(text: str) -> str | None:
    """Return a telephone number or e-mail address in the form in which it is compared; None for anything else."""
    if "@" in text:
        return f"mail:{text.strip().lower()}"
    digits = re.sub(r"\D", "", text)
    return f"call:{digits[-LOCAL:]}" if len(digits) >= LOCAL - 2 else None


def as_number(text: str) -> str | None:
    """Return the number of a document or file in the form in which it is compared; None if it is too short."""
    signs = re.sub(r"[\W_]", "", text).upper()
    return f"number:{signs}" if len(signs) >= SHORTEST and any(each.isdigit() for each in signs) else None


def asked_numbers(text: str) -> frozenset[str]:
    """Return everything that a number can be, when nobody says what it is."""
    return frozenset(each for each in (as_contact(text), as_number(text)) if each)

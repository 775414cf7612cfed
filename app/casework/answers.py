"""Sealed answers in words: each under its own label, codes and days as people say them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from typing import Any
from uuid import UUID

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from pydantic import BaseModel

from app.casework.reader import Reader
from app.kit.i18n import _, translate
from app.kit.places import Names
from app.kit.values import PartialDate
from app.safeguards.fields import questions
from app.web.filters import locale
from app.web.shape import MONEY_PARTS, Shape, shapes

YES, NO = _("Yes"), _("No")
NOT_NAMED = _("Not named here")
FIGURE = re.compile(r"\d+(\.\d+)?")
SEE_CONSENTS = _("It stands among the consents of this case")


@dataclass(frozen=True)
class Answer:
    """One answered question; `value` is as it was kept, `words` as read, `blocks` rows of a group."""

    name: str
    label: str
    category: str
    value: Any
    words: tuple[str, ...]
    blocks: tuple[tuple["Answer", ...], ...] = ()
    account: bool = False  # a long text, shown as it was written
    linked: bool = False  # an identifier that the service set: programs read it, people have no use for it


def answers(form: type[BaseModel], fields: Mapping[str, Any], reader: Reader) -> tuple[Answer, ...]:
    """Return the answered questions of a form, in the order in which they are asked."""
    return tuple(
        _answer(shape, fields[name], reader)
        for name, shape in shapes(form).items()
        if fields.get(name) not in (None, "", [], {})
    )


Held = tuple[type[BaseModel], Mapping[str, Any]]  # a form, and what was opened of its answers


def named(widget: str, held: Iterable[Held]) -> Iterator[UUID]:
    """Yield the users (or places) whom opened answers name, so that their names are read at once."""
    for form, fields in held:
        for name, group in _asking_for(widget, form).items():
            value = fields.get(name)
            several = value if isinstance(value, list) else [] if value is None else [value]
            if group is None:
                yield from (UUID(str(each)) for each in several)
            else:
                yield from named(widget, [(group, each) for each in several])


@cache
def _asking_for(widget: str, form: type[BaseModel]) -> Mapping[str, type[BaseModel] | None]:
    """Return the questions of a form that ask for a user, or for a place; groups that do so inside with their form."""
    asking = {name: None for name, about in questions(form).items() if about.widget == widget}
    inside = {name: shape.group for name, shape in shapes(form).items() if shape.group}
    return asking | {name: group for name, group in inside.items() if _asking_for(widget, group)}


def _answer(shape: Shape, value: Any, reader: Reader) -> Answer:
    about = shape.about
    label, several = translate(about.label, reader.language), value if shape.many else [value]
    if shape.group:
        blocks = tuple(answers(shape.group, each, reader) for each in several)
        return Answer(shape.name, label, about.category.value, value, (), blocks)
    words = tuple(_word(shape, each, reader) for each in several)
    return Answer(
        shape.name, label, about.category.value, value, words, account=about.widget == "area",
        linked=about.widget == "hidden" and shape.of is UUID,
    )  # fmt: skip


def _word(shape: Shape, value: Any, reader: Reader) -> str:
    about = shape.about
    if about.choices:
        return _label(about.choices, value, reader.language)
    if about.widget in NAMED:
        return NAMED[about.widget](reader, UUID(str(value)))
    if isinstance(value, bool):
        return reader.say(YES if value else NO)
    return _measured(shape, value, reader)


def _measured(shape: Shape, value: Any, reader: Reader) -> str:
    if shape.parts == MONEY_PARTS:
        return format_currency(value["amount"], value["currency"], locale=locale(reader.language))
    if shape.parts:
        return _day(value, reader)
    if shape.numeric:
        return format_decimal(value, locale=locale(reader.language))
    if shape.name == "working":  # a sum as it was worked out, in the figures of the reader
        return FIGURE.sub(partial(_figure, language=reader.language), str(value))
    return str(value)


def _figure(found: re.Match[str], language: str) -> str:
    shape = "#,##0.00" if "." in found[0] else None
    return format_decimal(found[0], shape, locale=locale(language))


NAMED: dict[str, Callable[[Reader, UUID], str]] = {
    "organisation": lambda reader, each: reader.organisation(each),
    "user": lambda reader, each: reader.user(each) or reader.say(NOT_NAMED),
    "track": lambda reader, _each: reader.say(SEE_CONSENTS),
    "shelter_place": lambda reader, each: reader.places.get(each) or reader.say(NOT_NAMED),
}


def _label(choices: Mapping[str, str], code: Any, language: str) -> str:
    named = choices.shown(language) if isinstance(choices, Names) else choices
    return translate(named.get(str(code), str(code)), language)


def _day(value: Any, reader: Reader) -> str:
    """Return a day or instant as it was kept, or the known parts of a date."""
    if isinstance(value, Mapping):
        return partial_day(PartialDate.model_validate(value), reader.language)
    text = str(value)
    if "T" in text and (at := datetime.fromisoformat(text)).tzinfo is not None:
        return reader.instant(at)
    return reader.day(date.fromisoformat(text[:10]))


def partial_day(value: PartialDate, language: str) -> str:
    """Return the known parts of a date in the order of the language; a lone day shows what is not known."""
    if value.month is None and value.day is not None:
        return str(value)
    known = [("day", "d"), ("month", "MMMM"), ("year", "y")]
    pattern = " ".join(each for name, each in known if getattr(value, name) is not None)
    return format_date(
        date(value.year or 2000, value.month or 1, value.day or 1), pattern, locale=locale(language)
    )

"""Made-up answers to the questions of any form, from the types and limits that the form itself declares."""

import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from app.kit.values import Money, PartialDate
from app.safeguards.fields import Asked, Form, questions

TRIES = 5
AGO, AHEAD = (0, 0, 0, 1, 3, 20, 40, 200, 800), (1, 7, 20, 40, 100, 400)
BORN = ("born_on", "birth")
ROWS_ABOUT = ("domain", "aspect", "member", "risk")  # what a row of findings is about: each once


@dataclass
class Answering:
    """Who fills in a form, and what there is to name: organisations, users, places, other tracks."""

    random: Random
    now: datetime
    today: date
    known: dict[str, list[UUID]] = field(default_factory=dict)  # kind of question -> what it may name
    tracks: dict[str, list[UUID]] = field(default_factory=dict)
    likely: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what this walk is about
    thorough: bool = False  # answers everything that is asked

    def code(self, name: str, codes: tuple[str, ...]) -> str:
        """Choose a code: mostly one of those that the walk is about, where the question has any."""
        meant = [each for each in self.likely.get(name, ()) if each in codes]
        return str(self.pick(meant if meant and self.random.random() < 0.85 else codes))

    def pick(self, several: Iterable[Any]) -> Any:
        """Choose one of several."""
        return self.random.choice(list(several))


Maker = Callable[[Answering], Any]


@dataclass(frozen=True)
class Question:
    """One field of a form, and how an answer to it is made up."""

    name: str
    about: Asked
    required: bool
    make: Maker


@cache
def plan(form: type[BaseModel]) -> tuple[Question, ...]:
    """Return how each field of a form is answered."""
    asked = questions(form)
    return tuple(
        Question(name, asked[name], info.is_required(), _maker(name, info, asked[name]))
        for name, info in form.model_fields.items()
    )


def filled(
    form: type[Form], by: Answering, must: Iterable[str] = (), base: dict[str, Any] | None = None
) -> Any:
    """Return a form that the form itself finds valid, or None where no try was; `must` names what is not left out."""
    wanted, given = set(must), dict(base or {})
    for _turn in range(TRIES):
        said = _answers(form, by, wanted, given)
        try:
            return form.model_validate(said)
        except ValidationError as error:
            wrong = {str(each["loc"][0]) for each in error.errors(include_url=False) if each["loc"]}
            wanted |= wrong
            given = {name: value for name, value in said.items() if name not in wrong}
            if not wrong:
                given = {}
    return None


def _answers(form: type[BaseModel], by: Answering, must: set[str], given: dict[str, Any]) -> dict[str, Any]:
    said = dict(given)
    for each in plan(form):
        if each.name in said:
            continue
        if (
            each.required
            or each.name in must
            or by.random.random() < (_chance(each) if not by.thorough or each.about.widget == "hidden" else 1)
        ):
            said[each.name] = each.make(by)
        if each.about.when and each.name not in must and not _asked_for(each, said):
            said.pop(each.name, None)
    return said


def _chance(each: Question) -> float:
    if each.about.widget == "hidden":
        return 0.1
    return 0.5 if each.about.clear else 0.15


def _asked_for(each: Question, said: dict[str, Any]) -> bool:
    assert each.about.when
    other, codes = each.about.when
    value = said.get(other)
    values = value if isinstance(value, list) else [value]
    return any(_code(one) in codes for one in values)


def _code(value: Any) -> str:
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else str(value)


def _maker(name: str, info: FieldInfo, about: Asked) -> Maker:
    limits = dict(_limits(info))
    return _of_type(info.annotation, name, about, limits)


def _limits(info: FieldInfo) -> Iterator[tuple[str, Any]]:
    for each in info.metadata:
        for name in ("ge", "gt", "le", "lt", "min_length", "max_length", "pattern"):
            if getattr(each, name, None) is not None:
                yield name, getattr(each, name)


def _of_type(kind: Any, name: str, about: Asked, limits: dict[str, Any]) -> Maker:  # noqa: PLR0911 -- one way out each
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return _of_type(inner[0], name, about, limits)
    if origin in (typing.Union, types.UnionType):
        return _of_type(next(each for each in inner if each is not type(None)), name, about, limits)
    if origin in (tuple, list, frozenset):
        return _several(_of_type(inner[0], name, about, {}), about, limits)
    if about.choices and kind is not bool:
        return lambda by, codes=tuple(about.choices): by.code(name, codes)
    if isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in (Money, PartialDate):
        return lambda by: _answers(kind, by, set(), {})
    if kind is UUID:
        return lambda by: _named(name, about, by)
    return SIMPLE[kind](name, limits)


def _several(one: Maker, about: Asked, limits: dict[str, Any]) -> Maker:
    least = max(1, limits.get("min_length", 0))
    if about.widget == "group":
        return lambda by: _rows(one, by, least, limits.get("max_length", 20))

    def make(by: Answering) -> list[Any]:
        made = [one(by) for _number in range(least + by.random.choice((0, 0, 1, 2)))]
        return list(dict.fromkeys(made))

    return make


def _rows(one: Maker, by: Answering, least: int, most: int) -> list[Any]:
    """Return a few rows, or (as a thorough person would) one row for each code of what the rows are about."""
    if not by.thorough:
        return [one(by) for _number in range(least + by.random.choice((0, 1)))]
    rows = [one(by) for _number in range(60)]
    about = next((name for name in ROWS_ABOUT if name in rows[0]), None)
    return list({row[about]: row for row in rows}.values())[:most] if about else rows[:least]


def _named(name: str, about: Asked, by: Answering) -> str:
    found = by.known.get(name) or by.known.get(about.widget)
    if not found:
        fitting = [each for slug, ids in by.tracks.items() if slug.split("_")[0] in name for each in ids]
        found = fitting or [each for ids in by.tracks.values() for each in ids]
    return str(by.pick(found or [UUID(int=by.random.getrandbits(128))]))


def _text(name: str, limits: dict[str, Any]) -> Maker:
    said = "x" * max(limits.get("min_length", 1), 4)
    return lambda _by: said[: limits.get("max_length")]


def _whole(name: str, limits: dict[str, Any]) -> Maker:
    least = limits.get("ge", limits.get("gt", -1) + 1)
    most = limits.get("le", limits.get("lt", least + 21) - 1)
    return lambda by: by.random.choice(
        (least, least + (most - least) // 2, most, by.random.randint(least, most))
    )


def _day(name: str, limits: dict[str, Any]) -> Maker:
    if any(each in name for each in BORN):
        return lambda by: (by.today - timedelta(days=by.random.randint(13 * 365, 40 * 365))).isoformat()
    return lambda by: (by.today + timedelta(days=_off(by))).isoformat()


def _instant(name: str, limits: dict[str, Any]) -> Maker:
    return lambda by: (by.now + timedelta(days=_off(by), minutes=-1)).isoformat()


def _off(by: Answering) -> int:
    return -by.pick(AGO) if by.random.random() < 0.55 else by.pick(AHEAD)


SIMPLE: dict[Any, Callable[[str, dict[str, Any]], Maker]] = {
    str: _text,
    int: _whole,
    date: _day,
    datetime: _instant,
    bool: lambda _name, _limits: lambda by: by.random.random() < 0.75,
    Decimal: lambda _name, limits: lambda by: str(by.random.randint(1, int(limits.get("le", 4000)))),
    Money: lambda _name, _limits: lambda by: {"amount": str(by.random.randint(1, 9000)), "currency": "EUR"},
    PartialDate: lambda _name, _limits: lambda by: {"year": by.random.randint(1980, 2012)},
}

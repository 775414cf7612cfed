"""The shape of a form: for each question whether it must be answered, how often, and what it is made of."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from annotated_types import MaxLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.kit.values import Money, PartialDate
from app.safeguards.fields import Asked, questions

DATE_PARTS = ("day", "month", "year")
MONEY_PARTS = ("amount", "currency")
WIDTHS = (4, 10, 20)  # of a box, in characters
KEYS = {"phone": "tel", "email": "email"}  # by the end of the question's name
MOST_BLOCKS = 30  # of a repeated group that sets no limit of its own


@dataclass(frozen=True)
class Shape:
    """One question of a form, as its annotation describes it."""

    name: str
    about: Asked
    required: bool
    many: bool  # several values: ticks, or the blocks of a group
    of: Any  # the type of one value
    limit: int | None  # longest text, or most values

    @property
    def group(self) -> type[BaseModel] | None:
        """Return the form of one block, if the question is made of further questions."""
        is_form = isinstance(self.of, type) and issubclass(self.of, BaseModel)
        return self.of if is_form and self.of not in (PartialDate, Money) else None

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the parts in which one value is typed: of a date, of a sum of money."""
        if self.of is Money:
            return MONEY_PARTS
        dated = self.of in (date, datetime, PartialDate) or self.about.widget in ("date", "partial_date")
        return DATE_PARTS if dated else ()

    @property
    def partial(self) -> bool:
        """Say whether parts of the date may be unknown."""
        return self.of is PartialDate or self.about.widget == "partial_date"

    @property
    def numeric(self) -> bool:
        """Say whether the value is a number, which people type with spaces and commas."""
        return self.of in (int, float, Decimal) or self.about.widget in ("number", "money")

    @property
    def keyboard(self) -> str | None:
        """Return which keys a telephone should show."""
        if self.numeric:
            return "numeric" if self.of is int else "decimal"
        return next((keys for ending, keys in KEYS.items() if self.name.endswith(ending)), None)

    @property
    def width(self) -> int | None:
        """Return how wide the box is: what fits shows how much is asked."""
        if self.numeric:
            return 10
        return next((each for each in WIDTHS if self.limit and self.limit <= 3 * each), None)

    @property
    def most(self) -> int:
        """Return how many blocks a group may have."""
        return min(self.limit or MOST_BLOCKS, MOST_BLOCKS)


@cache
def shapes(form: type[BaseModel]) -> Mapping[str, Shape]:
    """Return the questions of a form by name, in the order in which they are asked."""
    return {name: _shape(name, about, form.model_fields[name]) for name, about in questions(form).items()}


def _shape(name: str, about: Asked, info: FieldInfo) -> Shape:
    of, many = _unwrapped(info.annotation)
    limit = next((each.max_length for each in info.metadata if isinstance(each, MaxLen)), None)
    return Shape(name, about, info.is_required(), many, of, limit)


def _unwrapped(annotation: Any) -> tuple[Any, bool]:
    """Return the type of one value and whether there may be several."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _unwrapped(get_args(annotation)[0])
    if origin in (Union, UnionType):
        kept = [each for each in get_args(annotation) if each is not type(None)]
        return _unwrapped(kept[0])
    if isinstance(origin, type) and issubclass(origin, Collection) and not issubclass(origin, Mapping):
        return _unwrapped(get_args(annotation)[0])[0], True
    return annotation, False

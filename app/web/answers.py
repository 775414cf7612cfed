"""What was typed, read as answers: blanks left out, dates and numbers put together, the unasked ignored."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from app.kit.errors import Fault
from app.kit.values import Money
from app.safeguards.answers import is_writable
from app.web.complaints import complaint
from app.web.names import Typed
from app.web.shape import DATE_PARTS, Shape, shapes

Place = tuple[str | int, ...]
BETWEEN_THOUSANDS = str.maketrans("", "", "'’_")


def is_asked(shape: Shape, form: type[BaseModel], typed: Mapping[str, Any]) -> bool:
    """Say whether a question is asked, given what was answered to the question that it hangs on."""
    if shape.about.when is None:
        return True
    name, codes = shape.about.when
    parent = shapes(form).get(name)
    if parent is None or not is_asked(parent, form, typed):
        return parent is None
    given = typed.get(name, [])
    return any(each in codes for each in (given if isinstance(given, list) else [given]))


class Answers:
    """Reads the answers of one form; what cannot be read becomes a fault and is left out."""

    def __init__(self, form: type[BaseModel], at: Place = (), whole: type[BaseModel] | None = None) -> None:
        self.form = form
        self.at = at
        self.whole = whole or form
        self.values: dict[str, Any] = {}
        self.faults: list[Fault] = []

    def read(self, typed: Typed) -> "Answers":
        """Read everything that was typed, and return these answers."""
        for shape in shapes(self.form).values():
            if shape.name in typed and is_asked(shape, self.form, typed):
                value = self._answer(shape, typed[shape.name])
                if value not in (None, "", [], {}):
                    self.values[shape.name] = value
        return self

    def _answer(self, shape: Shape, typed: Any) -> Any:
        if shape.group:
            if not shape.many:
                return self._block(shape.group, (shape.name,), typed)
            return [self._block(shape.group, (shape.name, number), each) for number, each in enumerate(typed)]
        if shape.many:
            return [each for each in typed if self._text(shape, each)]
        if shape.of is Money:
            return self._money(shape, typed)
        if shape.parts:
            return self._date(shape, typed)
        return self._number(shape, typed) if shape.numeric else self._text(shape, typed)

    def _text(self, shape: Shape, typed: str) -> str | None:
        """Return a text that says something and can be kept; else None."""
        if not is_writable(typed):
            self._refuse("unwritable", shape)
            return None
        return typed if typed.strip() else None

    def _block(self, form: type[BaseModel], at: Place, typed: Typed) -> dict[str, Any]:
        inner = Answers(form, (*self.at, *at), self.whole).read(typed)
        self.faults += inner.faults
        return inner.values

    def _refuse(self, kind: str, shape: Shape) -> None:
        """Add a fault; the question then has no answer."""
        self.faults.append(complaint(kind, (*self.at, shape.name), self.whole))

    def _number(self, shape: Shape, typed: str) -> str | None:
        """Return a number as it would be written in a program; refuse one that could be read in two ways."""
        text = "".join(typed.split()).translate(BETWEEN_THOUSANDS)
        if "," in text and "." in text:
            return _with_both(text)
        text = text.replace(",", ".")
        whole, point, rest = text.partition(".")
        if point and len(rest) == 3 and whole != "0" and shape.of is not int:
            self._refuse("amount_unclear", shape)
            return None
        return text

    def _money(self, shape: Shape, typed: Mapping[str, str]) -> dict[str, Any] | None:
        amount = self._number(shape, typed.get("amount", ""))
        if not amount:
            return None
        try:
            Decimal(amount)
        except ArithmeticError:
            self._refuse("decimal_parsing", shape)
            return None
        return {"amount": amount, "currency": typed.get("currency", "").strip().upper()}

    def _date(self, shape: Shape, typed: Mapping[str, str]) -> Any:
        filled = {name: typed.get(name, "").strip() for name in DATE_PARTS}
        parts = {name: int(text) for name, text in filled.items() if text.isdecimal() and len(text) <= 4}
        kind = None
        if any(text and name not in parts for name, text in filled.items()):
            kind = "date_parsing"
        elif filled["year"] and len(filled["year"]) != 4:
            kind = "year_short"
        elif not shape.partial and parts and len(parts) < len(DATE_PARTS):
            kind = "date_part_missing"
        if kind is None and (not parts or shape.partial):
            return parts
        if kind is not None:
            self._refuse(kind, shape)
            return None
        return self._whole_date(shape, parts)

    def _whole_date(self, shape: Shape, parts: Mapping[str, int]) -> str | None:
        try:
            return date(parts["year"], parts["month"], parts["day"]).isoformat()
        except ValueError:
            self._refuse("date_impossible", shape)
            return None


def _with_both(text: str) -> str:
    """Return a number in which both signs stand: the last of them is the decimal point."""
    thousands = "," if text.rindex(".") > text.rindex(",") else "."
    return text.replace(thousands, "").replace(",", ".")

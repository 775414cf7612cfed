"""Wages owed, worked out from hours, rates, what was paid and what was taken off; the working is shown.

Where nobody can show how long somebody worked, three months are presumed (Directive 2009/52/EC art. 6(3)).
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from types import SimpleNamespace
from typing import Annotated, Any, Protocol

from pydantic import Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from app.kit.i18n import _
from app.kit.values import Money, PartialDate
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import Answers, choice, day, line

CENT = Decimal("0.01")
ZERO = Decimal(0)
Sum = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$", to_upper=True, strip_whitespace=True)]

SHOWN_BY = {
    "papers": _("Papers, messages or a timetable show it"),
    "person": _("The person’s own account"),
    "witnesses": _("Others who worked there"),
    "presumed": _("Nothing shows it: the time that the law presumes"),
}


class Worked(Protocol):
    """One stretch of work, with what was agreed and what was received."""

    weeks: Decimal
    weekly_hours: Decimal
    agreed_rate: Decimal
    least_rate: Decimal | None
    overtime_hours: Decimal
    overtime_rate: Decimal | None
    paid: Decimal
    taken_off: Decimal


def to_the_cent(amount: Decimal) -> Decimal:
    """Return an amount rounded to the cent, half a cent upwards."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def rate(work: Worked) -> Decimal:
    """Return the rate that counts: what was agreed, and never less than law or collective agreement give."""
    return max(work.agreed_rate, work.least_rate or ZERO)


def due(work: Worked) -> Decimal:
    """Return what should have been paid for the stretch of work."""
    overtime = work.overtime_hours * max(work.overtime_rate or ZERO, rate(work))
    return to_the_cent(work.weeks * work.weekly_hours * rate(work) + overtime)


def owed(work: Worked) -> Decimal:
    """Return what is still owed: what was due, less what was paid, plus what was taken off without a right to."""
    return max(ZERO, to_the_cent(due(work) - work.paid + work.taken_off))


def working(work: Worked) -> str:
    """Return the sum as it was worked out, so that anybody can check it."""
    parts = [f"{work.weeks.normalize():f} × {work.weekly_hours.normalize():f} h × {rate(work):.2f}"]
    if work.overtime_hours:
        extra = max(work.overtime_rate or ZERO, rate(work))
        parts.append(f"+ {work.overtime_hours.normalize():f} h × {extra:.2f}")
    parts.append(f"− {work.paid:.2f}")
    if work.taken_off:
        parts.append(f"+ {work.taken_off:.2f}")
    return " ".join(parts) + f" = {owed(work):.2f}"


def total(stretches: Iterable[Worked]) -> Decimal:
    """Return what is owed for all stretches of work together."""
    return sum((owed(each) for each in stretches), ZERO)


def worked_out(given: Money | None, amount: Decimal, currency: str | None) -> Money | None:
    """Return the sum that follows from the rows; refuse one that was typed and does not."""
    if currency is None:  # the currency was refused already
        return given
    sum_ = Money(amount=to_the_cent(amount), currency=currency)
    if given is not None and given != sum_:
        raise PydanticCustomError("sum_differs", "The sum does not follow from the rows: leave it empty")
    return sum_


class WorkStretch(Answers):
    """One stretch of work: how long, for how much, what was paid, and what was taken off without a right to."""

    began: PartialDate | None = day(Category.LAB, _("From"))
    weeks: Annotated[Decimal, Field(gt=0, le=2600, decimal_places=2)] = asked(
        Category.LAB, _("For how many weeks?"), widget="number", help=_("Nine months are about 39 weeks.")
    )
    length_shown_by: str = choice(Category.LAB, _("What shows how long?"), SHOWN_BY, default=...)
    weekly_hours: Annotated[Decimal, Field(gt=0, le=168, decimal_places=2)] = asked(
        Category.LAB, _("Hours a week, at the ordinary rate"), widget="number"
    )
    agreed_rate: Sum = asked(
        Category.LAB, _("Pay for an hour, as agreed"), widget="number",
        help=_("If a week or a month was agreed, divide it by its hours."),
    )  # fmt: skip
    least_rate: Sum | None = asked(
        Category.LAB, _("Least pay for an hour, by law or collective agreement"), default=None, widget="number",
        help=_("The higher of the two counts."),
    )  # fmt: skip
    overtime_hours: Sum = asked(
        Category.LAB, _("Hours of overtime, in all"), default=ZERO, widget="number",
        help=_("Those beyond the ordinary hours, for the whole stretch."),
    )  # fmt: skip
    overtime_rate: Sum | None = asked(
        Category.LAB, _("Pay for an hour of overtime"), default=None, widget="number",
        help=_("Left empty, the ordinary rate counts."),
    )  # fmt: skip
    paid: Sum = asked(Category.LAB, _("What was paid out, before anything was taken off"), widget="number")
    taken_off: Sum = asked(
        Category.LAB, _("What was taken off without a right to"), default=ZERO, widget="number",
        help=_("For lodging, food, travel, papers, fines or a debt."),
    )  # fmt: skip
    working: str | None = line(
        Category.LAB, _("How the sum was worked out"), validate_default=True, widget="hidden",
    )  # fmt: skip

    @field_validator("working", mode="after")
    @classmethod
    def shown(cls, typed: str | None, info: ValidationInfo) -> str | None:
        """Show the working of this row, whatever was typed."""
        rows = info.data
        if "taken_off" not in rows or not {*Worked.__annotations__} <= rows.keys():
            return typed  # a number before it was refused
        row: Any = SimpleNamespace(**rows)
        return working(row)

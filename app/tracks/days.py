"""Days from and to which tracks count: in order, over, or so many days ahead."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.declaration import Guard
from app.procedure.facts import Facts
from app.procedure.refusal import refuse
from app.procedure.span import end_of


def in_order(first: str, last: str) -> Guard:
    """Return a guard against a last day before the first."""

    def guard(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
        begins, ends = getattr(form, first, None), getattr(form, last, None)
        if begins is None or ends is None or begins <= ends:
            return None
        return Fault(_("The last day lies before the first"), last)

    return guard


def still_ahead(name: str) -> Guard:
    """Return a guard against a day that is over already, where it begins a time that is still to run."""

    def guard(facts: Facts, form: Any) -> Fault | None:
        day = getattr(form, name, None)
        if day is None or day >= facts.today:
            return None
        return Fault(_("The last day cannot be in the past"), name)

    return guard


def day_is_over(mark: str, source: str) -> Guard:
    """Return a guard of a lapse: the day that the mark holds must have passed, whoever asks."""

    def guard(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
        last = facts.this.day(mark) if facts.this else None
        if last is not None and end_of(last, facts.profile) <= facts.now:
            return None
        return refuse(
            _("That time is not over yet"), rule=source, source=source, unblock=_("The end of its last day")
        )

    return guard


def ahead_of(facts: Facts, last: date | None, key: str) -> date | None:
    """Return the day so many days (a number of the profile) before `last`; one that would come too late is none."""
    day = last - timedelta(days=facts.profile.number(key)) if last else None
    return day if day and day > facts.today else None


def days_before(mark: str, key: str) -> Callable[[Facts], date | None]:
    """Return what finds the day so many days before the day that a mark holds."""

    def ahead(facts: Facts) -> date | None:
        return ahead_of(facts, facts.this.day(mark) if facts.this else None, key)

    ahead.__name__ = f"{key} before {mark}"
    return ahead

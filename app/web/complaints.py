"""What Pydantic says, said to a person: every kind of error as a fault with a plain, marked text."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from app.kit.errors import Fault
from app.kit.i18n import _
from app.web.shape import shapes
from app.web.wording import plain

MUST_ANSWER = _("“{label}” must be answered.")
CHOOSE = _("Choose one of the answers offered for “{label}”.")
WHOLE_NUMBER = _("“{label}” must be a whole number, such as 12.")
NUMBER = _("“{label}” must be a number, such as 12.50.")
REAL_DATE = _("“{label}” must be a real date, such as 27 3 2007.")
YES_OR_NO = _("Choose yes or no for “{label}”.")
WRONG_FORM = _("“{label}” is not in the form expected.")
TEXT = _("“{label}” must be text.")
UNWRITABLE = _("“{label}” has a character that cannot be kept. Type it again without it.")
MESSAGES = {
    "missing": MUST_ANSWER,
    "unanswered": MUST_ANSWER,
    "string_too_long": _("“{label}” must have at most {limit} characters; it has {count}."),
    "string_too_short": _("“{label}” must have at least {limit} characters; it has {count}."),
    "too_long": _("“{label}” takes at most {limit} answers; there are {count}."),
    "too_short": _("“{label}” needs at least {limit} answers; there are {count}."),
    "extra_forbidden": _("This form has no question named “{name}”."),
    "sent_twice": _("“{label}” was sent more than once."),
    "not_a_choice": CHOOSE,
    "literal_error": CHOOSE,
    "enum": CHOOSE,
    "uuid_parsing": CHOOSE,
    "uuid_type": CHOOSE,
    "int_parsing": WHOLE_NUMBER,
    "int_type": WHOLE_NUMBER,
    "int_from_float": WHOLE_NUMBER,
    "int_parsing_size": WHOLE_NUMBER,
    "float_parsing": NUMBER,
    "float_type": NUMBER,
    "finite_number": NUMBER,
    "decimal_parsing": NUMBER,
    "decimal_type": NUMBER,
    "decimal_max_digits": NUMBER,
    "decimal_max_places": _("“{label}” takes at most {limit} digits after the decimal point."),
    "decimal_whole_digits": _("“{label}” is too large."),
    "amount_unclear": _("Write “{label}” without a separator for thousands, such as 1200.50."),
    "sum_differs": _("“{label}” does not follow from the rows above. Leave it empty: it is worked out."),
    "greater_than_equal": _("“{label}” must be {limit} or more."),
    "greater_than": _("“{label}” must be more than {limit}."),
    "less_than_equal": _("“{label}” must be {limit} or less."),
    "less_than": _("“{label}” must be less than {limit}."),
    "date_empty": _("Give at least one part of “{label}”."),
    "date_part_missing": _("“{label}” must have a day, a month and a year."),
    "date_impossible": _("“{label}” is a day that does not exist. Check the day and the month."),
    "year_short": _("The year of “{label}” must have four digits, such as 1994."),
    "date_parsing": REAL_DATE,
    "date_type": REAL_DATE,
    "date_from_datetime_parsing": REAL_DATE,
    "date_from_datetime_inexact": REAL_DATE,
    "datetime_parsing": REAL_DATE,
    "datetime_from_date_parsing": REAL_DATE,
    "datetime_type": REAL_DATE,
    "year_out_of_range": _("The year of “{label}” must lie between 1900 and 2100."),
    "currency_wrong": _("Give the currency of “{label}” in three letters, such as EUR."),
    "date_past": _("“{label}” must lie in the past."),
    "date_future": _("“{label}” must lie in the future."),
    "bool_parsing": YES_OR_NO,
    "bool_type": YES_OR_NO,
    "string_type": TEXT,
    "string_pattern_mismatch": WRONG_FORM,
    "unwritable": UNWRITABLE,
    "string_unicode": UNWRITABLE,
    "json_invalid": _("This is not valid JSON."),
}
WITHIN = {  # errors in one part of a value that is typed in parts
    "day": "date_impossible",
    "month": "date_impossible",
    "year": "year_out_of_range",
    "currency": "currency_wrong",
}
CHECK = _("Check “{label}”.")
CHECK_ALL = _("What was sent does not fit the form.")
LIMITS = ("max_length", "min_length", "ge", "gt", "le", "lt", "decimal_places")
MOST_TOLD = 100  # faults in one answer; a person has read enough, a program gets no endless answer
AUTHORED = ("value_error", "assertion_error")


def faults(errors: Iterable[ErrorDetails], form: type[BaseModel] | None = None) -> list[Fault]:
    """Return one fault for each question that has errors: the first of them, as a person would say it."""
    found: dict[str | None, Fault] = {}
    for error in errors:
        part = error["loc"][-1] if error["loc"] else None
        within = form is not None and place(error["loc"], form)[0][-1:] != (part,)
        kind = WITHIN.get(str(part), error["type"]) if within else error["type"]
        fault = complaint(kind, error["loc"], form, error)
        found.setdefault(fault.field, fault)
        if len(found) == MOST_TOLD:
            break
    return list(found.values())


def complaint(
    kind: str, loc: Sequence[str | int], form: type[BaseModel] | None, error: Mapping[str, Any] | None = None
) -> Fault:
    """Return the fault for one kind of error at one place of a form."""
    about = error or {}
    path, label = place(loc, form)
    name = ".".join(plain(part) for part in (loc if kind == "extra_forbidden" else path)) or None
    values = {"label": label, "name": plain(loc[-1]) if loc else "", **_measured(about)}
    return Fault(_message(kind, about, has_label=bool(label)), name, values=values)


def _message(kind: str, about: Mapping[str, Any], *, has_label: bool) -> str:
    if kind in AUTHORED:
        return str(about.get("ctx", {}).get("error") or about.get("msg", CHECK_ALL))
    message = MESSAGES.get(kind, CHECK)
    return message if has_label or "{label}" not in message else CHECK_ALL


def _measured(about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the limit that was broken and how much there was; never what was typed."""
    context = about.get("ctx", {})
    limit = next((context[each] for each in LIMITS if each in context), None)
    values = {} if limit is None else {"limit": limit}
    if isinstance(held := about.get("input"), str | list | tuple):
        values["count"] = len(held)
    return values


def place(
    loc: Sequence[str | int], form: type[BaseModel] | None
) -> tuple[tuple[str | int, ...], tuple[str | int, ...]]:
    """Return the path of the question that an error belongs to, and its label (marked texts, counts)."""
    if form is None:
        return tuple(loc), (".".join(plain(part) for part in loc),) if loc else ()
    path: list[str | int] = []
    label: list[str | int] = []
    inner: type[BaseModel] | None = form
    for part in loc:
        if isinstance(part, int) and path and inner is not None:
            path.append(part)
            label.append(part)
        elif inner is not None and part in shapes(inner):
            shape = shapes(inner)[str(part)]
            path.append(shape.name)
            label.append(shape.about.label)
            inner = shape.group
    return tuple(path), tuple(label)

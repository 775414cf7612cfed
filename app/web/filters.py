"""How values are shown: days and instants in the reader's language, phones safe from reordering."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_datetime, get_timezone
from markupsafe import Markup, escape

from app.kit.i18n import translate
from app.kit.values import PartialDate
from app.web.drawing import Option, Question


def isolate(value: object) -> Markup:
    """Return a phone, reference or address from left to right, whatever stands around it.

    Among Arabic words `0800 123 456` would be shown as `456 123 0800`.
    """
    return Markup('<bdi dir="ltr">{}</bdi>').format(value)


def fill(text: str, **values: Any) -> Markup:
    """Return a translated text with values filled in; values that are markup stay so, all else is escaped."""
    return Markup(escape(text)).format(**values)  # noqa: S704 -- escaped one line above


def day(value: Any, language: str) -> Markup | str:
    """Return a day (a date, an instant's ISO text, a date known in parts) in words."""
    if value is None or value == "":
        return ""
    if isinstance(value, Mapping):
        value = PartialDate.model_validate(value)
    if isinstance(value, PartialDate):
        return _partial(value, language)
    on = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return _time(format_date(on, "d MMMM y", locale=locale(language)), on.isoformat()[:10])


def instant(value: Any, language: str, zone: str) -> Markup | str:
    """Return an instant as day and clock time of a place."""
    if value is None or value == "":
        return ""
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    said = format_datetime(at, "d MMMM y, HH:mm", tzinfo=get_timezone(zone), locale=locale(language))
    return _time(said, at.isoformat())


def offered(options: Sequence[Option], language: str) -> list[dict[str, Any]]:
    """Return the answers offered as the components take them, in the order of the language where they are names."""
    names = options[0].names(language) if options and options[0].names else {}
    order = {value: number for number, value in enumerate(names)}
    return [
        {
            "value": each.value,
            "text": names.get(each.value) or translate(each.label, language),
            "checked": each.checked,
            "selected": each.checked,
        }
        for each in sorted(options, key=lambda each: order.get(each.value, 0))
    ]


def in_order(values: Iterable[Any], name: str) -> list[tuple[Any, list[Any]]]:
    """Return values in groups that share an attribute, in the order in which each group first comes."""
    groups: dict[Any, list[Any]] = {}
    for each in values:
        groups.setdefault(getattr(each, name), []).append(each)
    return list(groups.items())


def inputs(question: Question, language: str) -> list[dict[str, Any]]:
    """Return the inputs of a value typed in parts as the component takes them."""
    wrong = " govuk-input--error" if question.fault else ""
    return [
        {
            "name": part.name,
            "id": f"{question.id}.{part.name}",
            "label": translate(part.label, language),
            "classes": part.style + wrong,
            "inputmode": part.keyboard,
            "value": part.value,
            "autocomplete": "off",
        }
        for part in question.parts
    ]


def locale(language: str) -> Locale:
    """Return the locale of a language; English days are said the European way round."""
    try:
        return Locale.parse({"en": "en_GB"}.get(language, language))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def _time(said: str, exact: str) -> Markup:
    return Markup('<time datetime="{}"><bdi>{}</bdi></time>').format(exact, said)


def _partial(value: PartialDate, language: str) -> Markup:
    """Return the known parts in the order of the language, with `?` for an unknown day or month between."""
    known = [("day", "d"), ("month", "MMMM"), ("year", "y")]
    pattern = " ".join(form for name, form in known if getattr(value, name) is not None)
    on = date(value.year or 2000, value.month or 1, value.day or 1)
    said = format_date(on, pattern, locale=locale(language))
    if value.month is None and value.day is not None:
        said = str(value).replace("-", " ")
    return Markup("<bdi>{}</bdi>").format(said)

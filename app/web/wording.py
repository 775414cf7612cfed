"""How a fault is said: its marked text in the reader's language, with the values of the case filled in."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from app.kit.errors import Fault
from app.kit.i18n import LANGUAGES, translate

SHOWN_AT_MOST = 80  # characters of a name that somebody sent us


def said(fault: Fault, language: str) -> str:
    """Return the message of a fault in a language; a text that cannot be filled in is shown as it is."""
    text = translate(fault.message, language)
    try:
        return text.format_map({key: _value(key, each, language) for key, each in fault.values.items()})
    except (KeyError, IndexError, ValueError, AttributeError):
        return text


def plain(name: object) -> str:
    """Return a name that was sent to us, fit to be shown: short, and without what no page can hold."""
    kept = "".join(each if each.isprintable() else "?" for each in str(name))
    return kept if len(kept) <= SHOWN_AT_MOST else f"{kept[:SHOWN_AT_MOST]}…"


def _value(key: str, value: Any, language: str) -> str:
    if key == "label":
        return label(value, language)
    if isinstance(value, int) and not isinstance(value, bool):
        return format_decimal(value, locale=language if language in LANGUAGES else "en")
    if isinstance(value, date):
        return format_date(value, "d MMMM y", locale=language if language in LANGUAGES else "en")
    return str(value)


def label(parts: str | tuple[Any, ...], language: str) -> str:
    """Return where a question stands, such as `Situations (2), When did it begin?`."""
    if isinstance(parts, str):
        return translate(parts, language)
    said_parts: list[str] = []
    for part in parts:
        if isinstance(part, int):
            said_parts[-1] += f" ({part + 1})"
        else:
            said_parts.append(translate(part, language))
    return ", ".join(said_parts)


def lookup(labels: Mapping[str, str] | None, code: Any, language: str) -> str:
    """Return the label of a code in a language, or the code itself where none is declared."""
    names = getattr(labels, "shown", None)  # countries and languages know their names themselves
    found = (names(language) if names else labels) or {}
    return translate(found.get(str(code), str(code)), language)

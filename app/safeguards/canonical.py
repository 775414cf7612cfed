"""One way, and only one, of writing a value down as bytes, for all that is sealed, hashed or signed."""

import json
from types import NoneType
from typing import Any

SIMPLE = frozenset({str, int, bool, NoneType})
WRITTEN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


class Unwritable(ValueError):
    """A value without canonical form: a float, an unknown type, a lone surrogate, a key that is no text."""


def canonical(value: Any) -> str:
    """Return JSON with sorted keys and no spaces: text, whole numbers, booleans, null, lists, mappings."""
    try:
        _check(value)
        text = WRITTEN.encode(value)
        text.encode()
    except (RecursionError, UnicodeEncodeError) as error:
        raise Unwritable("nested too deeply, or text that is not Unicode") from error
    return text


def packed(*parts: bytes) -> bytes:
    """Join parts, each led by its length in four bytes, so that no two lists of parts give the same bytes."""
    return b"".join([len(part).to_bytes(4, "big") + part for part in parts])


def _check(value: Any) -> None:
    """Raise `Unwritable` at the first thing inside that JSON could write in two ways, or not at all."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if not isinstance(name, str):
                raise Unwritable(f"a key of type {type(name).__name__}; keys are text")
            if type(inner) not in SIMPLE:
                _check(inner)
    elif isinstance(value, list):
        for inner in value:
            if type(inner) not in SIMPLE:
                _check(inner)
    elif value is not None and not isinstance(value, str | int):
        raise Unwritable(f"a value of type {type(value).__name__}; write dates and amounts as text")

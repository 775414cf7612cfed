"""What is sealed or bound must be written in one way only: strict JSON, and parts led by their lengths."""

from typing import Any

from app.kit.canonical import canonical


class Unwritable(ValueError):
    """A value that cannot be sealed: a float, an unknown type, a lone surrogate, a key that is no text."""


def strict(value: Any) -> bytes:
    """Return canonical JSON of text, whole numbers, booleans, null, lists and mappings; nothing else is taken."""
    try:
        _check(value)
        return canonical(value).encode()
    except (RecursionError, UnicodeEncodeError) as error:
        raise Unwritable("nested too deeply, or text that is not Unicode") from error


def packed(*parts: bytes) -> bytes:
    """Join parts, each led by its length in four bytes, so that no two lists of parts give the same bytes."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _check(value: Any) -> None:
    """Raise `Unwritable` at the first thing inside that could be read back as something else."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if not isinstance(name, str):
                raise Unwritable(f"a key of type {type(name).__name__}; keys are text")
            _check(inner)
    elif isinstance(value, list):
        for inner in value:
            _check(inner)
    elif value is not None and not isinstance(value, str | int):
        raise Unwritable(f"a value of type {type(value).__name__}; write dates and amounts as text")

"""Names of inputs and what was typed into them: `situations-0-began-day` and back, exactly as typed."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel

from app.kit.errors import Fault
from app.web.complaints import complaint
from app.web.shape import DATE_PARTS, Shape, shapes

OURS = frozenset({"csrf", "idempotency_key", "version"})  # the door reads these, the form does not
MOST_DIGITS = 4
MOST_STRANGE = 20  # faults about names that no page of ours sends; they are sent by programs, in any number
MORE_BLOCKS = 20  # beyond what the group takes: drawn again, so that nothing is lost, but no page is endless
Typed = dict[str, Any]


class Blank(dict[str, Any]):
    """A block that was added a moment ago: kept although nothing is typed into it yet."""


def placed(form: type[BaseModel], pairs: Iterable[tuple[str, Any]]) -> tuple[Typed, list[Fault]]:
    """Return what was typed, nested as the form is, and a fault for each name that the form does not have.

    The blocks of a group stand under their numbers until `compact` makes a list of them.
    """
    typed: Typed = {}
    faults: list[Fault] = []
    for name, value in pairs:
        if name in OURS or name.startswith("_"):
            continue
        steps = name.split("-")
        kind = _put(form, typed, steps, value if isinstance(value, str) else None)
        if kind and len(faults) < MOST_STRANGE:
            loc = [int(each) if _is_number(each) else each for each in steps]
            faults.append(complaint(kind, loc, form))
    return typed, faults


def _put(form: type[BaseModel], into: Typed, steps: list[str], value: str | None) -> str | None:
    """Put a value where its name says; return the kind of fault when there is no such place."""
    shape = shapes(form).get(steps[0])
    if shape is None or value is None:
        return "extra_forbidden"
    rest = steps[1:]
    if shape.group:
        return _put_in_group(shape, into, rest, value)
    if shape.parts and len(rest) == 1 and rest[0] in shape.parts:
        return _once(into.setdefault(shape.name, {}), rest[0], value)
    if rest or shape.parts:
        return "extra_forbidden"
    if shape.many:
        into.setdefault(shape.name, []).append(_lines(value))
        return None
    return _once(into, shape.name, value)


def _put_in_group(shape: Shape, into: Typed, rest: list[str], value: str) -> str | None:
    assert shape.group is not None
    if not shape.many:
        return _put(shape.group, into.setdefault(shape.name, {}), rest, value) if rest else "extra_forbidden"
    if len(rest) < 2 or not _is_number(rest[0]):
        return "extra_forbidden"
    blocks = into.setdefault(shape.name, {})
    if int(rest[0]) not in blocks and len(blocks) >= shape.most + MORE_BLOCKS:
        return "extra_forbidden"
    return _put(shape.group, blocks.setdefault(int(rest[0]), {}), rest[1:], value)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


def _once(into: Typed, name: str, value: str) -> str | None:
    if name in into:
        return "sent_twice"
    into[name] = _lines(value)
    return None


def _lines(text: str) -> str:
    """Return a text with the line ends that everybody else uses; browsers send two characters."""
    return text.replace("\r\n", "\n")


def compact(form: type[BaseModel], typed: Typed) -> Typed:
    """Return what was typed with the blocks of each group as a list, blocks without any answer left out."""
    for shape in shapes(form).values():
        if shape.group and isinstance(held := typed.get(shape.name), dict):
            if shape.many:
                blocks = [compact(shape.group, held[number]) for number in sorted(held)]
                typed[shape.name] = [block for block in blocks if _is_filled(shape.group, block)]
            else:
                typed[shape.name] = compact(shape.group, held)
    return typed


def _is_filled(form: type[BaseModel], block: Mapping[str, Any]) -> bool:
    """Say whether anything was typed into a block; hidden inputs do not count."""
    asked = shapes(form)
    return isinstance(block, Blank) or any(
        _any_text(each) for name, each in block.items() if asked[name].about.widget != "hidden"
    )


def _any_text(value: Any) -> bool:
    if isinstance(value, Blank):
        return True
    if isinstance(value, Mapping):
        return any(_any_text(each) for each in value.values())
    if isinstance(value, list):
        return any(_any_text(each) for each in value)
    return bool(str(value).strip())


def as_typed(form: type[BaseModel], values: Mapping[str, Any]) -> Typed:
    """Return kept values (of a model, or as opened from a part) as they would have been typed."""
    return {
        name: _as_typed(shapes(form)[name], each)
        for name, each in values.items()
        if name in shapes(form) and each is not None
    }


def _as_typed(shape: Shape, value: Any) -> Any:
    if shape.many:
        return [_one_typed(shape, each) for each in value]
    return _one_typed(shape, value)


def _one_typed(shape: Shape, value: Any) -> Any:
    plain = value.model_dump() if isinstance(value, BaseModel) else value
    if shape.group:
        return as_typed(shape.group, plain)
    if shape.parts:
        parts = plain if isinstance(plain, Mapping) else _date_parts(plain)
        return {name: str(each) for name, each in parts.items() if each is not None}
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    return str(getattr(plain, "value", plain))


def _date_parts(value: Any) -> dict[str, int]:
    day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    return {name: getattr(day, name) for name in DATE_PARTS}

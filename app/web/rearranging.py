"""Blocks of a repeated group come and go by submit buttons, so that it works without a script."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from app.web.names import Blank, Typed
from app.web.shape import Shape, shapes

ADD, REMOVE = "_add", "_remove"


def rearrange(form: type[BaseModel], typed: Typed, data: Mapping[str, Any]) -> bool:
    """Add or remove the block that a pressed button names; say whether there was such a button.

    Works on what was typed while blocks still stand under the numbers that the page gave them.
    """
    for button in (ADD, REMOVE):
        pressed = data.get(button)
        if isinstance(pressed, str):
            _change(form, typed, pressed.split("-"), remove=button == REMOVE)
            return True
    return False


def _change(form: type[BaseModel], typed: Typed, steps: list[str], *, remove: bool) -> None:
    """Walk to the group that the button names; a button that names none changes nothing."""
    number = steps.pop() if remove else ""
    found = _group(form, typed, steps)
    if found is None:
        return
    shape, blocks = found
    if remove and number.isdecimal():
        blocks.pop(int(number), None)
    elif not remove and len(blocks) < shape.most:
        blocks[max(blocks, default=-1) + 1] = Blank()


def _group(form: type[BaseModel], typed: Typed, steps: list[str]) -> tuple[Shape, dict[int, Typed]] | None:
    shape = shapes(form).get(steps[0]) if steps else None
    if shape is None or not (shape.group and shape.many):
        return None
    blocks: dict[int, Typed] = typed.setdefault(shape.name, {})
    if len(steps) == 1:
        return shape, blocks
    if len(steps) < 3 or not steps[1].isdecimal():
        return None
    return _group(shape.group, blocks.setdefault(int(steps[1]), {}), steps[2:])

"""From what was typed on a page to the form's model, or to faults that stand beside each question."""

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from app.kit.errors import Fault
from app.web.answers import Answers
from app.web.complaints import faults as complaints
from app.web.names import Typed, compact, placed
from app.web.rearranging import rearrange

LOG = logging.getLogger("app.web")
F = TypeVar("F", bound=BaseModel)


@dataclass(frozen=True)
class Bound(Generic[F]):
    """What came of a form that was sent.

    `value` is the model; None when there are faults, and when a block was only added or removed. `typed`
    redraws the page with everything as it was. `answers` are the values as JSON, for keeping a draft.
    """

    value: F | None
    typed: Typed
    faults: list[Fault]
    answers: dict[str, Any]
    rearranged: bool = False


def bind(
    form: type[F],
    data: FormData,
    *,
    only: Collection[str] | None = None,
    kept: Mapping[str, Any] | None = None,
) -> Bound[F]:
    """Bind what a page sent to its form.

    With `only` (names of questions) the page asks a part of the form: names outside it are refused, and what
    the other questions lack is no fault. `kept` is what was typed on the other pages (see `as_typed`).
    """
    typed, faults = placed(form, data.multi_items())
    if faults:
        LOG.warning("a form came with questions that no page of ours asks: %s", form.__name__)
    if only is not None:
        faults += [_outside(form, name) for name in typed if name not in only]
    moved = rearrange(form, typed, data) or "_review" in data  # held text comes back to be read, not sent
    typed = {**_elsewhere(kept, only), **compact(form, typed)}
    answers = Answers(form).read(typed)
    if moved:
        return Bound(None, typed, [], answers.values, rearranged=True)
    value, found = _validated(form, answers.values)
    told = [*answers.faults, *(fault for fault in found if not _is_told(fault, answers.faults))]
    faults += [fault for fault in told if only is None or fault.field is None or _top(fault) in only]
    return Bound(None if faults else value, typed, _in_order(form, faults), answers.values)


def _elsewhere(kept: Mapping[str, Any] | None, only: Collection[str] | None) -> Typed:
    """Return what was typed on other pages; of this page only what it sent counts."""
    return {name: each for name, each in (kept or {}).items() if name not in (only or ())}


def _top(fault: Fault) -> str:
    return (fault.field or "").split(".")[0]


def _validated(form: type[F], values: dict[str, Any]) -> tuple[F | None, list[Fault]]:
    try:
        return form.model_validate(values), []
    except ValidationError as error:
        return None, complaints(error.errors(include_url=False), form)


def _outside(form: type[BaseModel], name: str) -> Fault:
    return complaints([{"type": "extra_forbidden", "loc": (name,), "msg": "", "input": None}], form)[0]


def _is_told(fault: Fault, told: list[Fault]) -> bool:
    """Say whether the question was already told of: what is unreadable is not also unanswered."""
    return any(fault.field == each.field for each in told)


def _in_order(form: type[BaseModel], faults: list[Fault]) -> list[Fault]:
    """Return the faults in the order of the page, so that the summary reads from top to bottom."""
    order = {name: number for number, name in enumerate(form.model_fields)}

    def standing(fault: Fault) -> tuple[int, ...]:
        if fault.field is None:
            return (-1,)
        first, *rest = fault.field.split(".")
        return (order.get(first, len(order)), *(int(each) for each in rest[:1] if each.isdigit()))

    return sorted(faults, key=standing)

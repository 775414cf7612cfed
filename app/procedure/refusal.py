"""A refusal: which rule of which law stands against a step, in plain words, and what would take it away."""

from dataclasses import dataclass, replace
from typing import Any, Self

from app.kit.errors import Fault

NOT_MINE = "not-mine"  # the role or the tie to the case never gives this step: a door answers 403
NOT_NOW = "not-now"  # the track stands elsewhere: a door answers 409


@dataclass(frozen=True)
class Refusal(Fault):
    """A fault that also says what would unblock the step; `unblock` is a marked text."""

    unblock: str | None = None

    def kept_as(self, rule: str | None) -> Self:
        """Return the refusal with the rule that the ledger keeps, and that the reader may not know of."""
        return replace(self, withheld=rule)


def refuse(
    message: str, *, rule: str, source: str, unblock: str, field: str | None = None, **values: Any
) -> Refusal:
    """Return a refusal; `message` and `unblock` are marked texts, `values` fill both."""
    return Refusal(message, field, rule, source, values, unblock=unblock)


def is_not_mine(faults: tuple[Fault, ...] | list[Fault]) -> bool:
    """Say whether the actor may never do this, whatever the state of the case."""
    return any(fault.rule == NOT_MINE for fault in faults)

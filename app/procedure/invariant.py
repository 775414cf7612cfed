"""What a numbered invariant is: a rule above all tracks, with its law and what keeps it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.kit.errors import Fault
from app.procedure.declaration import Step
from app.procedure.facts import Facts

Check = Callable[[Step, Facts, Any], Iterable[Fault]]


@dataclass(frozen=True)
class Invariant:
    """A rule above all tracks; `check` decides it at a step, or `kept_by` names what keeps it elsewhere."""

    id: str
    title: str  # marked text
    source: str
    kept_by: str
    check: Check | None = None

    def against(self, step: Step, facts: Facts, form: Any) -> Iterable[Fault]:
        """Return what the rule holds against taking the step."""
        return self.check(step, facts, form) if self.check else ()

"""Track, State, Step, Deadline: the frozen values that a track file declares, checked when made."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.kit.errors import Fault
from app.procedure.effects import Effect
from app.procedure.facts import Facts
from app.procedure.span import Span
from app.safeguards.fields import Form
from app.safeguards.words import Category, Role

# A guard says what stands against a step, or None. `form` is None while only asking what is available:
# a guard that needs what was typed then answers None.
Guard = Callable[[Facts, Any], Fault | None]
# Effects are values; the engine does them, in the same transaction as the step.
Consequence = Callable[[Facts, Any], Iterable[Effect]]


class NoFields(Form):
    """The form of a step that asks nothing."""


@dataclass(frozen=True)
class State:
    """A state of a track; `label` is a marked text."""

    name: str
    label: str
    terminal: bool = False


@dataclass(frozen=True)
class Step:
    """One act: who may do it, from where to where, what it asks, what it needs, what follows.

    `from_=()` opens the track. `by` with VIC: her own act, recorded by the lead, lawyer or guardian.
    `sentence` is a marked text for the timeline, with `{who}` in it. `apart_from` names earlier steps whose
    latest taker may not take this one (INV-20); a step under INV-20 that names none keeps apart from
    whoever brought the track to the state it is in. A step from a state to itself only adds a record.
    """

    name: str
    label: str
    from_: tuple[str, ...]
    to: str
    by: frozenset[Role]
    basis: str  # paragraph of law, such as "CETS 197 art. 13(1)"
    sentence: str
    form: type[Form] = NoFields
    guards: tuple[Guard, ...] = ()
    invariants: tuple[str, ...] = ()
    then: Consequence | None = None
    help: str | None = None
    apart_from: tuple[str, ...] = ()


@dataclass(frozen=True)
class Deadline:
    """A clock: it starts when one of `starts` (steps) is taken and stops when the track leaves `runs_in`.

    A start while it runs begins it anew; `stops` names steps that stop it although the state stays.
    `lasts` gives the span from facts and profile, or None when the clock does not apply to this person.
    `at` (instead of `lasts`) is the mark that holds its last day, or a function that finds it.
    `expires` names the SYS step taken when it is due, else the deadline is only marked overdue;
    a `reminder` tells the role and ends, and is never overdue.
    """

    name: str
    label: str
    starts: tuple[str, ...]
    runs_in: tuple[str, ...]
    basis: str
    responsible: Role
    lasts: Callable[[Facts], Span | None] | None = None
    at: str | Callable[[Facts], date | datetime | None] | None = None
    expires: str | None = None
    alerts: Role | None = Role.SUP
    proposal: bool = False  # no source gives the number; the profile may set another
    stops: tuple[str, ...] = ()
    reminder: bool = False


@dataclass(frozen=True)
class Track:
    """The law of one kind of proceeding, as data; `version` rises when steps or states change."""

    slug: str
    number: str  # such as "T07", "C2"
    label: str
    purpose: str  # marked text: what it is for, in one sentence
    family: str
    sources: str
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    deadlines: tuple[Deadline, ...] = ()
    notes: tuple[str, ...] = ()  # marked texts: interlocks in plain words
    version: int = 1
    summary: Category = Category.SVC  # category under which the bare state is shown
    per_case: bool = True  # at most one of this kind in progress in a case
    seen_by: frozenset[Role] | None = None  # the only roles that learn of it, besides what the matrix says
    dead_ends: tuple[str, ...] = field(default=())  # states without a way out that are not terminal, argued

    def __post_init__(self) -> None:
        """Refuse a declaration that is not sound."""
        from app.procedure.soundness import check  # noqa: PLC0415 -- the check reads this type

        check(self)

    def may_know(self, role: Role) -> bool:
        """Say whether a role may learn of the track at all; what it may see of it the matrix says."""
        return self.seen_by is None or role in self.seen_by

    def step(self, name: str, state: str | None = None) -> Step:
        """Return the step of that name (from that state, where a name serves several), or KeyError."""
        named = [step for step in self.steps if step.name == name]
        fitting = [step for step in named if (not step.from_ if state is None else state in step.from_)]
        if not (fitting or named):
            raise KeyError(f"{self.slug} has no step {name}")
        return (fitting or named)[0]

    def state(self, name: str) -> State:
        """Return the state of that name, or KeyError."""
        return next(state for state in self.states if state.name == name)

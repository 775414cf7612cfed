"""Whether a declaration holds together: a track that could strand a person is refused when it is made."""

from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import get_args

from app.procedure.declaration import Deadline, Step, Track
from app.procedure.invariants import INVARIANTS
from app.safeguards.fields import Form, questions
from app.safeguards.words import Role


class Unsound(ValueError):
    """A declaration with a flaw; the text names the track and every flaw."""


def check(track: Track) -> None:
    """Raise `Unsound` if the declaration has any flaw."""
    flaws = [*_names(track), *(chain.from_iterable(_step(track, step) for step in track.steps))]
    flaws += chain.from_iterable(_deadline(track, each) for each in track.deadlines)
    if not flaws:  # ways can only be followed between states that exist
        flaws += _ways(track)
    if flaws:
        raise Unsound(f"track {track.slug}: " + "; ".join(flaws))


def _names(track: Track) -> Iterator[str]:
    states = {state.name for state in track.states}
    yield from _twice("state", (state.name for state in track.states))
    yield from _twice("deadline", (each.name for each in track.deadlines))
    pairs = ((step.name, origin) for step in track.steps for origin in step.from_ or ("the beginning",))
    yield from _twice("step", (f"{name} from {origin}" for name, origin in pairs))
    for step in track.steps:
        yield from (f"step {step.name} names unknown state {s}" for s in {*step.from_, step.to} - states)
    for each in track.deadlines:
        yield from (f"deadline {each.name} runs in unknown state {s}" for s in set(each.runs_in) - states)
    yield from (f"dead end {name} is no state" for name in set(track.dead_ends) - states)


def _twice(what: str, names: Iterator[str]) -> Iterator[str]:
    return (f"{what} {name} is declared twice" for name, times in Counter(names).items() if times > 1)


def _step(track: Track, step: Step) -> Iterator[str]:
    known = {each.name for each in track.steps}
    if not step.basis.strip():
        yield f"step {step.name} has no legal basis"
    if not step.by:
        yield f"step {step.name} may be taken by nobody"
    if "{who}" not in step.sentence:
        yield f"step {step.name} has a sentence without {{who}}"
    unbound = set(step.invariants) - INVARIANTS.keys()
    yield from (f"step {step.name} names unknown invariant {number}" for number in unbound)
    yield from (f"step {step.name} keeps apart from unknown step {n}" for n in set(step.apart_from) - known)
    yield from (f"step {step.name}: {flaw}" for flaw in _undeclared(step.form))
    if step.by == {Role.SYS}:
        required = [name for name, field in step.form.model_fields.items() if field.is_required()]
        yield from (f"step {step.name} asks the timer for {name}" for name in required)


def _undeclared(form: type[Form]) -> Iterator[str]:
    """Find fields without a category, in the form and in every form inside it."""
    try:
        questions(form)
    except TypeError as error:
        yield str(error)
    for field in form.model_fields.values():
        yield from chain.from_iterable(_undeclared(inner) for inner in forms_in(field.annotation))


def forms_in(annotation: object) -> Iterator[type[Form]]:
    """Find the forms inside the type of a field, such as that of a group; values such as dates are none."""
    if isinstance(annotation, type) and issubclass(annotation, Form):
        yield annotation
    for inner in get_args(annotation):
        yield from forms_in(inner)


def _deadline(track: Track, deadline: Deadline) -> Iterator[str]:
    named = f"deadline {deadline.name}"
    known = {step.name for step in track.steps}
    if not deadline.basis.strip():
        yield f"{named} has no legal basis"
    if (deadline.lasts is None) == (deadline.at is None):
        yield f"{named} needs either a length or an end"
    if not deadline.starts:
        yield f"{named} is started by no step"
    yield from (f"{named} names unknown step {n}" for n in {*deadline.starts, *deadline.stops} - known)
    for name in set(deadline.starts) & known:
        if not any(step.name == name and step.to in deadline.runs_in for step in track.steps):
            yield f"{named} is started by {name}, which leads to no state that it runs in"
    if deadline.expires is not None:
        ends = [step for step in track.steps if step.name == deadline.expires and Role.SYS in step.by]
        origins = set(chain.from_iterable(step.from_ for step in ends))
        yield from (
            f"{named} cannot take {deadline.expires} from {s}" for s in set(deadline.runs_in) - origins
        )


def _ways(track: Track) -> Iterator[str]:
    exits = {state.name: set[str]() for state in track.states}
    for step in track.steps:
        for origin in step.from_:
            exits[origin].add(step.to)
    reached, ahead = set[str](), {step.to for step in track.steps if not step.from_}
    while ahead:
        reached |= ahead
        ahead = set(chain.from_iterable(exits[name] for name in ahead)) - reached
    for state in track.states:
        leaves = exits[state.name] - {state.name}
        if state.name not in reached:
            yield f"state {state.name} cannot be reached"
        if state.terminal and exits[state.name]:
            yield f"terminal state {state.name} has a way out"
        if not (state.terminal or leaves or state.name in track.dead_ends):
            yield f"state {state.name} has no way out and is not terminal"
        if state.name in track.dead_ends and (leaves or state.terminal):
            yield f"state {state.name} is called a dead end and is none"

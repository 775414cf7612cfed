"""The numbered invariants of children, of return, and of what crosses a border or reaches the public."""

from collections.abc import Iterable
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.declaration import Step
from app.procedure.facts import Facts
from app.procedure.invariant import Invariant
from app.procedure.predicates_child import (
    CHILD_RETURN,
    SOLUTION_LAW,
    child_return_refusals,
    child_solution_refusals,
    reception_refused,
    solution_refused,
)
from app.procedure.predicates_publication import FREE_TO_GO, NO_IMAGES, PRIVATE_LIFE, held_refused
from app.procedure.predicates_return import (
    DEPARTURE,
    FREE_WILL,
    SAFE_RETURN,
    TRANSFER,
    departure_gate,
    not_of_free_will,
    transfer_refusals,
    unsafe_to_return,
)


def _one(fault: Fault | None) -> Iterable[Fault]:
    return () if fault is None else (fault,)


def _child_return(step: Step, facts: Facts, form: Any) -> Iterable[Fault]:
    """On the solution: its findings; on the journey: all that the child needs, and at the departure more."""
    if facts.this is not None and facts.this.slug == "durable_solution":
        return _one(reception_refused(facts, form))
    if not facts.is_child:
        return ()
    return child_return_refusals(facts) if step.to == "departed" else child_solution_refusals(facts)


def _safe_return(step: Step, facts: Facts, form: Any) -> Iterable[Fault]:  # noqa: ARG001 -- the signature of a check
    return _one(unsafe_to_return(facts))


def _free_will(step: Step, facts: Facts, form: Any) -> Iterable[Fault]:  # noqa: ARG001
    # To stop is always possible; nobody has to show a consent for it.
    return () if step.to == "cancelled" else _one(not_of_free_will(facts))


def _three_solutions(step: Step, facts: Facts, form: Any) -> Iterable[Fault]:  # noqa: ARG001
    return _one(solution_refused(facts, form))


def _nobody_is_held(step: Step, facts: Facts, form: Any) -> Iterable[Fault]:
    return _one(held_refused(facts, form)) if step.name == "record_measure" else ()


def _over_a_border(step: Step, facts: Facts, form: Any) -> Iterable[Fault]:  # noqa: ARG001
    return transfer_refusals(facts, form)


def _departure(step: Step, facts: Facts, form: Any) -> Iterable[Fault]:  # noqa: ARG001
    return departure_gate(facts)


CHILDREN_AND_RETURN = (
    Invariant(
        "INV-06", _("A child returns only where all four findings are yes"), CHILD_RETURN, "its check",
        _child_return,
    ),
    Invariant("INV-08", _("Return needs safety"), SAFE_RETURN, "its check", _safe_return),
    Invariant(
        "INV-09", _("An adult’s return is voluntary, and can be taken back until departure"), FREE_WILL,
        "its check", _free_will,
    ),
    Invariant(
        "INV-13", _("Identity is not made public"), PRIVATE_LIFE,
        "predicates_publication.publication_refused; consent for the media is not asked of a child",
    ),
    Invariant("INV-18", _("Three durable solutions, one for each child"), SOLUTION_LAW, "its check", _three_solutions),
    Invariant(
        "INV-19", _("Nobody is held"), FREE_TO_GO,
        "its check; tests/procedure/test_no_conditionality.py: leaving a shelter has no guard", _nobody_is_held,
    ),
    Invariant(
        "INV-23", _("No images of abuse"), NO_IMAGES,
        "predicates_publication.upload_refused; no form has a field that takes a file",
    ),
    Invariant(
        "INV-24", _("Nothing crosses a border without a basis"), TRANSFER, "its check", _over_a_border,
    ),
    Invariant(
        "INV-25", _("The gate of departure"), DEPARTURE, "its check", _departure,
    ),
)  # fmt: skip

"""The numbered invariants of stay and justice: asylum, advice, non-punishment, the firewall for workers."""

from collections.abc import Iterable
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.declaration import Step
from app.procedure.facts import Facts
from app.procedure.invariant import Invariant
from app.procedure.predicates_stay import (
    REFOULEMENT,
    advice_missing,
    contact_with_origin,
    worker_firewall,
)


def _one(fault: Fault | None) -> Iterable[Fault]:
    return () if fault is None else (fault,)


def _no_contact_with_origin(step: Step, facts: Facts, form: Any) -> Iterable[Fault]:  # noqa: ARG001
    return _one(contact_with_origin(facts, form))


def _advice_before_decision(step: Step, facts: Facts, form: Any) -> Iterable[Fault]:  # noqa: ARG001
    return _one(advice_missing(facts, form))


def _worker_firewall(step: Step, facts: Facts, form: Any) -> Iterable[Fault]:  # noqa: ARG001
    return _one(worker_firewall(facts))


STAY_AND_JUSTICE = (
    Invariant(
        "INV-04", _("Asylum blocks return"), f"OSCE Action Plan V.9.1; {REFOULEMENT}",
        "predicates.removal_blocked; predicates_stay.no_return_while_asylum, a guard of each step of return",
    ),
    Invariant(
        "INV-05", _("No contact with the State of origin while asylum is open"),
        "OSCE Action Plan V.9.1; UNHCR practice", "its check", _no_contact_with_origin,
    ),
    Invariant(
        "INV-10", _("Advice before the decision"), "OSCE Action Plan III.4.5",
        "its check", _advice_before_decision,
    ),
    Invariant(
        "INV-11", _("Who was made to do it is not punished for it"),
        "OSCE Action Plan III.1.8; Vienna Declaration 10; CETS 197 art. 26",
        "predicates_stay.suspicion_unanswered; a statement as a suspect opens the track in the same transaction",
    ),
    Invariant(
        "INV-22", _("Workers’ complaints are kept from the immigration authority"),
        "OSCE Ministerial Council Decision 8/07, preamble, 9 and 11",
        "its check; the matrix of access: category LAB", _worker_firewall,
    ),
)  # fmt: skip

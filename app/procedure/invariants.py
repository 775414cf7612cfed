"""The numbered invariants that bind now: what they say, which law says so, and what keeps them."""

from collections.abc import Iterable
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.declaration import Step
from app.procedure.facts import Facts
from app.procedure.invariant import Invariant
from app.procedure.invariants_child import CHILDREN_AND_RETURN
from app.procedure.invariants_stay import STAY_AND_JUSTICE
from app.procedure.predicates import guardian_ok, is_system
from app.procedure.predicates_child import life_at_stake
from app.procedure.predicates_closure import closure_refusals
from app.procedure.refusal import refuse


def _guardian_at_all_stages(step: Step, facts: Facts, form: Any) -> Iterable[Fault]:  # noqa: ARG001
    if life_at_stake(facts):
        return
    if not guardian_ok(facts):
        yield refuse(
            _("Nobody may act for the child yet: this decision waits for a guardian"),
            rule="INV-07", source="OSCE Addendum 6; CETS 197 art. 10(4)",
            unblock=_("A provisional person or a guardian"),
        )  # fmt: skip
    elif facts.is_child and getattr(form, "guardian_heard", None) is False:
        yield refuse(
            _("The guardian must be heard before this decision"), field="guardian_heard",
            rule="INV-07", source="OSCE Addendum 6; CETS 197 art. 10(4)",
            unblock=_("Hear the guardian and record it"),
        )  # fmt: skip


def _separate_duties(step: Step, facts: Facts, form: Any) -> Iterable[Fault]:  # noqa: ARG001
    if facts.this is None or not facts.this.history:
        return
    earlier = (
        [facts.this.took(name) for name in step.apart_from] if step.apart_from else [facts.this.history[-1]]
    )
    if is_system(facts):  # the timer proposes and decides nothing; it only lets time run out
        return
    if any(taken is not None and taken.actor_id == facts.actor.user_id for taken in earlier):
        yield refuse(
            _("Who proposed this cannot also decide it"), rule="INV-20",
            source="UNHCR Best Interests Procedure Guidelines",
            unblock=_("Ask another person who has this role"),
        )  # fmt: skip


def _closure_list(step: Step, facts: Facts, form: Any) -> Iterable[Fault]:  # noqa: ARG001
    return closure_refusals(facts)


_ALL = (
    Invariant(
        "INV-01", _("Help depends on no cooperation"), "CETS 197 art. 12(6); Directive 2011/36/EU art. 11(3)",
        "tests/procedure/test_no_conditionality.py reads the source of every rule and list of assistance",
    ),
    Invariant(
        "INV-02", _("Identification blocks removal"), "CETS 197 art. 10(2)",
        "predicates.removal_blocked",
    ),
    Invariant(
        "INV-03", _("The reflection period blocks removal"), "CETS 197 art. 13(1); CJEU C-66/21",
        "predicates.removal_blocked",
    ),
    Invariant(
        "INV-07", _("A guardian at all stages of decision"), "OSCE Addendum 6; CETS 197 art. 10(4)",
        "its check", _guardian_at_all_stages,
    ),
    Invariant(
        "INV-12", _("Whereabouts stay with the shelter"), "OSCE Action Plan V.4.3",
        "the matrix of access: category LOC",
    ),
    Invariant(
        "INV-14", _("Anonymous means anonymous"), "OSCE Action Plan IV.4.11",
        "the form of an anonymous notification, which has no field for a name, number or address",
    ),
    Invariant(
        "INV-15", _("A child is referred without delay"), "OSCE Addendum 3 and 5",
        "guards of the referral and its clocks",
    ),
    Invariant(
        "INV-16", _("Whoever may be a child is treated as a child"), "CETS 197 art. 10(3)",
        "Facts.is_child; predicates.adults_only and guards that carry the number",
    ),
    Invariant(
        "INV-17", _("Sharing needs consent for this purpose and recipient, or a legal basis"),
        "CETS 197 art. 12(7); Regulation (EU) 2016/679 art. 6 and 9",
        "predicates.may_share; shares end with the consent in the same transaction",
    ),
    Invariant(
        "INV-20", _("Who proposes does not decide"), "UNHCR Best Interests Procedure Guidelines",
        "its check", _separate_duties,
    ),
    Invariant(
        "INV-21", _("Everything is recorded"),
        "Directive (EU) 2016/680 art. 25; Regulation (EU) 2016/679 art. 5(2)",
        "the unit of work: no event, no data",
    ),
    Invariant(
        "INV-26", _("Help does not wait for a guardian"), "OSCE Addendum 3, 5 and 8",
        "tests/procedure/test_no_conditionality.py: no rule of assistance reads the guardian",
    ),
    Invariant(
        "INV-27", _("A case closes only through its list"),
        "OSCE Addendum 6 and 10; Directive 2011/36/EU art. 11(1)",
        "its check", _closure_list,
    ),
)  # fmt: skip

INVARIANTS: dict[str, Invariant] = {
    each.id: each
    for each in sorted((*_ALL, *STAY_AND_JUSTICE, *CHILDREN_AND_RETURN), key=lambda each: each.id)
}

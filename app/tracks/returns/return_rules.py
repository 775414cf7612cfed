"""The rules of return: nothing pushes it, everything can stop it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.effects import Alert, Effect, SetMarks, TakeStep
from app.procedure.facts import Facts
from app.procedure.predicates_child import determination
from app.procedure.predicates_return import cooling_off_until, still_cooling_off
from app.procedure.refusal import refuse
from app.procedure.span import Span, end_of
from app.safeguards.words import Role

RETURN = "OSCE Action Plan V.7.1 to V.7.3; CETS 197 art. 16"
FREE_WILL = "OSCE Action Plan V.5.1 and V.7.1; CETS 197 art. 16(2)"


def not_frozen(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    """INV-06: while the panel looks again at a child’s best interests, its return stands still."""
    held = determination(facts)
    if not facts.is_child or held is None or held.state != "reopened":
        return None
    return refuse(
        _("The determination of best interests is reopened: the return stands still"), rule="INV-06",
        source="OSCE Addendum 9 and 10", unblock=_("The panel’s new decision"),
    )  # fmt: skip


def is_assessed(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """Let the assessment of a return begin only where a safety assessment was asked for."""
    if facts.in_state("return_safety_assessment", "requested", "in_progress", "completed", "approved"):
        return None
    return refuse(
        _("No safety assessment was asked for"), rule="INV-08", source=RETURN,
        unblock=_("A safety assessment of the place of return"),
    )  # fmt: skip


def partner_has_accepted(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """Prepare a journey only to somebody who waits."""
    waits = any(
        each.slug == "transnational_referral"
        and each.marks.get("purpose") == "return"
        and each.state == "accepted"
        for each in facts.tracks
    )
    if waits:
        return None
    return refuse(
        _("No partner abroad has agreed to receive the person"), rule="INV-25", source=RETURN,
        unblock=_("A transnational referral for the return that was accepted"),
    )  # fmt: skip


def child_has_escort(facts: Facts, form: Any) -> Fault | None:
    """Let no child travel alone."""
    if form is None or not facts.is_child or (form.escort == "named" and form.escort_name):
        return None
    return refuse(
        _("A child does not travel alone: name who goes along"), field="escort", rule="INV-06",
        source="OSCE Addendum 10", unblock=_("The name of the escort"),
    )  # fmt: skip


def escort_is_named(facts: Facts, form: Any) -> bool:  # noqa: ARG001 -- whether the answer is needed
    """Say whether somebody travels along, whose name is asked."""
    return bool(form.escort == "named")


def cooling_off(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """Let the days between consent and departure pass."""
    return still_cooling_off(facts)


def cooling_off_clock(facts: Facts) -> datetime | None:
    """Return when the time to think again is over."""
    until = cooling_off_until(facts)
    return end_of(until, facts.profile) if until and not facts.is_child else None


def for_adults(key: str) -> Any:
    """Return a clock’s length for adults; a child has a follow-up of its own."""

    def lasts(facts: Facts) -> Span | None:
        return None if facts.is_child else Span(facts.profile.number(key), "months")

    return lasts


def linked(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    """Keep which safety assessment the return waits for."""
    held = facts.track("return_safety_assessment")
    if held is not None:
        yield SetMarks({"assessment": str(held.id)})


def wished(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Ask for a look at the dangers before anything else."""
    yield Alert(_("Somebody wishes to return: assess the safety first"), role=Role.NGO)


def approved(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Let the preparation begin."""
    yield Alert(_("A return is approved: the person can change their mind until departure"), role=Role.NGO)


def unsafe(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Open the other ways: a right to stay, and for a child another solution."""
    yield TakeStep("return_safety_assessment", "close", {"reason": "return_refused"})
    if facts.is_child:
        yield TakeStep("durable_solution", "reopen", {"reason": "new_facts"})
    yield Alert(
        _("A return is not possible, it would not be safe: see to a humanitarian right to stay"),
        role=Role.LEG,
    )
    yield Alert(_("A return is not possible, it would not be safe: look at the other ways"), role=Role.NGO)


def departed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Wait for word of the arrival."""
    yield Alert(
        _("Somebody is on the way: the arrival is to be confirmed by the partner abroad"), urgent=True
    )


def received(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Begin the follow-up of a child; it is recorded by those who do it."""
    if facts.is_child:
        yield Alert(
            _("A child has arrived: begin the follow-up after the return"), role=Role.SOC, urgent=True
        )


def over(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Close the safety assessment that served this return."""
    yield TakeStep("return_safety_assessment", "close", {"reason": "return_over"})


def cancelled(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Stop everything that was prepared, and call back what partners abroad have received."""
    yield TakeStep("return_safety_assessment", "close", {"reason": "return_cancelled"})
    abroad = any(
        each.slug == "transnational_referral"
        and each.marks.get("purpose") == "return"
        and each.state in ("ready", "sent", "accepted")
        for each in facts.tracks
    )
    if abroad:
        yield Alert(
            _("A return is called off: call back what the partner abroad has received"), role=Role.NGO
        )
    yield Alert(_("A return is called off: help goes on, look at what is needed now"))

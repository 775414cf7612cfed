"""What protects a stay, and what protects a person in proceedings: questions that many rules ask."""

from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.facts import Facts, TrackFacts
from app.procedure.refusal import refuse
from app.safeguards.words import Role

# From the first word about asylum to the last day of the last remedy.
PROTECTION_OPEN = ("intention", "lodged", "under_examination", "decision_open_appeal", "appeal_pending")
PROTECTION_GIVEN = ("refugee", "subsidiary")
# Who learns that there is a claim at all (and the timer, which tells nobody).
KNOWS_OF_ASYLUM = frozenset({Role.NGO, Role.SOC, Role.LEG, Role.GUA, Role.IMM, Role.VIC, Role.SYS})
STAY_UNDECIDED = ("applied", "withdrawal_proposed")
AS_A_SUSPECT = ("suspect", "accused", "detained")
REFOULEMENT = "Convention relating to the Status of Refugees art. 33; CETS 197 art. 14(5) and 40(4)"


def protection_open(facts: Facts) -> bool:
    """Say whether a claim to asylum is intended or not yet finally decided (INV-04)."""
    return facts.in_state("asylum_claim", *PROTECTION_OPEN)


def protected(facts: Facts) -> bool:
    """Say whether protection is spoken of, asked for or given."""
    return facts.in_state("asylum_claim", *PROTECTION_OPEN, *PROTECTION_GIVEN)


def asylum_blocks_return(facts: Facts) -> Fault | None:
    """INV-04: while asylum is intended, open or given, nobody is removed, and no return goes beyond advice."""
    if not facts.in_state("asylum_claim", *PROTECTION_OPEN, *PROTECTION_GIVEN):
        return None
    return refuse(
        _("International protection is asked for or given: no removal, and no step towards a return"),
        rule="INV-04", source=f"OSCE Action Plan V.9.1; {REFOULEMENT}",
        unblock=_("The final end of the claim, its remedies included"),
    )  # fmt: skip


def no_return_while_asylum(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    """INV-04 as a guard of the steps that lead to a return."""
    fault = asylum_blocks_return(facts)
    return told_to(facts, fault, "CETS 197 art. 16") if fault else None


def told_to(facts: Facts, fault: Fault, source: str) -> Fault:
    """Return a refusal that rests on asylum as the actor may hear it; the ledger keeps the rule behind it."""
    if facts.actor.role in KNOWS_OF_ASYLUM:
        return fault
    neutral = refuse(
        _("Something that protects the person stands against this, and your work does not let us say what"),
        rule="protected-status", source=source, unblock=_("Word from the lead worker or the person’s lawyer"),
    )  # fmt: skip
    return neutral.kept_as(fault.rule)


def permit_blocks_removal(facts: Facts) -> Fault | None:
    """CETS 197 art. 14: whoever has a permit, or waits for the decision on one, is not removed."""
    if not any(_permits(each, facts) for each in facts.tracks if each.slug == "residence_permit"):
        return None
    return refuse(
        _("Removal is blocked: a residence permit is valid, or is still to be decided on"),
        rule="CETS 197 art. 14", source="CETS 197 art. 14; Directive 2004/81/EC art. 8",
        unblock=_("The end of the permit, or the decision"),
    )  # fmt: skip


def _permits(permit: TrackFacts, facts: Facts) -> bool:
    until = permit.day("valid_to")
    valid = until is None or until >= facts.today
    if permit.state == "appeal":
        return permit.marks.get("suspensive") is True
    if permit.state == "refused":  # the renewal was refused; the permit that is held runs on to its own end
        return permit.marks.get("renewal") is True and until is not None and valid
    return permit.state in (*STAY_UNDECIDED, "permanent") or (permit.state == "granted" and valid)


def stay_runs(facts: Facts) -> bool:
    """Say whether any right to stay runs, or is still to be decided on."""
    return (
        facts.in_state("reflection_period", "active", "extended", "termination_proposed")
        or facts.in_state("asylum_claim", *PROTECTION_OPEN, *PROTECTION_GIVEN)
        or permit_blocks_removal(facts) is not None
    )


def contact_with_origin(facts: Facts, form: Any) -> Fault | None:
    """INV-05: nothing is asked of the State of origin while it could endanger who seeks asylum from it."""
    if form is None or not facts.in_state("asylum_claim", *PROTECTION_OPEN, *PROTECTION_GIVEN):
        return None
    to_origin = getattr(form, "towards", "origin") == "origin"
    if not to_origin or getattr(form, "agreed_after_advice", None) == "in_writing":
        return None
    if facts.actor.role not in KNOWS_OF_ASYLUM:  # a refusal must not tell a consulate what it may not know
        return refuse(
            _("A request to this authority is not possible now: speak with the lead worker"), field="towards",
            rule="request-rests", source="OSCE Action Plan V.5.2", unblock=_("Word from the lead worker"),
        ).kept_as("INV-05")  # fmt: skip
    return refuse(
        _("No contact with the State of origin now: another authority must be asked"), field="towards",
        rule="INV-05", source="OSCE Action Plan V.9.1; UNHCR practice",
        unblock=_("The person’s own consent in writing, given after legal advice"),
    )  # fmt: skip


def advice_missing(facts: Facts, form: Any) -> Fault | None:
    """INV-10: legal advice is offered, and the offer recorded, before a decision about proceedings."""
    held = facts.this
    proceedings = held is not None and held.slug == "proceedings_participation"
    unrecorded = proceedings and held is not None and held.took("advise") is None
    if not unrecorded and getattr(form, "legal_advice", None) != "not_offered":
        return None
    return refuse(
        _("Legal advice must be offered before this decision"), field=None if unrecorded else "legal_advice",
        rule="INV-10", source="OSCE Action Plan III.4.5", unblock=_("Offer legal advice and record the answer"),
    )  # fmt: skip


def suspicion_unanswered(facts: Facts) -> Fault | None:
    """INV-11: whoever was heard as a suspect, was accused or is held has a track of non-punishment."""
    suspected = any(
        each.slug == "proceedings_participation" and each.marks.get("capacity") in AS_A_SUSPECT
        for each in facts.tracks
    )
    if not suspected or facts.track("non_punishment") is not None:
        return None
    return refuse(
        _("A victim stands as a suspect, and nobody sees to it that they are not punished"), rule="INV-11",
        source="CETS 197 art. 26; OSCE Action Plan III.1.8", unblock=_("The track of non-punishment"),
    )  # fmt: skip


def worker_firewall(facts: Facts) -> Fault | None:
    """INV-22: what workers complained of, and what was inspected, is nothing for the immigration authority."""
    if facts.actor.role is not Role.IMM:
        return None
    return refuse(
        _("This is kept apart from the immigration authority"), rule="INV-22",
        source="OSCE Ministerial Council Decision 8/07, 9 and 11", unblock=_("Nothing: it stays apart"),
    )  # fmt: skip

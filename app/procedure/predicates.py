"""Questions about a case that many rules ask, answered from facts alone."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.facts import Facts
from app.procedure.predicates_child import child_blocks_removal
from app.procedure.predicates_stay import asylum_blocks_return, permit_blocks_removal
from app.procedure.refusal import refuse
from app.safeguards.words import Category, Role

# States in which a step has been proposed to end a protection count as the state before: still protected.
UNDER_IDENTIFICATION = (
    "presumed", "rg_negative_proposed", "rg_positive", "conclusive_negative_proposed",
    "reconsideration_requested", "judicial_review",
)  # fmt: skip
REFLECTION_RUNS = ("active", "extended", "termination_proposed")
REMEDY_OPEN = (
    "rg_negative",
    "conclusive_negative",
    "reconsideration_requested",
    "judicial_review",
    "negative_final",
)
HOUSED = ("requested", "offered", "waiting", "placed", "transfer_requested", "absent", "missing")
NO_LIST = ("deceased", "duplicate")  # reasons of closure that need nothing to be finished


def removal_blocked(facts: Facts) -> tuple[Fault, ...]:
    """Return every reason why no removal, Dublin transfers included, may be executed now."""
    return tuple(fault for block in REMOVAL_BLOCKS if (fault := block(facts)) is not None)


def identification_blocks_removal(facts: Facts) -> Fault | None:
    """INV-02: nobody is removed before identification is over, the time for a remedy included (CETS 197 art. 10(2))."""
    if not facts.in_state("identification", *UNDER_IDENTIFICATION):
        return _remedy_blocks_removal(facts)
    return refuse(
        _("Removal is blocked: it is still being decided whether this person is a victim of trafficking"),
        rule="INV-02", source="CETS 197 art. 10(2)",
        unblock=_("The end of the identification, its review included"),
    )  # fmt: skip


def _remedy_blocks_removal(facts: Facts) -> Fault | None:
    """Refuse as long as a remedy is open, though it may not be explained yet: after a removal there is none."""
    if not facts.in_state("identification", *REMEDY_OPEN):
        return None
    return refuse(
        _("Removal is blocked: a remedy against the negative decision is still open"),
        rule="INV-02", source="CETS 197 art. 10(2); ECHR art. 13",
        unblock=_("The explanation of the decision, and the end of the time for the remedy"),
    )  # fmt: skip


def reflection_blocks_removal(facts: Facts) -> Fault | None:
    """INV-03: while the reflection period runs, no removal is executed (CETS 197 art. 13(1))."""
    if not facts.in_state("reflection_period", *REFLECTION_RUNS):
        return None
    return refuse(
        _("Removal is blocked: the recovery and reflection period is running"),
        rule="INV-03", source="CETS 197 art. 13(1); CJEU C-66/21",
        unblock=_("The end of the period; acts that prepare for later may be recorded"),
    )  # fmt: skip


# Each is asked every time; another one that the law brings is added here.
REMOVAL_BLOCKS: tuple[Callable[[Facts], Fault | None], ...] = (
    identification_blocks_removal,
    reflection_blocks_removal,
    asylum_blocks_return,
    permit_blocks_removal,
    child_blocks_removal,
)


def guardian_ok(facts: Facts) -> bool:
    """Say whether somebody may act for the child; true for an adult (CETS 197 art. 10(4))."""
    if not facts.is_child:
        return True
    guardian = facts.track("guardian")
    if guardian is None:
        return False
    if guardian.state == "nominated":  # whoever acts provisionally acts until the nominee is appointed
        return bool(guardian.history) and guardian.history[-1].from_ == "provisional"
    return guardian.state in ("provisional", "active", "parent_acts")


def assistance_allowed(facts: Facts) -> bool:
    """Say whether help may be given: there is a case and it is not closed; nothing else is read (INV-01)."""
    return facts.in_state("case", "open", "follow_up", "closure_requested")


def may_share(
    facts: Facts,
    purpose: str,
    organisation_id: UUID,
    categories: Iterable[Category],
    *,
    basis: str | None = None,
) -> bool:
    """Say whether these categories may go to that organisation for that purpose (INV-17).

    `basis` other than None or "consent" is a recorded legal basis, which stands by itself.
    """
    if basis not in (None, "consent"):
        return True
    wanted = frozenset(categories)
    lent = (
        consent.categories
        for consent in facts.consents
        if consent.purpose == purpose
        and consent.recipient_organisation_id == organisation_id
        and (consent.until is None or consent.until > facts.now)
    )
    return wanted <= frozenset().union(*lent)


def adults_only(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    """INV-16: whoever is not known to be adult is a child, and no child gives up a protection."""
    if not facts.is_child:
        return None
    return refuse(
        _("A child, or a person whose age is not certain, cannot give up this protection"),
        rule="INV-16", source="CETS 197 art. 10(3)", unblock=_("Proof that the person is an adult"),
    )  # fmt: skip


def is_system(facts: Facts) -> bool:
    """Say whether the timer or rule engine acts."""
    return facts.actor.role is Role.SYS

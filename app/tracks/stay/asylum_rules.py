"""What follows from each turn of an asylum claim, and when a child's claim may be taken back."""

from collections.abc import Iterator
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.effects import Alert, Effect, EndSharesFor, LeaveTeam, TakeStep
from app.procedure.facts import Facts
from app.procedure.refusal import refuse
from app.safeguards.words import Relation, Role
from app.tracks.removal_again import removal_blocked_now, removal_looked_at_again
from app.tracks.stay.work_rules import work_ends


def child_only_by_determination(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """Take a child's claim back only where a best interests determination carries it."""
    if not facts.is_child or facts.in_state("bid", "decided", "implemented"):
        return None
    return refuse(
        _("A child’s claim is taken back only after a best interests determination"), rule="INV-07",
        source="OSCE Addendum 6 and 9", unblock=_("The decision of the panel"),
    )  # fmt: skip


def opened(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """From this word on nobody is removed (INV-04), and no State of origin is asked anything (INV-05)."""
    yield from removal_blocked_now()
    yield TakeStep("identity_document", "freeze")
    yield EndSharesFor("share_consular")
    yield LeaveTeam(
        Relation.ASSIGNED, role=Role.CON
    )  # for good: only a new consent brings a consulate in again
    yield Alert(_("Removal is blocked; send nothing more to a State of origin"), role=Role.NGO, urgent=True)
    yield Alert(_("Removal is blocked; a step before an authority is due"), role=Role.LEG, urgent=True)
    yield Alert(_("Removal is blocked; the child needs you before an authority"), role=Role.GUA)


def not_pursued(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Let requests that rested go on; what was asked before is still in force."""
    yield TakeStep("identity_document", "thaw")
    yield from removal_looked_at_again()


def protected(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """See to papers, work and family; contact with the State of origin stays excluded."""
    yield from removal_blocked_now()
    yield Alert(_("Protection was granted: see to papers, housing, work and family"), role=Role.NGO)


def rejected(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Tell the lawyer that time runs; the claim still protects."""
    yield Alert(_("A remedy is open"), role=Role.LEG, urgent=True)


def finally_refused(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """First look whether return would be dangerous, then at other permits, and only then speak of return."""
    yield Alert(
        _("Before anything else: check what a return would expose the person to"), role=Role.LEG, urgent=True
    )
    yield Alert(_("See whether a permit on humanitarian or personal grounds can be asked for"), role=Role.LEG)
    yield Alert(
        _("Help goes on; advice on a voluntary return only after the check by the lawyer"), role=Role.NGO
    )
    yield from removal_looked_at_again()
    yield from work_ends(facts)


def withdrawn(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Let requests that rested go on, and look at other grounds to stay."""
    yield TakeStep("identity_document", "thaw")
    yield Alert(_("Look at other grounds to stay"), role=Role.LEG)
    yield from removal_looked_at_again()
    yield from work_ends(facts)

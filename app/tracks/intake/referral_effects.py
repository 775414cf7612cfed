"""What follows from the steps of a referral."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from app.kit.i18n import _
from app.procedure.effects import (
    Alert,
    AssignLead,
    CallIn,
    Effect,
    EndShares,
    JoinTeam,
    LeaveTeam,
    OpenCase,
    OpenTrack,
    SetAgeClass,
    Share,
)
from app.procedure.facts import Facts
from app.safeguards.words import Relation, Role
from app.tracks.disclosed import TO_AN_AUTHORITY, look_at_it
from app.tracks.intake.indicators import SHORT_LIST
from app.tracks.intake.referral_rules import PURPOSE, basis_of, is_child, lent, receiver
from app.tracks.intake.referral_signs import ticked

WAITS = _("A referral waits for your answer")


def is_anonymous(facts: Facts) -> bool:
    """Say whether this is a notification without a person."""
    return facts.this is not None and facts.this.took("notify") is not None


def is_for_a_need(facts: Facts) -> bool:
    """Say whether a service is asked to meet one need of somebody whom others look after."""
    return facts.this is not None and facts.this.marks.get("type") == "service"


def created(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    """Tie the sender to the case; a draft that the rule engine opened has its sender already."""
    if facts.actor.role is not Role.SYS:
        yield JoinTeam(Relation.REFERRER, user_id="actor")


def submitted(facts: Facts, form: Any) -> Iterator[Effect]:
    """Ask the recipient, lend what may be lent, open what protects the person, start the clocks."""
    answers = dict(form)
    yield SetAgeClass(form.age_class)
    yield JoinTeam(Relation.RECIPIENT, organisation_id=form.receiving_organisation_id)
    yield Share(PURPOSE, (form.receiving_organisation_id,), lent(answers), basis_of(answers), until=None)
    if not is_for_a_need(facts) or facts.track("identification") is None:
        yield from _opened(facts, answers)
    if is_child(answers):
        yield from _opened_for_a_child(facts)
    urgent = is_child(answers) or form.urgency == "immediate" or form.immediate_safety == "not_safe"
    yield Alert(WAITS, organisation_id=form.receiving_organisation_id, urgent=urgent)
    if facts.actor.role is Role.POL:  # OSCE Action Plan V.3.5: a specialised service hears of it as well
        yield Alert(_("The police have sent a referral"), role=Role.NGO)
    yield from _looked_at(facts, answers)


def _looked_at(facts: Facts, answers: Mapping[str, Any]) -> Iterator[Effect]:
    """Let a second person look at what went without consent, or to police, immigration or a consulate."""
    if basis_of(answers) != "consent":
        yield from look_at_it(facts)
    elif answers["receiving_organisation_id"] in facts.authorities:
        yield from look_at_it(facts, TO_AN_AUTHORITY)


def _opened(facts: Facts, answers: Mapping[str, Any]) -> Iterator[Effect]:
    signs = {
        "indicators": sorted(ticked(answers) & SHORT_LIST.keys()),
        "presumed_on": facts.today.isoformat(),
    }
    referral = {"referral": str(facts.this.id)} if facts.this else {}
    yield OpenTrack("identification", "open", {**signs, **referral})
    within = timedelta(hours=facts.profile.number("inra.initial_hours"))
    yield OpenTrack("inra", "plan", {"kind": "initial", "due_at": (facts.now + within).isoformat()})


def _opened_for_a_child(facts: Facts) -> Iterator[Effect]:
    yield OpenTrack("age_assessment", "presume")
    yield OpenTrack("guardian", "open")
    if facts.track("bia") is None:
        yield OpenTrack("bia", "trigger", {"decision": "accommodation"})


def notified(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Tell the organisation that counts; nobody is named, nothing else opens."""
    asked = receiver(facts)
    if asked is None:
        yield CallIn(Role.CAU, Relation.RECIPIENT)
    else:
        yield JoinTeam(Relation.RECIPIENT, organisation_id=asked)
        yield Alert(_("An anonymous notification has come in"), organisation_id=asked)


def acknowledged(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Let the sender know."""
    yield from _tell_sender(facts, _("Your referral has arrived"))


def accepted(facts: Facts, form: Any) -> Iterator[Effect]:
    """Make somebody lead and open the case; a notification has no case to lead, a need takes nobody's lead away."""
    if is_anonymous(facts):
        return
    yield AssignLead(form.lead_worker or "actor", only_if_vacant=is_for_a_need(facts))
    yield OpenCase()
    yield from _tell_sender(facts, _("Your referral was accepted"))


def declined(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """End what the one who declines could see, and tell the sender to ask another."""
    yield EndShares()
    yield LeaveTeam(Relation.RECIPIENT, organisation_id=facts.actor.organisation_id)
    yield from _tell_sender(facts, _("Your referral was declined: ask another service"), urgent=True)


def rerouted(facts: Facts, form: Any) -> Iterator[Effect]:
    """Open the draft of a new referral to the other organisation, unless it was begun already."""
    if form.new_referral_id is None:
        kind = facts.this.marks.get("type", "initial") if facts.this else "initial"
        asked = str(form.receiving_organisation_id)
        yield OpenTrack("referral", "create", {"type": kind, "receiving_organisation_id": asked})


def escalated(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Tell the supervisors of both sides; the coordinator learns the number only."""
    waiting = _("A referral has found nobody yet")
    asked = receiver(facts)
    if asked is not None:
        yield Alert(waiting, role=Role.SUP, organisation_id=asked, urgent=True)
    sender = facts.this.took("submit", "notify") if facts.this else None
    if sender is not None and sender.organisation_id not in (None, asked):
        yield Alert(waiting, role=Role.SUP, organisation_id=sender.organisation_id, urgent=True)


def counted(facts: Facts, form: Any) -> Iterator[Effect]:
    """Do as on any escalation, and let the coordinator count it."""
    yield from escalated(facts, form)
    yield Alert(_("One more referral has found nobody"), role=Role.NCR)


def withdrawn(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """End what was lent, at once, and tell the organisation that was asked."""
    yield EndShares()
    yield LeaveTeam(Relation.RECIPIENT)
    asked = receiver(facts)
    if asked is not None:
        yield Alert(_("A referral was taken back"), organisation_id=asked)


def _tell_sender(facts: Facts, kind: str, *, urgent: bool = False) -> Iterator[Effect]:
    sent = facts.this.took("submit", "notify") if facts.this else None
    if sent is not None and sent.organisation_id is not None:
        yield Alert(kind, role=sent.role, organisation_id=sent.organisation_id, urgent=urgent)

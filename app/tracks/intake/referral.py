"""Referral: handing a presumed victim to an organisation that can help, with consent or another basis."""

from collections.abc import Callable

from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.facts import Facts
from app.procedure.span import Span
from app.safeguards.words import Role
from app.tracks.intake import referral_effects as effects
from app.tracks.intake import referral_rules as rules
from app.tracks.intake.referral_answers import (
    Accept,
    Acknowledge,
    Complete,
    Decline,
    DiscardDraft,
    Escalate,
    Reroute,
    TimeOut,
    Withdraw,
)
from app.tracks.intake.referral_consent import AnonymousNotification
from app.tracks.intake.referral_form import SubmitReferral
from app.tracks.intake.referral_start import CreateReferral

SENDERS = frozenset(
    {
        Role.POL, Role.LAB, Role.NGO, Role.SOC, Role.HEA, Role.IMM, Role.HOT, Role.SHE, Role.LEG, Role.GUA,
        Role.CON,
    }
)  # fmt: skip
RECEIVERS = frozenset(
    {Role.NGO, Role.SOC, Role.CAU, Role.SHE, Role.HEA, Role.LEG, Role.POL, Role.LAB, Role.IMM}
)
REROUTERS = frozenset(
    {Role.NGO, Role.SOC, Role.SUP, Role.POL, Role.HOT, Role.LAB, Role.HEA, Role.IMM, Role.GUA}
)
TIMER = frozenset({Role.SYS})
WAITING = ("submitted", "acknowledged", "escalated")
PARTNERSHIP = "OSCE Action Plan V.3.1 to V.3.5; CETS 197 art. 10(1)"
CHILD = "OSCE Addendum 3 and 5"


def _adult(key: str) -> Callable[[Facts], Span | None]:
    """Return a clock of the profile that runs for adults only."""
    span = national(key)
    return lambda facts: None if rules.for_child(facts) else span(facts)


def _alternative(facts: Facts) -> Span:
    key = "referral.child_hours" if rules.for_child(facts) else "referral.alternative_working_days"
    return national(key)(facts)


def _child(facts: Facts) -> Span | None:
    return national("referral.child_hours")(facts) if rules.for_child(facts) else None


def _notification(facts: Facts) -> Span | None:
    marks = facts.this.marks if facts.this else {}
    if marks.get("type") != "anonymous_notification":
        return None
    return national("referral.notification_working_days")(facts)


STATES = (
    State("draft", _("Draft")),
    State("submitted", _("Sent")),
    State("acknowledged", _("Arrived")),
    State("accepted", _("Accepted")),
    State("declined", _("Declined")),
    State("escalated", _("Unanswered, brought to a supervisor")),
    State("completed", _("Completed"), terminal=True),
    State("withdrawn", _("Taken back"), terminal=True),
    State("rerouted", _("Sent elsewhere"), terminal=True),
)

SENDING = (
    Step(
        "create", _("Begin a referral"), (), "draft", SENDERS | TIMER, PARTNERSHIP,
        _("{who} began a referral"), CreateReferral, then=effects.created,
    ),  # the timer opens the new draft when a declined referral is sent elsewhere
    Step(
        "submit", _("Send the referral"), ("draft",), "submitted", SENDERS,
        "CETS 197 art. 10(1) and 12(7); OSCE Action Plan III.4.2, V.3.2 and V.3.5; OSCE Addendum 5",
        _("{who} sent the referral"), SubmitReferral, guards=(rules.is_one_person, rules.is_personal, rules.has_ground),
        invariants=("INV-14", "INV-15", "INV-17"), then=effects.submitted,
        help=_("An adult is asked first. A child, or whoever may be one, is referred at once."),
    ),
    Step(
        "notify", _("Send an anonymous notification"), ("draft",), "submitted", SENDERS,
        "CETS 197 art. 11(1); OSCE Action Plan IV.4.11", _("{who} sent an anonymous notification"),
        AnonymousNotification, guards=(rules.is_one_person, rules.is_no_child), invariants=("INV-14", "INV-15"),
        then=effects.notified,
        help=_("For an adult who does not agree: sex, nationality, region and signs. Nothing else is kept."),
    ),
    Step(
        "discard", _("Throw the draft away"), ("draft",), "withdrawn", SENDERS | TIMER, PARTNERSHIP,
        _("{who} threw the draft away"), DiscardDraft,
    ),  # the timer, where nobody went on with it
)  # fmt: skip

ANSWERING = (
    Step(
        "acknowledge", _("Say that it arrived"), ("submitted", "escalated"), "acknowledged", RECEIVERS,
        PARTNERSHIP, _("{who} said that the referral arrived"), Acknowledge, guards=(rules.was_asked,),
        then=effects.acknowledged,
    ),
    Step(
        "accept", _("Accept the referral"), WAITING, "accepted", RECEIVERS, PARTNERSHIP,
        _("{who} accepted the referral"), Accept, guards=(rules.was_asked,), then=effects.accepted,
    ),
    Step(
        "decline", _("Decline the referral"), WAITING, "declined", RECEIVERS,
        "CETS 197 art. 12(6); Directive 2011/36/EU art. 11(3)", _("{who} declined the referral"), Decline,
        guards=(rules.was_asked, rules.names_another), invariants=("INV-01",), then=effects.declined,
    ),
    Step(
        "complete", _("Complete the referral"), ("accepted",), "completed", RECEIVERS, PARTNERSHIP,
        _("{who} completed the referral"), Complete, guards=(rules.works_on_it,),
    ),
)  # fmt: skip

GOING_ON = (
    Step(
        "reroute", _("Send it elsewhere"), ("declined", "escalated"), "rerouted", REROUTERS, PARTNERSHIP,
        _("{who} sent the referral elsewhere"), Reroute, then=effects.rerouted,
    ),  # from `escalated` too: without it a referral that everybody declined could only be taken back
    Step(
        "escalate", _("Bring it to those above"), ("declined",), "escalated", TIMER | {Role.SUP}, CHILD,
        _("{who} brought the referral to those above: no other service was found in time"), Escalate,
        then=effects.counted,
    ),
    Step(
        "timeout", _("The time to answer is over"), ("submitted", "acknowledged"), "escalated", TIMER, CHILD,
        _("{who} noted that nobody had answered in time"), TimeOut, then=effects.escalated,
    ),
    Step(
        "withdraw", _("Take the referral back"), ("submitted", "acknowledged", "accepted", "escalated"),
        "withdrawn", SENDERS | {Role.VIC}, "CETS 197 art. 12(7); OSCE Addendum 3 and 5",
        _("{who} took the referral back"), Withdraw,
        guards=(rules.sent_it_or_helps, rules.did_not_only_receive, rules.protects_the_child), invariants=("INV-15",),
        then=effects.withdrawn,
    ),
)  # fmt: skip

DEADLINES = (
    Deadline(
        "acknowledge", _("Say that the referral arrived"), ("submit", "notify"), ("submitted",), PARTNERSHIP,
        Role.NGO, _adult("referral.acknowledge_working_days"), expires="timeout", proposal=True,
    ),
    Deadline(
        "answer", _("Accept or decline the referral"), ("submit", "notify"), ("submitted", "acknowledged"),
        PARTNERSHIP, Role.NGO, _adult("referral.answer_working_days"), expires="timeout", proposal=True,
    ),
    Deadline(
        "child_handed_over", _("A service takes the child on"), ("submit",), ("submitted", "acknowledged"),
        CHILD, Role.NGO, _child, expires="timeout", proposal=True,
    ),
    Deadline(
        "notification", _("Send the anonymous notification"), ("create",), ("draft",),
        "OSCE Action Plan IV.4.11", Role.POL, _notification, proposal=True,
    ),
    Deadline(
        "alternative", _("Find another service"), ("decline",), ("declined",), CHILD, Role.NGO, _alternative,
        expires="escalate", proposal=True,
    ),
)  # fmt: skip

TRACK = Track(
    slug="referral",
    number="T02",
    label=_("Referral"),
    purpose=_(
        "A presumed victim reaches an organisation that can help, by consent or on another recorded ground."
    ),
    family="intake",
    sources="OSCE Action Plan V.3.1 to V.3.5; OSCE Addendum 3 and 5; Ministerial Council decision 8/07, 8",
    states=STATES,
    steps=SENDING + ANSWERING + GOING_ON,
    deadlines=DEADLINES,
    notes=(
        _("An adult who can be named and does not agree is counted by an anonymous notification only."),
        _("Whoever may be a child is treated as a child: no consent is asked, and the clocks are shorter."),
        _("Whether the person would help an investigation is never asked for and never read."),
    ),
    per_case=False,  # a person may be referred again, for another service
)

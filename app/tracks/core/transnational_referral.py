"""Transnational referral: to a partner who was checked, on a basis that stands, with little data, and followed up."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, Effect, SetMarks
from app.procedure.facts import Facts
from app.procedure.predicates_return import consent_given
from app.procedure.predicates_stay import protection_open
from app.procedure.refusal import refuse
from app.procedure.span import Span, due
from app.safeguards.words import Category, Role
from app.tracks.core import transnational_forms as forms
from app.tracks.rules import for_a_child, needed_when, not_in_future

WORKERS = frozenset({Role.NGO, Role.SOC})
ABROAD = "A/65/113, 36 and 40; OSCE Action Plan III.3.2 and V.5.2"
TRANSFER = "OSCE Action Plan III.3.3; A/65/113, 40; Regulation (EU) 2016/679 chapter V"
HELD = ("draft", "ready", "sent", "accepted", "declined")


def _agreement_or_exception(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    if form is None or (form.transfer_basis == "derogation") == bool(form.derogation):
        return None
    return refuse(
        _("An exception is named exactly where the transfer rests on one"), field="derogation", rule="INV-24",
        source=TRANSFER, unblock=_("The exception, or another basis"),
    )  # fmt: skip


def _same_partner(facts: Facts, form: Any) -> Fault | None:
    """Keep what is said of the partner from changing between the draft and the check (INV-05)."""
    said = facts.this.marks.get("towards") if facts.this else None
    if form is None or said in (None, form.towards):
        return None
    return Fault(_("The draft names another kind of partner"), "towards")


def _no_whereabouts(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    if form is None or "LOC" not in form.data_set:
        return None
    return Fault(_("Where the person lives is never sent"), "data_set", rule="INV-12")


def _origin_waits(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """INV-05: what was ready for an authority of the country of origin stays here once asylum is intended."""
    marks = facts.this.marks if facts.this else {}
    agreed = marks.get("agreed_after_advice") == "in_writing"
    if marks.get("towards") != "origin" or agreed or not protection_open(facts):
        return None
    return refuse(
        _("No contact with the State of origin now: another authority must be asked"), rule="INV-05",
        source="OSCE Action Plan V.9.1; UNHCR practice",
        unblock=_("The person’s own consent in writing, given after legal advice"),
    )  # fmt: skip


def answer_in(facts: Facts) -> Span:
    """Return the time in which a partner answers."""
    urgent = facts.this is not None and facts.this.marks.get("urgent") == "yes"
    key = "transnational.urgent_working_days" if urgent else "transnational.answer_working_days"
    return national(key)(facts)


def arrival(facts: Facts) -> datetime | None:
    """Return when the arrival must be confirmed: so many hours after the end of the expected day."""
    expected = facts.this.day("arrives_on") if facts.this else None
    if expected is None:
        return None
    begun = datetime.combine(expected, time(12), ZoneInfo(facts.profile.zone))
    return due(begun, national("transnational.arrival_hours")(facts), facts.profile)


def _ready(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    agreed = consent_given(facts, "transnational_referral")
    if agreed is not None:
        yield SetMarks({"consent": str(agreed.id)})


def _declined(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("A partner abroad did not agree: ask another one"), role=Role.NGO)


def _cancelled(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    if facts.this is not None and facts.this.took("send") is not None:
        yield Alert(
            _("A referral abroad is called off: the partner deletes what it has received"),
            urgent=True,
        )


TRACK = Track(
    slug="transnational_referral",
    number="T22",
    label=_("Transnational referral"),
    purpose=_("A partner abroad who was checked goes on helping, with little data and on a basis that stands."),
    family="core",
    sources="A/65/113, 36 and 40; OSCE Action Plan III.3.2 and V.5.2; ICMPD, guidelines on transnational referral; "
    "Directive 2011/36/EU art. 11(4)",
    summary=Category.SVC,
    per_case=False,  # one for each partner and purpose
    states=(
        State("draft", _("Draft")),
        State("ready", _("All conditions are met")),
        State("sent", _("Sent")),
        State("accepted", _("Accepted abroad")),
        State("declined", _("Declined abroad")),
        State("handed_over", _("Handed over")),
        State("followed_up", _("Followed up"), terminal=True),
        State("cancelled", _("Called off"), terminal=True),
    ),
    steps=(
        Step(
            "create", _("Begin a referral abroad"), (), "draft", WORKERS | {Role.GUA, Role.POL}, ABROAD,
            _("{who} began a referral abroad"), forms.CreateTransnational,
            guards=(not_in_future("contact_verified_on"),),
        ),
        Step(
            "check", _("All conditions are met"), ("draft",), "ready", frozenset({Role.SUP}), TRANSFER,
            _("{who} found that all conditions for sending are met"), forms.CheckTransnational,
            guards=(
                _same_partner, _agreement_or_exception, _no_whereabouts, needed_when("guardian_heard", for_a_child),
            ),
            invariants=("INV-24", "INV-05", "INV-07"), then=_ready,
        ),
        Step(
            "send", _("Send it"), ("ready",), "sent", WORKERS | {Role.POL}, TRANSFER,
            _("{who} sent the referral abroad"), forms.SendTransnational,
            guards=(_origin_waits, not_in_future("sent_on")),
            invariants=("INV-21", "INV-24"), help=_("Whether it may be sent is asked again at this moment."),
        ),
        Step(
            "accept", _("The partner agrees"), ("sent",), "accepted", WORKERS, ABROAD,
            _("{who} recorded that the partner agrees"), forms.AcceptTransnational,
        ),
        Step(
            "decline", _("The partner does not agree"), ("sent",), "declined", WORKERS | {Role.SYS}, ABROAD,
            _("{who} recorded that the partner does not agree"), forms.DeclineTransnational, then=_declined,
        ),
        Step(
            "ask_another", _("Ask another partner"), ("declined",), "draft", WORKERS | {Role.GUA}, ABROAD,
            _("{who} turned to another partner"), forms.AnotherPartner, guards=(not_in_future("contact_verified_on"),),
        ),
        Step(
            "hand_over", _("Handed over to the partner"), ("accepted",), "handed_over", WORKERS, ABROAD,
            _("{who} recorded the hand-over to the partner"), forms.HandOverAbroad,
            guards=(
                not_in_future("handed_over_on"), needed_when("guardian_there", for_a_child),
                needed_when("guardian_heard", for_a_child),
            ),
            invariants=("INV-07",),
        ),
        Step(
            "report", _("A report has come"), ("handed_over",), "handed_over", WORKERS, ABROAD,
            _("{who} recorded a report from the partner"), forms.ReportAbroad, guards=(not_in_future("reported_on"),),
        ),
        Step(
            "follow_up", _("The follow-up is done"), ("handed_over",), "followed_up", WORKERS, ABROAD,
            _("{who} recorded that the follow-up is done"), forms.ReportAbroad, guards=(not_in_future("reported_on"),),
        ),
        Step(
            "cancel", _("Call it off"), HELD, "cancelled", WORKERS | {Role.VIC, Role.GUA, Role.SUP}, ABROAD,
            _("{who} called the referral abroad off"), forms.CancelTransnational, invariants=("INV-09",),
            then=_cancelled, help=_("No reason is asked."),
        ),
    ),
    deadlines=(
        Deadline(
            "answer", _("Answer of the partner"), ("send",), ("sent",), ABROAD, Role.NGO, lasts=answer_in,
            expires="decline", alerts=Role.NGO, proposal=True,
        ),
        Deadline(
            "arrival", _("Arrival confirmed by the partner"), ("accept",), ("accepted",), ABROAD, Role.NGO, at=arrival,
            proposal=True,
        ),
        Deadline(
            "first_report", _("First report from the partner"), ("hand_over",), ("handed_over",), ABROAD, Role.NGO,
            lasts=national("transnational.first_report_months"), stops=("report",), proposal=True,
        ),
        Deadline(
            "second_report", _("Second report from the partner"), ("hand_over",), ("handed_over",), ABROAD, Role.NGO,
            lasts=national("transnational.second_report_months"), reminder=True, alerts=Role.NGO, proposal=True,
        ),
        Deadline(
            "last_report", _("Last report from the partner"), ("hand_over",), ("handed_over",), ABROAD, Role.NGO,
            lasts=national("transnational.last_report_months"), proposal=True,
        ),
    ),
    notes=(
        _("A contact abroad is checked anew when the last check is older than the profile allows."),
        _("Consent that is taken back stops what was not sent yet; what was sent is called back."),
        _("While asylum is open, nothing goes to an authority of the country of origin without written consent."),
    ),
)  # fmt: skip

"""Consent, one purpose at a time, and what follows from it in the same transaction."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import last_day
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, Effect, EndShares, SetMarks, Share, TakeStep
from app.procedure.facts import Facts, TrackFacts
from app.procedure.predicates import REFLECTION_RUNS
from app.procedure.predicates_stay import contact_with_origin
from app.procedure.refusal import refuse
from app.procedure.span import end_of
from app.safeguards.words import Category, Role
from app.tracks.core.consent_forms import (
    CNS,
    AskAgain,
    AskConsent,
    GiveConsent,
    RefuseConsent,
    ReplaceConsent,
    WithdrawConsent,
)
from app.tracks.core.two_people import recorded_by_another, supervisor_only_as_the_second
from app.tracks.rules import for_a_child, needed_when, not_in_future

ASKERS = frozenset(
    {
        Role.NGO, Role.SOC, Role.SHE, Role.HEA, Role.LEG, Role.POL, Role.LAB, Role.HOT, Role.GUA, Role.CON,
        Role.IMM,
    }
)  # fmt: skip
TAKERS = frozenset({Role.VIC, Role.GUA, Role.NGO, Role.SOC, Role.SHE, Role.HEA, Role.LEG, Role.POL, Role.LAB})


def valid_until(facts: Facts, form: GiveConsent) -> date:
    """Return the last day of a consent: as agreed, or by the default of its purpose."""
    if form.valid_until:
        return form.valid_until
    if facts.this and facts.this.marks.get("purpose") == "share_police":
        return _police_until(facts)
    return last_day(facts, "consent.validity_months")


def _police_until(facts: Facts) -> date:
    usual = last_day(facts, "consent.police_validity_days")
    period = facts.track("reflection_period")
    ends = period.day("end_on") if period and period.state in REFLECTION_RUNS else None
    return min(usual, ends) if ends and ends > facts.today else usual


def _lend(facts: Facts, form: GiveConsent) -> Iterator[Effect]:
    """Give each recipient access to exactly what was agreed, until exactly then."""
    marks = facts.this.marks if facts.this else {}
    until = valid_until(facts, form)
    recipients = tuple(UUID(str(each)) for each in marks.get("recipients", ()))
    categories = frozenset(Category(each) for each in marks.get("categories", ()))
    yield SetMarks({"valid_until": until.isoformat()})
    yield Share(marks["purpose"], recipients, categories, "consent", end_of(until, facts.profile))


def _end(facts: Facts, form: Any) -> Iterator[Effect]:
    yield EndShares()
    for each in facts.this.marks.get("recipients", ()) if facts.this else ():
        yield Alert(_("A consent that you relied on has ended"), organisation_id=UUID(str(each)), urgent=True)
    if getattr(form, "scope", "everything") != "everything":
        yield Alert(_("A consent was taken back in part: ask anew for the rest"), role=Role.NGO)


def _withdrawn(facts: Facts, form: Any) -> Iterator[Effect]:
    """End what was lent; a return that rested on it is called off, and nothing more goes abroad (INV-09, INV-24)."""
    yield from _end(facts, form)
    purpose = facts.this.marks.get("purpose") if facts.this else None
    if purpose == "return":
        yield TakeStep("voluntary_return", "consent_ended")
    if purpose == "transnational_referral":
        yield Alert(_("A consent to a referral abroad was taken back: call back what was sent"), urgent=True)


def _who_consents(facts: Facts, form: Any) -> Fault | None:
    if form is None:
        return None
    if facts.is_child and form.given_by == "self":
        return refuse(
            _("A child’s consent needs the guardian’s beside it"), field="given_by", rule="INV-07",
            source="OSCE Addendum 6", unblock=_("The guardian’s consent"),
        )  # fmt: skip
    if not facts.is_child and form.given_by != "self":
        return refuse(
            _("Nobody consents in the place of an adult"), field="given_by", rule="INV-17",
            source="CETS 197 art. 12(7)", unblock=_("The person’s own consent"),
        )  # fmt: skip
    return None


def _child_agrees(facts: Facts, form: Any) -> Fault | None:
    if form is None or not facts.is_child or form.childs_view != "disagrees":
        return None
    return refuse(
        _("The child does not agree: the disagreement goes to the best interests assessment"),
        field="childs_view", rule="INV-07", source="OSCE Addendum, preamble and 6",
        unblock=_("The assessment’s answer, with the child’s view in it"),
    )  # fmt: skip


def _no_child_in_media(facts: Facts, form: Any) -> Fault | None:
    if form is None or not facts.is_child or form.purpose != "media":
        return None
    return refuse(
        _("A child’s identity is not published, and no consent can allow it"), field="purpose", rule="INV-13",
        source="OSCE Addendum 12; CETS 197 art. 11", unblock=_("Nothing: choose another purpose"),
    )  # fmt: skip


def _not_to_origin(facts: Facts, form: Any) -> Fault | None:
    """INV-05: while asylum is open, a consulate learns nothing unless she said so in writing, with a lawyer."""
    marks = facts.this.marks if facts.this else {}
    if form is None or marks.get("purpose") != "share_consular":
        return None
    advised = form.method == "written" and facts.in_state("legal_representation", "appointed")
    found = None if advised else contact_with_origin(facts, form)
    return replace(found, field="method") if found else None


def _another_in_force(facts: Facts, form: Any) -> Fault | None:
    """Let a consent be replaced only by one that was given: nothing is shared on one that waits for an answer."""
    given = {each.id for each in others_given(facts)}
    if not given:
        return refuse(
            _("No other consent in this case is in force that could take the place of this one"),
            rule="consent.replace", source="CETS 197 art. 12(7)",
            unblock=_("The new consent: ask for it, and record that it is given"),
        )  # fmt: skip
    if form is None or form.new_consent in given:
        return None
    return Fault(_("Choose another consent of this case that is in force"), "new_consent")


def others_given(facts: Facts) -> list[TrackFacts]:
    """Return the consents in force that could take the place of this one."""
    here = facts.this.id if facts.this else None
    return [
        each for each in facts.tracks if (each.slug, each.state) == ("consent", "given") and each.id != here
    ]


def _not_over_yet(facts: Facts, form: Any) -> Fault | None:
    if form is None or form.valid_until is None or form.valid_until >= facts.today:
        return None
    return Fault(_("The last day cannot be in the past"), "valid_until")


def may_ask_again_on(facts: Facts) -> date | None:
    """Return the first day on which a refused consent may be asked for again."""
    refused = facts.this.day("refused_on") if facts.this else None
    return refused + timedelta(days=facts.profile.number("consent.ask_again_days")) if refused else None


def _not_too_soon(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- decided before anything is typed
    first = may_ask_again_on(facts)
    if first is None or facts.today >= first:
        return None
    return refuse(
        _("Consent was refused: ask again no sooner than {first}"), rule="consent.ask_again_days",
        source="CETS 197 art. 12(7)", unblock=_("Time, and new circumstances"), first=first,
    )  # fmt: skip


def _aloud(facts: Facts, form: Any) -> bool:  # noqa: ARG001 -- whether the answer is needed
    return bool(form.method == "oral_witnessed")


def _reminder(facts: Facts) -> date | None:
    last = facts.this.day("valid_until") if facts.this else None
    return last - timedelta(days=facts.profile.number("consent.reminder_days")) if last else None


TRACK = Track(
    slug="consent",
    number="T04",
    label=_("Consent"),
    purpose=_("One purpose at a time, explained and free; taking it back bites at once and costs no help."),
    family="core",
    sources="CETS 197 art. 12(7); Regulation (EU) 2016/679 art. 6, 7 and 9; OSCE Addendum 6",
    summary=CNS,
    per_case=False,
    states=(
        State("asked", _("Asked")),
        State("given", _("Given")),
        State("refused", _("Refused")),
        State("withdrawn", _("Withdrawn")),
        State("expired", _("Expired")),
        State("superseded", _("Superseded"), terminal=True),
    ),
    steps=(
        Step(
            "ask", _("Ask for consent"), (), "asked", ASKERS, "CETS 197 art. 12(7)",
            _("{who} asked for consent"), AskConsent, guards=(_no_child_in_media,),
        ),
        Step(
            "give", _("Record that consent is given"), ("asked",), "given", TAKERS | {Role.SUP}, "CETS 197 art. 12(7)",
            _("{who} recorded that consent was given"), GiveConsent,
            guards=(
                recorded_by_another, supervisor_only_as_the_second, _who_consents, _child_agrees, _not_over_yet,
                _not_to_origin,
                needed_when("witness", _aloud),
                needed_when("guardian_heard", for_a_child), needed_when("childs_view", for_a_child),
            ),
            invariants=("INV-07",), then=_lend,
        ),
        Step(
            "refuse", _("Record that consent is refused"), ("asked",), "refused", TAKERS,
            "CETS 197 art. 12(7)", _("{who} recorded that consent was refused"), RefuseConsent,
            guards=(not_in_future("refused_on"),),
            help=_("A refusal changes nothing in the help that the person gets."),
        ),
        Step(
            "ask_again", _("Ask again"), ("refused",), "asked",
            frozenset({Role.NGO, Role.SOC, Role.LEG, Role.GUA}), "CETS 197 art. 12(7)",
            _("{who} asked again for consent"), AskAgain, guards=(_not_too_soon,),
        ),
        Step(
            "ask_again", _("Ask again"), ("expired", "withdrawn"), "asked",
            frozenset({Role.NGO, Role.SOC, Role.LEG, Role.GUA, Role.HEA, Role.SHE}), "CETS 197 art. 12(7)",
            _("{who} asked again for consent"),
        ),
        Step(
            "withdraw", _("Take consent back"), ("given",), "withdrawn",
            frozenset({Role.VIC, Role.GUA, Role.NGO, Role.SOC, Role.SHE, Role.HEA, Role.LEG}),
            "Regulation (EU) 2016/679 art. 7(3)", _("{who} recorded that consent was taken back"),
            WithdrawConsent, guards=(not_in_future("withdrawn_on"),), then=_withdrawn,
            help=_("Sharing ends at once. What was done before stays lawful."),
        ),
        Step(
            "expire", _("Consent ends by time"), ("given",), "expired", frozenset({Role.SYS}),
            "CETS 197 art. 12(7)", _("{who} ended a consent whose time was over"), then=_end,
        ),
        Step(
            "replace", _("Replace by a new consent"), ("given", "expired", "withdrawn"), "superseded",
            frozenset({Role.NGO, Role.SOC, Role.SHE, Role.HEA, Role.LEG, Role.GUA}), "CETS 197 art. 12(7)",
            _("{who} replaced a consent by a new one"), ReplaceConsent, guards=(_another_in_force,), then=_end,
        ),
    ),
    deadlines=(
        Deadline(
            "end", _("Consent ends"), ("give",), ("given",), "CETS 197 art. 12(7)", Role.NGO,
            at="valid_until",
            expires="expire", proposal=True,
        ),
        Deadline(
            "reminder", _("Consent will end soon"), ("give",), ("given",), "CETS 197 art. 12(7)", Role.NGO,
            at=_reminder, reminder=True, alerts=Role.NGO, proposal=True,
        ),
        Deadline(
            "ask_again", _("Consent may be asked for again"), ("refuse",), ("refused",),
            "CETS 197 art. 12(7)", Role.NGO, at=may_ask_again_on, reminder=True, alerts=None, proposal=True,
        ),
    ),
    notes=(
        _("What hands the file beyond help is asked for by one person and recorded by another."),
        _("One purpose at a time; nothing is bundled and nothing is ticked beforehand."),
        _("A child assents by maturity and the guardian consents."),
        _("If child and guardian disagree, the best interests assessment decides."),
        _("Consent is agreement to help and sharing; it is not the legal basis of an authority’s own duty."),
        _("Taking consent back ends access in the same transaction."),
    ),
)  # fmt: skip

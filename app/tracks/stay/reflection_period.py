"""The recovery and reflection period: time to recover and to decide freely, in which nobody is removed."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, Effect, JoinTeam, OpenTrack, TakeStep
from app.procedure.facts import Facts
from app.procedure.predicates import UNDER_IDENTIFICATION, adults_only
from app.procedure.refusal import refuse
from app.safeguards.words import Category, Relation, Role
from app.tracks.needs_again import needs_again
from app.tracks.rules import not_in_future
from app.tracks.stay import reflection_forms as forms
from app.tracks.stay.work_rules import work_ends

GRANTING = frozenset({Role.IMM, Role.CAU})
RUNS = ("active", "extended")
PERIOD = "CETS 197 art. 13(1)"
ENDING = "CETS 197 art. 13(3)"


def _on_grounds(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    early = facts.profile.says("reflection.open_while_presumed")
    if facts.in_state("identification", "rg_positive", "conclusive_positive"):
        return None
    if early and facts.in_state("identification", "presumed"):
        return None
    return refuse(
        _("The period is opened on reasonable grounds"), rule=PERIOD, source=PERIOD,
        unblock=_("Reasonable grounds in the identification"),
    )  # fmt: skip


def shortest(facts: Facts) -> int:
    """Return the least number of days: that of the profile, never under the treaty's 30."""
    return max(30, facts.profile.number("reflection.min_days"))


def _long_enough(facts: Facts, form: Any) -> Fault | None:
    if form is None or form.end_on >= form.start_on + timedelta(days=shortest(facts)):
        return None
    return refuse(
        _("The period lasts at least {days} days"), field="end_on", rule="reflection.min_days", source=PERIOD,
        unblock=_("A later end"), days=shortest(facts),
    )  # fmt: skip


def _later_than_now(facts: Facts, form: Any) -> Fault | None:
    ends = facts.this.day("end_on") if facts.this else None
    if form is None or ends is None or form.end_on > ends:
        return None
    return refuse(
        _("An extension ends later than the period: {ends}"), field="end_on", rule=PERIOD, source=PERIOD,
        unblock=_("A later end"), ends=ends,
    )  # fmt: skip


def _ground_exists(facts: Facts, form: Any) -> Fault | None:
    if form is None or form.ground != "renewed_contact":
        return None
    if facts.is_child:
        return _never_for_a_child()
    if facts.profile.says("reflection.renewed_contact_ground"):
        return None
    return refuse(
        _("The law of this country does not know this ground"), field="ground", rule=ENDING,
        source="Directive 2004/81/EC art. 6(4)", unblock=_("One of the two grounds of the treaty"),
    )  # fmt: skip


def _never_for_a_child() -> Fault:
    return refuse(
        _("A child’s period never ends because of contact"), rule="INV-16", source="CETS 197 art. 10(3)",
        unblock=_("Nothing: reject the proposal"),
    )  # fmt: skip


def _not_a_child_for_contact(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    by_contact = facts.this is not None and facts.this.marks.get("ground") == "renewed_contact"
    return _never_for_a_child() if by_contact and facts.is_child else None


def _remedy_after_proposal(facts: Facts, form: Any) -> Fault | None:
    proposed = facts.this.took("propose_termination") if facts.this else None
    if form is None or proposed is None or form.remedy_lapsed_on >= proposed.at.date():
        return None
    return Fault(_("The remedy cannot be over before the proposal"), "remedy_lapsed_on")


def _time_is_over(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    ends = facts.this.day("end_on") if facts.this else None
    waits = facts.profile.says("reflection.wait_for_identification")
    if (
        ends is not None
        and ends <= facts.today
        and not (waits and facts.in_state("identification", *UNDER_IDENTIFICATION))
    ):
        return None
    return refuse(
        _("The period is not over yet"), rule=PERIOD, source=PERIOD,
        unblock=_("Its last day and, where the law says so, the identification decision"),
    )  # fmt: skip


def review_on(facts: Facts) -> date | None:
    """Return the day of the review: two thirds of the way."""
    start, ends = _from_to(facts)
    thirds = facts.profile.number("reflection.review_thirds")
    return start + (ends - start) * thirds // 3 if start and ends else None


def first_alert_on(facts: Facts) -> date | None:
    """Return the day of the first alert before the end."""
    return _before_end(facts, "reflection.first_alert_days")


def last_alert_on(facts: Facts) -> date | None:
    """Return the day of the last alert before the end."""
    return _before_end(facts, "reflection.last_alert_days")


def _before_end(facts: Facts, key: str) -> date | None:
    ends = _from_to(facts)[1]
    return ends - timedelta(days=facts.profile.number(key)) if ends else None


def _from_to(facts: Facts) -> tuple[date | None, date | None]:
    return (facts.this.day("start_on"), facts.this.day("end_on")) if facts.this else (None, None)


def _informed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    if form.authority is not None:
        yield JoinTeam(Relation.AUTHORITY, Role.IMM, organisation_id=form.authority)


def _granted(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Have removals looked at, and work follow where the document says so; nothing is a condition."""
    yield Alert(_("The reflection period runs: no removal; see to residence and work"), role=Role.NGO)
    yield Alert(_("The reflection period runs: see to residence and work"), role=Role.LEG)
    yield TakeStep("removal_measure", "evaluate_block")
    yield OpenTrack("work_permit", "open")
    if getattr(form, "work_allowed", False):
        yield TakeStep("work_permit", "by_law")


def _proposed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    for role in (Role.LEG, Role.GUA, Role.NGO):
        yield Alert(_("It is proposed to end the reflection period; it still runs"), role=role, urgent=True)


def _ended(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Help goes on: look at what is needed now (INV-01)."""
    yield Alert(_("The reflection period has ended: help goes on, look at needs and risks"), role=Role.NGO)
    yield from work_ends(facts)
    yield from needs_again("stay_ended")


def _review(state: str) -> Step:
    return Step(
        "review", _("Review the period"), (state,), state,
        GRANTING | {Role.NGO, Role.SOC, Role.LEG, Role.GUA}, PERIOD,
        _("{who} reviewed the reflection period"),
        forms.Review,
    )  # fmt: skip


TRACK = Track(
    slug="reflection_period",
    number="T08",
    label=_("Recovery and reflection period"),
    purpose=_("Time to recover and to decide freely, in which nobody is removed."),
    family="stay",
    sources="OSCE Action Plan V.4.1 and V.8.1; CETS 197 art. 13; Directive 2004/81/EC art. 6",
    summary=Category.SVC,
    states=(
        State("not_offered", _("Not yet offered")),
        State("offered", _("Offered")),
        State("waived", _("Not wanted")),
        State("active", _("Running")),
        State("extended", _("Extended")),
        State("termination_proposed", _("Termination proposed")),
        State("ended_expired", _("Ended by time"), terminal=True),
        State("ended_by_decision", _("Ended by the person’s own decision"), terminal=True),
        State("terminated", _("Terminated"), terminal=True),
    ),
    steps=(
        Step(
            "open", _("Open the reflection period"), (), "not_offered", frozenset({Role.SYS}), PERIOD,
            _("{who} opened the reflection period"), guards=(_on_grounds,),
        ),
        Step(
            "inform", _("Inform and offer"), ("not_offered",), "offered",
            frozenset({Role.CAU, Role.IMM, Role.POL, Role.NGO, Role.LEG, Role.SOC}), PERIOD,
            _("{who} explained and offered the reflection period"), forms.Inform, then=_informed,
        ),
        Step(
            "grant", _("Grant the period"), ("offered", "waived"), "active", GRANTING, PERIOD,
            _("{who} granted the reflection period"), forms.Grant, guards=(_long_enough,),
            invariants=("INV-01",), then=_granted,
            help=_("From now on no removal is executed, Dublin transfers included."),
        ),
        Step(
            "waive", _("The person does not want the period"), ("offered",), "waived", frozenset({Role.VIC}),
            PERIOD, _("{who} recorded that the person does not want the period"), forms.Waive,
            guards=(adults_only,), invariants=("INV-16", "INV-10"),
            help=_("Help is the same. The period can still be granted later."),
        ),
        Step(
            "extend", _("Extend the period"), RUNS, "extended", GRANTING, PERIOD,
            _("{who} extended the reflection period"), forms.Extend, guards=(_later_than_now,),
            invariants=("INV-01",), then=_granted,
        ),
        *map(_review, RUNS),
        Step(
            "own_decision", _("The person has decided"), RUNS, "ended_by_decision",
            frozenset({Role.VIC, Role.LEG}), PERIOD, _("{who} recorded the person’s own decision"),
            forms.OwnDecision, invariants=("INV-10",), then=_ended,
            help=_("Only the period ends. Help goes on."),
        ),
        Step(
            "propose_termination", _("Propose to end the period"), RUNS, "termination_proposed",
            frozenset({Role.IMM}), ENDING, _("{who} proposed to end the reflection period"),
            forms.ProposeTermination, guards=(_ground_exists,), then=_proposed,
            help=_("It protects on until a second officer has confirmed and the remedy is over."),
        ),
        Step(
            "confirm_termination", _("Confirm: end the period"), ("termination_proposed",), "terminated",
            GRANTING,
            ENDING, _("{who} ended the reflection period"), forms.ConfirmTermination,
            guards=(_not_a_child_for_contact, not_in_future("remedy_lapsed_on"), _remedy_after_proposal),
            invariants=("INV-20", "INV-16"), apart_from=("propose_termination",), then=_ended,
        ),
        Step(
            "reject_termination", _("The period goes on"), ("termination_proposed",), "active", GRANTING,
            ENDING,
            _("{who} decided that the reflection period goes on"), forms.RejectTermination,
        ),
        Step(
            "expire", _("The period ends by time"), RUNS, "ended_expired", frozenset({Role.SYS}), PERIOD,
            _("{who} noted that the reflection period is over"), guards=(_time_is_over,), then=_ended,
        ),
    ),
    deadlines=(
        Deadline(
            "offer", _("Offer of the period"), ("open",), ("not_offered",), PERIOD, Role.CAU,
            lasts=national("reflection.offer_working_days"), proposal=True,
        ),
        Deadline(
            "review", _("Review of the period"), ("grant", "extend"), RUNS, PERIOD, Role.NGO, at=review_on,
            stops=("review",),
        ),
        Deadline(
            "first_alert", _("The period will end: extend, residence, asylum or return"),
            ("grant", "extend", "reject_termination"), RUNS, PERIOD, Role.NGO, at=first_alert_on,
            reminder=True, alerts=Role.NGO, proposal=True,
        ),
        Deadline(
            "last_alert", _("The period will end in days"), ("grant", "extend", "reject_termination"), RUNS,
            PERIOD, Role.NGO, at=last_alert_on, reminder=True, alerts=Role.NGO, proposal=True,
        ),
        Deadline(
            "end", _("End of the period"), ("grant", "extend", "reject_termination"), RUNS, PERIOD, Role.IMM,
            at="end_on", expires="expire", alerts=Role.LEG,
        ),
    ),
    notes=(
        _("While a termination is only proposed, the period still counts as running and blocks removal."),
        _("No ground of termination asks whether the person testifies."),
        _("When the period ends, help goes on."),
    ),
)  # fmt: skip

"""Safety before return: of the person and of the family, each risk by itself; what cannot be said counts as unsafe."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.clocks import national
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, Effect, SetMarks
from app.procedure.facts import Facts
from app.procedure.refusal import refuse
from app.safeguards.words import Category, Role
from app.tracks.returns import safety_forms as forms

WORKERS = frozenset({Role.NGO, Role.SOC})
SUP = frozenset({Role.SUP})
SAFETY = "OSCE Action Plan V.7.1; CETS 197 art. 16(2) and 16(7)"
RUNNING = ("requested", "in_progress", "completed", "approved", "expired")
HIGH = ("high", "critical")


def all_nine(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    """Ask for each of the nine risks, the family’s among them."""
    if form is None or {each.risk for each in form.risks} >= forms.RISKS.keys():
        return None
    return refuse(
        _("Say of each of the nine risks how great it is, also for the family"), field="risks", rule="INV-08",
        source=SAFETY, unblock=_("A level for each risk"),
    )  # fmt: skip


def outcome_follows(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001
    """Let nobody call safe what the risks do not carry."""
    if form is None or form.outcome in ("unsafe", "inconclusive"):
        return None
    critical = any(each.level == "critical" for each in form.risks)
    high = [each for each in form.risks if each.level in HIGH]
    if not critical and not (form.outcome == "safe" and high) and all(each.mitigation for each in high):
        return None
    return refuse(
        _("The risks do not carry this: a critical risk is never safe, a high one only with measures"),
        field="outcome", rule="INV-08", source=SAFETY,
        unblock=_("Measures for each high risk, or the outcome that follows"),
    )  # fmt: skip


def not_valid_too_long(facts: Facts, form: Any) -> Fault | None:
    """Keep the time for which it may be relied on within what the profile allows."""
    days = facts.profile.number("safety.valid_days")
    if form is None or facts.today < form.valid_until <= facts.today + timedelta(days=days):
        return None
    return refuse(
        _("It may be relied on for {days} days at most, from tomorrow on"), field="valid_until",
        rule="safety.valid_days", source=SAFETY, unblock=_("An earlier day"), days=days,
    )  # fmt: skip


def _completed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001 -- the signature of a consequence
    yield SetMarks({"covers": "person_and_family"})
    yield Alert(_("A safety assessment waits for approval"), role=Role.SUP)


def _expired(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("A safety assessment is out of date: nobody departs before it is done again"), urgent=True)


TRACK = Track(
    slug="return_safety_assessment",
    number="T14",
    label=_("Safety before return"),
    purpose=_("Each risk of a return is judged by itself; what cannot be said counts as unsafe."),
    family="returns",
    sources="OSCE Action Plan V.7.1; CETS 197 art. 16(2) and 16(7)",
    summary=Category.SVC,
    states=(
        State("requested", _("Asked for")),
        State("in_progress", _("In progress")),
        State("completed", _("Completed")),
        State("approved", _("Approved")),
        State("expired", _("Out of date")),
        State("closed", _("Closed"), terminal=True),
    ),
    steps=(
        Step(
            "request", _("Ask for a safety assessment"), (), "requested", WORKERS | {Role.GUA, Role.LEG}, SAFETY,
            _("{who} asked for a safety assessment"), forms.RequestSafety,
        ),
        Step(
            "start", _("Begin the safety assessment"), ("requested",), "in_progress", WORKERS, SAFETY,
            _("{who} began the safety assessment"), forms.StartSafety, invariants=("INV-05",),
        ),
        Step(
            "complete", _("Complete the safety assessment"), ("in_progress",), "completed", WORKERS, SAFETY,
            _("{who} completed the safety assessment"), forms.CompleteSafety,
            guards=(all_nine, outcome_follows), then=_completed,
        ),
        Step(
            "approve", _("Approve the safety assessment"), ("completed",), "approved", SUP, SAFETY,
            _("{who} approved the safety assessment"), forms.ApproveSafety, guards=(not_valid_too_long,),
            invariants=("INV-20",), apart_from=("complete",),
        ),
        Step(
            "rework", _("Send it back"), ("completed",), "in_progress", SUP, SAFETY,
            _("{who} sent the safety assessment back"), forms.ReworkSafety,
        ),
        Step(
            "expire", _("It is out of date"), ("approved",), "expired", frozenset({Role.SYS}), SAFETY,
            _("{who} noted that the safety assessment is out of date"), then=_expired,
        ),
        Step(
            "renew", _("Assess the safety again"), ("expired", "approved"), "in_progress", WORKERS, SAFETY,
            _("{who} began to assess the safety again"), forms.RenewSafety,
        ),
        Step(
            "close", _("Close the safety assessment"), RUNNING, "closed", WORKERS | {Role.SYS}, SAFETY,
            _("{who} closed the safety assessment"), forms.CloseSafety,
        ),
    ),
    deadlines=(
        Deadline(
            "complete", _("Safety assessment completed"), ("request", "renew"), ("requested", "in_progress"), SAFETY,
            Role.NGO, lasts=national("safety.complete_days"), proposal=True,
        ),
        Deadline(
            "valid", _("Safety assessment valid"), ("approve",), ("approved",), SAFETY, Role.NGO, at="valid_until",
            expires="expire", alerts=Role.NGO, proposal=True,
        ),
    ),
    notes=(
        _("It is done together with a partner at the place wherever there is one."),
        _("The police give the level of a threat; their account is not copied."),
        _("What cannot be said counts as not safe."),
    ),
)  # fmt: skip

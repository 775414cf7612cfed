"""Compensation: wages owed and other heads, by whichever way leads to money in the person's own hands."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.declaration import Deadline, State, Step, Track
from app.procedure.effects import Alert, Effect, SetMarks
from app.procedure.facts import Facts
from app.procedure.refusal import refuse
from app.safeguards.words import Category, Role
from app.tracks.days import days_before, still_ahead
from app.tracks.justice import compensation_forms as forms
from app.tracks.rules import for_a_child, needed_when, not_in_future

LEG = frozenset({Role.LEG})
HERS = frozenset({Role.VIC, Role.GUA, Role.LEG})
REDRESS = "OSCE Action Plan III.1.5 and V.6.2; CETS 197 art. 15; Directive 2011/36/EU art. 17"
WAGES = "OSCE Ministerial Council Decision 8/07, 7; Directive 2009/52/EC art. 6(3)"
NOT_FILED = ("assessed", "not_wanted", "rejected", "unrecovered")
FILED_TODAY = not_in_future("filed_on")
GUARDIAN_HEARD = needed_when("guardian_heard", for_a_child)
WEEKS_A_YEAR = 52


def presumed_in_full(facts: Facts, form: Any) -> Fault | None:
    """Directive 2009/52/EC art. 6(3): where nothing shows how long, no less than the law presumes is claimed."""
    if form is None:
        return None
    months = facts.profile.number("compensation.presumed_months")
    least = Decimal(months * WEEKS_A_YEAR) / 12
    if all(row.weeks >= least for row in form.wages if row.length_shown_by == "presumed"):
        return None
    return refuse(
        _("Where nothing shows how long, the law presumes {months} months: {weeks} weeks"), field="wages",
        rule="compensation.presumed_months", source="Directive 2009/52/EC art. 6(3)",
        unblock=_("The weeks that the law presumes, or what shows another length"), months=months, weeks=least,
    )  # fmt: skip


def something_is_claimed(facts: Facts, form: Any) -> Fault | None:  # noqa: ARG001 -- the signature of a guard
    """Ask for wages or another head."""
    if form is None or form.wages or form.heads:
        return None
    return Fault(_("Say what is claimed: wages, or another head"), "heads")


def _from_assets(facts: Facts, form: Any) -> bool:  # noqa: ARG001 -- whether the answer is needed
    return bool(form.measure == "confiscated")


def _assessed(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    """Keep the first last day for the clocks; the sums stay sealed."""
    yield SetMarks({"limitation_on": min(each.limitation_on for each in form.routes).isoformat()})


def _awarded(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("Something was awarded: see that it reaches the person safely"), role=Role.NGO)


def _rejected(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(_("A claim was rejected: a remedy or another way is open"), role=Role.LEG, urgent=True)


def _unrecovered(facts: Facts, form: Any) -> Iterator[Effect]:  # noqa: ARG001
    yield Alert(
        _("Nothing could be collected: see whether the State’s fund pays"), role=Role.LEG, urgent=True
    )


def _alert(key: str) -> Deadline:
    return Deadline(
        f"limitation_{key}", _("The last day to claim comes near"), ("assess", "decline", "reject", "fail"),
        NOT_FILED, REDRESS, Role.LEG, at=days_before("limitation_on", f"compensation.{key}_alert_days"),
        reminder=True, alerts=Role.LEG, proposal=True,
    )  # fmt: skip


TRACK = Track(
    slug="compensation_claim",
    number="T18",
    label=_("Compensation and wage claim"),
    purpose=_("What is owed for work and for harm reaches the person, by whichever way leads to it."),
    family="justice",
    sources="OSCE Action Plan III.1.5 and V.6.2; OSCE Ministerial Council Decision 8/07, 7; CETS 197 art. 15; "
    "A/65/113, 28; Directive 2011/36/EU art. 17",
    summary=Category.LEG,
    states=(
        State("informed", _("Ways explained")),
        State("assessed", _("Worked out")),
        State("not_wanted", _("Claim not wanted")),
        State("filed", _("Filed")),
        State("pending", _("Pending")),
        State("awarded", _("Awarded")),
        State("rejected", _("Claim rejected")),
        State("appeal", _("Under appeal")),
        State("enforcement", _("Being enforced")),
        State("paid", _("Paid"), terminal=True),
        State("unrecovered", _("Could not be collected")),
        State("closed", _("Claim closed"), terminal=True),
    ),
    steps=(
        Step(
            "inform", _("Explain ways to compensation"), (), "informed",
            frozenset({Role.LEG, Role.NGO, Role.POL, Role.LAB, Role.CAU}), REDRESS,
            _("{who} explained ways to compensation"), forms.InformOnClaims,
        ),
        Step(
            "assess", _("Work out what is owed"), ("informed", "not_wanted"), "assessed",
            frozenset({Role.LEG, Role.NGO, Role.LAB}), WAGES, _("{who} worked out what is owed"),
            forms.AssessClaim, guards=(something_is_claimed, presumed_in_full), then=_assessed,
            help=_("Hours, pay and deductions are enough: the sum is worked out and its working is shown."),
        ),
        Step(
            "decline", _("The person does not want to claim"), ("informed", "assessed"), "not_wanted", HERS,
            REDRESS, _("{who} recorded that the person does not want to claim"),
            help=_("It can be taken up again until the last day to claim."),
        ),
        Step(
            "file", _("File the claim"), ("assessed",), "filed",
            HERS | {Role.LAB}, REDRESS, _("{who} filed the claim"), forms.FileClaim,
            guards=(GUARDIAN_HEARD, FILED_TODAY), invariants=("INV-07",),
        ),
        Step(
            "register", _("Record where it is pending"), ("filed",), "pending", LEG, REDRESS,
            _("{who} recorded where the claim is pending"), forms.RegisterClaim,
        ),
        Step(
            "award", _("Record what was awarded"), ("pending", "appeal"), "awarded", LEG, REDRESS,
            _("{who} recorded what was awarded"), forms.AwardClaim, guards=(not_in_future("awarded_on"),),
            then=_awarded,
        ),
        Step(
            "reject", _("Record that it was rejected"), ("pending", "appeal"), "rejected", LEG, REDRESS,
            _("{who} recorded that the claim was rejected"), forms.RejectClaim,
            guards=(still_ahead("remedy_until"),), then=_rejected,
        ),
        Step(
            "appeal", _("Appeal"), ("rejected", "awarded"), "appeal", HERS, REDRESS, _("{who} recorded the appeal"),
            forms.AppealClaim, guards=(FILED_TODAY,),
        ),
        Step(
            "enforce", _("Enforce the award"), ("awarded",), "enforcement", LEG, REDRESS,
            _("{who} began to enforce the award"), forms.EnforceClaim,
            guards=(needed_when("confiscated_asset", _from_assets),),
        ),
        Step(
            "pay", _("Record the payment"), ("awarded", "enforcement"), "paid", LEG | {Role.NGO}, REDRESS,
            _("{who} recorded the payment"), forms.PayClaim, guards=(not_in_future("paid_on"),),
        ),
        Step(
            "fail", _("Nothing could be collected"), ("enforcement",), "unrecovered", LEG, REDRESS,
            _("{who} recorded that nothing could be collected"), then=_unrecovered,
        ),
        Step(
            "other_route", _("Go another way"), ("unrecovered", "rejected"), "filed", LEG, REDRESS,
            _("{who} went another way with the claim"), forms.FileClaim, guards=(GUARDIAN_HEARD, FILED_TODAY),
            invariants=("INV-07",),
        ),
        Step(
            "close", _("Close the claim"), ("rejected", "unrecovered"), "closed", LEG, REDRESS,
            _("{who} closed the claim"), forms.CloseClaim,
        ),
    ),
    deadlines=(
        *map(_alert, ("first", "second", "last")),
        Deadline(
            "limitation", _("Last day to claim"), ("assess", "decline", "reject", "fail"), NOT_FILED, REDRESS,
            Role.LEG, at="limitation_on", alerts=Role.LEG,
        ),
        Deadline(
            "remedy", _("Time to challenge the rejection"), ("reject",), ("rejected",), REDRESS, Role.LEG,
            at="remedy_until", alerts=Role.LEG,
        ),
    ),
    notes=(
        _("A claim outlives the case and a return: the mandate and a safe way to reach the person stay."),
        _("Wages are worked out from hours, pay and deductions, and the working is shown."),
        _("No claim depends on taking part in criminal proceedings."),
    ),
)  # fmt: skip

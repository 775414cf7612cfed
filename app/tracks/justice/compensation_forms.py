"""What is asked about compensation: heads of claim, sums that add up, against whom, by which way, until when."""

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import ValidationInfo, field_validator

from app.kit.i18n import _
from app.kit.values import Money
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, group, line, ticks
from app.tracks.codes import LANGUAGES
from app.tracks.heard import childs_own_view, guardian_was_heard
from app.tracks.justice.wages import Currency, Sum, WorkStretch, total, worked_out
from app.tracks.rules import Confirmed

LEG, SVC, LAB = Category.LEG, Category.SVC, Category.LAB

ROUTES = {
    "criminal_adhesion": _("As a civil party in the criminal case"),
    "civil": _("Before a civil court"),
    "labour_court": _("Before a labour court"),
    "labour_inspectorate": _("Through the labour inspectorate"),
    "state_fund": _("From the State’s compensation fund"),
    "settlement": _("By agreement"),
}
# Wages have rows of their own, from which they are worked out.
HEADS = {
    "fees_debt": _("Fees and debts that were charged"),
    "moral": _("Suffering"),
    "medical": _("Treatment"),
    "earnings": _("Earnings that were lost"),
    "contributions": _("Social contributions that were not paid"),
    "property": _("Belongings that were taken"),
}
AWARDED = {"wages": _("Wages"), **HEADS}
KINDS = {"natural": _("A person"), "legal": _("A company or another body")}
PARTS = {
    "employer": _("Employer"),
    "recruiter": _("Recruiter or agency"),
    "contractor": _("Contractor higher in the chain"),
    "exploiter": _("Exploiter"),
    "state": _("The State"),
}
MEASURES = {
    "bank": _("A bank account"),
    "belongings": _("Belongings or land"),
    "income": _("Income"),
    "confiscated": _("Assets confiscated in the criminal case"),
    "insolvency_fund": _("A fund for insolvent employers"),
}


class InformOnClaims(Answers):
    """That ways to compensation were explained, in a language that the person understands."""

    language: str = choice(SVC, _("In which language?"), LANGUAGES, default=..., minimal=True)
    routes: tuple[str, ...] = ticks(SVC, _("Which ways were explained?"), ROUTES, default=..., min_length=1)


class Head(Answers):
    """One head of claim other than wages."""

    head: str = choice(LEG, _("For what?"), HEADS, default=...)
    amount: Sum = asked(LEG, _("Amount"), widget="number")
    basis: str | None = account(LEG, _("What this rests on"), max_length=4000, help=hints.RESTS_ON)


class Respondent(Answers):
    """Against whom the claim goes."""

    kind: str = choice(LEG, _("A person or a company?"), KINDS, default=...)
    name: str = line(LEG, _("Name"), default=..., min_length=1, help=hints.PARTY_NAME)
    part: str = choice(LEG, _("In what part?"), PARTS, default=...)
    registry_number: str | None = line(LEG, _("Number in a register"), help=hints.REGISTRY)


class Route(Answers):
    """One way to claim, and its last day."""

    route: str = choice(LEG, _("Which way?"), ROUTES, default=...)
    limitation_on: date = asked(
        LEG, _("Last day to claim"), widget="date",
        help=_("The claim is lost after it. If in doubt, write the earlier day."),
    )  # fmt: skip


class AssessClaim(Answers):
    """All heads with their sums; the sums are worked out, never typed."""

    currency: Currency = asked(LEG, _("Currency"), help=_("Three letters, such as EUR."), max_length=3)
    wages: tuple[WorkStretch, ...] = group(LAB, _("Wages"), help=_("One row for each stretch of work."))
    wages_owed: Money | None = asked(
        LEG, _("Wages owed"), default=None, widget="hidden", validate_default=True,
    )  # fmt: skip
    heads: tuple[Head, ...] = group(
        LEG, _("Other heads of claim"),
        help=_("Beside wages, such as suffering or treatment. One row for each."),
    )  # fmt: skip
    total: Money | None = asked(
        LEG, _("All together"), default=None, widget="hidden", validate_default=True,
    )  # fmt: skip
    respondents: tuple[Respondent, ...] = group(
        LEG, _("Against whom?"), default=..., min_length=1,
        help=_("One row for each person or company that may have to pay."),
    )  # fmt: skip
    routes: tuple[Route, ...] = group(
        LEG, _("Ways to claim, each with its last day"), default=..., min_length=1,
        help=_("One row for each way; several may be open at once."),
    )  # fmt: skip

    @field_validator("wages_owed", mode="after")
    @classmethod
    def wages_add_up(cls, given: Money | None, info: ValidationInfo) -> Money | None:
        """Work the wages out from the rows."""
        rows = info.data.get("wages")
        return given if rows is None else worked_out(given, total(rows), info.data.get("currency"))

    @field_validator("total", mode="after")
    @classmethod
    def heads_add_up(cls, given: Money | None, info: ValidationInfo) -> Money | None:
        """Add wages and the other heads together."""
        rows, wages = info.data.get("heads"), info.data.get("wages")
        if rows is None or wages is None:
            return given
        return worked_out(given, total(wages) + added(rows), info.data.get("currency"))


def added(rows: Any) -> Decimal:
    """Return the sum of the amounts of rows."""
    return sum((each.amount for each in rows), Decimal(0))


class FileClaim(Answers):
    """By which way the claim is filed, and its reference."""

    route: str = choice(LEG, _("Which way?"), ROUTES, default=..., clear=_("statistics"))
    reference: str = line(
        LEG, _("Reference"), default=..., min_length=1,
        help=_("The number on the claim, or the lawyer’s own."),
    )  # fmt: skip
    filed_on: date = asked(LEG, _("Filed on"), widget="date", clear=_("clocks"))
    guardian_heard: bool | None = guardian_was_heard()
    childs_view: str | None = childs_own_view()


class RegisterClaim(Answers):
    """Which court or agency has it."""

    body: str = line(LEG, _("Which court or agency?"), default=..., min_length=1, help=hints.COURT)
    case_number: str = line(LEG, _("Number of the case"), default=..., min_length=1, help=hints.CASE_NUMBER)


class AwardRow(Answers):
    """What was awarded under one head."""

    head: str = choice(LEG, _("For what?"), AWARDED, default=...)
    amount: Sum = asked(LEG, _("Amount"), widget="number")


class AwardClaim(Answers):
    """What was awarded, head by head."""

    awarded_on: date = asked(LEG, _("Day of the decision"), widget="date", clear=_("clocks and statistics"))
    currency: Currency = asked(LEG, _("Currency"), help=_("Three letters, such as EUR."), max_length=3)
    awards: tuple[AwardRow, ...] = group(
        LEG, _("What was awarded?"), default=..., min_length=1,
        help=_("One row for each head, as the decision lists them."),
    )  # fmt: skip
    total: Money | None = asked(
        LEG, _("All together"), default=None, widget="hidden", validate_default=True,
    )  # fmt: skip

    @field_validator("total", mode="after")
    @classmethod
    def awards_add_up(cls, given: Money | None, info: ValidationInfo) -> Money | None:
        """Add the heads together."""
        rows = info.data.get("awards")
        return given if rows is None else worked_out(given, added(rows), info.data.get("currency"))


class RejectClaim(Answers):
    """Why it was rejected, and until when that can be challenged."""

    reasons: str = account(LEG, _("Reasons"), default=..., min_length=1, help=hints.GIVEN_REASONS)
    remedy_until: date = asked(LEG, _("Until when can it be challenged?"), widget="date", clear=_("clocks"))


class AppealClaim(Answers):
    """The remedy that was filed."""

    court: str = line(LEG, _("Court"), default=..., min_length=1, help=hints.COURT)
    filed_on: date = asked(LEG, _("Filed on"), widget="date", clear=_("clocks"))


class EnforceClaim(Answers):
    """How the award is enforced."""

    measure: str = choice(LEG, _("On what?"), MEASURES, default=...)
    confiscated_asset: str | None = line(
        LEG, _("Reference of the confiscation"), when=("measure", ("confiscated",)),
        help=_("The number of the order that confiscated it."),
    )  # fmt: skip


class PayClaim(Answers):
    """What reached the person, and how safely."""

    amount: Money = asked(LEG, _("How much was paid?"), widget="money")
    paid_on: date = asked(LEG, _("When?"), widget="date", clear=_("statistics"))
    safe_channel: Confirmed = asked(
        LEG, _("It reached the person in a way that nobody else can take it"), widget="yes_no"
    )


class CloseClaim(Answers):
    """That nothing more can be claimed."""

    exhausted: Confirmed = asked(LEG, _("Every way was tried, or its last day has passed"), widget="yes_no")
    reason: str | None = account(LEG, _("Anything else about it?"), max_length=2000)

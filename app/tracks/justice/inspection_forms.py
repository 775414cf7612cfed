"""What an inspection found: work, pay, papers, housing, debt; nothing on nationality or permits (INV-22)."""

from datetime import date
from uuid import UUID

from pydantic import ValidationInfo, field_validator

from app.kit.i18n import _
from app.kit.values import Money
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, group, line, ticks
from app.tracks.codes import YES_NO_UNKNOWN
from app.tracks.exploitation_codes import INDUSTRIES
from app.tracks.grounds import Grounded
from app.tracks.intake.indicators import SHORT_LIST
from app.tracks.justice.compensation_forms import KINDS, ROUTES
from app.tracks.justice.wages import Currency, WorkStretch, total, worked_out

LAB = Category.LAB

PARTS = {
    "employer": _("Employer"),
    "subcontractor": _("Subcontractor"),
    "contractor": _("Contractor higher in the chain"),
    "client": _("Whoever ordered the work"),
    "temp_agency": _("Agency for temporary work"),
}
TAKEN_FOR = {
    "lodging": _("Lodging"),
    "food": _("Food"),
    "transport": _("Transport"),
    "recruitment": _("Recruitment"),
    "papers": _("Papers"),
    "fines": _("Fines"),
    "debt": _("A debt"),
    "tools": _("Tools or clothes"),
    "none": _("Nothing"),
}
PAID = {
    "as_agreed": _("As agreed"),
    "less": _("Less than agreed"),
    "under_minimum": _("Less than the law allows"),
    "late": _("Late"),
    "nothing": _("Nothing"),
    "unknown": _("Not known"),
}
HOUSING = {
    "own": _("Housing of their own"),
    "decent": _("Provided, in good order"),
    "poor": _("Provided, in a bad state"),
    "on_site": _("At the place of work"),
    "locked": _("Locked in"),
    "unknown": _("Not known"),
}
HAZARDS = {
    "machines": _("Machines"),
    "chemicals": _("Chemicals"),
    "heights": _("Heights"),
    "heat_cold": _("Heat or cold"),
    "loads": _("Heavy loads"),
    "nights": _("Night work"),
    "no_protection": _("No protective gear"),
    "none": _("None found"),
}
MEASURES = {
    "fine": _("A fine"),
    "work_stopped": _("Work was stopped"),
    "licence": _("A licence was withdrawn"),
    "order_to_pay": _("An order to pay"),
    "prosecution": _("Handed to the prosecution"),
    "tenders": _("Shut out of public tenders"),
}
OUTCOMES = {
    "sanction": _("A sanction is final"),
    "paid": _("What was owed was paid"),
    "settled": _("Settled"),
    "no_sanction": _("No sanction"),
    "handed_on": _("Handed to another authority"),
}


class Party(Answers):
    """One link of the chain, in its order: who works for whom."""

    kind: str = choice(LAB, _("A person or a company?"), KINDS, default=...)
    part: str = choice(LAB, _("In what part?"), PARTS, default=...)
    name: str = line(LAB, _("Name"), default=..., min_length=1, help=hints.PARTY_NAME)
    registry_number: str | None = line(LAB, _("Number in a register"), help=hints.REGISTRY)


class RecordFinding(Answers):
    """Where, whom, in which sector, how many workers, and whether a child was seen."""

    inspected_on: date = asked(LAB, _("When?"), widget="date", clear=_("clocks and statistics"))
    worksite: str = line(
        LAB, _("Place of work"), default=..., min_length=1,
        help=_("Name and place of the company or site. Never where workers find shelter."),
    )  # fmt: skip
    sector: str = choice(
        LAB, _("Sector"), INDUSTRIES, default=..., clear=_("statistics"), standard="vic_ForcedLabourIndustry"
    )
    employer: tuple[Party, ...] = group(LAB, _("Employer"), default=..., min_length=1, max_length=1)
    chain: tuple[Party, ...] = group(
        LAB, _("Chain of contractors"), help=_("From the employer up, in order."), max_length=10
    )
    recruiter: str | None = line(
        LAB, _("Recruiter or agency"), help=_("As on its sign, its papers or the contract.")
    )
    recruiter_licence: str | None = line(
        LAB, _("Number of its licence"), help=_("As in the register of agencies. Leave empty if it has none.")
    )
    recruiter_fees: Money | None = asked(
        LAB, _("Fees that it charged a worker"), default=None, widget="money"
    )
    worker_count: int = asked(
        LAB, _("How many workers?"), widget="number", ge=0, le=100_000,
        help=_("All who work there, with or without papers or a contract."),
    )  # fmt: skip
    minors_seen: bool = asked(
        LAB,
        _("Was anybody there who may be under 18?"),
        widget="yes_no",
        clear=_("a child is referred at once"),
    )
    confidential_complaint: UUID | None = asked(
        LAB, _("Confidential complaint that led here"), default=None, widget="hidden"
    )


class Debt(Answers):
    """A debt that holds a worker."""

    principal: Money = asked(LAB, _("How much was it at first?"), widget="money")
    interest: str | None = line(
        LAB,
        _("Interest, or what was added"),
        help=_("For instance: ten per cent a month, or fines put on top."),
    )
    creditor: str | None = line(
        LAB, _("To whom is it owed?"),
        help=_("Such as the employer, the recruiter, a lender at home. No name of a worker."),
    )  # fmt: skip
    repaid_by: str | None = line(
        LAB, _("How is it paid back?"), help=_("For instance: taken from the pay, or by work without pay.")
    )


class ScreenFinding(Answers):
    """The eleven signs, and what lies under them."""

    signs: tuple[str, ...] = ticks(
        LAB,
        _("Which signs are there?"),
        SHORT_LIST,
        _("They advise; you decide."),
        widget="ticks",
        max_length=12,
    )
    weekly_hours: int | None = asked(
        LAB, _("Hours a week"), default=None, widget="number", ge=0, le=168,
        help=_("In an ordinary week, overtime included."),
    )  # fmt: skip
    pay: str = choice(LAB, _("How was the work paid?"), PAID, default=...)
    taken_for: tuple[str, ...] = ticks(LAB, _("For what was money taken off?"), TAKEN_FOR)
    documents_held: str = choice(
        LAB, _("Does somebody keep the workers’ papers?"), YES_NO_UNKNOWN, default=...
    )
    housing: str = choice(LAB, _("How do the workers live?"), HOUSING, default=...)
    hazards: tuple[str, ...] = ticks(LAB, _("What can harm them at work?"), HAZARDS)
    worst_forms: bool = asked(
        LAB, _("Does a child do work that harms, or is a child exploited?"), widget="yes_no",
        clear=_("a child is referred at once"),
    )  # fmt: skip
    debts: tuple[Debt, ...] = group(LAB, _("Debts"), help=_("One row for each debt. No names of workers."))
    notes: str | None = account(
        LAB, _("What else did you see?"), help=_("What you saw and heard yourself. No names of workers.")
    )


class ReferWorkers(Grounded):
    """How many workers were referred by name, or counted without one."""

    referred: int = asked(
        LAB, _("How many were referred?"), widget="number", ge=0, le=100_000, clear=_("statistics")
    )
    children_referred: int = asked(
        LAB, _("How many of them may be under 18?"), widget="number", ge=0, le=100_000, clear=_("statistics")
    )
    anonymous: int = asked(
        LAB, _("How many were only counted, without a name?"), widget="number", ge=0, le=100_000,
        clear=_("statistics"),
    )  # fmt: skip


class WorkerWages(WorkStretch):
    """What one worker is owed; no name is needed."""

    worker: str = line(LAB, _("Which worker?"), _("A number or a letter, no name."), default=..., min_length=1,
                       max_length=20)  # fmt: skip


class ClassifyViolation(Answers):
    """What each worker is owed, and by which way it is claimed."""

    currency: Currency = asked(LAB, _("Currency"), help=_("Three letters, such as EUR."), max_length=3)
    wages: tuple[WorkerWages, ...] = group(
        LAB, _("Wages"), help=_("One row for each stretch of work."), default=..., min_length=1
    )
    wages_owed: Money | None = asked(
        LAB, _("Wages owed"), default=None, widget="hidden", validate_default=True,
    )  # fmt: skip
    claim_route: str = choice(LAB, _("Which way?"), ROUTES, default=..., clear=_("statistics"))

    @field_validator("wages_owed", mode="after")
    @classmethod
    def wages_add_up(cls, given: Money | None, info: ValidationInfo) -> Money | None:
        """Work the wages out from the rows."""
        rows = info.data.get("wages")
        return given if rows is None else worked_out(given, total(rows), info.data.get("currency"))


class NoIndication(Answers):
    """Why nothing points to exploitation."""

    reasons: str = account(
        LAB, _("Reasons"), default=..., min_length=1,
        help=_("What you looked at, and why none of it is a sign."),
    )  # fmt: skip


class ActOnFinding(Answers):
    """What follows for whoever exploited."""

    measures: tuple[str, ...] = ticks(LAB, _("What was done?"), MEASURES, default=..., min_length=1)
    fine: Money | None = asked(LAB, _("Fine"), default=None, widget="money")
    licence: str | None = line(
        LAB, _("Licence that was withdrawn"), help=_("Its number, and who withdrew it.")
    )
    prosecution: str | None = line(
        LAB, _("Reference of the prosecution"), help=_("The number at the prosecutor’s office.")
    )


class UpgradeFinding(Answers):
    """Which signs came up since."""

    new_signs: tuple[str, ...] = ticks(
        LAB, _("Which signs came up?"), SHORT_LIST, widget="ticks", default=..., min_length=1, max_length=12
    )


class CloseFinding(Answers):
    """How it ended for whoever exploited."""

    outcome: str = choice(LAB, _("How did it end?"), OUTCOMES, default=..., clear=_("statistics"))
    details: str | None = account(LAB, _("Anything else about it?"), max_length=2000)

"""What is asked about a removal that a State has ordered; the service warns and records, and orders nothing."""

from datetime import date

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, line
from app.tracks.rules import Confirmed

NAT, LEG = Category.NAT, Category.LEG

KINDS = {
    "expulsion": _("Expulsion"),
    "dublin_transfer": _("Transfer to the State responsible for asylum"),
    "readmission": _("Readmission to another State"),
    "refusal_of_entry": _("Refusal of entry"),
}


class NotifyRemoval(Answers):
    """Which authority ordered what, on what basis, and until when it can be challenged."""

    authority: str = line(
        NAT, _("Which authority?"), default=..., min_length=1,
        help=_("The one that signed the order, and its town."),
    )  # fmt: skip
    kind: str = choice(NAT, _("What was ordered?"), KINDS, default=..., clear=_("statistics"))
    ordered_on: date = asked(NAT, _("Day of the decision"), widget="date", clear=_("clocks and statistics"))
    legal_basis: str = line(
        NAT, _("On which legal basis?"), default=..., min_length=1,
        help=_("The law and its article, as the order names them."),
    )  # fmt: skip
    remedy: str = account(
        LEG, _("How the person can have this reviewed"), default=..., min_length=1, max_length=4000,
        help=hints.REMEDY,
    )  # fmt: skip
    remedy_until: date = asked(LEG, _("Until when?"), widget="date", clear=_("the time for the remedy"))
    held: bool = asked(
        LEG, _("Is the person held somewhere?"), widget="yes_no", clear=_("an alert to the lawyer"),
        help=_("Do not write where."),
    )  # fmt: skip


class AcknowledgeRemoval(Answers):
    """What the lawyer does next."""

    next_step: str = account(
        LEG, _("What is done next?"), default=..., min_length=1, max_length=2000,
        help=_("Who does what, by when. For instance: the lawyer files the appeal on Monday."),
    )  # fmt: skip


class ChallengeRemoval(Answers):
    """The action before a court."""

    court: str = line(LEG, _("Court"), default=..., min_length=1, help=hints.COURT)
    case_number: str | None = line(LEG, _("Number of the case"), help=hints.CASE_NUMBER)
    suspensive: bool = asked(
        LEG, _("Does it suspend the decision?"), widget="yes_no", clear=_("what may follow")
    )


class ChallengeLost(Answers):
    """The judgment that lets the measure stand."""

    judgment: str = line(LEG, _("Reference of the judgment"), default=..., min_length=1, help=hints.DECISION)


class LiftRemoval(Answers):
    """The decision that takes the measure away."""

    decision: str = line(NAT, _("Reference of the decision"), default=..., min_length=1, help=hints.DECISION)


class RecordExecution(Answers):
    """When, and how it was lawful and humane."""

    executed_on: date = asked(NAT, _("When was it carried out?"), widget="date", clear=_("statistics"))
    legality: str = account(
        NAT, _("On which decision, with which remedy, and how was the person treated?"), default=...,
        min_length=1, max_length=4000,
        help=_("Numbers, dates and facts. Do not write where the person is now."),
    )  # fmt: skip
    humane: Confirmed = asked(
        NAT, _("It was lawful, without force, and with care for the person’s health and belongings"),
        widget="yes_no",
    )  # fmt: skip


class RecordBreach(Answers):
    """What was done although it was not allowed."""

    executed_on: date = asked(LEG, _("When was it carried out?"), widget="date", clear=_("statistics"))
    facts: str = account(
        LEG, _("What happened?"), default=..., min_length=1,
        help=_("What was done, when, and by whom. Do not write where the person is now."),
    )  # fmt: skip

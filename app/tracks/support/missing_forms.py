"""What is asked when somebody is missing: enough to be found by, never where they were sheltered."""

from datetime import date
from uuid import UUID

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.codes import RISK, YES_NO, YES_NO_UNKNOWN

SVC, LOC, ID, EXP = Category.SVC, Category.LOC, Category.ID, Category.EXP

# What the police need to look for somebody; the address of a shelter is none of it (INV-12).
IDENTITY = {
    "name": _("Name"),
    "birth": _("Date of birth"),
    "sex": _("Sex"),
    "nationality": _("Nationality"),
    "languages": _("Languages"),
    "description": _("What the person looks like, and wears"),
    "photo": _("A photograph"),
}
BASES = {
    "vital_interest": _("Life or health is in danger"),
    "child_protection": _("Protection of a child"),
}
SEARCH_ENDS = {
    "all_traces": _("All traces were followed"),
    "left_of_own_will": _("An adult left of their own will"),
    "no_new_trace": _("No new trace"),
}
REOPENED = {
    "new_trace": _("A new trace"),
    "sighting": _("Somebody has seen the person"),
    "message": _("A message"),
    "review": _("The review"),
}


class ReportMissing(Answers):
    """What is known; the rule engine reports with what the shelter wrote down."""

    last_seen: str | None = account(
        LOC, _("When, where and with whom was the person last seen?"),
        help=_("Say “the shelter”, never its address."),
    )  # fmt: skip
    clothing: str | None = line(
        ID, _("What did the person wear?"), max_length=2000,
        help=_("Clothes, shoes, bag, as far as remembered."),
    )  # fmt: skip
    risk: str = choice(
        SVC, _("How great is the risk?"), RISK, default="high", minimal=True, clear=_("alerts"),
        help=_("If you hesitate between two, take the higher."),
    )  # fmt: skip
    risk_details: str | None = account(
        SVC, _("Why?"), help=_("Such as threats, medicine needed, or contact with those who did it.")
    )
    suspected_traffickers: str | None = account(
        EXP, _("Who may be behind it?"),
        help=_("Names, nicknames, vehicles or accounts; mark what is a guess."),
    )  # fmt: skip


class InformPolice(Answers):
    """Which little set goes to the police, on which legal ground."""

    police: UUID = asked(SVC, _("Which police?"), widget="organisation", clear=_("the team follows from it"))
    identity_set: tuple[str, ...] = ticks(
        SVC,
        _("What is handed over?"),
        IDENTITY,
        default=...,
        min_length=1,
        help=_("Never where the person lived."),
    )
    photo_reference: str | None = line(
        Category.DOC,
        _("Reference of the photograph"),
        _("Never an image of abuse: only its reference number."),
    )
    basis: str = choice(SVC, _("On which legal ground?"), BASES, default=..., clear=_("sharing rests on it"))
    cross_border: str = choice(
        SVC, _("May the person be taken abroad?"), YES_NO_UNKNOWN, default=..., clear=_("alerts")
    )
    police_reference: str | None = line(
        Category.CRI, _("Reference of the police"), help=_("The number that the police gave to the search.")
    )


class Found(Answers):
    """The person is safe; an adult may wish that nobody learns where."""

    found_on: date = asked(SVC, _("When?"), widget="date", minimal=True)
    wishes_privacy: str = choice(
        SVC, _("Does the person wish that nobody is told where they are?"), YES_NO, default=...,
        help=_("An adult’s wish is respected: only that the person is safe is told."),
    )  # fmt: skip
    where: str | None = account(LOC, _("Where?"), _("Only if the person agrees."))
    guardian_told: str | None = choice(
        Category.CHI, _("Was the guardian told?"), YES_NO, _("Only for a child.")
    )


class FoundHarmed(Answers):
    """The person was found and has been harmed."""

    found_on: date = asked(SVC, _("When?"), widget="date", minimal=True)
    harm: str = account(
        Category.HEA, _("What harm?"), default=..., min_length=1,
        help=_("Only what helpers must know, not how it came about."),
    )  # fmt: skip
    emergency_called: str = choice(SVC, _("Were the emergency services called?"), YES_NO, default=...)
    where: str | None = account(LOC, _("Where?"), help=_("Where the person was found, not where they live."))


class CloseSearch(Answers):
    """Why it rests, and when it is looked at again; the case and the guardian go on."""

    reason: str = choice(SVC, _("Why does the search rest?"), SEARCH_ENDS, default=...)
    reviewed_on: date = asked(SVC, _("Last review"), widget="date")
    next_review_on: date = asked(SVC, _("Next review"), widget="date", clear=_("its clock"))


class ReopenSearch(Answers):
    """What is new."""

    reason: str = choice(SVC, _("What is new?"), REOPENED, default=...)
    details: str | None = account(LOC, _("What exactly?"), help=_("What was seen or heard, where and when."))


class ReviewSearch(Answers):
    """Looked at again, without anything new."""

    next_review_on: date = asked(SVC, _("Next review"), widget="date", clear=_("its clock"))
    comment: str = account(
        SVC, _("What was looked at?"), default=..., min_length=1,
        help=_("Who was asked, what was checked, and what comes next."),
    )  # fmt: skip

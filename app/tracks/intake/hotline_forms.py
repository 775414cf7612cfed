"""What a hotline asks: what was said, what is seen of it, and nothing that tells who called where they wish it so."""

from datetime import date, datetime
from uuid import UUID

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.codes import LANGUAGES, REGIONS, RISK, YES_NO, YES_NO_UNKNOWN
from app.tracks.intake.indicators import SHORT_LIST
from app.tracks.rules import Confirmed

EXP, CNS = Category.EXP, Category.CNS
# Of a case nobody but its writer reads this category back: who called is for the hotline alone.
HOTLINE_ONLY = Category.STA
NAMED = ("anonymous", ("no",))

CHANNELS = {
    "call": _("A call"),
    "message": _("A message"),
    "email": _("E-mail"),
    "web": _("The website"),
    "in_person": _("In person"),
}
CALLERS = {
    "person": _("The person themselves"),
    "family": _("Family"),
    "friend": _("A friend"),
    "neighbour": _("A neighbour or passer-by"),
    "colleague": _("Somebody who works there too"),
    "customer": _("A customer or client"),
    "professional": _("Somebody in the course of their work"),
    "unknown": _("Not known, or not said"),
}
ADVICE = {
    "emergency_number": _("The emergency number"),
    "shelter": _("A safe place to sleep"),
    "legal": _("Rights and legal help"),
    "health": _("Doctors and psychological help"),
    "work": _("Work, wages and contracts"),
    "stay": _("Stay and asylum"),
    "child": _("Help for children"),
    "digital": _("Safety of telephone and accounts"),
    "call_again": _("To call again at any time"),
    "none": _("The call ended before"),
}
DISPATCH_BASES = {
    "vital_interest": _("Life or health is in danger"),
    "child_protection": _("Protection of a child"),
}
REFERRAL_BASES = {"consent": _("The person agrees"), **DISPATCH_BASES}
CLOSED = {
    "no_sign": _("No sign of trafficking"),
    "not_enough": _("Too little was said to go on"),
    "prank": _("Not a serious call"),
    "other_service": _("It belongs to another service, whose number was given"),
    "test": _("A test of the line"),
}


class TakeReport(Answers):
    """What was said, as it was said; who called is asked only of those who wish to say it."""

    received_at: datetime = asked(EXP, _("When did it come in?"), widget="date", minimal=True)
    channel: str = choice(EXP, _("How did it come in?"), CHANNELS, default=..., minimal=True)
    caller_role: str = choice(EXP, _("Who calls?"), CALLERS, default=..., minimal=True)
    anonymous: str = choice(
        EXP, _("Does the caller wish to stay anonymous?"), YES_NO, default=..., minimal=True,
        clear=_("nothing that tells who called is kept"), help=_("If so, nothing is kept that could tell who called."),
    )  # fmt: skip
    caller_name: str | None = line(
        HOTLINE_ONLY, _("Name of the caller"), _("Only if the caller wishes to say it."), when=NAMED
    )
    caller_contact: str | None = line(
        HOTLINE_ONLY,
        _("How can the caller be reached safely?"),
        _("Only if the caller wishes it."),
        when=NAMED,
    )
    language: str = choice(EXP, _("Language"), LANGUAGES, default=..., minimal=True)
    narrative: str = account(
        EXP, _("What was said?"), default=..., min_length=1,
        help=_("In the caller’s own words. If they wish to stay anonymous: no name, number or address."),
    )  # fmt: skip
    coarse_location: str = choice(
        EXP, _("In which part of the country?"), REGIONS, default=..., minimal=True,
        help=_("Where it is said to happen, not where the caller is."),
    )  # fmt: skip
    in_danger_now: str = choice(
        EXP, _("Is somebody in danger at this moment?"), YES_NO_UNKNOWN, default=...,
        clear=_("how fast it is looked at"),
        help=_("If there is danger to life, call the emergency number first."), minimal=True,
    )  # fmt: skip
    child_indicated: str = choice(
        EXP, _("Is a child concerned?"), YES_NO_UNKNOWN, default=...,
        clear=_("a child is never put aside by one alone"), minimal=True,
    )  # fmt: skip
    abuse_reference: str | None = line(
        EXP, _("If images of the abuse of a child were spoken of: the reference number of the police"),
        _("Never the image, a link or a description of it."), max_length=60, pattern=r"^[\w ./-]*$",
    )  # fmt: skip


class TriageReport(Answers):
    """What speaks for trafficking, and how great the danger is."""

    indicators: tuple[str, ...] = ticks(
        EXP, _("Which signs are there?"), SHORT_LIST, help=_("None is an answer too."), minimal=True
    )
    immediate_danger: str = choice(
        EXP,
        _("Is somebody in immediate danger?"),
        YES_NO_UNKNOWN,
        default=...,
        clear=_("what follows"),
        minimal=True,
    )
    risk_level: str = choice(
        EXP, _("How great is the risk?"), RISK, default=..., minimal=True,
        help=_("If you hesitate between two, take the higher."),
    )  # fmt: skip
    advice_given: tuple[str, ...] = ticks(EXP, _("What advice was given?"), ADVICE, default=..., min_length=1)


class DispatchHelp(Answers):
    """Who is sent, with how little, on which legal ground."""

    recipient: UUID = asked(
        EXP, _("Who is sent for?"), widget="organisation", clear=_("the team follows from it")
    )
    minimal_data: str = account(
        EXP, _("What do they need to know to help?"), _("No more than that."), default=..., min_length=1,
        max_length=2000, minimal=True,
    )  # fmt: skip
    basis: str = choice(
        EXP, _("On which legal ground?"), DISPATCH_BASES, default=..., clear=_("sharing rests on it")
    )


class ConvertReport(Answers):
    """To whom the person is referred, and on what this rests."""

    receiving_organisation_id: UUID = asked(
        EXP, _("Who should receive the referral?"), widget="organisation", clear=_("the team follows from it")
    )
    basis: str = choice(
        CNS, _("On what does the referral rest?"), REFERRAL_BASES, default=..., clear=_("what follows"),
        help=_("Unless life or a child is in danger, only if the person agrees."),
    )  # fmt: skip
    consent: UUID | None = asked(CNS, _("The consent"), default=None, widget="hidden")
    caller_agrees: str = choice(
        CNS, _("Does the caller agree that their name goes along?"), YES_NO, default="no",
        help=_("If so, write it into the referral. If not, the referral says nothing of who called."),
    )  # fmt: skip


class CloseWithAdvice(Answers):
    """What the advice was about, and in which language the sheet was sent."""

    topics: tuple[str, ...] = ticks(EXP, _("What was it about?"), ADVICE, default=..., min_length=1)
    sheet_language: str = choice(
        EXP, _("In which language was the information sheet?"), LANGUAGES, default=...
    )


class LinkReport(Answers):
    """Which report says the same."""

    other_report: str = line(
        EXP, _("Reference of the other report"), default=..., min_length=1, max_length=60,
        help=_("The number of that report, never a name."),
    )  # fmt: skip


class CloseReport(Answers):
    """Why nothing more follows; where there was a sign or a child, a second person has to agree."""

    reason_code: str = choice(EXP, _("Why does nothing follow?"), CLOSED, default=..., clear=_("statistics"))
    closed_on: date = asked(EXP, _("Day"), widget="date")
    second_look: Confirmed = asked(EXP, _("I read the report myself"), widget="yes_no")

"""What is asked when data may have got into wrong hands: counts and kinds, and no name of anybody."""

from datetime import date, datetime

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.codes import RISK, YES_NO
from app.tracks.oversight.request_forms import SAFE_CHANNELS
from app.tracks.rules import Confirmed

# Kept with consent: the data-protection officer and the auditor read that, and no content of a case.
CNS = Category.CNS

KINDS_OF_DATA = {
    "LOC": _("Where somebody lives or is sheltered"),
    "ID": _("Identity"),
    "CON": _("Safe ways to reach the person"),
    "EXP": _("What was done to the person"),
    "HEA": _("Health"),
    "PSY": _("Psychological"),
    "FAM": _("Family"),
    "NAT": _("Nationality and stay"),
    "CRI": _("Criminal case"),
    "LEG": _("Legal matters and compensation"),
    "LAB": _("Work"),
    "CHI": _("Child and guardian"),
    "CNS": _("Other consents"),
    "DOC": _("Documents"),
    "SVC": _("Help and plan"),
    "STA": _("Statistics"),
}
NOT_A_BREACH = {
    "encrypted": _("Nobody could read it"),
    "recovered_unread": _("It came back unread"),
    "no_personal_data": _("No personal data was concerned"),
    "allowed": _("The access was allowed"),
}
EXEMPT = {
    "encrypted": _("Nobody could read it"),
    "risk_removed": _("The risk was removed afterwards"),
    "public_notice": _("Telling each would be out of proportion: it was made public"),
    "danger": _("Telling would endanger the person: those who protect them were told"),
}


class DetectBreach(Answers):
    """When, what, how much; the rule engine reports a misuse of emergency access in this way."""

    detected_at: datetime | None = asked(
        CNS, _("When did it happen, or when was it found?"), default=None, widget="date", minimal=True
    )
    aware_at: datetime | None = asked(
        CNS, _("When did we become aware of it?"), default=None, widget="date", clear=_("72 hours run from it"),
        minimal=True,
    )  # fmt: skip
    categories: tuple[str, ...] = ticks(CNS, _("Which kinds of data?"), KINDS_OF_DATA, minimal=True)
    case_count: int | None = asked(
        CNS,
        _("How many cases, as far as is known?"),
        default=None,
        widget="number",
        ge=0,
        le=1_000_000,
        minimal=True,
    )
    what: str | None = account(
        CNS, _("What happened?"), _("No name, and nothing of what happened to anybody.")
    )


class ConfirmBreach(Answers):
    """How great the risk is, and above all whether a place became known."""

    risk: str = choice(CNS, _("How great is the risk for the people concerned?"), RISK, default=...)
    whereabouts_affected: str = choice(
        CNS, _("May somebody have learnt where a person lives or is sheltered?"), YES_NO, default=...,
        clear=_("safety comes before formalities"), help=_("If so, the shelter is told first, and a move is planned."),
    )  # fmt: skip
    measures: str = account(
        CNS, _("What was done at once?"), default=..., min_length=1,
        help=_("For instance: an account closed, a letter called back, the shelter warned."),
    )  # fmt: skip


class DismissBreach(Answers):
    """Why it was none."""

    reason: str = choice(CNS, _("Why was it none?"), NOT_A_BREACH, default=...)
    explanation: str = account(
        CNS, _("What was found?"), default=..., min_length=1,
        help=_("What was looked at. No name, and nothing of what happened to anybody."),
    )  # fmt: skip


class NotifyAuthority(Answers):
    """When and what the supervisory authority was told."""

    notified_at: datetime = asked(CNS, _("When was the authority told?"), widget="date")
    content: str = account(
        CNS, _("What was it told?"), default=..., min_length=1,
        help=_("Kinds of data, how many people, what follows, what was done. No names."),
    )  # fmt: skip
    reference: str | None = line(
        CNS, _("Reference of the authority"), help=_("The number that it gave to the report.")
    )
    reasons_if_late: str | None = account(
        CNS, _("Why did it take longer than 72 hours?"), _("Needed only if it did.")
    )


class LowRisk(Answers):
    """Why no risk for anybody is likely."""

    why: str = account(
        CNS, _("Why is a risk for the people concerned unlikely?"), default=..., min_length=1,
        help=_("For instance: the data were encrypted, and nobody has the key."),
    )  # fmt: skip


class InformPersons(Answers):
    """How the people concerned were told, safely."""

    informed_on: date = asked(CNS, _("When were they told?"), widget="date")
    safe_channel: str = choice(CNS, _("By which safe channel?"), SAFE_CHANNELS, default=...)
    told_what_to_do: Confirmed = asked(
        CNS, _("They were told what they can do, and who helps"), widget="yes_no"
    )


class CloseBreach(Answers):
    """What was learnt; and why, if so, the people concerned were not told."""

    lessons: str = account(
        CNS, _("What was learnt, and changed?"), default=..., min_length=1,
        help=_("What works otherwise now, and since when. No names."),
    )  # fmt: skip
    exemption: str | None = choice(CNS, _("Why were the people concerned not told?"), EXEMPT)

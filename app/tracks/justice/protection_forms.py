"""What is asked about threats and protection; a new name or address is never written here."""

from datetime import date

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.codes import RISK
from app.tracks.rules import Confirmed

CRI, LEG = Category.CRI, Category.LEG

PERSONS = {
    "self": _("The person"),
    "family": _("Family"),
    "close": _("Somebody close"),
    "staff": _("Somebody who helps the person"),
}
MEASURES = {
    "anonymity": _("Anonymity in the file"),
    "screen": _("A screen in court"),
    "video_link": _("A video link"),
    "closed_court": _("A hearing without the public"),
    "relocation": _("Moving to another place"),
    "identity_change": _("A new identity"),
    "police_protection": _("Protection by the police"),
    "contact_ban": _("A ban on contact"),
    "panic_alarm": _("An alarm to carry"),
    "job_help": _("Help to find work"),
    "support_person": _("Somebody to stand by the person"),
}
NEVER_WRITE = _("Never write a new name, an address or a place.")


class AssessThreat(Answers):
    """The four threats, each with how great it is, and to whom."""

    life: str = choice(CRI, _("Threat to life"), RISK, default=...)
    physical: str = choice(CRI, _("Threat to physical safety"), RISK, default=...)
    psychological: str = choice(CRI, _("Threat to psychological safety"), RISK, default=...)
    property: str = choice(CRI, _("Threat to property"), RISK, default=...)
    persons: tuple[str, ...] = ticks(CRI, _("Who is threatened?"), PERSONS, default=..., min_length=1)
    basis: str = account(CRI, _("What this rests on"), NEVER_WRITE, default=..., min_length=1)


class RequestProtection(Answers):
    """Which measures are asked for."""

    measures: tuple[str, ...] = ticks(
        CRI, _("Which measures are asked for?"), MEASURES, default=..., min_length=1
    )
    wish: str | None = account(CRI, _("What does the person say?"), NEVER_WRITE, max_length=4000)


class NoNeed(Answers):
    """Why nothing is needed now, and when it is looked at again."""

    reason: str = account(CRI, _("Why is nothing needed?"), default=..., min_length=1, help=NEVER_WRITE)
    review_on: date = asked(CRI, _("When is it looked at again?"), widget="date")


class GrantProtection(Answers):
    """Which measures, from when to when, and where the protection unit keeps the rest."""

    measures: tuple[str, ...] = ticks(CRI, _("Which measures?"), MEASURES, default=..., min_length=1)
    from_on: date = asked(CRI, _("From"), widget="date", clear=_("clocks"))
    until_on: date = asked(CRI, _("Until"), widget="date", clear=_("clocks"))
    reference: str = line(
        CRI, _("Reference in the protection unit’s own system"), NEVER_WRITE, default=..., min_length=1
    )


class RefuseProtection(Answers):
    """Reasons and the remedy."""

    reasons: str = account(CRI, _("Reasons"), default=..., min_length=1, help=NEVER_WRITE)
    remedy: str = account(
        LEG, _("How the person can have this reviewed"), default=..., min_length=1, max_length=4000,
        help=hints.REMEDY,
    )  # fmt: skip


class ReviewProtection(Answers):
    """What the look at the measures found."""

    finding: str = account(CRI, _("What did you find?"), NEVER_WRITE, default=..., min_length=1)


class EndProtection(Answers):
    """On which assessment the measures end, and that the person knows."""

    assessment: str = account(CRI, _("What shows that it is safe?"), NEVER_WRITE, default=..., min_length=1)
    person_informed: Confirmed = asked(
        CRI, _("The person was told beforehand, and was heard"), widget="yes_no"
    )

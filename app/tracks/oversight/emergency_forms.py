"""What is asked before the glass is broken: why, for which data; and afterwards, whether it was right."""

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.oversight.breach_forms import KINDS_OF_DATA
from app.tracks.rules import Confirmed

# Kept with consent: the auditor who reviews it reads that, and no content of a case.
CNS = Category.CNS

THREATS = {
    "life": _("Somebody’s life"),
    "health": _("Somebody’s health"),
    "child": _("A child"),
    "abduction": _("Somebody is taken, or followed"),
}
DENIED = {
    "no_emergency": _("It is no emergency"),
    "other_way": _("There is another way: the lead worker can be reached"),
    "purpose": _("It is for statistics, stay or curiosity, for which it is never given"),
    "conflict": _("Whoever asks has an interest of their own"),
}


class RequestEmergency(Answers):
    """Which data, why, and which danger; reason first, access afterwards."""

    categories: tuple[str, ...] = ticks(
        CNS, _("Which data are needed?"), KINDS_OF_DATA, default=..., min_length=1,
        clear=_("no more than this is opened"), help=_("Only what is needed to avert the danger."),
    )  # fmt: skip
    reason: str = account(
        CNS, _("Why are they needed at this moment?"), _("At least 20 characters. It is read by others."), default=...,
        min_length=20, max_length=2000,
    )  # fmt: skip
    threat: str = choice(CNS, _("What is in danger?"), THREATS, default=..., minimal=True)


class GrantEmergency(Answers):
    """What is opened, and no longer than the profile says."""

    scope: tuple[str, ...] = ticks(
        CNS, _("What is opened?"), KINDS_OF_DATA, clear=_("no more than this is opened"),
        help=_("Left empty: what was asked for, without the place where the person lives."),
    )  # fmt: skip
    reason: str = account(
        CNS, _("Why is it right to open this at this moment?"), _("It is read by others."), default=...,
        min_length=20, max_length=2000,
    )  # fmt: skip


class DenyEmergency(Answers):
    """Why not."""

    reason: str = choice(CNS, _("Why not?"), DENIED, default=...)
    instead: str | None = line(
        CNS, _("What was done instead?"),
        help=_("For instance: the shelter was called, or a colleague with access went."),
    )  # fmt: skip


class ReviewEmergency(Answers):
    """That whoever reviews looked at what was opened."""

    looked_at: Confirmed = asked(
        CNS, _("I looked at what was opened, and compared it with the reason"), widget="yes_no"
    )
    finding: str = account(
        CNS, _("What was found?"), default=..., min_length=1,
        help=_("Whether each part was needed. Nothing of what stands in it."),
    )  # fmt: skip


class FindAbuse(ReviewEmergency):
    """It was misused."""

    measures: str = account(
        CNS, _("What follows for whoever misused it?"), default=..., min_length=1,
        help=_("For instance: access withdrawn, a report to their organisation."),
    )  # fmt: skip

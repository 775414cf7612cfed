"""What is asked before a child is questioned, and what is recorded of it; the account itself is elsewhere."""

from datetime import date, datetime

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.codes import LANGUAGES, YES_NO
from app.tracks.rules import Confirmed

CHI, CRI = Category.CHI, Category.CRI

PURPOSES = {
    "criminal": _("A criminal case"),
    "identification": _("The identification"),
    "labour": _("An inspection of work"),
    "stay_or_asylum": _("Stay or asylum"),
}
ALTERNATIVES = {
    "earlier_recording": _("An earlier recording"),
    "carer_account": _("What carers can say"),
    "documents": _("Documents and digital traces"),
    "other_witness": _("Another witness"),
    "expert": _("An expert’s opinion"),
}
PRESENT = {
    "guardian": _("The guardian"),
    "trusted_adult": _("An adult whom the child trusts"),
    "lawyer": _("The child’s lawyer"),
    "psychologist": _("A psychologist"),
    "interpreter": _("An interpreter"),
}
AFTERWARDS = {
    "calm": _("Calm"),
    "tired": _("Tired"),
    "upset": _("Upset: somebody stays with the child"),
    "needs_help": _("Needs help now"),
}
STOPPED = {
    "child_wishes": _("The child wishes it"),
    "guardian_wishes": _("The guardian wishes it"),
    "distress": _("The child is not well"),
    "conditions": _("A condition was not met"),
    "other": _("Another reason"),
}


class ProposeInterview(Answers):
    """What it is for, and what is known already; nothing is asked twice that is on record."""

    purpose: str = choice(CRI, _("What is the interview for?"), PURPOSES, default=..., minimal=True)
    questions: str = account(
        CRI, _("What has to be found out?"), default=..., min_length=1,
        help=_("And why it is not known already from other sources."),
    )  # fmt: skip
    known_already: str = account(
        CRI, _("What is on record already?"), default=..., min_length=1,
        help=_("Whatever is recorded is used again, so that the child need not say it again."),
    )  # fmt: skip
    immediate_danger: str = choice(
        CRI, _("Is somebody’s life in danger at this moment?"), YES_NO, default="no",
        clear=_("an interview never goes ahead of a guardian otherwise"),
    )  # fmt: skip
    danger: str | None = account(
        CRI, _("Which danger?"), when=("immediate_danger", ("yes",)),
        help=_("Who is in danger, and from what. No address."),
    )  # fmt: skip


class ClearInterview(Answers):
    """Each condition by itself; nothing is ticked beforehand."""

    guardian_heard: bool | None = asked(
        CHI, _("Was the guardian told beforehand, and heard?"), default=None, widget="yes_no"
    )
    interviewer_trained: Confirmed = asked(
        CHI, _("The interviewer is trained to speak with children"), widget="yes_no"
    )
    same_interviewer: Confirmed = asked(
        CHI, _("It is the same interviewer as before, or the first interview"), widget="yes_no"
    )
    child_friendly: Confirmed = asked(CHI, _("The place is made for children"), widget="yes_no")
    language: str = choice(CHI, _("In which language?"), LANGUAGES, default=...)
    interpreter: str | None = line(CHI, _("Interpreter"), help=_("Leave empty if there is none."))
    recording_planned: Confirmed = asked(
        CHI, _("It is recorded, so that the child need not come again"), widget="yes_no"
    )
    trusted_adult: Confirmed = asked(CHI, _("An adult whom the child trusts comes along"), widget="yes_no")


class RejectInterview(Answers):
    """Why not, and what serves instead."""

    reasons: str = account(CHI, _("Why is it not in the child’s interest?"), default=..., min_length=1)
    instead: tuple[str, ...] = ticks(CHI, _("What serves instead?"), ALTERNATIVES, default=..., min_length=1)


class HoldInterview(Answers):
    """When, with whom, recorded where, and how the child was afterwards."""

    began_at: datetime = asked(CRI, _("Began"), widget="date")
    ended_at: datetime = asked(CRI, _("Ended"), widget="date")
    present: tuple[str, ...] = ticks(CHI, _("Who was in the room?"), PRESENT, default=..., min_length=1)
    recording: str = line(
        CRI, _("Reference of the recording"), default=..., min_length=1, help=hints.RECORDING
    )
    breaks: int = asked(CHI, _("How many breaks?"), widget="number", ge=0, le=50)
    guardian_heard: bool | None = asked(
        CHI, _("Was the guardian there, or did they agree to it?"), default=None, widget="yes_no"
    )
    wellbeing: str = choice(CHI, _("How was the child afterwards?"), AFTERWARDS, default=...)


class StopInterview(Answers):
    """Why it was stopped; nobody has to give a reason for the child."""

    stopped_on: date = asked(CHI, _("When?"), widget="date")
    why: str | None = choice(CHI, _("Why?"), STOPPED)

"""What is asked after a child’s return: the same four questions as before it, at each visit."""

from datetime import date

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.child.bia_forms import CHILD_HEARD
from app.tracks.child.solution_forms import ASPECTS
from app.tracks.codes import YES_NO_UNKNOWN
from app.tracks.rules import Confirmed

CHI, CON = Category.CHI, Category.CON

MONITORS = {
    "authority": _("A child protection authority there"),
    "organisation": _("An organisation there"),
    "international": _("An international organisation"),
}
CONCERNS = {**ASPECTS, "missed_visit": _("A visit did not take place")}
REPORT_FORMS = {
    "written": _("In writing, protected"),
    "call": _("By a call, noted here"),
    "visit": _("By our own visit"),
}
OUTCOMES = {
    "well": _("The child is well there"),
    "well_with_help": _("The child is well, and help goes on there"),
    "moved": _("The child lives elsewhere, safely"),
    "came_back": _("The child came back here"),
}


class PlanFollowUp(Answers):
    """Who asks, in which way, and how the child can reach somebody."""

    monitor_kind: str = choice(CHI, _("Who visits the child?"), MONITORS, default=..., minimal=True)
    monitor: str = line(
        CHI, _("Name of the authority or organisation"), default=..., min_length=1,
        help=_("And its country. No address of the child."),
    )  # fmt: skip
    schedule_agreed: Confirmed = asked(
        CHI, _("All visits of the schedule are agreed with them"), widget="yes_no",
        help=_("After a week, and after 1, 3, 6 and 12 months, or as the profile says."),
    )  # fmt: skip
    report_form: str = choice(CHI, _("How do they report?"), REPORT_FORMS, default=...)
    childs_contact: str = line(
        CON, _("How does the child reach somebody whom they trust?"), default=..., min_length=1,
        help=_("A number or a person, in a language that the child speaks."),
    )  # fmt: skip
    guardian_heard: Confirmed = asked(CHI, _("The guardian was heard"), widget="yes_no")


class ChildArrived(Answers):
    """The day of arrival, from which the visits are counted."""

    arrived_on: date = asked(
        CHI, _("Day of arrival"), widget="date", clear=_("the visits are counted from it")
    )


class VisitChild(Answers):
    """One visit: the four questions, and the child’s own words."""

    visited_on: date = asked(CHI, _("Day of the visit"), widget="date")
    safety: str = choice(CHI, _("Is the child safe?"), YES_NO_UNKNOWN, default=...)
    protection: str = choice(CHI, _("Does somebody protect the child?"), YES_NO_UNKNOWN, default=...)
    rehabilitation: str = choice(CHI, _("Does the child recover?"), YES_NO_UNKNOWN, default=...)
    reintegration: str = choice(
        CHI, _("Does the child belong somewhere, and go to school?"), YES_NO_UNKNOWN, default=...
    )
    child_heard: str = choice(CHI, _("Was the child heard?"), CHILD_HEARD, default=...)
    childs_views: str | None = account(
        CHI, _("What does the child say?"), when=("child_heard", ("heard",)), help=hints.CHILDS_WORDS
    )


class RaiseConcern(Answers):
    """What is not well; the timer says so of a visit that did not take place."""

    concerns: tuple[str, ...] = ticks(CHI, _("What is not well?"), CONCERNS, default=("missed_visit",))
    details: str | None = account(
        CHI, _("What exactly?"), help=_("What was seen or heard, and by whom. No address of the child.")
    )


class ResolveConcern(Answers):
    """What was done about it."""

    measures: str = account(
        CHI, _("What was done?"), default=..., min_length=1, help=_("Who did what, and on which day.")
    )
    child_safe_now: Confirmed = asked(
        CHI, _("Somebody saw the child, and the child is safe"), widget="yes_no"
    )


class ConcludeFollowUp(Answers):
    """How the child is at the end."""

    outcome: str = choice(CHI, _("How is the child?"), OUTCOMES, default=..., clear=_("statistics"))
    childs_views: str = account(
        CHI, _("What does the child say?"), default=..., min_length=1, help=hints.CHILDS_WORDS
    )

"""What is asked about a service of the plan.

Types stand beside `spl_Type` of the Human Trafficking Case Data Standard 2.0, International Organization for
Migration (IOM), CC BY 4.0: see standards.yaml.
"""

from datetime import date
from uuid import UUID

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.codes import LANGUAGES, YES_NO

SVC = Category.SVC
CLOCKS = _("clocks and the list of minimum help")

TYPES = {
    "accommodation": _("Somewhere safe to live"),
    "material": _("Food, clothes, money for the day"),
    "emergency_medical": _("Emergency medical care"),
    "health": _("Health care"),
    "psychological": _("Psychological help"),
    "interpretation": _("Interpretation and translation"),
    "cultural_mediation": _("Cultural mediation"),
    "legal_information": _("Information on rights"),
    "legal_representation": _("Legal representation"),
    "social_work": _("Social work"),
    "education": _("School"),
    "language_course": _("Language course"),
    "vocational": _("Training for work"),
    "employment": _("Help to find work"),
    "livelihood_grant": _("A grant to make a living"),
    "childcare": _("Care for children"),
    "family_tracing": _("Looking for the family"),
    "safety_measures": _("Safety measures"),
    "digital_safety": _("Safety of telephone and accounts"),
    "reintegration": _("Reintegration"),
    "mentoring": _("Mentoring"),
}
INFORMED = {
    "what": _("What the service is"),
    "who": _("Who gives it"),
    "free": _("That it costs nothing"),
    "voluntary": _("That it may be declined, and asked for later"),
    "confidential": _("Who learns of it"),
}
AGREED = {
    "aloud": _("Aloud"),
    "in_writing": _("In writing"),
    "by_coming": _("By coming, after an explanation"),
}
UNAVAILABLE = {
    "no_place": _("No place is free"),
    "not_offered_here": _("Nobody offers it here"),
    "no_interpreter": _("No interpreter"),
    "too_far": _("It is too far away"),
    "no_funds": _("No funds"),
}
PAUSES = {
    "victim_wish": _("The person’s wish"),
    "provider": _("The provider"),
    "health": _("Health"),
    "away": _("The person is away"),
    "safety": _("Safety"),
}
# No code says that somebody did not take part in proceedings: help does not depend on it.
ENDS = {
    "victim_wish": _("The person’s wish"),
    "moved": _("The person has moved"),
    "provider_closed": _("The provider has closed"),
    "need_met_elsewhere": _("The need is met elsewhere"),
    "safety": _("For safety, with something else offered"),
    "no_contact": _("The person could not be reached"),
    "deceased": _("The person has died"),
}
GOALS = {
    "reached": _("Reached"),
    "partly": _("Reached in part"),
    "not_reached": _("Not reached"),
    "not_needed": _("Not needed any more"),
}


class PlanService(Answers):
    """What is needed, who gives it, and for what."""

    type: str = choice(
        SVC, _("Which service?"), TYPES, default=..., clear=CLOCKS, minimal=True, standard="spl_Type"
    )
    provider: UUID = asked(SVC, _("Who gives it?"), widget="organisation", minimal=True)
    goal: str = account(
        SVC, _("What is it for?"), default=..., min_length=1,
        help=_("A goal of the person’s own, such as “a flat of my own by spring”."),
    )  # fmt: skip
    need: str = line(
        SVC, _("Which need of the assessment does it answer?"), default=..., min_length=1,
        help=_("In a few words, such as “a lawyer for unpaid wages”."),
    )  # fmt: skip


class OfferService(Answers):
    """What the person was told, in which language."""

    language: str = choice(SVC, _("In which language?"), LANGUAGES, default=..., minimal=True)
    informed: tuple[str, ...] = ticks(SVC, _("What was explained?"), INFORMED, default=..., min_length=1)


class AcceptService(Answers):
    """That the person agrees; a child’s own word counts at once."""

    agreed: str = choice(Category.CNS, _("How did the person agree?"), AGREED, default=...)
    consent: UUID | None = asked(Category.CNS, _("The consent"), default=None, widget="hidden")
    own_words: str | None = account(
        Category.CNS, _("What did the person say?"), max_length=2000,
        help=_("In their own words, with their wishes and limits."),
    )  # fmt: skip


class DeclineService(Answers):
    """The person does not want it now; nobody asks why."""

    declined_on: date = asked(
        SVC, _("Day"), widget="date", minimal=True, help=_("No reason is asked. For example, 27 3 2007")
    )


class NoCapacity(Answers):
    """Why it is not there, and since when the person waits."""

    reason: str = choice(SVC, _("Why is it not available?"), UNAVAILABLE, default=..., minimal=True)
    waiting_since: date = asked(SVC, _("Since when does the person wait?"), widget="date", minimal=True)


class StartService(Answers):
    """When it begins."""

    start_on: date = asked(SVC, _("From"), widget="date", minimal=True)


class SuspendService(Answers):
    """Why it pauses, and when it is looked at again."""

    reason: str = choice(SVC, _("Why does it pause?"), PAUSES, default=...)
    review_on: date = asked(SVC, _("When is this looked at again?"), widget="date", clear=_("its clock"))


class CompleteService(Answers):
    """What came of it."""

    outcome: str = account(
        SVC, _("What came of it?"), default=..., min_length=1,
        help=_("What is better for the person, and what is still needed. No diagnosis."),
    )  # fmt: skip
    goal_reached: str = choice(SVC, _("Was the goal reached?"), GOALS, default=..., minimal=True)


class SignOff(Answers):
    """A supervisor agrees that a service ends, for this reason and no other."""

    code: str = choice(SVC, _("For which reason may it end?"), ENDS, default=..., clear=_("the end needs it"))
    something_else_offered: str = choice(SVC, _("Was something else offered?"), YES_NO, default=...)


class DiscontinueService(Answers):
    """Why it ends before its goal."""

    ended_for: str = choice(SVC, _("Why does it end?"), ENDS, default=..., clear=_("statistics"))
    ended_on: date = asked(SVC, _("Day"), widget="date")

"""What comes in: the asking for emergency access."""

from datetime import date
from uuid import UUID

from app.kit.i18n import _
from app.safeguards.fields import Form, asked
from app.safeguards.matrix import NO_EMERGENCY
from app.safeguards.words import Category
from app.tracks.answers import Answers, account, choice, ticks
from app.tracks.oversight.breach_forms import KINDS_OF_DATA
from app.tracks.oversight.emergency_forms import THREATS, RequestEmergency

CNS = Category.CNS
OPENED = {code: label for code, label in KINDS_OF_DATA.items() if code not in NO_EMERGENCY}


class BreakGlass(Answers):
    """Which case, which data, why, and which danger: all before anything opens."""

    reference: str = asked(
        CNS, _("Reference of the case"), max_length=20,
        help=_("As it was given to you, such as K7MT-4QXD. No case is found by a name here."),
    )  # fmt: skip
    threat: str = choice(CNS, _("What is in danger?"), THREATS, default=...)
    reason: str = account(
        CNS, _("Why are they needed at this moment?"), _("At least 20 characters. It is read by others."), default=...,
        min_length=20, max_length=2000,
    )  # fmt: skip
    categories: tuple[str, ...] = ticks(
        CNS, _("Which data are needed?"), OPENED, default=..., min_length=1,
        help=_("Only what is needed to avert the danger. Where the person lives is never opened in this way."),
    )  # fmt: skip

    def as_step(self) -> RequestEmergency:
        """Return what is kept on the case: everything but its reference."""
        return RequestEmergency(categories=self.categories, reason=self.reason, threat=self.threat)

    def as_kept(self) -> str:
        """Return the reference as cases have it, however it was typed."""
        text = "".join(each for each in self.reference.upper() if each.isalnum())
        return f"{text[:4]}-{text[4:]}"


WHY = {
    "stood_in": _("I stood in for a colleague"),
    "was_called": _("The person, or somebody for them, called"),
    "asked_to_look": _("A colleague asked me to look"),
    "other_case": _("I looked for another case"),
    "by_mistake": _("I opened it by mistake"),
    "in_person": _("I will say it to my supervisor in person"),
}
CAME_OF_IT = {
    "explained": _("It is explained"),
    "reminded": _("The person was reminded of the rules"),
    "breach": _("It was wrong: a breach is recorded"),
}


class AskWhy(Form):
    """Whose accesses to which case, on which day."""

    case_id: UUID = asked(CNS, _("Case"), widget="hidden")
    user_id: UUID = asked(CNS, _("Who"), widget="hidden")
    day: date = asked(CNS, _("Day"), widget="hidden")


class SayWhy(Answers):
    """Why a case was opened."""

    answer: str = choice(CNS, _("Why did you open it?"), WHY, default=...)


class CloseQuestion(Answers):
    """What came of a question."""

    outcome: str = choice(CNS, _("What came of it?"), CAME_OF_IT, default=...)


KINDS = {
    "openings": _("cases opened"),
    "exports": _("data taken away"),
    "emergencies": _("cases opened in an emergency"),
    "search": _("searches"),
    "known": _("questions whether a person is known"),
}
LIFTED_FOR = {
    "handover": _("Many cases are handed over"),
    "stands_in": _("The person stands in for others"),
    "many_people": _("Many people were found together"),
    "review": _("A review, or an audit"),
    "emergency": _("An emergency of many people"),
}


class LiftQuota(Answers):
    """Whose quota is lifted for an hour, and why."""

    user_id: UUID = asked(CNS, _("Who"), widget="hidden")
    kind: str = asked(CNS, _("What"), widget="hidden", choices=KINDS)
    reason: str = choice(CNS, _("Why is it lifted?"), LIFTED_FOR, default=...)

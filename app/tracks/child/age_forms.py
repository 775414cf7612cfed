"""What is asked about a child’s age; a birthday is sealed, and rules learn of it only the month."""

from datetime import date
from typing import Any

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.rules import Confirmed

CHI = Category.CHI

BASES = {
    "document": _("An identity paper shows it"),
    "own_words": _("The person says so, and nothing speaks against it"),
    "official_record": _("An official record shows it"),
    "family": _("A parent or relative says so"),
    "obvious": _("It is obvious to everybody"),
}
DOUBTS = {
    "own_words": _("The person says that they are under 18"),
    "papers_differ": _("Papers differ, or may be false"),
    "appearance": _("The person looks, or behaves, like somebody under 18"),
    "told_to_say": _("Somebody may have told the person to claim to be an adult"),
    "others_say": _("Somebody who knows the person says so"),
    "school_or_family": _("School, family or history point to a child"),
    "new_paper": _("A new paper was found"),
}
LESS_INVASIVE = {
    "own_account": _("The own account was heard"),
    "papers": _("Papers were sought, at home too where this is safe"),
    "family": _("Family was asked, where this is safe"),
    "school": _("School or health records were sought"),
    "observation": _("Carers who see the person daily were heard"),
}
DOCUMENTS = {
    "passport": _("Passport or identity card"),
    "birth_certificate": _("Birth certificate"),
    "school": _("School record"),
    "health": _("Health or vaccination record"),
    "register": _("An answer from a register"),
    "other": _("Other proof"),
}
TEAM = {
    "health": _("A health professional"),
    "psychologist": _("A psychologist"),
    "social_worker": _("A social worker"),
    "cultural_mediator": _("A cultural mediator"),
    "teacher": _("A teacher"),
}
AGE_METHODS = {
    "interview": _("A social and psychological interview"),
    "papers": _("Papers"),
    "observation": _("Observation over time"),
    "physical": _("A physical examination, without undressing"),
    "dental": _("Teeth"),
    "wrist": _("An image of the wrist"),
    "collarbone": _("An image of the collarbone"),
}
WHO_REFUSES = {"person": _("The person"), "guardian": _("The guardian")}
ENDED_BY = {
    "lapsed": _("The time to challenge it is over"),
    "lost": _("The challenge was rejected for good"),
}


def _birthday() -> Any:
    return asked(
        CHI, _("When does the person turn 18, as far as is known?"), default=None, widget="date",
        help=_("Only the month is used: the rules for children end with its last day."),
    )  # fmt: skip


class DeclareAge(Answers):
    """On what the age rests, where nobody doubts it."""

    basis: str = choice(CHI, _("How is the age known?"), BASES, default=..., minimal=True)
    turns_18_on: date | None = _birthday()


class DoubtAge(Answers):
    """Why the person may be a child; one reason is enough."""

    reasons: tuple[str, ...] = ticks(
        CHI, _("Why may the person be a child?"), DOUBTS, default=..., min_length=1, minimal=True,
        help=_("One reason is enough. The person is treated as a child from now on."),
    )  # fmt: skip
    details: str | None = account(
        CHI, _("What was seen or said?"),
        help=_("What the person, papers or others say, or what you saw. Little is enough."),
    )  # fmt: skip
    turns_18_on: date | None = _birthday()


class RaiseDoubt(DoubtAge):
    """Serious reasons to doubt that somebody is a child; the presumption stays."""

    details: str = account(
        CHI, _("Which serious reasons?"), default=..., min_length=1,
        help=_("Such as papers that contradict each other. Looks alone are not enough."),
    )  # fmt: skip
    guardian_heard: bool | None = asked(CHI, _("Was the guardian heard?"), default=None, widget="yes_no")


class OrderAssessment(Answers):
    """Why it is needed, what was tried before, and that child and guardian agree."""

    need: str = account(
        CHI, _("Why is an assessment needed?"), default=..., min_length=1,
        help=_("What remains in doubt after papers, family and talks."),
    )  # fmt: skip
    less_invasive: tuple[str, ...] = ticks(
        CHI, _("What was tried before?"), LESS_INVASIVE, default=..., min_length=1
    )
    guardian_present: Confirmed = asked(CHI, _("The guardian will be present"), widget="yes_no")
    guardian_heard: Confirmed = asked(CHI, _("The guardian was heard"), widget="yes_no")
    child_consents: Confirmed = asked(
        CHI, _("The person agrees, in a language that they understand"), widget="yes_no",
        help=_("A refusal is recorded as one, and proves nothing."),
    )  # fmt: skip
    guardian_consents: Confirmed = asked(CHI, _("The guardian agrees"), widget="yes_no")


class ProveAge(Answers):
    """A paper that settles it."""

    document: str = choice(CHI, _("What proves the age?"), DOCUMENTS, default=..., minimal=True)
    reference: str = line(
        CHI, _("Reference of the proof"), default=..., min_length=1,
        help=_("The number that stands on it, and who issued it."),
    )  # fmt: skip
    turns_18_on: date | None = _birthday()


class StartAgeAssessment(Answers):
    """Who assesses: several professions, never a doctor alone."""

    team: tuple[str, ...] = ticks(CHI, _("Who assesses?"), TEAM, default=..., min_length=2)
    planned_on: date = asked(CHI, _("When?"), widget="date")
    medical_note: str | None = account(
        Category.HEA, _("What the health professional should know"), _("Kept with health, not with the file.")
    )


class RefuseAssessment(Answers):
    """Somebody does not want it; that is no proof of being an adult."""

    refused_by: str = choice(CHI, _("Who does not want it?"), WHO_REFUSES, default=...)
    refused_on: date = asked(CHI, _("When?"), widget="date")


class AgeRange(Answers):
    """The range that the assessment found, by which methods, with which margin."""

    lowest: int = asked(CHI, _("Lowest age of the range"), widget="number", ge=5, le=60)
    highest: int = asked(CHI, _("Highest age of the range"), widget="number", ge=5, le=60)
    methods: tuple[str, ...] = ticks(CHI, _("By which methods?"), AGE_METHODS, default=..., min_length=1)
    margin: str = line(
        CHI, _("Margin of error"), default=..., min_length=1, help=_("For instance: two years up or down.")
    )
    medical_findings: str | None = account(
        Category.HEA, _("Medical findings"), _("Kept with health, not with the file.")
    )


class ConcludeChild(AgeRange):
    """The person is a child."""

    turns_18_on: date | None = _birthday()


class ConcludeAdult(AgeRange):
    """The whole range is 18 or more; the rules for children go on until the remedy is over."""

    reasons: str = account(CHI, _("Reasons, in plain words"), default=..., min_length=1)
    remedy: str = account(
        Category.LEG, _("How this can be challenged"), default=..., min_length=1, max_length=4000,
        help=hints.REMEDY,
    )  # fmt: skip
    remedy_until: date | None = asked(
        Category.LEG, _("Until when?"), default=None, widget="date", clear=_("the time of the remedy"),
        help=_("Left empty, the usual time."),
    )  # fmt: skip


class ChallengeAge(Answers):
    """Why the result is challenged."""

    grounds: str = account(
        Category.LEG, _("Why is it challenged?"), default=..., min_length=1,
        help=_("For instance: the method, a new paper, or that nobody listened."),
    )  # fmt: skip
    before: str = line(
        Category.LEG, _("Before which authority or court?"), default=..., min_length=1, help=hints.COURT
    )
    filed_on: date = asked(Category.LEG, _("Filed on"), widget="date")


class UpholdChallenge(Answers):
    """The challenge was right: the person is a child."""

    decision: str = line(
        Category.LEG, _("Reference of the decision"), default=..., min_length=1, help=hints.DECISION
    )
    turns_18_on: date | None = _birthday()


class FinalAge(Answers):
    """Nothing is open any more."""

    ended_by: str = choice(CHI, _("Why is it final?"), ENDED_BY, default="lapsed")
    decision: str | None = line(
        Category.LEG, _("Reference of the decision"), when=("ended_by", ("lost",)), help=hints.DECISION
    )

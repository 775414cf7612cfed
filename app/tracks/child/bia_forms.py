"""What an assessment of best interests asks: the child’s views first, then six sides of the child’s life."""

from pydantic import ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice
from app.tracks.rules import Confirmed

CHI = Category.CHI

AT_STAKE = {
    "accommodation": _("Where the child lives"),
    "school": _("School"),
    "health": _("Health"),
    "interview": _("An interview"),
    "contact_family": _("Contact with the family"),
    "tracing": _("Looking for the family"),
    "move": _("A move"),
    "work": _("Work"),
    "age_assessment": _("An assessment of the age"),
    "consent_conflict": _("Child and guardian disagree on a consent"),
}
CHILD_HEARD = {
    "heard": _("The child was heard"),
    "too_young": _("The child is too young to say"),
    "did_not_wish": _("The child did not wish to speak"),
    "not_possible": _("It was not possible yet"),
}
GUARDIAN_HEARD = {
    "heard": _("The guardian was heard"),
    "not_yet_appointed": _("No guardian is appointed yet"),
}
RECOMMENDS = {
    "in_favour": _("It is in the child’s best interests"),
    "with_conditions": _("It is, under conditions"),
    "against": _("It is not in the child’s best interests"),
}
CLOSED = {
    "superseded": _("A newer assessment takes its place"),
    "decision_taken": _("The decision was taken"),
    "turned_18": _("The person is 18"),
}


class TriggerAssessment(Answers):
    """Which decision waits for it."""

    decision: str = choice(
        CHI, _("Which decision is at stake?"), AT_STAKE, default="accommodation", clear=_("decisions wait for it"),
        minimal=True,
    )  # fmt: skip


class StartBia(Answers):
    """Who assesses."""

    child_trained: Confirmed = asked(CHI, _("The assessor is trained to work with children"), widget="yes_no")


class CompleteBia(Answers):
    """The child’s views, then the sides of the child’s life, then what is recommended."""

    child_heard: str = choice(CHI, _("Was the child heard?"), CHILD_HEARD, default=...)
    childs_views: str | None = account(
        CHI, _("What does the child say?"), hints.CHILDS_WORDS, when=("child_heard", ("heard",)),
        validate_default=True,
    )  # fmt: skip
    why_not_heard: str | None = account(
        CHI, _("Why was the child not heard?"), validate_default=True,
        when=("child_heard", ("too_young", "did_not_wish", "not_possible")),
        help=_("What was tried, and what would have been needed."),
    )  # fmt: skip
    guardian_view: str = choice(CHI, _("And the guardian?"), GUARDIAN_HEARD, default=...)
    guardians_words: str | None = account(
        CHI, _("What does the guardian say?"), when=("guardian_view", ("heard",)),
        help=_("In the guardian’s own words."),
    )  # fmt: skip
    safety: str = account(
        CHI, _("Safety"), default=..., min_length=1,
        help=_("Who or what endangers the child, and what protects. No address."),
    )  # fmt: skip
    family: str = account(
        Category.FAM, _("Family and others who are close"), default=..., min_length=1,
        help=_("Who they are to the child, who is safe, and who may have had a part."),
    )  # fmt: skip
    development: str = account(
        CHI, _("Care and development"), default=..., min_length=1,
        help=_("Sleep, food, play, daily care, and what the child needs at this age."),
    )  # fmt: skip
    identity: str = account(CHI, _("Who the child is: language, culture, faith"), default=..., min_length=1)
    health: str = account(
        Category.HEA, _("Health"), default=..., min_length=1,
        help=_("What matters for this decision, such as treatment that must go on."),
    )  # fmt: skip
    education: str = account(
        CHI, _("School and learning"), default=..., min_length=1,
        help=_("What the child has learnt, wishes to learn, and needs for it."),
    )  # fmt: skip
    recommends: str = choice(CHI, _("What do you recommend?"), RECOMMENDS, default=..., minimal=True)
    recommendation: str = account(CHI, _("Why, and under which conditions?"), default=..., min_length=1)

    @field_validator("childs_views", "why_not_heard", mode="after")
    @classmethod
    def views_or_why_not(cls, value: str | None, info: ValidationInfo) -> str | None:
        """Ask for the child’s words, or for the reason why there are none."""
        heard = info.data.get("child_heard")
        wanted = "childs_views" if heard == "heard" else "why_not_heard"
        if heard is not None and info.field_name == wanted and not value:
            raise PydanticCustomError("unanswered", "This must be answered")
        return value


class DecideBia(Answers):
    """What the supervisor notes."""

    comment: str | None = account(CHI, _("Comment"), help=hints.COMMENT)


class ReworkBia(Answers):
    """What is still missing."""

    comment: str = account(CHI, _("What is still missing?"), default=..., min_length=1, help=hints.MISSING)


class CloseBia(Answers):
    """Why it is not needed any more."""

    reason: str = choice(CHI, _("Why?"), CLOSED, default="superseded")

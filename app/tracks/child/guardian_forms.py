"""What is asked about a child's guardian."""

from datetime import date
from uuid import UUID

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.codes import LANGUAGES, SEX
from app.tracks.rules import Confirmed

CHI = Category.CHI

NEEDED_BECAUSE = {
    "to_be_found_out": _("Not known yet"),
    "unaccompanied": _("No parent or other caring adult is with the child"),
    "separated": _("Relatives are with the child, but no parent"),
    "conflict_of_interest": _("The parents’ interests stand against the child’s"),
}
CHECKS = {
    "talked_to_child": _("The child was heard alone"),
    "talked_to_parents": _("The parents were heard"),
    "police_asked": _("The police were asked"),
    "records": _("Records were searched"),
    "home_seen": _("The home was seen"),
}
CONFLICTS = {
    "parent_involved": _("A parent took part in the exploitation"),
    "pressure": _("The family puts the child under pressure"),
    "neglect": _("The child is not protected at home"),
    "against_interests": _("A decision of the parents stands against the child’s interests"),
}
WISHES = {"female": SEX["female"], "male": SEX["male"], "no_wish": _("No wish")}
SCOPES = {
    "all": _("All matters of the child"),
    "proceedings": _("Proceedings and statements"),
    "residence": _("Residence and asylum"),
    "care": _("Housing, school and daily care"),
    "health": _("Health"),
    "property": _("Money and claims"),
}
CONCERNS = {
    "absence": _("Does not come, or cannot be reached"),
    "not_heard": _("Does not hear the child"),
    "against_interests": _("Acts against the child’s interests"),
    "conflict": _("Has an interest of their own"),
    "harm": _("May have harmed the child"),
}
REPLACEMENTS = {
    "child_wishes": _("The child wishes it"),
    "unavailable": _("Is no longer available"),
    "unsuitable": _("Is not suited"),
    "moved": _("The child moved"),
    "concern": _("A concern was found to be true"),
}
ENDS = {
    "turned_18": _("The person is 18"),
    "family_reunited_safely": _("Safely back with the family"),
    "handed_to_guardian_abroad": _("Handed over to a guardian abroad"),
    "deceased": _("The child has died"),
}


class GuardianNeeded(Answers):
    """Why the child needs somebody; "not known yet" never delays it."""

    why: str = choice(
        CHI,
        _("Why is a guardian needed?"),
        NEEDED_BECAUSE,
        default="to_be_found_out",
        clear=_("statistics"),
        minimal=True,
    )


class ParentActs(Answers):
    """How it was checked that the parents have no part in what happened."""

    not_involved: Confirmed = asked(
        CHI, _("It was checked that the parents have no part in what happened"), widget="yes_no"
    )
    checks: tuple[str, ...] = ticks(CHI, _("How?"), CHECKS, default=..., min_length=1)
    assessment: str = line(
        CHI, _("Reference of the best interests assessment"), default=..., min_length=1,
        help=_("Its number in this file."),
    )  # fmt: skip


class ConflictFound(Answers):
    """What came out about the parents."""

    conflict: str = choice(CHI, _("What came out?"), CONFLICTS, default=...)
    facts: str = account(
        CHI, _("What exactly?"), default=..., min_length=1,
        help=_("What was seen or said, when, and by whom. No names of other children."),
    )  # fmt: skip


class ProvisionalPerson(Answers):
    """Who acts until a guardian is appointed."""

    provisional_user: UUID = asked(
        CHI,
        _("Who acts for the child meanwhile?"),
        widget="user",
        clear=_("the team follows from it"),
        minimal=True,
    )
    from_on: date = asked(CHI, _("From"), widget="date", clear=_("clocks and the team"), minimal=True)


class Nominate(Answers):
    """Whether the person is fit to be the guardian, and what the child wishes."""

    guardian_user: UUID = asked(
        CHI,
        _("Who should be the guardian?"),
        widget="user",
        clear=_("the team follows from it"),
        minimal=True,
    )
    vetted_on: date = asked(CHI, _("Day of the vetting"), widget="date")
    vetting_reference: str = line(
        CHI, _("Reference of the vetting"), default=..., min_length=1,
        help=_("As it stands on the extract of the register."),
    )  # fmt: skip
    trained_on: date = asked(CHI, _("Trained for child victims on"), widget="date")
    wished_language: str = choice(CHI, _("Which language does the child wish?"), LANGUAGES, default=...)
    speaks_it: bool = asked(CHI, _("Does the guardian speak it?"), widget="yes_no")
    wished_sex: str = choice(CHI, _("Does the child wish a woman or a man?"), WISHES, default=...)
    wish_met: bool = asked(CHI, _("Is this wish met?"), widget="yes_no")
    no_immigration_role: Confirmed = asked(
        CHI, _("The guardian does not work for the immigration authority"), widget="yes_no"
    )
    no_shelter_role: Confirmed = asked(
        CHI, _("The guardian does not run or work for the shelter"), widget="yes_no"
    )
    no_exploiter_tie: Confirmed = asked(
        CHI, _("The guardian has no tie to the exploiter or their circle"), widget="yes_no"
    )
    caseload: int = asked(
        CHI, _("How many children does the guardian have now?"), widget="number", ge=0, le=1000,
        clear=_("the national limit"),
    )  # fmt: skip


class Appoint(Answers):
    """The order, what it covers, from when."""

    authority: str = line(CHI, _("Court or authority"), default=..., min_length=1, help=hints.COURT)
    order: str = line(CHI, _("Reference of the order"), default=..., min_length=1, help=hints.DECISION)
    order_on: date = asked(CHI, _("Day of the order"), widget="date", minimal=True)
    scope: tuple[str, ...] = ticks(
        CHI, _("What does it cover?"), SCOPES, default=..., min_length=1, minimal=True
    )
    from_on: date = asked(CHI, _("From"), widget="date", clear=_("clocks and the team"), minimal=True)
    met_on: date | None = asked(
        CHI, _("When did the guardian meet the child?"), default=None, widget="date",
        clear=_("the clock of the first meeting"), help=_("Left empty, record it once they have met."),
        minimal=True,
    )  # fmt: skip


class FirstMeeting(Answers):
    """That guardian and child have met."""

    met_on: date = asked(
        CHI,
        _("When did the guardian meet the child?"),
        widget="date",
        clear=_("the clock of the first meeting"),
        minimal=True,
    )
    childs_view: str = account(
        CHI, _("What does the child say?"), default=..., min_length=1, help=hints.CHILDS_WORDS
    )


class GuardianReport(Answers):
    """How the child is, and what is to be decided."""

    situation: str = account(
        CHI, _("How is the child?"), default=..., min_length=1,
        help=_("Health, school, friends, and what worries the child. No address."),
    )  # fmt: skip
    childs_view: str = account(
        CHI, _("What does the child say?"), default=..., min_length=1, help=hints.CHILDS_WORDS
    )
    next_decisions: str | None = account(
        CHI, _("What will be decided next?"), help=_("For instance: the school in autumn, the permit.")
    )


class Suspend(Answers):
    """What was brought forward against the guardian."""

    concern: str = choice(CHI, _("What is the concern?"), CONCERNS, default=...)
    details: str = account(
        CHI, _("What exactly?"), default=..., min_length=1,
        help=_("What was seen or said, when, and by whom. No names of other children."),
    )  # fmt: skip


class Reinstate(Answers):
    """Why the guardian may go on."""

    finding: str = account(
        CHI, _("What was found out?"), default=..., min_length=1,
        help=_("What was looked at, and why the concern does not stand."),
    )  # fmt: skip


class Replace(Answers):
    """Why another guardian is needed, and what the child says."""

    reason: str = choice(CHI, _("Why?"), REPLACEMENTS, default=...)
    childs_view: str = account(
        CHI, _("What does the child say?"), default=..., min_length=1, help=hints.CHILDS_WORDS
    )


class EndGuardianship(Answers):
    """Why it ends, and to whom everything was handed over."""

    reason: str = choice(CHI, _("Why does it end?"), ENDS, default=..., clear=_("the closure list"))
    handover: str = account(
        CHI, _("Hand-over report"), default=..., min_length=1,
        help=_("What is open, which days are near, and whom the child trusts. No address."),
    )  # fmt: skip

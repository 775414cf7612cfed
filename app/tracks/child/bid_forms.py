"""What a determination of best interests asks: everything that speaks for each of the three solutions."""

from datetime import date
from uuid import UUID

from app.kit.i18n import _
from app.procedure.predicates_child import INTEGRATION, RESETTLEMENT, RETURN
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, group, line
from app.tracks.child.bia_forms import CHILD_HEARD
from app.tracks.codes import LANGUAGES, YES_NO
from app.tracks.rules import Confirmed

CHI = Category.CHI

QUESTIONS = {
    "durable_solution": _("Which durable solution?"),
    "separation": _("Separation from a parent or carer"),
    "custody": _("Custody"),
    "complex_care": _("Care that is complex"),
}
OPTIONS = {
    RETURN: _("Return and reintegration in the country of origin"),
    INTEGRATION: _("Local integration"),
    RESETTLEMENT: _("Resettlement in a third country, family reunion there included"),
}
TRACING = {
    "found": _("Family was found"),
    "not_found": _("Nobody was found"),
    "not_looked": _("Not looked for: it would not be in the child’s interest"),
    "goes_on": _("The search goes on"),
}
# Police, guardian and the child’s own caseworker have no vote; an immigration officer is heard at most.
FUNCTIONS = {
    "child_protection": _("Child protection"),
    "child_psychology": _("Child psychology or psychiatry"),
    "health": _("Health"),
    "education": _("Education"),
    "child_law": _("Law of children"),
    "organisation": _("A specialised organisation"),
    "international": _("An international organisation"),
}
VOTES = {
    "for": _("In favour"),
    "against": _("Against"),
    "abstains": _("Abstains"),
}
TOWARDS = {
    "nobody": _("Nobody abroad"),
    "organisation": _("An organisation, not an authority"),
    "origin": _("An authority of the country of origin"),
    "elsewhere": _("An authority of another country"),
}
IN_WRITING = {
    "in_writing": _("Yes, in writing, after legal advice"),
    "no": _("No"),
}


class OpenBid(Answers):
    """Which question is to be decided."""

    question: str = choice(
        CHI, _("What is to be decided?"), QUESTIONS, default=..., clear=_("return waits for it"), minimal=True
    )
    guardian_heard: Confirmed = asked(CHI, _("The guardian was heard"), widget="yes_no")


class GatherFacts(Answers):
    """What was gathered; each of the three solutions is described, whatever one thinks of it."""

    towards: str = choice(CHI, _("Who abroad is asked?"), TOWARDS, default=...)
    agreed_after_advice: str | None = choice(
        Category.CNS, _("Is there consent to ask the authorities of the country of origin?"), IN_WRITING,
        when=("towards", ("origin",)),
    )  # fmt: skip
    childs_views: str = account(
        CHI, _("What does the child say?"), default=..., min_length=1, help=hints.CHILDS_WORDS
    )
    tracing: str = choice(CHI, _("What did the search for the family show?"), TRACING, default=...)
    tracing_details: str | None = account(
        Category.FAM, _("What is known of the family?"),
        help=_("Who they are, and who says so. No contact that the child does not wish."),
    )  # fmt: skip
    origin_findings: str = account(
        CHI, _("What is known of the place of origin?"), default=..., min_length=1,
        help=_("From which sources, and of which day."),
    )  # fmt: skip
    risk_analysis: str = account(
        CHI, _("Which risks are there?"), default=..., min_length=1,
        help=_("For each option: who or what endangers the child, and how likely it is."),
    )  # fmt: skip
    option_return: str | None = account(CHI, _("Return: what speaks for it and against it"))
    option_integration: str | None = account(CHI, _("Local integration: what speaks for it and against it"))
    option_resettlement: str | None = account(CHI, _("A third country: what speaks for it and against it"))


class SubmitBid(Answers):
    """The report for the panel."""

    report: str = account(
        CHI, _("Report for the panel"), default=..., min_length=1,
        help=_("The facts, what the child says, each option, and what you recommend."),
    )  # fmt: skip
    guardian_heard: Confirmed = asked(CHI, _("The guardian has read it and was heard"), widget="yes_no")


class Member(Answers):
    """One member of the panel, and the vote."""

    member: UUID = asked(CHI, _("Member"), widget="user")
    organisation: UUID = asked(CHI, _("Organisation"), widget="organisation")
    function: str = choice(CHI, _("Speaks for"), FUNCTIONS, default=...)
    vote: str = choice(CHI, _("Vote"), VOTES, default=...)


class DecideBid(Answers):
    """Who decided what, with which votes and reasons, for this child alone."""

    members: tuple[Member, ...] = group(
        CHI, _("The panel"), default=..., min_length=1, max_length=9,
        help=_("One row for each member, with the vote."),
    )  # fmt: skip
    option: str | None = choice(
        CHI, _("Which durable solution?"), OPTIONS, clear=_("return waits for it"), minimal=True,
        help=_("Exactly one, and only where a durable solution was the question."),
    )  # fmt: skip
    individual: Confirmed = asked(
        CHI, _("This was decided for this child alone, not for a group or a nationality"), widget="yes_no"
    )
    decision: str = account(
        CHI, _("The decision"), default=..., min_length=1,
        help=_("What is done, and from when, in one or two sentences."),
    )  # fmt: skip
    reasons: str = account(CHI, _("Reasons, in plain words"), default=..., min_length=1)
    dissent: str | None = account(
        CHI, _("Views that differ"),
        help=_("What others on the panel think, and why. Leave empty if all agree."),
    )  # fmt: skip
    guardian_heard: Confirmed = asked(CHI, _("The panel heard the guardian"), widget="yes_no")
    child_heard: str = choice(CHI, _("Was the child heard?"), CHILD_HEARD, default=...)
    immigration_heard: str | None = choice(
        CHI, _("Was the immigration authority heard?"), YES_NO, help=_("It may be heard and has no vote.")
    )
    review_on: date = asked(CHI, _("When is this looked at again?"), widget="date", clear=_("its clock"))


class DeferBid(Answers):
    """What the panel still needs, and when it meets again."""

    missing: str = account(
        CHI, _("Which facts are missing?"), default=..., min_length=1,
        help=_("Which they are, and who finds them out."),
    )  # fmt: skip
    until_on: date = asked(CHI, _("When does the panel meet again?"), widget="date", clear=_("its clock"))


class ReopenBid(Answers):
    """New facts, or an objection."""

    new_facts: str = account(CHI, _("What is new, or what is objected to?"), default=..., min_length=1)


class ImplementBid(Answers):
    """What was done of the decision."""

    done: str = account(
        CHI, _("What was done?"), default=..., min_length=1, help=_("Who began what, and on which day.")
    )
    told_language: str | None = choice(CHI, _("In which language was the child told?"), LANGUAGES)
    told_how: str | None = line(
        CHI, _("How was it put, so that the child could understand?"),
        help=_("For instance: in short sentences, with a drawing, by the guardian."),
    )  # fmt: skip

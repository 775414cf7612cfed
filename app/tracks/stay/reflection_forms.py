"""What is asked about the recovery and reflection period."""

from datetime import date
from uuid import UUID

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, group, line
from app.tracks.codes import LANGUAGES
from app.tracks.rules import Confirmed

NAT, LEG, SVC = Category.NAT, Category.LEG, Category.SVC

ADVICE = {
    "taken": _("Advice was taken"),
    "declined": _("Advice was offered, and not wanted"),
    "not_offered": _("Advice was not offered yet"),
}
EXTENSION_REASONS = {
    "health": _("Health"),
    "psychology": _("Psychological state"),
    "child_best_interests": _("Best interests of a child"),
    "intimidation": _("Intimidation"),
    "identification_pending": _("The identification is not decided"),
    "other": _("Another reason"),
}
CHOICES = {
    "cooperate": _("To take part in proceedings"),
    "return": _("To return"),
    "other_status": _("To ask for another right to stay"),
}
TERMINATION_GROUNDS = {
    "public_order": _("Public order"),
    "improper_claim": _("Victim status is improperly claimed"),
    "renewed_contact": _("Contact renewed actively, freely and on the person’s own initiative"),
}
EVIDENCE = {
    "document": _("A document"),
    "observation": _("An observation by an officer"),
    "account": _("An account of another person"),
    "messages": _("Messages or calls"),
    "decision": _("A decision of another authority"),
}
OUTCOMES = {
    "continue": _("It goes on"),
    "extend": _("An extension should be asked for"),
    "residence": _("A residence permit should be applied for"),
    "asylum": _("Asylum should be spoken of again"),
}


class Inform(Answers):
    """What the person was told before the period is offered; each item is ticked by itself."""

    told_reflection: Confirmed = asked(
        SVC, _("The reflection period was explained"), widget="yes_no", minimal=True
    )
    told_residence: Confirmed = asked(
        SVC, _("Ways to a residence permit were explained"), widget="yes_no", minimal=True
    )
    told_asylum: Confirmed = asked(
        SVC, _("The right to ask for asylum was explained"), widget="yes_no", minimal=True
    )
    told_consular: Confirmed = asked(
        SVC,
        _("Consular help was explained, and that it is used only if wanted"),
        widget="yes_no",
        minimal=True,
    )
    language: str = choice(SVC, _("In which language?"), LANGUAGES, default=..., minimal=True)
    interpreter: str | None = line(
        SVC, _("Interpreter"), help=_("Leave empty if there was none."), minimal=True
    )
    authority: UUID | None = asked(
        NAT, _("Which authority grants the period?"), default=None, widget="organisation",
        clear=_("the team follows from it"), help=_("Left empty, the authority that identifies."),
    )  # fmt: skip


class Grant(Answers):
    """From when to when, by which document."""

    start_on: date = asked(NAT, _("From"), widget="date", clear=_("clocks and the block on removal"))
    end_on: date = asked(
        NAT, _("Until"), widget="date", clear=_("clocks and the block on removal"),
        help=_("Never shorter than the national minimum."),
    )  # fmt: skip
    document_number: str = line(
        NAT, _("Number of the document"), default=..., min_length=1, found_by="number",
        help=hints.DOCUMENT_NUMBER,
    )  # fmt: skip
    work_allowed: bool = asked(NAT, _("May the person work meanwhile?"), widget="yes_no")


class Waive(Answers):
    """An adult does not want the period, after legal advice."""

    legal_advice: str = choice(LEG, _("Was legal advice given?"), ADVICE, default=...)
    language: str = choice(
        SVC, _("In which language was this explained?"), LANGUAGES, default=..., minimal=True
    )


class Extend(Answers):
    """Until when now, and why."""

    end_on: date = asked(NAT, _("Now until"), widget="date", clear=_("clocks and the block on removal"))
    reason: str = choice(NAT, _("Why?"), EXTENSION_REASONS, default=...)
    details: str | None = account(NAT, _("What this rests on"), max_length=4000, help=hints.RESTS_ON)


class Review(Answers):
    """What the review two thirds through found."""

    outcome: str = choice(SVC, _("What follows?"), OUTCOMES, default=..., minimal=True)
    victim_view: str = account(
        SVC, _("What does the person say?"), default=..., min_length=1, help=hints.OWN_WORDS
    )


class OwnDecision(Answers):
    """What the person has decided; only the period ends."""

    decision: str = choice(LEG, _("What has the person decided?"), CHOICES, default=...)
    legal_advice: str = choice(LEG, _("Was legal advice given?"), ADVICE, default=...)


class Evidence(Answers):
    """One thing that the proposal rests on."""

    kind: str = choice(NAT, _("What is it?"), EVIDENCE, default=...)
    what: str = account(NAT, _("What it shows"), default=..., min_length=1, max_length=4000, help=hints.SHOWS)


class ProposeTermination(Answers):
    """The ground, and what shows it; the period runs on and still protects."""

    ground: str = choice(
        NAT,
        _("On which ground?"),
        TERMINATION_GROUNDS,
        default=...,
        clear=_("children are excepted from one"),
    )
    evidence: tuple[Evidence, ...] = group(
        NAT, _("Evidence"), default=..., min_length=1, help=_("One row for each paper or report.")
    )


class ConfirmTermination(Answers):
    """Reasons of the second officer, the remedy, and that it is over."""

    reasons: str = account(NAT, _("Own reasons"), default=..., min_length=1, help=hints.OWN_REASONS)
    remedy: str = account(
        LEG, _("Which remedy the person had"), default=..., min_length=1, max_length=4000,
        help=_("Which court or office, when it was asked, and what it answered."),
    )  # fmt: skip
    remedy_lapsed_on: date = asked(
        LEG, _("When was the remedy over?"), widget="date", clear=_("the period protects until then")
    )


class RejectTermination(Answers):
    """Why the period goes on."""

    reasons: str = account(NAT, _("Reasons"), default=..., min_length=1, help=hints.REASONS)

"""What is asked about a claim to asylum: dates, authorities, remedies; the account itself is kept elsewhere."""

from datetime import date

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.codes import COUNTRIES, LANGUAGES
from app.tracks.heard import childs_own_view, guardian_was_heard
from app.tracks.rules import Confirmed

NAT, LEG, SVC = Category.NAT, Category.LEG, Category.SVC

ADVICE = {
    "taken": _("Advice was taken"),
    "declined": _("Advice was offered, and not wanted"),
    "not_offered": _("Advice was not offered yet"),
}
NEEDS = {
    "interviewer": _("An interviewer of the sex the person wishes"),
    "interpreter": _("An interpreter of the sex the person wishes"),
    "time": _("More time"),
    "support_person": _("Somebody to stand by the person"),
    "medical": _("A medical or psychological opinion"),
    "child": _("A procedure made for children"),
    "no_border": _("No accelerated and no border procedure"),
    "none": _("None known"),
}
OUTCOMES = {
    "refused": _("Refused"),
    "inadmissible": _("Not admissible"),
    "transfer": _("Transfer to another State"),
}


class ExpressIntention(Answers):
    """That the person fears to go back and asks for protection; no form and no words of law are needed."""

    said_on: date = asked(
        NAT, _("When did the person say so?"), widget="date", clear=_("clocks"),
        help=_("The first time, to whomever it was said."),
    )  # fmt: skip
    told_asylum: Confirmed = asked(
        SVC, _("The right to ask for asylum was explained"), widget="yes_no", minimal=True
    )
    language: str = choice(SVC, _("In which language?"), LANGUAGES, default=..., minimal=True)
    interpreter: str | None = line(
        SVC, _("Interpreter"), help=_("Leave empty if there was none."), minimal=True
    )


class LodgeClaim(Answers):
    """Where the claim was lodged, and who represents the person."""

    authority: str = line(
        NAT, _("Authority"), default=..., min_length=1,
        help=_("The office that took the claim, and its town."),
    )  # fmt: skip
    reference: str = line(
        NAT, _("Its reference"), default=..., min_length=1,
        help=_("The number on the certificate or the receipt."),
    )  # fmt: skip
    lodged_on: date = asked(NAT, _("Lodged on"), widget="date", clear=_("clocks and statistics"))
    representative: str = line(
        LEG, _("Who represents the person?"), default=..., min_length=1,
        help=_("The lawyer, and for a child also the guardian."),
    )  # fmt: skip
    guardian_heard: bool | None = guardian_was_heard()
    childs_view: str | None = childs_own_view()


class NotPursued(Answers):
    """That no claim will be lodged, after advice; the person may come back to it at any time."""

    legal_advice: str = choice(LEG, _("Was legal advice given?"), ADVICE, default=...)
    guardian_heard: bool | None = guardian_was_heard()
    childs_view: str | None = childs_own_view()


class ExamineClaim(Answers):
    """Which State answers for the claim, and what the procedure must mind."""

    responsible_state: str = choice(
        NAT, _("Which State is responsible?"), COUNTRIES, default=...,
        help=_("The State that has to examine the claim; it may be another than this one."),
    )  # fmt: skip
    procedural_needs: tuple[str, ...] = ticks(
        NAT, _("What must the procedure mind?"), NEEDS, default=..., min_length=1
    )


class ProtectionGranted(Answers):
    """The decision, by its reference."""

    decision: str = line(NAT, _("Reference of the decision"), default=..., min_length=1, help=hints.DECISION)
    decided_on: date = asked(NAT, _("Day of the decision"), widget="date", clear=_("clocks and statistics"))


class RejectClaim(Answers):
    """The decision, and the remedy with its last day."""

    decision: str = line(NAT, _("Reference of the decision"), default=..., min_length=1, help=hints.DECISION)
    outcome: str = choice(NAT, _("What was decided?"), OUTCOMES, default=..., clear=_("statistics"))
    remedy: str = account(
        LEG, _("How the person can have this reviewed"), default=..., min_length=1, max_length=4000,
        help=hints.REMEDY,
    )  # fmt: skip
    appeal_until: date = asked(LEG, _("Until when?"), widget="date", clear=_("the time for the remedy"))


class AppealClaim(Answers):
    """The remedy that was filed."""

    filed_on: date = asked(LEG, _("Filed on"), widget="date", clear=_("clocks"))
    court: str = line(LEG, _("Court"), default=..., min_length=1, help=hints.COURT)
    suspensive: bool = asked(
        LEG, _("Does it suspend the decision?"), widget="yes_no", clear=_("what may follow"),
        help=_("Here it blocks removal either way."),
    )  # fmt: skip


class ClaimJudged(Answers):
    """The judgment, by its reference."""

    judgment: str = line(LEG, _("Reference of the judgment"), default=..., min_length=1, help=hints.DECISION)
    judged_on: date = asked(LEG, _("Day of the judgment"), widget="date", clear=_("clocks and statistics"))


class WithdrawClaim(Answers):
    """That the claim is taken back, freely and after advice."""

    advised: Confirmed = asked(LEG, _("Legal advice was given on what follows from it"), widget="yes_no")
    free: Confirmed = asked(LEG, _("The person was asked alone, and nobody presses them"), widget="yes_no")
    reason: str | None = account(NAT, _("What does the person say?"), max_length=4000, help=hints.OWN_WORDS)
    guardian_heard: bool | None = guardian_was_heard()
    childs_view: str | None = childs_own_view()


class ClaimAgain(Answers):
    """What is new since the last decision."""

    said_on: date = asked(NAT, _("When did the person say so?"), widget="date", clear=_("clocks"))
    new_elements: str = account(
        NAT, _("What is new?"), default=..., min_length=1,
        help=_("What happened or came to light since, here or there. A few words will do."),
    )  # fmt: skip

"""What is asked when somebody uses their rights over what is kept about them."""

from datetime import date

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.codes import LANGUAGES, YES_NO
from app.tracks.rules import Confirmed

# Kept with consent: the data-protection officer and the auditor read that, and no content of a case.
CNS = Category.CNS

KINDS = {
    "access": _("To see what is kept"),
    "rectify": _("To have it put right"),
    "erase": _("To have it erased"),
    "restrict": _("To have its use restricted"),
    "object": _("To object to its use"),
    "portability": _("To take it along"),
}
REGIMES = {
    "GDPR": _("General data protection (GDPR)"),
    "LED": _("Police and justice (Directive 2016/680)"),
}
IDENTIFIED = {
    "known_in_person": _("Known in person to whoever receives the request"),
    "paper": _("An identity paper"),
    "through_lawyer": _("Through the lawyer, with a mandate"),
    "through_guardian": _("Through the guardian"),
    "question": _("Questions that only the person can answer"),
}
SAFE_CHANNELS = {
    "in_person": _("In person, alone"),
    "lawyer": _("Through the lawyer"),
    "lead_worker": _("Through the lead worker"),
    "portal": _("On screen, at a safe place"),
    "sealed_letter": _("A sealed letter to a safe address"),
}
REASONS_TO_EXTEND = {"complex": _("The request is complex"), "many": _("There are many requests")}
REDACTED = {
    "third_parties": _("Other people"),
    "investigation": _("An investigation that runs"),
    "safety": _("The safety of the person or of others"),
    "staff": _("Names of staff of a shelter"),
    "privileged": _("What a lawyer wrote in confidence"),
}
GROUNDS = {
    "not_identified": _("It is not certain that the person asks it themselves"),
    "unfounded": _("Manifestly unfounded, or excessive (GDPR art. 12(5))"),
    "duty_to_keep": _("The law obliges to keep it (GDPR art. 17(3))"),
    "rights_of_others": _("It would harm others (GDPR art. 15(4))"),
}
# An investigation is never a reason to refuse for good: it lets an answer wait, for a time that is named.
DEFERRALS = {
    "inquiry": _("It would obstruct an inquiry"),
    "crime": _("It would prejudice an investigation or a prosecution"),
    "public_security": _("Public security"),
    "national_security": _("National security"),
    "others": _("The rights of others"),
}
TOLD_OF_IT = {
    "told": _("The person was told, with the reasons and the remedy"),
    "not_told": _("Not told: to say so would give it away; the supervisory authority can be asked"),
}


class ReceiveRequest(Answers):
    """What is asked for, under which law."""

    kind: str = choice(CNS, _("What is asked for?"), KINDS, default=..., minimal=True, clear=_("statistics"))
    regime: str = choice(
        CNS, _("Under which law?"), REGIMES, default=..., minimal=True, clear=_("only one of them can wait")
    )
    language: str = choice(
        CNS, _("In which language should the answer be?"), LANGUAGES, default=..., minimal=True
    )
    details: str | None = account(CNS, _("What exactly is asked for?"), _("Nobody has to say why."))


class VerifyRequest(Answers):
    """That it is the person, that nobody makes them ask, and how an answer reaches them safely."""

    identified: str = choice(CNS, _("How is it known that the person asks it?"), IDENTIFIED, default=...)
    no_coercion: Confirmed = asked(
        CNS, _("The person was spoken with alone, and nobody makes them ask"), widget="yes_no"
    )
    safe_channel: str = choice(
        CNS, _("How does the answer reach the person safely?"), SAFE_CHANNELS, default=...
    )


class ExtendRequest(Answers):
    """Why more time is needed, and that the person was told."""

    reason: str = choice(CNS, _("Why is more time needed?"), REASONS_TO_EXTEND, default=...)
    told_in_time: Confirmed = asked(CNS, _("The person was told so, with the reason"), widget="yes_no")


class DeferRequest(Answers):
    """Why the answer about police data waits, until when, and whether the person knows."""

    ground: str = choice(CNS, _("On which legal ground does the answer wait?"), DEFERRALS, default=...)
    reasons: str = account(
        CNS, _("Why is it necessary and proportionate?"), default=..., min_length=1,
        help=_("In this case and now. The supervisory authority can read it."),
    )  # fmt: skip
    until_on: date = asked(CNS, _("Until when does it wait?"), widget="date", clear=_("its clock"))
    told: str = choice(CNS, _("Was the person told?"), TOLD_OF_IT, default=...)


class AnswerRequest(Answers):
    """What was answered, what was left out and why, and who else was told."""

    content: str = account(
        CNS, _("What was answered?"), default=..., min_length=1,
        help=_("What was given or changed, in a few words; the data is not copied here."),
    )  # fmt: skip
    redacted: tuple[str, ...] = ticks(CNS, _("What was left out?"), REDACTED)
    redaction_reasons: str | None = account(
        CNS, _("Why?"), help=_("Which law or whose safety asks for it. No names.")
    )
    no_whereabouts: Confirmed = asked(
        CNS, _("The answer holds no address of a shelter, and no name of its staff"), widget="yes_no"
    )
    accesses_included: str = choice(
        CNS, _("Are the accesses to the file part of the answer?"), YES_NO, default=...
    )
    recipients_told: str = choice(
        CNS, _("Were those told who had received the data?"),
        {"yes": _("Yes"), "not_needed": _("Not needed: nothing was changed")}, default=...,
    )  # fmt: skip
    safe_channel_used: Confirmed = asked(
        CNS, _("It went by the safe channel, never by ordinary mail"), widget="yes_no"
    )


class RefuseRequest(Answers):
    """The legal ground, and where the person can complain."""

    ground: str = choice(CNS, _("On which legal ground?"), GROUNDS, default=...)
    remedy: str = account(
        CNS, _("Where can this be reviewed, and how?"), default=..., min_length=1, help=hints.REMEDY
    )
    told_on: date = asked(CNS, _("When was the person told?"), widget="date")
    told_how: str | None = line(
        CNS, _("How?"), help=_("For instance: by the safe channel, or in a talk with an interpreter.")
    )

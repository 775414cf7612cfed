"""What the sender saw and heard: signs with their source, the interview, other professionals."""

from collections.abc import Mapping
from typing import Any

from app.kit.i18n import _
from app.kit.values import PartialDate
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import SHORT, Answers, account, choice, day, group, line, ticks
from app.tracks.codes import YES_NO, YES_NO_UNKNOWN
from app.tracks.intake.indicators import SHORT_LIST, signs_of
from app.tracks.intake.referral_codes import EVIDENCE, SOURCES

SEEN = _("What was seen or said, and when. The person’s words, not yours.")


class Noticed(Answers):
    """Signs of the short list that come from one source."""

    source: str = choice(
        Category.EXP, _("How do you know?"), SOURCES, default=...,
        help=_("One source for each row; add a row for another one."),
    )  # fmt: skip
    signs: tuple[str, ...] = ticks(
        Category.EXP, _("Which signs?"), SHORT_LIST, widget="ticks", default=..., min_length=1
    )
    note: str | None = account(Category.EXP, _("What exactly?"), help=SEEN)


class Signs(Answers):
    """The signs that led to the concern, each with its source; one is enough."""

    indicators: tuple[Noticed, ...] = group(
        Category.EXP, _("Which signs are there?"),
        _("One sign is enough. The service may say what the signs point to; you decide."),
        default=..., min_length=1, max_length=5,
    )  # fmt: skip
    indicators_details: str | None = account(
        Category.EXP, _("Anything else that you noticed"),
        help=_("What you saw or heard yourself, such as somebody else holding the papers."),
    )  # fmt: skip


def _further(dimension: str, label: str) -> Any:
    return ticks(Category.EXP, label, signs_of(dimension), widget="ticks")


class NoticedFurther(Answers):
    """Signs of the long list, in its six dimensions, that come from one source."""

    source: str = choice(Category.EXP, _("How do you know?"), SOURCES, default=...)
    deceptive_recruitment: tuple[str, ...] = _further("deceptive_recruitment", _("Deceived when recruited"))
    coercive_recruitment: tuple[str, ...] = _further("coercive_recruitment", _("Forced when recruited"))
    vulnerable_recruitment: tuple[str, ...] = _further(
        "vulnerable_recruitment", _("Weakness abused when recruited")
    )
    exploitation: tuple[str, ...] = _further("exploitation", _("Exploited"))
    coercion: tuple[str, ...] = _further("coercion", _("Forced where they worked"))
    vulnerability: tuple[str, ...] = _further("vulnerability", _("Weakness abused where they worked"))
    note: str | None = account(Category.EXP, _("What exactly?"), help=SEEN)


class FurtherSigns(Answers):
    """The long list for those who have time; nothing depends on it."""

    further_indicators: tuple[NoticedFurther, ...] = group(
        Category.EXP, _("Signs in more detail"), _("You can leave this out. It helps those who decide."),
        max_length=5,
    )  # fmt: skip


def ticked(answers: Mapping[str, Any]) -> frozenset[str]:
    """Return the codes of all signs ticked in a draft or a whole referral, for the advice."""
    rows = [*(answers.get("indicators") or ()), *(answers.get("further_indicators") or ())]
    return frozenset(code for row in rows for code in _codes(row))


def _codes(row: Any) -> list[str]:
    if isinstance(row, str):  # an anonymous notification holds the codes alone
        return [row]
    values = dict(row).values()
    return [code for value in values if isinstance(value, tuple | list) for code in value]


class Interview(Answers):
    """How the person was spoken with, so that the account is read in its light."""

    interview_held: str | None = choice(Category.EXP, _("Have you spoken with the person?"), YES_NO)
    interview_place: str | None = line(
        Category.EXP, _("Where, and could others hear?"), max_length=1000,
        help=_("Such as “a quiet room, door shut”. Never the address of a shelter."),
    )  # fmt: skip
    interview_present: str | None = line(
        Category.EXP, _("Who was there?"), _("Interpreter, colleague, relative, employer."), max_length=1000
    )
    interview_breaks: str | None = line(
        Category.EXP, _("Were there breaks, food, rest?"), max_length=1000,
        help=_("And could the person stop at any time?"),
    )  # fmt: skip
    interview_demeanour: str | None = account(
        Category.EXP, _("How was the person?"),
        help=_("What you saw, such as tired, frightened, calm. Do not interpret."),
    )  # fmt: skip
    interview_safeguards: str | None = account(
        Category.EXP, _("What was done so that the person felt safe?"),
        help=_("Such as a woman to speak with, or somebody they trust beside them."),
    )  # fmt: skip


class Insight(Answers):
    """The sender's professional view, and doubts held with care."""

    professional_insight: str | None = account(
        Category.EXP, _("What do you, as a professional, make of it?"),
        help=_("Your view and what it rests on, apart from what the person said."),
    )  # fmt: skip
    credibility_concerns: str | None = choice(
        Category.EXP, _("Does anything not fit together?"), YES_NO_UNKNOWN,
        _("Trauma breaks memory. Gaps, changes, a flat voice, late telling or leaving things out are common "
          "among people who tell the truth, and no reason to disbelieve."),
    )  # fmt: skip
    credibility_details: str | None = account(
        Category.EXP, _("What does not fit, and what else could explain it?"),
        when=("credibility_concerns", ("yes", "unknown")),
        help=_("Such as fear, shame, the interpreter, or how the question was put."),
    )  # fmt: skip


class Professional(Answers):
    """Somebody else who helps or has met the person."""

    name: str | None = line(Category.SVC, _("Name"))
    organisation: str | None = line(Category.SVC, _("Organisation"))
    part: str | None = line(
        Category.SVC, _("What do they do for the person?"), max_length=1000,
        help=_("Such as doctor, lawyer, teacher or social worker."),
    )  # fmt: skip
    contact: str | None = line(
        Category.SVC, _("Telephone or e-mail"), help=_("Where they are reached at work, nothing private.")
    )


class Professionals(Answers):
    """Other professionals involved."""

    professionals: tuple[Professional, ...] = group(
        Category.SVC, _("Who else is involved?"),
        help=_("Only those whom the person would want to be spoken to."),
    )  # fmt: skip


class Police(Answers):
    """A police file in which the person is the victim; willingness is nobody's condition for anything."""

    crime_reference: str | None = line(
        Category.CRI, _("Reference of the police file"), max_length=100,
        help=_("Only where the person is the victim."),
    )  # fmt: skip
    police_force: str | None = line(
        Category.CRI, _("Which police force?"),
        help=_("Its name and town; empty if the police know nothing of it."),
    )  # fmt: skip
    willing_to_assist_police: str | None = choice(
        Category.CRI, _("Would the person speak with investigators?"), YES_NO_UNKNOWN,
        _("You need not ask. Help, shelter and time to recover never depend on the answer."),
    )  # fmt: skip
    willing_details: str | None = account(
        Category.CRI, _("Anything the person said about that"),
        help=_("Only what they said unasked. It may stay empty."),
    )  # fmt: skip


class Support(Answers):
    """Whether the person wishes support, in her own words."""

    support_wanted: str | None = choice(
        Category.SVC, _("Does the person want support?"), YES_NO_UNKNOWN, minimal=True
    )
    support_wishes: str | None = account(
        Category.SVC, _("What does the person wish for?"), minimal=True,
        help=_("In the person’s own words, such as to sleep, to call home, to see a doctor."),
    )  # fmt: skip
    support_why_not: str | None = account(
        Category.SVC, _("If not: is there something that would make it easier to accept?"),
        _("The person can change their mind at any time."), when=("support_wanted", ("no", "unknown")),
    )  # fmt: skip


class Responder(Answers):
    """Who refers, and how to reach them."""

    responder_name: str | None = line(Category.SVC, _("Your name"), minimal=True)
    responder_position: str | None = line(
        Category.SVC, _("Your position"), minimal=True, help=_("Such as “police officer, border unit”.")
    )
    responder_phone: str | None = line(Category.SVC, _("Your telephone"), minimal=True, max_length=60)
    responder_email: str | None = line(Category.SVC, _("Your e-mail"), minimal=True, max_length=254)
    responder_alternative: str | None = line(
        Category.SVC, _("Who can be asked when you are away?"), minimal=True, max_length=1000,
        help=_("Name and telephone of a colleague."),
    )  # fmt: skip


class Evidence(Answers):
    """A thing or paper that exists, who holds it, and what it shows."""

    kind: str = choice(Category.DOC, _("What is it?"), EVIDENCE, default=...)
    description: str = asked(
        Category.DOC, _("What does it show?"), widget="area", max_length=SHORT * 10,
        help=_("A few words, such as “list of hours, in May”. Copy nothing here."),
    )  # fmt: skip
    held_by: str | None = line(
        Category.DOC, _("Who holds it?"),
        help=_("A person or service; nothing has to be handed over for this."),
    )  # fmt: skip
    dated_on: PartialDate | None = day(Category.DOC, _("Date"))


class EvidenceList(Answers):
    """What there is to prove it; images of sexual abuse of a child are never described or sent here."""

    evidence: tuple[Evidence, ...] = group(
        Category.DOC, _("Papers, messages and things that show it"),
        _("Say what there is and who holds it. Never copy or send images of sexual abuse of a child: "
          "give the police reference only."),
        max_length=100,
    )  # fmt: skip

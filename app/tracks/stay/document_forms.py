"""What is asked about identity and travel documents; a request says neither trafficking nor asylum."""

from datetime import date

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.codes import COUNTRIES
from app.tracks.grounds import Grounded
from app.tracks.rules import Confirmed

NAT, DOC = Category.NAT, Category.DOC

TYPES = {
    "passport": _("Passport"),
    "identity_card": _("Identity card"),
    "birth_certificate": _("Birth certificate"),
    "travel_document": _("Travel document for one journey"),
    "refugee_document": _("Travel document for a refugee or a stateless person"),
    "civil_status": _("Paper on marriage or family"),
    "other": _("Another paper"),
}
MISSING = {
    "withheld": _("Somebody keeps it"),
    "lost": _("Lost"),
    "destroyed": _("Destroyed"),
    "never_had": _("There never was one"),
    "expired": _("No longer valid"),
    "false": _("False, or in another name"),
    "evidence": _("Kept by the police as evidence"),
    "unknown": _("Not known"),
}
KEPT_BY = {
    "exploiter": _("Whoever exploited the person"),
    "recruiter": _("Whoever recruited the person"),
    "employer": _("An employer"),
    "family": _("Family"),
    "authority": _("An authority"),
    "other": _("Somebody else"),
}
TOWARDS = {
    "origin": _("The State of nationality, or one that the person fears"),
    "host": _("This State"),
    "other": _("Another State"),
}
DATA = {
    "name": _("Name"),
    "birth_date": _("Date of birth"),
    "birth_place": _("Place of birth"),
    "parents": _("Names of the parents"),
    "document_number": _("Number of an earlier paper"),
    "photo": _("Photograph"),
}
AGREED = {
    "in_writing": _("The person agreed in writing, after legal advice"),
    "no": _("No such agreement"),
}
ANSWERS = {
    "not_known": _("The State does not know the person"),
    "no_reply": _("There was no answer"),
}
NOT_NEEDED = {
    "found": _("It was found"),
    "given_back": _("It was given back"),
    "another": _("Another paper will do"),
    "not_wanted": _("The person does not want it"),
    "duplicate": _("It was asked for twice"),
}


class OpenDocument(Answers):
    """Which paper is missing, and why."""

    document_type: str = choice(
        DOC, _("Which paper?"), TYPES, default=..., clear=_("the kind of the document")
    )
    missing: str = choice(DOC, _("Why is it missing?"), MISSING, default=..., clear=_("statistics"))
    kept_by: str | None = choice(DOC, _("Who keeps it?"), KEPT_BY, when=("missing", ("withheld",)))
    details: str | None = account(
        DOC, _("Anything else about it?"), max_length=2000,
        help=_("Where it was last seen, or a number that is remembered. No address of a shelter."),
    )  # fmt: skip


class ReturnEvidence(Answers):
    """When the police give back a paper that serves as evidence."""

    returns_on: date = asked(DOC, _("When is it given back?"), widget="date", clear=_("its clock"))
    receipt: str = line(
        DOC, _("Number of the receipt"), default=..., min_length=1,
        help=_("It stands on the receipt that the person keeps."),
    )  # fmt: skip


class AskAbroad(Grounded):
    """To whom a request goes, on what ground, and what the person said to it."""

    towards: str = choice(
        NAT, _("Whose authority is asked?"), TOWARDS, default=..., clear=_("no contact with the origin in danger"),
        help=_("Not sure counts as the State of nationality."),
    )  # fmt: skip
    agreed_after_advice: str | None = choice(
        Category.CNS,
        _("Did the person agree to this State being asked?"),
        AGREED,
        when=("towards", ("origin",)),
    )
    neutral: Confirmed = asked(DOC, _("The request mentions neither trafficking nor asylum"), widget="yes_no")


class SendVerification(AskAbroad):
    """Which State is asked, with as little as will do, and until when."""

    requested_state: str = choice(NAT, _("Which State?"), COUNTRIES, default=...)
    data_sent: tuple[str, ...] = ticks(
        DOC, _("What is sent?"), DATA, default=..., min_length=1, help=_("As little as will do.")
    )
    due_on: date = asked(NAT, _("By when is an answer asked for?"), widget="date", clear=_("clocks"))


class AnswerYes(Answers):
    """That the identity was confirmed."""

    answered_on: date = asked(
        NAT, _("When was it answered?"), widget="date", clear=_("clocks and statistics")
    )
    reference: str | None = line(
        DOC, _("Reference of the answer"), help=_("The number or the date of the letter.")
    )


class AnswerNo(Answers):
    """That it was not confirmed, or never answered."""

    answer: str = choice(NAT, _("What was the answer?"), ANSWERS, default="no_reply", clear=_("statistics"))
    answered_on: date | None = asked(NAT, _("When was it answered?"), default=None, widget="date")


class RequestDocument(AskAbroad):
    """Who is asked to issue the paper; where the State of origin cannot be asked, a substitute."""

    issuer: str = line(
        DOC, _("Which office issues it?"), default=..., min_length=1,
        help=_("The embassy, consulate or office, and its town."),
    )  # fmt: skip


class IssueDocument(Answers):
    """The number, and until when it is valid."""

    document_number: str = line(
        DOC, _("Number of the document"), default=..., min_length=1, found_by="number",
        help=hints.DOCUMENT_NUMBER,
    )  # fmt: skip
    valid_to: date = asked(DOC, _("Until"), widget="date", clear=_("what may follow"))


class HandOver(Answers):
    """That the person has it in her own hands; nobody keeps it for her against her will."""

    handed_on: date = asked(DOC, _("When was it handed over?"), widget="date", clear=_("statistics"))
    receipt: Confirmed = asked(
        DOC, _("The person has it in their own hands, and signed for it"), widget="yes_no"
    )


class CancelDocument(Answers):
    """Why the paper is no longer needed."""

    reason: str = choice(DOC, _("Why?"), NOT_NEEDED, default=..., clear=_("statistics"))

"""What is asked before anything about a person goes to another country, and what comes back from there."""

from datetime import date
from uuid import UUID

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.child.bid_forms import IN_WRITING
from app.tracks.codes import COUNTRIES, YES_NO
from app.tracks.core.consent_forms import SHAREABLE
from app.tracks.rules import Confirmed

SVC, NAT, CHI, CNS = Category.SVC, Category.NAT, Category.CHI, Category.CNS
GATE = _("nothing is sent without it")

PURPOSES = {
    "return": _("A return"),
    "relocation": _("A move to safety in another country"),
    "tracing": _("Looking for the family"),
    "proceedings": _("Proceedings in another country"),
    "resettlement": _("Resettlement, family reunion there included"),
}
PARTNERS = {
    "organisation": _("An organisation, not an authority"),
    "origin": _("An authority of the country of origin"),
    "elsewhere": _("An authority of another country"),
}
CHECKED = {
    "called_back": _("Called back on a number known from elsewhere"),
    "embassy": _("Through our own embassy there"),
    "network": _("Through a network of organisations"),
    "visit": _("A visit"),
    "coordinator": _("Through the national coordinator there"),
}
BASES = {
    "adequacy": _("The country protects data as well as here (GDPR art. 45, LED art. 36)"),
    "safeguards": _("Safeguards in a binding agreement (GDPR art. 46, LED art. 37)"),
    "derogation": _("An exception for this case (GDPR art. 49, LED art. 38)"),
    "same_law": _("The same law applies there"),
}
DEROGATIONS = {
    "explicit_consent": _("The person agreed expressly, knowing the risk"),
    "vital_interest": _("Life or health is in danger and the person cannot be asked"),
    "public_interest": _("An important reason of public interest, laid down in law"),
    "legal_claims": _("A legal claim"),
}
ENCRYPTED = {
    "encrypted_mail": _("Encrypted mail, end to end"),
    "portal": _("A protected portal"),
    "by_hand": _("By hand, encrypted on a carrier"),
}
PROMISED = {
    "reception": _("Somebody meets the person"),
    "shelter": _("A safe place to live"),
    "medical": _("Medical care"),
    "psychological": _("Psychological help"),
    "legal": _("Legal help"),
    "school": _("School"),
    "work": _("Work or training"),
    "protection": _("Protection"),
    "guardian": _("A guardian for the child"),
}
REFUSED = {
    "no_answer": _("No answer in time"),
    "no_capacity": _("They have no capacity"),
    "out_of_scope": _("It is outside what they do"),
    "not_safe": _("It would not be safe with them"),
}
RECALL = {
    "asked": _("The partner was asked to delete what it has received"),
    "nothing_sent": _("Nothing had been sent"),
}
AS_REGISTERED = _("As it is registered there, with its town. Never the address of a shelter.")
FROM_ELSEWHERE = _("Telephone or e-mail, from another source than the partner’s own message.")


class CreateTransnational(Answers):
    """What it is for, to which partner, and that the partner is who they say."""

    purpose: str = choice(SVC, _("What is it for?"), PURPOSES, default=..., clear=GATE, minimal=True)
    country: str = choice(NAT, _("Which country?"), COUNTRIES, default=...)
    towards: str = choice(SVC, _("Who is the partner?"), PARTNERS, default=..., clear=GATE)
    partner: str = line(SVC, _("Name of the partner"), default=..., min_length=1, help=AS_REGISTERED)
    contact: str = line(SVC, _("How is the partner reached?"), default=..., min_length=1, help=FROM_ELSEWHERE)
    contact_checked: str = choice(SVC, _("How was this contact checked?"), CHECKED, default=...)
    contact_verified_on: date = asked(SVC, _("When was it checked?"), widget="date", clear=GATE)
    urgent: str = choice(
        SVC, _("Is it urgent?"), YES_NO, default="no", clear=_("the time to answer"),
        help=_("If so, the partner has less time to answer."),
    )  # fmt: skip


class CheckTransnational(Answers):
    """On what the transfer rests, and how little is sent."""

    consent: UUID | None = asked(CNS, _("The consent"), default=None, widget="hidden", clear=GATE)
    towards: str = choice(SVC, _("Who receives it?"), PARTNERS, default=..., clear=GATE)
    agreed_after_advice: str | None = choice(
        CNS, _("Is there consent to ask the authorities of the country of origin?"), IN_WRITING,
        when=("towards", ("origin",)), clear=GATE,
    )  # fmt: skip
    agreement: str | None = line(
        SVC, _("Reference of the agreement with the partner"), clear=GATE,
        help=_("Number or date of what binds the partner to protect data."),
    )  # fmt: skip
    derogation: str | None = choice(
        SVC, _("Or which exception?"), DEROGATIONS, clear=GATE,
        help=_("Only where neither the law there nor an agreement protects the data."),
    )  # fmt: skip
    transfer_basis: str = choice(
        SVC, _("Which legal basis has the transfer?"), BASES, default=..., clear=GATE
    )
    data_set: tuple[str, ...] = ticks(
        SVC,
        _("What is sent?"),
        SHAREABLE,
        default=...,
        min_length=1,
        help=_("Where the person lives is never sent."),
    )
    minimised: Confirmed = asked(SVC, _("Nothing is sent that the partner does not need"), widget="yes_no")
    guardian_heard: bool | None = asked(
        CHI, _("Was the guardian heard?"), default=None, widget="yes_no", help=_("Only for a child.")
    )


class SendTransnational(Answers):
    """How and when it left."""

    sent_on: date = asked(SVC, _("When was it sent?"), widget="date")
    channel: str = choice(SVC, _("Through which channel?"), ENCRYPTED, default=...)


class AcceptTransnational(Answers):
    """Who takes over there, and what is promised."""

    receiving_worker: str = line(
        SVC, _("Who takes over there?"), default=..., min_length=1,
        help=_("Name and service of whoever helps the person from arrival on."),
    )  # fmt: skip
    promised: tuple[str, ...] = ticks(
        SVC, _("What is promised?"), PROMISED, default=..., min_length=1,
        help=_("Only what the partner has confirmed."),
    )  # fmt: skip
    arrives_on: date | None = asked(
        SVC, _("Expected day of arrival"), default=None, widget="date", clear=_("confirmation is waited for")
    )


class DeclineTransnational(Answers):
    """Why not; the timer says that nobody answered."""

    reason: str = choice(SVC, _("Why?"), REFUSED, default="no_answer")


class AnotherPartner(Answers):
    """Who is asked instead, and that they are who they say."""

    towards: str = choice(SVC, _("Who is the partner?"), PARTNERS, default=..., clear=GATE)
    partner: str = line(SVC, _("Name of the partner"), default=..., min_length=1, help=AS_REGISTERED)
    contact: str = line(SVC, _("How is the partner reached?"), default=..., min_length=1, help=FROM_ELSEWHERE)
    contact_checked: str = choice(SVC, _("How was this contact checked?"), CHECKED, default=...)
    contact_verified_on: date = asked(SVC, _("When was it checked?"), widget="date", clear=GATE)


class HandOverAbroad(Answers):
    """Who met the person, and what went along."""

    met_by: str = line(
        SVC, _("Who met the person?"), default=..., min_length=1,
        help=_("Name and service, checked when they met."),
    )  # fmt: skip
    handed_over_on: date = asked(SVC, _("When?"), widget="date", clear=_("reports are waited for"))
    papers: str = choice(Category.DOC, _("Does the person hold their own papers?"), YES_NO, default=...)
    medication: str = account(
        Category.HEA, _("Medicines and care that went along"), default=..., min_length=1,
        help=_("Medicine, dose and for how many days; write “none” if nothing is needed."),
    )  # fmt: skip
    guardian_there: str | None = line(
        Category.FAM,
        _("Name of the guardian there"),
        help=_("Needed for a child: from guardian to guardian."),
    )
    guardian_heard: bool | None = asked(
        CHI, _("Was the guardian heard?"), default=None, widget="yes_no", help=_("Only for a child.")
    )


class ReportAbroad(Answers):
    """How the person is, as the partner reports."""

    reported_on: date = asked(SVC, _("Day of the report"), widget="date")
    report: str = account(
        SVC, _("How is the person?"), default=..., min_length=1,
        help=_("Safety, daily life, school or work, also in the person’s words. No address."),
    )  # fmt: skip


class CancelTransnational(Answers):
    """Whether what was sent is called back."""

    recall: str = choice(SVC, _("What of that which was sent?"), RECALL, default=...)

"""What is asked about consent.

The checklist is that of the Human Trafficking Case Data Standard 2.0, International Organization for
Migration (IOM), CC BY 4.0.
"""

from datetime import date
from uuid import UUID

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.codes import LANGUAGES
from app.tracks.rules import Confirmed

CNS = Category.CNS

PURPOSES = {
    "referral": _("Referral to another organisation"),
    "assistance": _("Help from several organisations"),
    "share_police": _("Sharing with the police or prosecution"),
    "share_immigration": _("Sharing with the immigration authority"),
    "share_health": _("Sharing with health services"),
    "share_consular": _("Sharing with the person’s consulate"),
    "transnational_referral": _("Referral to an organisation abroad"),
    "return": _("Return to another country"),
    "tracing_family": _("Looking for the person’s family"),
    "research_statistics": _("Research and statistics"),
    "media": _("Publication or media"),
    "work_placement": _("A job or a training place"),
}
# Whereabouts are never lent, by consent or otherwise (INV-12); statistics need none.
SHAREABLE = {
    "ID": _("Identity"),
    "CON": _("Safe ways to reach the person"),
    "NAT": _("Nationality and stay"),
    "FAM": _("Family"),
    "EXP": _("What was done to the person"),
    "CRI": _("Criminal case"),
    "HEA": _("Health"),
    "PSY": _("Psychological"),
    "LAB": _("Work"),
    "LEG": _("Legal matters and compensation"),
    "CHI": _("Child and guardian"),
    "CNS": _("Other consents"),
    "DOC": _("Documents"),
    "SVC": _("Help and plan"),
}
GIVEN_BY = {"self": _("The person"), "guardian": _("The guardian"), "both": _("The child and the guardian")}
METHODS = {
    "written": _("In writing, signed"),
    "oral_witnessed": _("Aloud, before a witness"),
    "digital": _("On screen"),
}
EVIDENCE = {
    "signed_form": _("A signed form in the file"),
    "witness_note": _("A note signed by the witness"),
    "recording": _("A recording"),
    "screen_record": _("The record of the screen"),
}
CHILDS_VIEW = {
    "agrees": _("The child agrees"),
    "too_young": _("The child is too young to say"),
    "disagrees": _("The child does not agree"),
}
SCOPES = {
    "everything": _("All of it"),
    "some_recipients": _("Only some of the recipients"),
    "some_categories": _("Only some of the information"),
}
DAY_ONLY = _("No reason is asked. For example, 27 3 2007")


class AskConsent(Answers):
    """One purpose, named recipients, named categories; nothing is ticked beforehand."""

    purpose: str = choice(
        CNS, _("What is consent asked for?"), PURPOSES, default=..., clear=_("rules match it"),
        help=_("One purpose at a time; for another one, ask again."),
    )  # fmt: skip
    recipients: tuple[UUID, ...] = asked(
        CNS, _("Who would receive it?"), widget="organisation", min_length=1, max_length=20,
        clear=_("access follows from it"), help=_("Only organisations that are named here."),
    )  # fmt: skip
    categories: tuple[str, ...] = ticks(
        CNS, _("What would they receive?"), SHAREABLE, default=..., min_length=1,
        clear=_("access follows from it"), help=_("Where the person lives is never shared."),
    )  # fmt: skip
    language: str = choice(CNS, _("In which language was this explained?"), LANGUAGES, default=...)
    interpreter: str | None = line(
        CNS, _("Interpreter"), help=_("Reference or name; leave empty if there was none.")
    )
    agreed_to_talk: Confirmed = asked(
        CNS, _("The person agreed to this conversation"), widget="yes_no", standard="con_Consent"
    )
    told_purpose: Confirmed = asked(CNS, _("The person was told what it is for"), widget="yes_no")
    told_use: Confirmed = asked(CNS, _("The person was told how it is or may be used"), widget="yes_no")
    told_research: Confirmed = asked(
        CNS, _("The person was told that counts without names may serve research"), widget="yes_no"
    )
    told_access: Confirmed = asked(
        CNS, _("The person was told how to ask to see what is kept"), widget="yes_no"
    )
    told_storage: Confirmed = asked(CNS, _("The person was told how long it is kept"), widget="yes_no")
    told_withdrawal: Confirmed = asked(
        CNS, _("The person was told how to take consent back, at any time"), widget="yes_no"
    )
    capacity_note: str = account(
        CNS, _("Can the person decide this freely now?"), default=..., min_length=1, max_length=2000,
        help=_("What you saw: rested, sober, alone with you, not under pressure, understood."),
    )  # fmt: skip


class GiveConsent(Answers):
    """Who said yes, how, until when, and what shows it."""

    given_by: str = choice(CNS, _("Who gives consent?"), GIVEN_BY, default=...)
    method: str = choice(CNS, _("How?"), METHODS, default=...)
    witness: str | None = line(
        CNS, _("Witness"), when=("method", ("oral_witnessed",)),
        help=_("Somebody independent who heard it: name and role."),
    )  # fmt: skip
    valid_until: date | None = asked(
        CNS, _("Valid until"), default=None, widget="date", clear=_("its clock"),
        help=_("Left empty, it holds for the usual time of this purpose."),
    )  # fmt: skip
    evidence: str = choice(CNS, _("What shows it?"), EVIDENCE, default=...)
    evidence_reference: str = line(
        CNS, _("Where this is kept"), default=..., min_length=1, help=_("Number or place of the document.")
    )
    guardian_heard: bool | None = asked(
        Category.CHI, _("Was the guardian heard?"), default=None, widget="yes_no", help=_("Only for a child.")
    )
    childs_view: str | None = choice(
        Category.CHI, _("What does the child say?"), CHILDS_VIEW, help=_("Only for a child, by maturity.")
    )


class RefuseConsent(Answers):
    """A refusal needs a day and no reason."""

    refused_on: date = asked(
        CNS, _("When did the person refuse?"), widget="date", clear=_("the time before asking again"),
        help=DAY_ONLY,
    )  # fmt: skip


class AskAgain(Answers):
    """What has changed since the refusal."""

    new_circumstances: str = account(
        CNS, _("What has changed?"), default=..., min_length=1, max_length=2000,
        help=_("What is new since the refusal; asking the same again is pressure."),
    )  # fmt: skip


class WithdrawConsent(Answers):
    """When, and what of it; whatever the scope, all sharing of this consent ends now."""

    withdrawn_on: date = asked(CNS, _("When did the person take it back?"), widget="date", help=DAY_ONLY)
    scope: str = choice(
        CNS, _("What is taken back?"), SCOPES, default=..., clear=_("whether to ask for the rest"),
        help=_("All sharing ends at once. What is still wanted is asked for anew."),
    )  # fmt: skip


class ReplaceConsent(Answers):
    """Which consent takes the place of this one."""

    new_consent: UUID = asked(
        CNS, _("Which consent takes the place of this one?"), widget="track", clear=_("the chain of consents"),
        help=_("Sharing on the old consent ends at once; what the new one allows goes on."),
    )  # fmt: skip

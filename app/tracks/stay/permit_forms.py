"""What is asked about a residence permit: the grounds, the dangers weighed, the days, the remedies."""

from datetime import date

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, group, line, ticks
from app.tracks.codes import LANGUAGES
from app.tracks.rules import Confirmed

NAT, LEG, SVC = Category.NAT, Category.LEG, Category.SVC
PROTECTS = _("the block on removal and the clocks")

# CETS 197 art. 14(1) knows two grounds, each enough by itself; a child's is the best interests (art. 14(2)).
GROUNDS = {
    "personal_situation": _("Personal situation"),
    "cooperation": _("Part in criminal proceedings"),
    "both": _("Personal situation, and part in criminal proceedings"),
    "child_best_interests": _("Best interests of a child"),
    "humanitarian": _("Humanitarian reasons"),
}
EXAMINED = {name: label for name, label in GROUNDS.items() if name != "both"}
DANGERS = {
    "reprisals": _("Reprisals by those who exploited the person"),
    "exploited_again": _("Danger of being exploited again"),
    "debt": _("A debt that somebody will claim"),
    "family_threatened": _("Threats against the family"),
    "rejection": _("Rejection by family or community"),
    "no_protection": _("No protection by the authorities there"),
    "health": _("Treatment that is not to be had there"),
    "no_means": _("No home or means there"),
    "none_known": _("None known"),
}
TYPES = {"temporary": _("For a time"), "permanent": _("Permanent or long-term")}
UPGRADES = {
    "conviction": _("A final conviction"),
    "long_stay": _("A long stay"),
    "protection": _("Lasting need of protection"),
    "family": _("Family in the country"),
    "other": _("Another reason"),
}
WITHDRAWALS = {
    "renewed_contact": _("Contact renewed actively, freely and on the person’s own initiative"),
    "fraud": _("The permit was obtained by fraud"),
    "public_policy": _("Public order or security"),
    "ceased_cooperation": _("The part in criminal proceedings has ended"),
    "case_closed": _("The criminal proceedings were closed"),
}
PERSONAL = {
    "holds": _("The personal situation calls for the permit to stay"),
    "does_not_hold": _("The personal situation was looked at and does not call for it"),
}


class InformOnPermits(Answers):
    """That ways to a permit were explained, in a language that the person understands."""

    language: str = choice(SVC, _("In which language?"), LANGUAGES, default=..., minimal=True)
    interpreter: str | None = line(
        SVC, _("Interpreter"), help=_("Leave empty if there was none."), minimal=True
    )


class ApplyForPermit(Answers):
    """The ground, and what would be dangerous about not staying."""

    ground_claimed: str = choice(
        NAT, _("On which ground?"), GROUNDS, default=..., clear=_("rules for children and statistics"),
        help=_("Each ground is enough by itself. Nobody has to take part in proceedings."),
    )  # fmt: skip
    danger_factors: tuple[str, ...] = ticks(
        NAT, _("What would be dangerous for the person elsewhere?"), DANGERS, default=..., min_length=1
    )
    danger_details: str | None = account(NAT, _("What this rests on"), max_length=4000, help=hints.RESTS_ON)
    filed_on: date = asked(NAT, _("Filed on"), widget="date", clear=_("the time to decide"))


class GrantPermit(Answers):
    """The permit, from when to when, and whether it lets the person work."""

    ground: str = choice(NAT, _("On which ground?"), GROUNDS, default=..., clear=_("statistics"))
    permit_type: str = choice(NAT, _("For how long?"), TYPES, default=..., clear=PROTECTS)
    valid_from: date = asked(NAT, _("From"), widget="date", clear=PROTECTS)
    valid_to: date | None = asked(
        NAT, _("Until"), default=None, widget="date", clear=PROTECTS, when=("permit_type", ("temporary",)),
        help=_("Never shorter than the national minimum."),
    )  # fmt: skip
    renewable: bool = asked(NAT, _("Can it be renewed?"), widget="yes_no")
    document_number: str = line(
        NAT, _("Number of the document"), default=..., min_length=1, found_by="number",
        help=hints.DOCUMENT_NUMBER,
    )  # fmt: skip
    work_right: bool = asked(
        NAT, _("Does it include the right to work?"), widget="yes_no", clear=_("the work permit")
    )


class GroundExamined(Answers):
    """One ground that was examined, and why it does not carry the permit."""

    ground: str = choice(NAT, _("Which ground?"), EXAMINED, default=...)
    reasons: str = account(
        NAT, _("Why does it not carry the permit?"), default=..., min_length=1,
        help=_("What was looked at for this ground, and what is lacking."),
    )  # fmt: skip


class RefusePermit(Answers):
    """Reasons for each ground, and what the person can do about it."""

    grounds: tuple[GroundExamined, ...] = group(
        NAT, _("Grounds examined"), default=..., min_length=1,
        help=_("The personal situation is always examined; for a child, the best interests."),
    )  # fmt: skip
    remedy: str = account(
        LEG, _("How the person can have this reviewed"), default=..., min_length=1, max_length=4000,
        help=hints.REMEDY,
    )  # fmt: skip
    remedy_until: date = asked(LEG, _("Until when?"), widget="date", clear=_("the time for the remedy"))


class RenewPermit(Answers):
    """A renewal; the permit held counts until it is decided on."""

    renewal: Confirmed = asked(
        NAT, _("This asks to renew the permit that is held"), widget="yes_no", clear=PROTECTS
    )
    current_document_number: str = line(
        NAT, _("Number of the document held"), default=..., min_length=1, found_by="number",
        help=hints.DOCUMENT_NUMBER,
    )  # fmt: skip
    filed_on: date = asked(NAT, _("Filed on"), widget="date", clear=_("the time to decide"))


class UpgradePermit(Answers):
    """On which basis the permit becomes permanent."""

    basis: str = choice(NAT, _("On which basis?"), UPGRADES, default=...)
    document_number: str = line(
        NAT, _("Number of the document"), default=..., min_length=1, found_by="number",
        help=hints.DOCUMENT_NUMBER,
    )  # fmt: skip


class ProposeWithdrawal(Answers):
    """The reason, and what the look at the personal situation found; the permit still stands."""

    code: str = choice(NAT, _("Why?"), WITHDRAWALS, default=..., clear=_("children are excepted from some"))
    evidence: str = account(NAT, _("What this rests on"), default=..., min_length=1, help=hints.RESTS_ON)
    personal_situation: str = choice(
        NAT, _("What does the personal situation call for?"), PERSONAL, default=...,
        help=_("It is looked at before any withdrawal."),
    )  # fmt: skip
    personal_reasons: str = account(NAT, _("Why?"), default=..., min_length=1, help=hints.REASONS)


class ConfirmWithdrawal(Answers):
    """The second officer's own reasons, and the remedy."""

    reasons: str = account(NAT, _("Own reasons"), default=..., min_length=1, help=hints.OWN_REASONS)
    remedy: str = account(
        LEG, _("How the person can have this reviewed"), default=..., min_length=1, max_length=4000,
        help=hints.REMEDY,
    )  # fmt: skip
    remedy_until: date = asked(LEG, _("Until when?"), widget="date", clear=_("the time for the remedy"))


class DropWithdrawal(Answers):
    """Why the permit stands."""

    reasons: str = account(NAT, _("Reasons"), default=..., min_length=1, help=hints.REASONS)


class Appeal(Answers):
    """The action before a court."""

    court: str = line(LEG, _("Court"), default=..., min_length=1, help=hints.COURT)
    case_number: str = line(LEG, _("Number of the case"), default=..., min_length=1, help=hints.CASE_NUMBER)
    suspensive: bool = asked(
        LEG, _("Does it suspend the decision?"), widget="yes_no", clear=PROTECTS,
        help=_("If it does, no removal is carried out meanwhile."),
    )  # fmt: skip


class AppealWon(Answers):
    """The judgment, and the permit that follows from it."""

    judgment: str = line(LEG, _("Reference of the judgment"), default=..., min_length=1, help=hints.DECISION)
    valid_from: date = asked(NAT, _("From"), widget="date", clear=PROTECTS)
    valid_to: date = asked(NAT, _("Until"), widget="date", clear=PROTECTS)


class AppealLost(Answers):
    """The judgment that ends it."""

    judgment: str = line(LEG, _("Reference of the judgment"), default=..., min_length=1, help=hints.DECISION)

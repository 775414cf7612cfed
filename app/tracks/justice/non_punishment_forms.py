"""What is asked where a victim is suspected: of what, by whom, and how it hangs together with exploitation."""

from datetime import date

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.grounds import Grounded

LEG = Category.LEG

KINDS = {"criminal": _("A criminal offence"), "administrative": _("An administrative offence")}
OFFENCES = {
    "entry_stay": _("Entry or stay without a right to"),
    "papers": _("False papers"),
    "work": _("Work without a permit"),
    "prostitution": _("Prostitution"),
    "begging": _("Begging"),
    "theft": _("Theft"),
    "drugs": _("Drugs"),
    "fraud": _("Fraud"),
    "violence": _("Violence"),
    "recruiting": _("Recruiting or controlling others"),
    "other": _("Another offence"),
    "unknown": _("Not known yet"),
}
EXTENT = {
    "made_to": _("The person was made to do it"),
    "means": _("It followed directly from the exploitation"),
    "partly": _("In part"),
    "not_shown": _("Not shown yet"),
}


class DetectSuspicion(Answers):
    """Of what a victim is suspected, by whom, and whether they are held."""

    kind: str = choice(LEG, _("What kind of offence?"), KINDS, default="criminal", clear=_("statistics"))
    offences: tuple[str, ...] = ticks(
        LEG, _("Of what is the person suspected?"), OFFENCES, default=("unknown",)
    )
    authority: str | None = line(
        LEG, _("Which authority?"), help=_("The police, prosecutor or office that suspects the person.")
    )
    held: bool = asked(
        LEG, _("Is the person held somewhere?"), default=False, widget="yes_no", clear=_("an alert within the hour"),
        help=_("Do not write where."),
    )  # fmt: skip


class LawyerPresent(Answers):
    """That a lawyer is with the person."""

    since_on: date = asked(LEG, _("Since when?"), widget="date")


class AssessCompulsion(Answers):
    """How the offence hangs together with exploitation; a child need not have been compelled."""

    link: str = account(
        LEG, _("How does it hang together with the exploitation?"), default=..., min_length=1,
        help=_("What made the person do it, and who had power over them. No names of other victims."),
    )  # fmt: skip
    compulsion: str | None = choice(
        LEG,
        _("How far was the person made to do it?"),
        EXTENT,
        clear=_("statistics"),
        help=_("Not asked for a child."),
    )


class SendNotice(Grounded):
    """To whom the notice went, and when."""

    addressee: str = line(
        LEG, _("To whom?"), default=..., min_length=1,
        help=_("The prosecutor, court or office that decides, and its town."),
    )  # fmt: skip
    sent_on: date = asked(LEG, _("When?"), widget="date", clear=_("clocks"))


class NoLink(Answers):
    """Why there is no link with exploitation."""

    reasons: str = account(
        LEG, _("Reasons"), default=..., min_length=1,
        help=_("The facts that show that it stands apart from the exploitation."),
    )  # fmt: skip


class NotPunished(Answers):
    """The decision, and whether the record was wiped."""

    decision: str = line(LEG, _("Reference of the decision"), default=..., min_length=1, help=hints.DECISION)
    expunged: bool = asked(
        LEG, _("Was the record wiped?"), widget="yes_no", clear=_("statistics"),
        help=_("With the police and the courts alike, so that it does not follow the person."),
    )  # fmt: skip


class NoticeRejected(Answers):
    """Why the notice was not followed."""

    reasons: str = account(LEG, _("Reasons"), default=..., min_length=1, help=hints.GIVEN_REASONS)


class AppealPunishment(Answers):
    """The remedy."""

    court: str = line(LEG, _("Court"), default=..., min_length=1, help=hints.COURT)
    filed_on: date = asked(LEG, _("Filed on"), widget="date", clear=_("clocks"))


class WonAppeal(Answers):
    """The judgment."""

    judgment: str = line(LEG, _("Reference of the judgment"), default=..., min_length=1, help=hints.DECISION)

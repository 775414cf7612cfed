"""What the steps of a referral after its sending ask."""

from datetime import date
from uuid import UUID

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import Answers, choice, line
from app.tracks.intake.referral_codes import DECLINE, DISCARD, OUTCOMES, WITHDRAW
from app.tracks.intake.referral_start import MATTERS

SVC = Category.SVC


class DiscardDraft(Answers):
    """Throw a draft away."""

    reason: str = choice(
        SVC, _("Why do you throw it away?"), DISCARD, default=...,
        clear=_("what remains of a draft whose keys are destroyed"),
        help=_("Only this remains: the draft cannot be read again."),
    )  # fmt: skip


class Acknowledge(Answers):
    """Say that it arrived; whoever takes the step received it now, unless something else is said."""

    received_by: UUID | None = asked(
        SVC, _("Who received it, if not you?"), default=None, widget="user", minimal=True
    )
    received_on: date | None = asked(SVC, _("When, if not now?"), default=None, widget="date", minimal=True)
    note: str | None = line(
        SVC, _("What happens next?"), max_length=2000, minimal=True,
        help=_("Who is in touch next, and when. No personal data."),
    )  # fmt: skip


class Accept(Answers):
    """Take the person on and name who does; with a first referral that is whoever leads the case."""

    lead_worker: UUID | None = asked(
        SVC, _("Who takes it on, if not you?"), default=None, widget="user", minimal=True,
        help=_("Whoever takes on a first referral leads the case. A referral for one need changes nobody’s lead."),
    )  # fmt: skip


class Decline(Answers):
    """Say why not, and who could be asked instead; never for want of cooperation (INV-01)."""

    decline_code: str = choice(
        SVC, _("Why can you not take it?"), DECLINE, default=..., minimal=True, clear=MATTERS
    )
    alternative_organisation_id: UUID | None = asked(
        SVC,
        _("Who could be asked instead?"),
        default=None,
        widget="organisation",
        minimal=True,
        clear=MATTERS,
    )
    note: str | None = line(
        SVC, _("A word to whoever referred"), _("No personal data."), max_length=2000, minimal=True
    )


class Reroute(Answers):
    """Send it elsewhere: a new referral is opened, and what was written goes along."""

    receiving_organisation_id: UUID = asked(
        SVC, _("Which organisation should receive it now?"), widget="organisation", minimal=True
    )
    new_referral_id: UUID | None = asked(
        SVC, _("The new referral, if it was begun already"), default=None, widget="hidden"
    )


class Escalate(Answers):
    """Bring it to those above; the timer says nothing more than that the time is over."""

    note: str | None = line(
        SVC, _("What was tried?"), max_length=2000,
        help=_("Which services were asked, and what they said. No personal data."),
    )  # fmt: skip


class TimeOut(Answers):
    """The clock ran out."""

    overdue_since: date | None = asked(SVC, _("Overdue since"), default=None, widget="date", minimal=True)


class Withdraw(Answers):
    """Take it back; what was lent ends at once."""

    reason: str = choice(SVC, _("Why is it taken back?"), WITHDRAW, default=...)
    note: str | None = line(
        SVC, _("Anything to add"), max_length=2000,
        help=_("For whoever was asked. Nothing of what happened to the person."),
    )  # fmt: skip


class Complete(Answers):
    """Say what came of it."""

    outcome: str = choice(SVC, _("What came of it?"), OUTCOMES, default=..., minimal=True, clear=MATTERS)
    note: str | None = line(
        SVC, _("Anything to add"), max_length=2000,
        help=_("For whoever referred. Nothing of what happened to the person."),
    )  # fmt: skip

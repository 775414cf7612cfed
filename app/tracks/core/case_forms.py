"""What is asked about a case and its closure.

The states stand for `cas_Status` of the Human Trafficking Case Data Standard 2.0, International Organization
for Migration (IOM), CC BY 4.0: open is Active, follow-up is FollowUp, closed is Closed or, with the reason
`transferred`, ClosedReferred.
"""

from datetime import date
from uuid import UUID

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import Answers, account, choice, group, line

SVC = Category.SVC

CLOSURE_REASONS = {
    "goals_reached": _("The person’s goals are reached"),
    "victim_wish": _("The person wishes it"),
    "moved_away": _("The person moved away"),
    "transferred": _("Handed over to another organisation"),
    "returned_and_followed": _("Returned, and the follow-up is done"),
    "child_solution_achieved": _("The child’s durable solution is reached"),
    "no_contact": _("No contact in spite of safe attempts"),
    "not_victim_final": _("Finally not identified as a victim"),
    "deceased": _("The person has died"),
    "duplicate": _("The same person has another case"),
}
FOLLOW_UP_REASONS = {
    "stable": _("The situation is stable"),
    "person_wishes_less": _("The person wishes less contact"),
    "waiting": _("Waiting for a decision of others"),
    "moved": _("Helped by another service now"),
}
REOPENING_REASONS = {
    "person_asks": _("The person asks for it"),
    "new_danger": _("A new danger"),
    "new_need": _("A new need"),
    "new_decision": _("A decision or hearing to come"),
    "closed_in_error": _("It was closed in error"),
    "data_request": _("The person asks about what is kept"),
}
CHANNELS = {
    "phone": _("By telephone"),
    "message": _("By message"),
    "letter": _("By letter"),
    "in_person": _("In person"),
    "through_another": _("Through a service that the person trusts"),
}
KNOWS_CONTACT = {
    "given": _("Yes, the person knows whom to call"),
    "declined": _("No, the person did not want it"),
    "not_reached": _("No, the person could not be reached"),
}


class OpenCase(Answers):
    """Who leads, and which referral it began with; the number is drawn at random."""

    lead: UUID | None = asked(
        SVC, _("Lead worker"), default=None, widget="user", clear=_("the team follows from it"), minimal=True,
        help=_("The one worker whom the person can turn to about everything."),
    )  # fmt: skip
    first_referral: UUID | None = asked(
        SVC, _("First referral"), default=None, widget="hidden", clear=_("the chain of referrals")
    )


class ReduceToFollowUp(Answers):
    """Why less, and when next."""

    reason: str = choice(SVC, _("Why is less contact enough?"), FOLLOW_UP_REASONS, default=..., minimal=True)
    next_contact_on: date = asked(
        SVC, _("When is the next contact?"), widget="date", clear=_("the clock of follow-up"), minimal=True
    )


class SafeAttempt(Answers):
    """One attempt to reach the person by a way that is safe for them."""

    on: date = asked(SVC, _("Day"), widget="date")
    channel: str = choice(SVC, _("How?"), CHANNELS, default=...)


class RequestClosure(Answers):
    """Why the case may close, what was done, what the person says, whom they can turn to afterwards."""

    closure_reason: str = choice(
        SVC,
        _("Why may the case close?"),
        CLOSURE_REASONS,
        default=...,
        widget="select",
        clear=_("the closure list"),
        minimal=True,
    )
    summary: str = account(
        SVC, _("What was reached, what is left open?"), default=..., min_length=1,
        help=_("Goal by goal. Say who goes on with what is open."),
    )  # fmt: skip
    victim_view: str = account(
        SVC, _("What does the person say to it?"), default=..., min_length=1,
        help=_("In the person’s own words, not yours. If they could not be asked, say why."),
    )  # fmt: skip
    knows_contact: str = choice(
        Category.CON, _("Does the person know whom to turn to afterwards?"), KNOWS_CONTACT, default=...
    )
    aftercare_contact: str | None = line(
        Category.CON, _("Whom?"), help=_("A service and its number, safe to keep."),
        when=("knows_contact", ("given",)),
    )  # fmt: skip
    attempts: tuple[SafeAttempt, ...] = group(
        SVC, _("Safe attempts to reach the person"), when=("closure_reason", ("no_contact",)),
        help=_("Each by a way that the person called safe."),
    )  # fmt: skip
    last_contact_on: date | None = asked(
        SVC, _("Last contact"), default=None, widget="date", when=("closure_reason", ("no_contact",))
    )
    claims_run: bool = asked(
        Category.LEG, _("May proceedings, claims or limitation still run?"), widget="yes_no",
        clear=_("how long the file is kept"), help=_("If so, the file is kept longer."),
    )  # fmt: skip
    years_to_limit: int | None = asked(
        Category.CHI, _("Years until the age to which a child’s file is kept"), default=None, widget="number",
        ge=0, le=25, clear=_("how long the file is kept"),
        help=_("Only for a child; left empty, the longest time."),
    )  # fmt: skip


class DecideClosure(Answers):
    """What the supervisor says to the request."""

    comment: str = account(
        SVC, _("Comment"), default=..., min_length=1, max_length=2000,
        help=_("Why it may close, or what has to be done before."),
    )  # fmt: skip


class Reopen(Answers):
    """Why the file is taken up again."""

    reason: str = choice(SVC, _("Why is it opened again?"), REOPENING_REASONS, default=..., minimal=True)
    details: str | None = account(
        SVC, _("What happened?"), max_length=2000, help=_("Only what has to be known to help now.")
    )


class ProposeAnonymisation(Answers):
    """Which rule of retention has run out."""

    rule: str = line(
        SVC, _("Rule of retention"), default=..., min_length=1,
        help=_("Which rule, and how long it keeps the file."),
    )  # fmt: skip

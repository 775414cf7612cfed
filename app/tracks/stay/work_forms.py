"""What is asked about the right to work: occupation, a vetted employer, age, and nothing about complaints."""

from datetime import date

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.exploitation_codes import INDUSTRIES

NAT, LAB, CHI, LEG = Category.NAT, Category.LAB, Category.CHI, Category.LEG

KINDS = {
    "open": _("For any work"),
    "sector": _("For work in one sector"),
    "employer": _("For work with one employer"),
}
SCOPES = {
    "any": _("Any work"),
    "sector": _("One sector"),
    "employer": _("One employer"),
}
LINKS = {
    "none": _("No link was found"),
    "linked": _("Linked to somebody who recruited, exploited or is suspected"),
    "not_checked": _("Not checked yet"),
}
CHECKS = {
    "register": _("The register of companies"),
    "inspectorate": _("The labour inspectorate"),
    "visit": _("A visit"),
    "people": _("People who work there"),
    "file": _("The names in this file"),
}
REASONS = {
    "time_over": _("Its time is over"),
    "stay_ended": _("The right to stay has ended"),
    "replaced": _("Another permit takes its place"),
    "departed": _("The person left the country"),
}


class ApplyForWork(Answers):
    """For which work, and with whom; an employer is checked against those who exploited."""

    kind: str = choice(NAT, _("For which work?"), KINDS, default=..., clear=_("rules on the employer"))
    occupation: str | None = line(LAB, _("Occupation"), help=_("For instance: cook, nurse, builder."))
    sector: str | None = choice(
        LAB,
        _("Sector"),
        INDUSTRIES,
        when=("kind", ("sector", "employer")),
        standard="vic_ForcedLabourIndustry",
    )
    employer: str | None = line(
        LAB, _("Employer"), when=("kind", ("employer",)),
        help=_("The employer must never learn of what happened to the person."),
    )  # fmt: skip
    employer_link: str | None = choice(
        LAB, _("Is the employer linked to those who recruited or exploited?"), LINKS,
        when=("kind", ("employer",)),
    )  # fmt: skip
    employer_checks: tuple[str, ...] = ticks(
        LAB, _("How was that checked?"), CHECKS, when=("kind", ("employer",))
    )
    age_years: int | None = asked(
        CHI, _("Age in years"), default=None, widget="number", ge=0, le=120, help=_("Only for a child.")
    )
    full_time: bool | None = asked(
        CHI, _("Is it full-time work?"), default=None, widget="yes_no", help=_("Only for a child.")
    )
    hazardous: bool | None = asked(
        CHI, _("Can the work harm health or safety?"), default=None, widget="yes_no",
        help=_("Only for a child."),
    )  # fmt: skip


class GrantWork(Answers):
    """From when to when, and for what."""

    valid_from: date = asked(NAT, _("From"), widget="date", clear=_("clocks"))
    valid_to: date = asked(NAT, _("Until"), widget="date", clear=_("clocks"))
    scope: str = choice(NAT, _("For what?"), SCOPES, default=..., clear=_("an alert on dependency"))
    document_number: str | None = line(
        NAT, _("Number of the document"), found_by="number", help=hints.DOCUMENT_NUMBER
    )


class RefuseWork(Answers):
    """Reasons and the remedy."""

    reasons: str = account(NAT, _("Reasons"), default=..., min_length=1, help=hints.REASONS)
    remedy: str = account(
        LEG, _("How the person can have this reviewed"), default=..., min_length=1, max_length=4000,
        help=hints.REMEDY,
    )  # fmt: skip


class EndWork(Answers):
    """Why the right to work ends; the timer says that its time is over."""

    reason: str = choice(NAT, _("Why?"), REASONS, default="time_over", clear=_("statistics"))

"""What is asked about a durable solution, and what was found about the place to which a child would return."""

from datetime import date
from uuid import UUID

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, group, line, ticks
from app.tracks.child.bia_forms import CHILD_HEARD
from app.tracks.child.bid_forms import OPTIONS
from app.tracks.codes import YES_NO_UNKNOWN
from app.tracks.rules import Confirmed

CHI, FAM = Category.CHI, Category.FAM
GATE = _("the return of a child waits for it")

ASPECTS = {
    "safety": _("Safety"),
    "protection": _("Protection"),
    "rehabilitation": _("Rehabilitation"),
    "reintegration": _("Reintegration"),
}
RECEIVERS = {
    "family": _("The family, named and visited"),
    "specialised_institution": _("A specialised institution, named"),
    "nobody": _("Nobody yet"),
}
PROOFS = {
    "visit": _("A visit at the place"),
    "authority_report": _("A report of the child protection there"),
    "organisation_report": _("A report of an organisation there"),
    "written_agreement": _("A written agreement to receive the child"),
    "call_with_receiver": _("A conversation with whoever receives the child"),
    "childs_account": _("What the child says"),
}
STAYS = {
    "right_to_stay": _("A right to stay that lasts"),
    "school": _("School or training"),
    "guardian_until_18": _("A guardian until 18"),
    "aftercare": _("Help after 18"),
}
REOPENED = {
    "determination_reopened": _("The determination of best interests was reopened"),
    "new_facts": _("New facts"),
    "child_wishes": _("The child wishes something else"),
    "guardian_objects": _("The guardian objects"),
}
FAILED = {
    "place_fell_through": _("The place fell through"),
    "not_safe": _("It turned out not to be safe"),
    "child_unwell": _("The child was not well there"),
    "no_permit": _("It could not be made lawful"),
    "other": _("Another reason"),
}


class OpenSolution(Answers):
    """Begin to look for it; the rule engine does so too."""

    note: str | None = account(
        CHI, _("What is known so far?"),
        help=_("What the child wishes, which family there is, which papers. Little is enough."),
    )  # fmt: skip


class Proof(Answers):
    """One thing that shows one of the four."""

    aspect: str = choice(CHI, _("What does it show?"), ASPECTS, default=...)
    source: str = choice(CHI, _("Where is it from?"), PROOFS, default=...)
    seen_on: date = asked(CHI, _("Of which day?"), widget="date")
    what: str = account(CHI, _("What it shows"), default=..., min_length=1, max_length=4000, help=hints.SHOWS)


class FindReception(Answers):
    """Whether the place of return keeps the child safe; not known counts as no."""

    safety: str = choice(CHI, _("Is the child safe there?"), YES_NO_UNKNOWN, default=..., clear=GATE)
    protection: str = choice(
        CHI, _("Is there somebody who protects the child from being trafficked again?"), YES_NO_UNKNOWN, default=...,
        clear=GATE,
    )  # fmt: skip
    rehabilitation: str = choice(
        CHI,
        _("Is there help to recover: doctor, psychologist, care?"),
        YES_NO_UNKNOWN,
        default=...,
        clear=GATE,
    )
    reintegration: str = choice(
        CHI,
        _("Is there a place in a family or house, and a school?"),
        YES_NO_UNKNOWN,
        default=...,
        clear=GATE,
    )
    receiver: str = choice(CHI, _("Who would receive the child?"), RECEIVERS, default=..., clear=GATE)
    receiver_name: str | None = line(
        FAM, _("Name of the family or institution"), when=("receiver", ("family", "specialised_institution")),
        help=_("And their town; no street and no house."),
    )  # fmt: skip
    evidence: tuple[Proof, ...] = group(
        CHI, _("What shows it?"), max_length=40, help=_("One row for each paper, visit or report.")
    )


class ProposeSolution(Answers):
    """Which of the three, and what else was considered."""

    option: str = choice(CHI, _("Which durable solution?"), OPTIONS, default=..., clear=GATE, minimal=True)
    reasons: str = account(CHI, _("Why this one?"), default=..., min_length=1)
    alternatives: str = account(
        CHI, _("Which others were considered, and why not?"), default=..., min_length=1
    )
    childs_views: str = account(
        CHI, _("What does the child say?"), default=..., min_length=1, help=hints.CHILDS_WORDS
    )
    guardian_heard: Confirmed = asked(CHI, _("The guardian was heard"), widget="yes_no")


class DecideSolution(Answers):
    """The panel’s decision; for a return the panel answers the four questions itself."""

    determination: UUID | None = asked(
        CHI, _("The determination that this rests on"), default=None, widget="hidden", clear=GATE
    )
    option: str = choice(CHI, _("Which durable solution?"), OPTIONS, default=..., clear=GATE, minimal=True)
    individual: Confirmed = asked(
        CHI, _("This was decided for this child alone, not for a group or a nationality"), widget="yes_no"
    )
    safety: str | None = choice(
        CHI, _("Does the panel find that the child is safe there?"), YES_NO_UNKNOWN, clear=GATE,
        when=("option", ("return_reintegration",)),
    )  # fmt: skip
    protection: str | None = choice(
        CHI, _("Does the panel find that the child is protected there?"), YES_NO_UNKNOWN, clear=GATE,
        when=("option", ("return_reintegration",)),
    )  # fmt: skip
    rehabilitation: str | None = choice(
        CHI, _("Does the panel find that the child can recover there?"), YES_NO_UNKNOWN, clear=GATE,
        when=("option", ("return_reintegration",)),
    )  # fmt: skip
    reintegration: str | None = choice(
        CHI, _("Does the panel find that the child can live and learn there?"), YES_NO_UNKNOWN, clear=GATE,
        when=("option", ("return_reintegration",)),
    )  # fmt: skip
    reasons: str = account(CHI, _("Reasons, in plain words"), default=..., min_length=1)


class SendBack(Answers):
    """What has to be looked at again."""

    comment: str = account(CHI, _("What is still missing?"), default=..., min_length=1, help=hints.MISSING)


class StartSolution(Answers):
    """Who does what by when."""

    plan: str = account(
        CHI, _("The plan"), default=..., min_length=1,
        help=_("Who does what by when: housing, school, care, papers."),
    )  # fmt: skip
    owner: UUID = asked(CHI, _("Who answers for it?"), widget="user")
    starts_on: date = asked(CHI, _("From"), widget="date")
    ends_on: date = asked(CHI, _("Until"), widget="date")
    integration: tuple[str, ...] = ticks(
        CHI,
        _("Local integration: what is settled?"),
        STAYS,
        help=_("All four are needed for local integration."),
    )
    guardian_heard: Confirmed = asked(CHI, _("The guardian was heard"), widget="yes_no")


class ReopenSolution(Answers):
    """Why it is sought anew."""

    reason: str = choice(CHI, _("Why?"), REOPENED, default="determination_reopened")
    details: str | None = account(CHI, _("What is new?"))


class AchieveSolution(Answers):
    """What shows that the child has arrived in a life."""

    evidence: str = account(CHI, _("What shows that the solution holds?"), default=..., min_length=1)
    child_heard: str = choice(CHI, _("Was the child heard?"), CHILD_HEARD, default=...)
    childs_views: str | None = account(
        CHI, _("What does the child say?"), when=("child_heard", ("heard",)), help=hints.CHILDS_WORDS
    )


class FailSolution(Answers):
    """Why it does not hold."""

    reason: str = choice(CHI, _("Why?"), FAILED, default=...)
    details: str = account(
        CHI, _("What happened?"), default=..., min_length=1,
        help=_("What went wrong, when, and who has seen the child since. No address."),
    )  # fmt: skip

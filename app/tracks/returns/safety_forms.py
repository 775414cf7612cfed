"""What is asked about the safety of a return; the police give a level, never their account."""

from datetime import date

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks import hints
from app.tracks.answers import Answers, account, choice, group, line, ticks
from app.tracks.child.bid_forms import IN_WRITING, TOWARDS
from app.tracks.codes import COUNTRIES, RISK, YES_NO_UNKNOWN

SVC, NAT, FAM, LOC = Category.SVC, Category.NAT, Category.FAM, Category.LOC

FAMILY = {
    "children": _("Children"),
    "partner": _("Partner"),
    "parents": _("Parents"),
    "siblings": _("Sisters and brothers"),
    "others": _("Others who are close"),
    "nobody": _("Nobody: the person has no family there or here"),
}
RISKS = {
    "reprisal_self": _("Reprisal against the person"),
    "reprisal_family": _("Reprisal against the family"),
    "retrafficking": _("Being trafficked again"),
    "stigma": _("Shame and exclusion"),
    "debt": _("Debts"),
    "health": _("Health, and treatment there"),
    "shelter": _("Somewhere to live"),
    "livelihood": _("A way to earn a living"),
    "authorities": _("The authorities there"),
}
OUTCOMES = {
    "safe": _("Safe"),
    "safe_with_measures": _("Safe, with measures"),
    "unsafe": _("Not safe"),
    "inconclusive": _("It cannot be said: this counts as not safe"),
}
RENEWED = {
    "out_of_date": _("It is out of date"),
    "new_facts": _("New facts"),
    "place_changed": _("Another place, or other people there"),
    "proceedings": _("Something happened in proceedings"),
}
CLOSED = {
    "return_cancelled": _("The return was called off"),
    "return_refused": _("The return is not possible"),
    "return_over": _("The return is concluded"),
}


class RequestSafety(Answers):
    """Whom and which place the assessment is about."""

    family: tuple[str, ...] = ticks(
        FAM, _("Whom of the family does it cover?"), FAMILY, default=..., min_length=1,
        help=_("The family is always looked at, wherever they live."),
    )  # fmt: skip
    country: str = choice(NAT, _("Which country?"), COUNTRIES, default=...)
    place: str = line(LOC, _("To which place?"), default=..., min_length=1, help=hints.NO_STREET)


class StartSafety(Answers):
    """From whom it is learnt."""

    towards: str = choice(NAT, _("Who abroad is asked?"), TOWARDS, default=...)
    agreed_after_advice: str | None = choice(
        Category.CNS, _("Is there consent to ask the authorities of the country of origin?"), IN_WRITING,
        when=("towards", ("origin",)),
    )  # fmt: skip
    partner: str | None = line(
        SVC, _("Which partner at the place takes part?"), help=_("Wherever there is one.")
    )
    police_level: str | None = choice(
        Category.CRI,
        _("How great is the threat, say the police?"),
        RISK,
        help=_("The level alone, no account."),
    )
    own_view: str = account(
        SVC, _("What does the person say about it?"), default=..., min_length=1, help=hints.OWN_WORDS
    )
    own_fear: str = choice(SVC, _("Is the person afraid to go?"), YES_NO_UNKNOWN, default=...)


class Rated(Answers):
    """One risk, how great it is, and what is done about it."""

    risk: str = choice(SVC, _("Which risk?"), RISKS, default=...)
    level: str = choice(SVC, _("How great is it?"), RISK, default=...)
    mitigation: str | None = account(
        SVC, _("What is done about it?"), max_length=4000,
        help=_("What lessens it, and who sees to it. Leave empty if nothing does."),
    )  # fmt: skip


class CompleteSafety(Answers):
    """Each of the nine risks, and what follows from them."""

    risks: tuple[Rated, ...] = group(
        SVC, _("The nine risks"), default=..., min_length=1, max_length=20,
        help=_("Each of them once: how great it is, and what lessens it."),
    )  # fmt: skip
    outcome: str = choice(
        SVC, _("What follows?"), OUTCOMES, default=..., clear=_("departure waits for it"), minimal=True
    )
    reasons: str = account(
        SVC, _("Why?"), default=..., min_length=1, help=_("How the risks, taken together, lead to this.")
    )


class ApproveSafety(Answers):
    """How long it may be relied on."""

    valid_until: date = asked(SVC, _("Valid until"), widget="date", clear=_("departure waits for it"))
    comment: str | None = account(SVC, _("Comment"), help=hints.COMMENT)


class ReworkSafety(Answers):
    """What is still missing."""

    comment: str = account(SVC, _("What is still missing?"), default=..., min_length=1, help=hints.MISSING)


class RenewSafety(Answers):
    """Why it is done again."""

    trigger: str = choice(SVC, _("Why now?"), RENEWED, default=...)


class CloseSafety(Answers):
    """Why nobody needs it any more."""

    reason: str = choice(SVC, _("Why?"), CLOSED, default="return_over")

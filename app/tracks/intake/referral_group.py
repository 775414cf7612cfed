"""What a referral of several people who were found together asks of each: a few lines; the rest is said once."""

from app.kit.i18n import _
from app.kit.values import PartialDate
from app.safeguards.words import Category
from app.tracks.answers import Answers, account, choice, day, line, ticks
from app.tracks.codes import AGE_CLASS, GENDER, LANGUAGES, NATIONALITIES, YES_NO
from app.tracks.intake.referral_codes import CONSENT, LEGAL_BASES, NEEDS

ADULT = ("age_class", ("adult",))
NOT_ASKED = ("consent", ("could_not_ask",))


class NeedsOfAll(Answers):
    """What all of them need now; what one of them needs besides is asked of each."""

    immediate_needs: tuple[str, ...] = ticks(
        Category.SVC, _("What do they need now?"), NEEDS, _("Ask what would help most. Tick all that fit."),
        default=..., min_length=1, minimal=True,
    )  # fmt: skip


class InBrief(Answers):
    """One of the people, in a few lines; each adult is asked alone, and answers for themselves."""

    age_class: str = choice(
        Category.SVC, _("How old is the person?"), AGE_CLASS,
        _("If you are not sure, the person is treated as a child until it is known. No proof is needed."),
        default=..., minimal=True,
    )  # fmt: skip
    name_to_use: str | None = line(
        Category.ID, _("What would the person like to be called?"), minimal=True,
        help=_("Use it whenever you speak with the person or write to them."),
    )  # fmt: skip
    given_names: str | None = line(Category.ID, _("Given names"), minimal=True)
    family_names: str | None = line(Category.ID, _("Family names"), minimal=True)
    born_on: PartialDate | None = day(
        Category.ID,
        _("Date of birth"),
        _("A year is enough. Leave it empty if it is not known."),
        minimal=True,
    )
    gender: str | None = choice(
        Category.ID, _("How does the person describe their gender?"), GENDER, minimal=True
    )
    nationalities: tuple[str, ...] = ticks(
        Category.NAT, _("Nationality"), NATIONALITIES, widget="select", max_length=5, minimal=True
    )
    language: str | None = choice(
        Category.SVC, _("Language, if it is not the one that you named for all"), LANGUAGES, minimal=True
    )
    health_now: str | None = account(
        Category.HEA, _("Is there an injury, illness or pregnancy that somebody should know of today?"),
        _("Only what is needed to help. Nobody needs an account of how it came about."), max_length=2000,
    )  # fmt: skip
    consent_explained: str | None = choice(
        Category.CNS,
        _("Have you explained what happens next, who will read it and that it can be taken back?"), YES_NO,
        when=ADULT,
    )  # fmt: skip
    consent_notice: str | None = choice(
        Category.CNS, _("Has the person received the privacy notice?"), YES_NO, when=ADULT
    )
    consent: str | None = choice(
        Category.CNS, _("Does the person agree to be referred?"), CONSENT,
        _("Ask each of them alone. Of whoever says no, a number for the statistics is sent and nothing else."),
        when=ADULT,
    )  # fmt: skip
    legal_basis: str | None = choice(
        Category.CNS, _("On what ground do you refer?"), LEGAL_BASES, when=NOT_ASKED
    )
    legal_basis_reason: str | None = account(
        Category.CNS, _("Why could the person not be asked?"), when=NOT_ASKED,
        help=_("Such as being unconscious. That the person said no is never a reason."),
    )  # fmt: skip

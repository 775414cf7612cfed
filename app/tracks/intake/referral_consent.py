"""To whom a referral goes and on what ground: the consent of an adult, or a legal basis."""

from uuid import UUID

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.codes import COUNTRIES, LANGUAGES, REGIONS, SEX, YES_NO
from app.tracks.intake.indicators import SHORT_LIST
from app.tracks.intake.referral_codes import CONSENT, LEGAL_BASES, SHARED


class Recipient(Answers):
    """The organisation that is asked."""

    receiving_organisation_id: UUID = asked(
        Category.SVC, _("Which organisation should receive it?"), widget="organisation", minimal=True,
        help=_("It sees what it needs to answer. It sees more only with consent or another legal basis."),
        clear=_("The service asks that organisation"),
    )  # fmt: skip


class Sharing(Answers):
    """The categories lent to the recipient."""

    shared_categories: tuple[str, ...] = ticks(
        Category.CNS, _("What may the organisation see?"), SHARED,
        _("As little as will do. Where the person stays is never shared by a referral."),
        default=..., min_length=1,
    )  # fmt: skip


class ConsentToRefer(Answers):
    """An adult's own answer, after it was explained."""

    consent_explained: str | None = choice(
        Category.CNS,
        _("Have you explained what happens next, who will read it and that it can be taken back?"), YES_NO,
    )  # fmt: skip
    consent_language: str | None = choice(Category.CNS, _("In which language?"), LANGUAGES)
    consent_notice: str | None = choice(
        Category.CNS, _("Has the person received the privacy notice?"), YES_NO
    )
    consent: str | None = choice(
        Category.CNS, _("Does the person agree to be referred?"), CONSENT,
        _("Help does not depend on the answer. If not, only a number for the statistics is sent, "
          "and nothing else is kept."),
        standard="con_Consent",
    )  # fmt: skip
    consent_id: UUID | None = asked(
        Category.CNS, _("Consent recorded before, if there is one"), default=None, widget="hidden"
    )
    consent_note: str | None = line(
        Category.CNS, _("Anything the person asked to be kept from somebody"), max_length=2000,
        help=_("Who must not learn what, for instance relatives or somebody at work."),
    )  # fmt: skip


class LegalBasis(Answers):
    """The ground on which an adult who could not be asked is referred."""

    legal_basis: str | None = choice(
        Category.CNS, _("On what ground do you refer?"), LEGAL_BASES,
        _("Only where the person could not be asked. A supervisor and the auditor see it."),
    )  # fmt: skip
    legal_basis_reason: str | None = account(
        Category.CNS, _("Why could the person not be asked?"),
        help=_("Such as being unconscious. That the person said no is never a reason."),
    )  # fmt: skip


class AnonymousNotification(Answers):
    """All that is sent, and all that is kept, when an adult does not agree (INV-14)."""

    sex: str = choice(Category.STA, _("Sex"), SEX, default=..., minimal=True)
    nationality: str = choice(Category.STA, _("Nationality"), COUNTRIES, default=..., minimal=True)
    region: str = choice(Category.STA, _("Part of the country"), REGIONS, default=..., minimal=True)
    indicators: tuple[str, ...] = ticks(
        Category.STA, _("Signs"), SHORT_LIST, _("No words of your own: the ticks alone are kept."),
        widget="ticks", default=..., min_length=1, max_length=12,
    )  # fmt: skip

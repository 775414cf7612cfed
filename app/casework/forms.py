"""What comes in besides the steps: the person's record, a supervisor's reason."""

from uuid import UUID

from app.kit.i18n import _
from app.safeguards.fields import Form, asked
from app.safeguards.words import Category
from app.tracks.answers import Answers, choice, group
from app.tracks.codes import LANGUAGES, YES_NO_UNKNOWN
from app.tracks.intake.referral_person import Birth, Family, Nationality, PersonNames
from app.tracks.intake.referral_start import Language, SafeChannel, SafeContact


# Pydantic gathers the fields of the last base first, so the parts stand here from the last to the first.
class PersonRecord(SafeContact, Family, Language, Nationality, Birth, PersonNames):
    """What is known of the person, apart from what happened; nothing of it must be known."""

    safe_contact: tuple[SafeChannel, ...] = group(Category.CON, _("How can the person be reached safely?"))
    language: str | None = choice(  # type: ignore[assignment]  # nothing must be known
        Category.SVC, _("Which language is the person at ease in?"), LANGUAGES, minimal=True,
        standard="prs_PrimaryLanguage",
    )  # fmt: skip
    interpreter: str | None = choice(  # type: ignore[assignment]
        Category.SVC, _("Is an interpreter needed?"), YES_NO_UNKNOWN, minimal=True
    )


class StateReason(Form):
    """Why a supervisor looks into a case."""

    reason: str = asked(
        Category.STA, _("Why do you open this case?"), widget="area", min_length=10, max_length=2000,
        help=_("The reason is kept with the record of your access. Do not name the person."),
    )  # fmt: skip


GROUNDS = {
    "exploiter": _("Named as an exploiter"),
    "suspect": _("Suspected or accused in this matter"),
    "complained_of": _("A complaint was made of them"),
    "family": _("Of the family, or close to somebody in this matter"),
    "interest": _("Stands to gain or to lose by it"),
}


class OwnConflict(Answers):
    """That the reader must not work on this case, and why."""

    ground: str = choice(Category.STA, _("What is the conflict?"), GROUNDS, default=...)
    reason: str = asked(
        Category.STA, _("What should be known of it?"), widget="area", min_length=10, max_length=2000,
        help=_("It is sealed, and read only by those who judge it. Do not name the person."),
    )  # fmt: skip


class DeclareConflict(OwnConflict):
    """That somebody else, or all of an organisation, must not come near this case."""

    organisation_id: UUID = asked(
        Category.STA, _("Which organisation or unit?"), widget="organisation",
        help=_("All of it is barred, unless you name one person of it."),
    )  # fmt: skip
    email: str | None = asked(
        Category.STA, _("Official e-mail address of one person"), default=None, max_length=300,
        help=_("The address with which they use this service. Leave it empty to bar the whole organisation."),
    )  # fmt: skip

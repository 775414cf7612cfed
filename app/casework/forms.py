"""What comes in besides the steps: the person's record, a supervisor's reason."""

from app.kit.i18n import _
from app.safeguards.fields import Form, asked
from app.safeguards.words import Category
from app.tracks.answers import choice, group
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

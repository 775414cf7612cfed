"""What comes in around a referral: a draft's own record, and the bodies of the JSON doors."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.intake.referral_consent import AnonymousNotification
from app.tracks.intake.referral_form import SubmitReferral

MOST = 100  # people of one group


class DraftRecord(SubmitReferral):
    """A draft as it lies sealed: answers, and the page saved last, whose row version numbers the draft."""

    saved_page: str = asked(Category.STA, _("The page saved last"), widget="hidden", max_length=40)


class _Body(BaseModel):
    """A JSON body that is no form: it wraps one."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SavePage(_Body):
    """The answers of one page of a draft, as that page's form takes them."""

    version: int = Field(ge=0, le=1_000_000, description="of the draft, when the answers were written")
    answers: dict[str, Any]
    forget: bool = Field(default=False, description="also forget what the page keeps and never shows again")


class SendDraft(_Body):
    """The version of the draft that was checked before sending."""

    version: int = Field(ge=0, le=1_000_000)


class FoundTogether(_Body):
    """Everybody who was found together, each whole: who is referred, and the four answers of each who said no."""

    people: tuple[SubmitReferral, ...] = Field(min_length=1, max_length=MOST)
    counted: tuple[AnonymousNotification, ...] = Field(default=(), max_length=MOST)

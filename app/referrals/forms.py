"""What comes in around a referral: a draft's own record, and the bodies of the JSON doors."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.intake.referral_form import SubmitReferral


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

"""What comes in around a referral: a draft's own record, and the bodies of the JSON doors."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from app.kit.i18n import _
from app.safeguards.fields import Form, asked
from app.safeguards.words import Category
from app.tracks.intake.indicators import INDICATORS
from app.tracks.intake.referral_codes import SOURCES
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


class TickSigns(Form):
    """Signs ticked by dimension; what is said of each comes next."""

    tick: tuple[str, ...] = asked(
        Category.EXP, _("Which signs are there?"), widget="ticks", choices=INDICATORS, max_length=80,
        help=_("Begin with the short list. One sign is enough. Open a further list only if it helps."),
    )  # fmt: skip
    source: str | None = asked(
        Category.EXP, _("How do you know of what you ticked?"), default=None, widget="choice",
        choices=SOURCES, help=_("You can change it for each sign on the next page."),
    )  # fmt: skip

"""What comes in: who may write an invented case, and whom it tells of."""

from typing import Any
from uuid import UUID

from app.kit.i18n import _
from app.safeguards.fields import Form, asked
from app.safeguards.words import Category
from app.tracks.answers import SHORT, Answers, choice
from app.tracks.codes import GENDER, LANGUAGES, NATIONALITIES, REGIONS

ID, SVC = Category.ID, Category.SVC
STORIES = {
    "work": _("Work that was not paid"),
    "debt": _("Held by a debt"),
    "papers": _("Papers taken away"),
}
SIGNS = {
    "work": ["ilo.wages", "ilo.conditions"],
    "debt": ["ilo.debt", "ilo.threats"],
    "papers": ["ilo.documents", "ilo.isolation"],
}
# What a referral says beside it, as many do: nothing in it calls for anybody.
SAID: dict[str, Any] = {
    "age_class": "adult", "immediate_safety": "safe", "immediate_needs": ["none"], "urgency": "later",
    "reason": "AdditionalServicesRequired", "interpreter": "yes",
    "shared_categories": ["ID", "CON", "NAT", "EXP", "SVC"],
    "safe_contact": [{"channel": "through_referrer", "safe": "yes"}],
    "consent": "yes", "consent_explained": "yes", "consent_notice": "yes",
}  # fmt: skip


class Permit(Form):
    """Who is trusted with writing an invented case."""

    user_id: UUID = asked(
        SVC, _("Who writes it?"), widget="user", help=_("A colleague who does such work every day.")
    )


class InventedPerson(Answers):
    """A person who does not exist: nobody’s name, and nobody’s story."""

    given_names: str = asked(ID, _("Given names"), max_length=SHORT)
    family_names: str = asked(
        ID, _("Family names"), max_length=SHORT, help=_("Of nobody whom you know, or know of."),
    )  # fmt: skip
    born_in: int = asked(ID, _("Year of birth"), widget="number", ge=1940, le=2006)
    gender: str = choice(ID, _("Gender"), GENDER, default=...)
    nationality: str = choice(Category.NAT, _("Nationality"), NATIONALITIES, default=..., widget="select")
    language: str = choice(ID, _("Language"), LANGUAGES, default=..., widget="select")
    region: str = choice(SVC, _("Region"), REGIONS, default=...)
    story: str = choice(Category.EXP, _("What happened to the person?"), STORIES, default=...)
    partner_id: UUID | None = asked(
        SVC, _("Which other organisation should see it among its cases?"), default=None, widget="organisation",
        help=_("Leave it empty if only your own should."),
    )  # fmt: skip

    def as_referral(self) -> dict[str, Any]:
        """Return the answers of a referral of this person."""
        return {
            **SAID, "given_names": self.given_names, "family_names": self.family_names,
            "born_on": {"year": self.born_in}, "gender": self.gender, "nationalities": [self.nationality],
            "language": self.language, "current_region": self.region,
            "indicators": [{"source": "told", "signs": SIGNS[self.story]}],
        }  # fmt: skip

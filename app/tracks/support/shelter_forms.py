"""What the steps of a placement ask; the request speaks of needs alone, where somebody is stays sealed."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import Answers, account, choice, line, ticks
from app.tracks.codes import (
    AGE_CLASS,
    LANGUAGES,
    REGIONS,
    RISK,
    SECURITY,
    URGENCY,
    YES_NO,
    YES_NO_UNKNOWN,
)
from app.tracks.support import shelter_codes as codes

SVC, LOC = Category.SVC, Category.LOC
CLOCKS = _("The clocks of the placement depend on it")
OPAQUE = _("An opaque code, by which the place is held")


def _place(label: str) -> Any:
    return asked(
        LOC, label, widget="shelter_place", clear=OPAQUE, help=_("By its code; no address is shown.")
    )


class RequestPlace(Answers):
    """Ask for a place by what the person needs; nothing here says who she is (INV-01)."""

    house: str = choice(SVC, _("What kind of house?"), codes.HOUSES, default=..., minimal=True)
    age: str = choice(SVC, _("Age"), AGE_CLASS, default=..., minimal=True)
    people: int = asked(
        SVC, _("How many people, children included?"), default=1, widget="number", ge=1, le=15, minimal=True
    )
    children_ages: str | None = line(
        SVC, _("Ages of the children"), max_length=100, minimal=True, help=_("Such as “4 and 9”. No names.")
    )
    access: tuple[str, ...] = ticks(SVC, _("Disability and access"), codes.ACCESS, minimal=True)
    access_details: str | None = line(
        SVC, _("More about access"), max_length=1000, minimal=True,
        help=_("Such as ground floor or a quiet room. Nothing of the illness itself."),
    )  # fmt: skip
    pets: str | None = choice(SVC, _("Does an animal come along?"), YES_NO_UNKNOWN, minimal=True)
    security: str = choice(
        SVC, _("How much protection?"), SECURITY, default="ordinary", minimal=True,
        help=_("As much as the danger asks for: more protection can mean less freedom."),
    )  # fmt: skip
    avoid_regions: tuple[str, ...] = ticks(
        SVC, _("Where is it not safe?"), REGIONS, _("Those parts of the country are left out."), minimal=True
    )
    urgency: str = choice(SVC, _("How soon?"), URGENCY, default=..., minimal=True, clear=CLOCKS)
    language: str = choice(SVC, _("Language"), LANGUAGES, default=..., minimal=True)
    shelters_asked: tuple[UUID, ...] = asked(
        SVC, _("Which organisations are asked?"), default=(), widget="organisation", max_length=10,
        minimal=True, help=_("They see these needs, and not who it is."),
    )  # fmt: skip
    note: str | None = line(
        SVC, _("Anything else that the house should know?"), _("No name, and nothing of what happened."),
        max_length=2000, minimal=True,
    )  # fmt: skip


class OfferPlace(Answers):
    """Offer a place by its code."""

    place_id: UUID = _place(_("Which place?"))
    capability_match: str = choice(SVC, _("What does it offer of what is needed?"), codes.FIT, default=...)
    what_lacks: str | None = line(
        SVC, _("What is lacking?"), max_length=1000, when=("capability_match", ("most", "tonight")),
        help=_("Such as “no lift” or “no cot until Friday”."),
    )  # fmt: skip
    house_rules_language: str = choice(
        SVC, _("In which language are the house rules explained?"), LANGUAGES, default=...
    )
    housed_with: str = choice(SVC, _("With whom would the person live?"), codes.HOUSED_WITH, default=...)
    best_interests_on: date | None = asked(
        Category.CHI, _("Day of the best interests assessment of the child"), default=None, widget="date",
        when=("housed_with", ("adults",)),
    )  # fmt: skip


class NoPlace(Answers):
    """Say that there is none now; the request stays and others are asked."""

    since: date | None = asked(SVC, _("Since when?"), default=None, widget="date")
    code: str | None = choice(SVC, _("Why?"), codes.NO_PLACE)


class PlacePerson(Answers):
    """Say that the person has arrived, and what was done on arrival (OSCE Action Plan V.4.1)."""

    placed_on: date = asked(SVC, _("Day of arrival"), widget="date", minimal=True)
    rights_information: str = choice(SVC, _("Were the person’s rights explained?"), YES_NO, default=...)
    advice_offered: str = choice(SVC, _("Was independent advice offered?"), YES_NO, default=...)
    medical_checked: str = choice(
        SVC, _("Was it asked whether a doctor is needed at once?"), YES_NO, default=...
    )
    reflection_offered: str = choice(
        SVC, _("Was the time to recover and reflect explained?"), YES_NO, default=...
    )
    consent: str = choice(Category.CNS, _("Does the person agree to stay here?"), YES_NO, default=...)
    room: str | None = line(LOC, _("Room"), help=_("Its number or name; no address."))


class DeclineOffer(Answers):
    """The person does not want the place; nobody asks why."""

    declined_on: date = asked(
        SVC, _("Day"), widget="date", minimal=True, help=_("No reason is asked. For example, 27 3 2007")
    )
    other_help_offered: str = choice(SVC, _("Was other help with housing offered?"), YES_NO, default=...)


class AskTransfer(Answers):
    """Ask for another place."""

    reason: str = choice(SVC, _("Why?"), codes.TRANSFER, default=..., minimal=True)
    safe_now: str = choice(
        SVC, _("Is the person safe here until then?"), YES_NO_UNKNOWN, default=..., minimal=True
    )
    safety_details: str | None = account(
        SVC, _("What is the danger?"), help=_("Such as somebody in the house, or a car outside. No address.")
    )
    shelters_asked: tuple[UUID, ...] = asked(
        SVC, _("Which organisations are asked?"), default=(), widget="organisation", max_length=10,
        minimal=True, help=_("They see these needs, and not who it is."),
    )  # fmt: skip


class TransferPerson(Answers):
    """Say that the person lives in the new place."""

    place_id: UUID = _place(_("Which new place?"))
    transferred_on: date = asked(SVC, _("Day"), widget="date", minimal=True)


class ProtectiveMeasure(Answers):
    """A measure for a child that child protection has decided; whoever lives here as an adult is free (INV-19)."""

    measure: str = choice(Category.CHI, _("Which measure?"), codes.MEASURES, default=...)
    authority: str = line(
        Category.CHI, _("Which child protection authority decided it?"), default=..., min_length=1,
        help=_("Its name and town. Those who run the house cannot decide it."),
    )  # fmt: skip
    decision: str = line(
        Category.CHI, _("Reference of the decision"), default=..., min_length=1,
        help=_("Its number and date, as on the paper."),
    )  # fmt: skip
    decided_on: date = asked(Category.CHI, _("Day of the decision"), widget="date")
    measure_review_on: date = asked(
        Category.CHI, _("When is this looked at again?"), widget="date", clear=CLOCKS
    )
    childs_view: str = account(
        Category.CHI, _("What does the child say?"), default=..., min_length=1,
        help=_("In the child’s own words; if too young, what the child showed."),
    )  # fmt: skip


class LeaveShelter(Answers):
    """Leave; an adult needs nobody’s approval, and no reason is good or bad (INV-19)."""

    code: str = choice(SVC, _("Where to, or why?"), codes.EXIT, default=..., minimal=True)
    new_offer: str | None = choice(
        SVC, _("Which other place was offered?"), codes.NEW_OFFER, when=("code", ("safety",)), minimal=True,
        validate_default=True,
    )  # fmt: skip
    left_on: date | None = asked(SVC, _("Day"), default=None, widget="date", minimal=True)
    where_to: str | None = line(
        LOC, _("Where to?"), _("Only if the person wishes us to know."), max_length=1000
    )

    @field_validator("new_offer", mode="after")
    @classmethod
    def no_end_without_an_offer(cls, value: str | None, info: ValidationInfo) -> str | None:
        """Ask which other place was offered where a house ends a stay for safety."""
        if info.data.get("code") == "safety" and value is None:
            raise PydanticCustomError("unanswered", "Say which other place was offered")
        return value


class NotBack(Answers):
    """The person did not come back as agreed; this begins a search for a child, a call for an adult."""

    last_seen_at: datetime = asked(LOC, _("When was the person last seen?"), widget="date")
    last_seen_where: str | None = account(
        LOC, _("Where, and with whom?"),
        help=_("Such as “bus stop, with a friend”. No address of the shelter."),
    )  # fmt: skip
    contact_missed: str | None = choice(SVC, _("Was an agreed contact missed?"), YES_NO_UNKNOWN, minimal=True)


class Back(Answers):
    """The person is back; nobody is blamed for having been away."""

    back_at: datetime | None = asked(SVC, _("When?"), default=None, widget="date", minimal=True)
    note: str | None = line(
        SVC, _("How is the person?"), max_length=2000,
        help=_("What is needed now. Nobody has to give an account."),
    )  # fmt: skip


class DeclareMissing(Answers):
    """The person is missing; the timer says so for a child."""

    risk: str = choice(
        SVC, _("How great is the risk?"), RISK, default="high", minimal=True,
        help=_("If you hesitate between two, take the higher."),
    )  # fmt: skip
    details: str | None = account(
        LOC, _("What is known of where the person may be?"),
        help=_("Places and people they spoke of. No address of the shelter."),
    )  # fmt: skip


class ClosePlace(Answers):
    """Give the place to somebody else; a way back stays open by a new request."""

    code: str = choice(SVC, _("Why?"), codes.EXIT, default=..., minimal=True)

"""What never leaves and never enters: an identity in public, an image of abuse, a measure that holds an adult."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.kit.errors import Fault
from app.kit.i18n import _
from app.procedure.facts import Facts
from app.procedure.refusal import refuse
from app.safeguards.words import Category

PRIVATE_LIFE = "OSCE Action Plan V.7.4; OSCE Addendum 12; CETS 197 art. 11"
NO_IMAGES = "OSCE Addendum 13"
FREE_TO_GO = "OSCE Action Plan IV.5.2"
TELLING = ("identity", "free_text", "image", "exact_date")  # whatever could tell who somebody is


@dataclass(frozen=True)
class Upload:
    """What is known of a file before it is taken in."""

    kind: str  # "image", "video", "text", ...
    shows_abuse: bool = False  # flagged by whoever sends it, or detected


def publication_refused(
    facts: Facts, categories: Iterable[Category], contents: Iterable[str] = ()
) -> Fault | None:
    """INV-13: only counts are published; for a child no consent can change that."""
    if not set(categories) - {Category.STA} and not set(contents) & set(TELLING):
        return None
    if facts.is_child:
        return refuse(
            _("A child’s identity is not published, and no consent can allow it"), rule="INV-13",
            source=PRIVATE_LIFE, unblock=_("Nothing: choose another purpose"),
        )  # fmt: skip
    return refuse(
        _("What is published holds no identity, free text, image or exact date"), rule="INV-13",
        source=PRIVATE_LIFE, unblock=_("Counts without persons"),
    )  # fmt: skip


def upload_refused(upload: Upload) -> Fault | None:
    """INV-23: images of the abuse of a child are never taken in; only a reference number may stand."""
    if not upload.shows_abuse:
        return None
    return refuse(
        _("Images of abuse are not kept here: write down the reference number that the police gave"),
        rule="INV-23", source=NO_IMAGES, unblock=_("The reference number alone"),
    )  # fmt: skip


def held_refused(facts: Facts, form: Any) -> Fault | None:
    """INV-19: no measure keeps an adult in a house; for a child only one that child protection decided, for a time."""
    if not facts.is_child:
        return refuse(
            _("An adult leaves when they wish: there is no measure to record"), rule="INV-19",
            source=FREE_TO_GO, unblock=_("Nothing: an adult is free to go"),
        )  # fmt: skip
    if form is None or form.measure_review_on > facts.today:
        return None
    return refuse(
        _("A protective measure for a child has a day in the future on which it is looked at again"),
        field="measure_review_on", rule="INV-19", source=FREE_TO_GO, unblock=_("The day of the review"),
    )  # fmt: skip

"""How a form asks whether a child, and whoever acts for the child, was heard."""

from typing import Any

from app.kit.i18n import _
from app.safeguards.fields import asked
from app.safeguards.words import Category
from app.tracks.answers import choice

CHILDS_VIEW = {
    "agrees": _("The child agrees"),
    "too_young": _("The child is too young to say"),
    "disagrees": _("The child does not agree"),
}


def guardian_was_heard() -> Any:
    """Declare whether the guardian was heard (INV-07); the type of the field is `bool | None`."""
    return asked(
        Category.CHI, _("Was the guardian heard?"), default=None, widget="yes_no",
        help=_("Only for a child."),
    )  # fmt: skip


def childs_own_view() -> Any:
    """Declare what the child says; the type of the field is `str | None`."""
    return choice(
        Category.CHI, _("What does the child say?"), CHILDS_VIEW, help=_("Only for a child, by maturity.")
    )

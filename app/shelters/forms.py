"""What comes in about houses, and what is written of where somebody lives."""

from app.kit.i18n import _
from app.safeguards.fields import Form, asked
from app.safeguards.words import Category


class HouseAddress(Form):
    """Where a house is: sealed, and read by its own staff only (INV-12; OSCE Action Plan V.4.3)."""

    address: str = asked(Category.LOC, _("Address"), widget="area", max_length=1000, minimal=True)
    telephone: str | None = asked(
        Category.LOC, _("Telephone of the house"), default=None, max_length=60, minimal=True
    )
    arrival: str | None = asked(
        Category.LOC, _("How to arrive safely"), default=None, widget="area", max_length=2000, minimal=True
    )


class Whereabouts(HouseAddress):
    """Where the person lives now: the house's address, written into the case when she is placed."""

    place: str = asked(Category.LOC, _("Place"), max_length=60, minimal=True)


class AddPlace(Form):
    """One place more in a house."""

    sleeps: int = asked(Category.STA, _("For how many people?"), widget="number", ge=1, le=12)

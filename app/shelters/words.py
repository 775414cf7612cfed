"""What the codes of shelters are called on pages."""

from app.kit.i18n import _, translate
from app.shelters.queries import House, PlaceSeen

STATES = {"free": _("free"), "held": _("held for somebody"), "occupied": _("occupied")}
OFFERS = {
    "women": _("women"), "men": _("men"), "children": _("children"), "accessible": _("without steps"),
}  # fmt: skip
PROTECTED = {"raised": _("raised protection"), "high": _("high protection")}


def offered(seen: House | PlaceSeen, language: str) -> str:
    """Return whom a house is for and what it offers, in a few words."""
    words = [word for name, word in OFFERS.items() if getattr(seen, name)]
    if seen.security in PROTECTED:
        words.append(PROTECTED[seen.security])
    return ", ".join(translate(each, language) for each in words)


def coded(place: PlaceSeen, language: str) -> str:
    """Return a place as it is chosen from a list: its code, whom it is for, how many sleep there."""
    text = translate(_("{code}: {offer}; sleeps {count}"), language)
    return text.format(code=place.code, offer=offered(place, language), count=place.sleeps)

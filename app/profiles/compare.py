"""What a profile changes against the floor, for people to read, in both languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import yaml
from babel import Locale

from app.kit.i18n import _, translate
from app.profiles.citation import cited
from app.profiles.profile import FLOOR, HERE, Number, Profile, load

UNITS = {
    "minutes": _("minutes"),
    "hours": _("hours"),
    "working_hours": _("working hours"),
    "days": _("days"),
    "working_days": _("working days"),
    "months": _("months"),
    "years": _("years"),
    "thirds": _("thirds"),
    "attempts": _("attempts"),
    "children": _("children"),
    "interviews": _("interviews"),
    "members": _("members"),
    "yes_no": _("yes (1) or no (0)"),
}


@dataclass(frozen=True)
class Change:
    """A number that a profile sets otherwise than the floor does."""

    key: str
    floor: Number
    own: Number


def changes(profile: Profile) -> list[Change]:
    """Return the numbers that differ from the floor that the profile was written on, in the floor's order."""
    floor = load(FLOOR, profile.floor)
    return [
        Change(key, floor.numbers[key], own)
        for key, own in profile.numbers.items()
        if key in floor.numbers and own.value != floor.numbers[key].value
    ]


def shown_name(profile: Profile, language: str) -> str:
    """Return the name of a profile: of the floor, or of the country as the Unicode CLDR names it."""
    if profile.code == FLOOR:
        return translate(_("Council of Europe floor"), language)
    return str(Locale.parse(language).territories[profile.country])


def comparison(profile: Profile, language: str) -> Iterator[str]:
    """Yield the lines that say what a profile changes, each with its source and the day it was read."""
    yield f"{shown_name(profile, language)} ({profile.code} {profile.version}; {profile.country}, {profile.zone})"
    yield ""
    found = changes(profile)
    yield translate(_("Changed against the floor:") if found else _("Every number is the floor’s."), language)
    for each in found:
        before, now = _amount(each.floor, language), _amount(each.own, language)
        yield f"  {title(each.key, language)} ({each.key}): {before} → {now}"
        yield f"    {_where(each.own.source, each.own.as_of.isoformat(), language)}"
    if profile.notes:
        yield ""
        yield translate(_("To know besides; no rule depends on it:"), language)
    for note in profile.notes:
        yield f"  {note.fr if language == 'fr' else note.en}"
        yield f"    {_where(note.source, note.as_of.isoformat(), language)}"


@cache
def _titles() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = yaml.safe_load((HERE / "words" / "titles.yaml").read_text("utf-8"))
    return found


def title(key: str, language: str) -> str:
    """Return what a number is, in words; one that no rule asks for by itself has its key alone."""
    return _titles().get(key, {}).get(language, key)


def _amount(number: Number, language: str) -> str:
    if number.unit == "yes_no":
        return translate(_("yes") if number.value else _("no"), language)
    return f"{number.value} {translate(UNITS[number.unit], language)}"


def _where(source: str, day: str, language: str) -> str:
    return translate(_("{source}, read on {day}"), language).format(source=cited(source, language), day=day)

"""Countries and languages by code, named by the Unicode CLDR in any language; unknown is among them."""

import unicodedata
from collections.abc import Callable
from functools import cache

from babel import Locale

from app.kit.i18n import _, translate

UNKNOWN = "unknown"
STATELESS = "stateless"
SIGNED = "sgn"  # ISO 639-2 for sign languages; CLDR names single ones only
_NOT_SPOKEN = {"und", "zxx", "mul", "root"}
_NOT_A_STATE = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ", "CP", "AC", "DG", "EA", "IC", "TA", "CQ"}


class Names(dict[str, str]):
    """Codes with their English names, which know their names in other languages too."""

    def __init__(self, named: Callable[[str], dict[str, str]]) -> None:
        """Keep the function that names the codes in a language."""
        super().__init__(named("en"))
        self.shown = named


@cache
def countries(language: str) -> dict[str, str]:
    """Return ISO 3166 codes with their names in the language asked for, in its alphabetical order."""
    names = {
        code: name
        for code, name in _named("territories", language).items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_A_STATE
    }
    return {**_ordered(names), UNKNOWN: translate(_("Not known"), language)}


@cache
def nationalities(language: str) -> dict[str, str]:
    """Return what a person may be a national of: a country, none at all, or not known."""
    return {STATELESS: translate(_("Stateless"), language), **countries(language)}


@cache
def languages(language: str) -> dict[str, str]:
    """Return ISO 639 codes with their names in the language asked for, in its alphabetical order."""
    names = {
        code: name
        for code, name in _named("languages", language).items()
        if len(code) <= 3 and code not in _NOT_SPOKEN
    }
    signed = {SIGNED: translate(_("A sign language"), language)}
    return {**_ordered(names), **signed, UNKNOWN: translate(_("Not known"), language)}


def _named(what: str, language: str) -> dict[str, str]:
    # Some languages have no name for a code; the English one is better than a gap in the list.
    own, english = (getattr(Locale.parse(each), what) for each in (language, "en"))
    return {code: own.get(code, name) for code, name in english.items()}


def _ordered(names: dict[str, str]) -> dict[str, str]:
    return dict(sorted(names.items(), key=lambda item: _plain(item[1])))


def _plain(text: str) -> str:
    # Without accents, so that "Émirats" stands with E: good enough for a list that is searched by typing.
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()

"""Signs of trafficking and what they point to: advice that decides nothing and stands against no referral.

Operational indicators of the International Labour Office and the European Commission (2009), and the eleven
signs of forced labour of the ILO. Deciding by machine alone is ruled out by GDPR article 22 and by
Directive (EU) 2016/680 article 11.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.kit.i18n import _
from app.kit.places import Names

FILE = Path(__file__).parent / "indicators.yaml"


@dataclass(frozen=True)
class Dimension:
    """What was ticked in one of the six dimensions, and whether that is enough to call it positive."""

    code: str
    ticked: tuple[str, ...]
    positive: bool


@dataclass(frozen=True)
class Advice:
    """What the ticks point to, in plain words; whoever reads it decides."""

    text: str  # marked
    points_to_trafficking: bool
    ask_further: bool  # a sign of the short list was ticked and the long list was not yet
    dimensions: tuple[Dimension, ...]
    version: int
    source: str


@cache
def _rules() -> Any:
    return yaml.safe_load(FILE.read_text("utf-8"))


def labels(language: str) -> dict[str, str]:
    """Return every indicator's code and words: the short list, then the six dimensions."""
    rows = [*_rules()["short_list"], *(row for each in _rules()["dimensions"] for row in each["indicators"])]
    return _named(rows, language)


def short_list(language: str) -> dict[str, str]:
    """Return the eleven signs with which to begin, and room for another concern."""
    return _named(_rules()["short_list"], language)


def dimensions(language: str) -> dict[str, str]:
    """Return the six dimensions and their words."""
    return _named(_rules()["dimensions"], language)


def signs_of(dimension: str) -> Names:
    """Return the indicators of one dimension."""
    rows = next(each["indicators"] for each in _rules()["dimensions"] if each["code"] == dimension)
    return Names(lambda language: _named(rows, language))


def _named(rows: Iterable[Any], language: str) -> dict[str, str]:
    return {row["code"]: row[language if language in row else "en"] for row in rows}


INDICATORS = Names(labels)
SHORT_LIST = Names(short_list)


def advise(ticks: Iterable[str], *, is_child: bool) -> Advice:
    """Return what the ticked codes point to; for a child the means do not matter (CETS 197 art. 4c)."""
    ticked = set(ticks)
    found = tuple(_weigh(each, ticked, is_child) for each in _rules()["dimensions"])
    positive = {each.code for each in found if each.positive}
    points = "exploitation" in positive and (is_child or len(positive) > 1)
    shortly = any(code in ticked for code in short_list("en"))
    longer = any(each.ticked for each in found)
    return Advice(_words(points, shortly or longer), points, shortly and not longer, found,
                  _rules()["version"], _rules()["source"])  # fmt: skip


def _weigh(dimension: Any, ticked: set[str], is_child: bool) -> Dimension:
    hits = [row for row in dimension["indicators"] if row["code"] in ticked]
    count = Counter(row["strength"] for row in hits) + Counter({"any": len(hits)})
    ways = _rules()["thresholds"]["child" if is_child else "adult"]
    positive = any(all(count[kind] >= least for kind, least in way.items()) for way in ways)
    return Dimension(dimension["code"], tuple(row["code"] for row in hits), positive)


def _words(points: bool, any_sign: bool) -> str:
    if points:
        return _("The signs together point to trafficking. You decide: refer if you have any concern.")
    if any_sign:
        return _("There are signs, too few to say more. That never stands against a referral: you decide.")
    return _("No sign is ticked. People often cannot tell at first. You may refer on your concern alone.")

"""How alike two records of a person are, worked out in memory from what the reader may see of both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

from pydantic import BaseModel
from rapidfuzz.distance import OSA, JaroWinkler

from app.kit.sounds import skeleton, words
from app.kit.values import PartialDate
from app.safeguards.traits import Traits, as_contact, as_date, as_number, declared, traits

SUGGESTED = 0.82  # from here on two records are said to be alike: of new people, one in fifty is, wrongly
SHOWN = 0.6  # whoever searches sees more, and judges
CLOSE = 0.86  # two words that are less alike than this are two words


@dataclass(frozen=True)
class Likeness:
    """What of a person is compared; `names` are as they were written."""

    names: tuple[str, ...]
    born: PartialDate | None = None
    sex: str | None = None
    numbers: frozenset[str] = frozenset()

    @property
    def words(self) -> tuple[str, ...]:
        """Return the words of all names in Latin letters."""
        return tuple(dict.fromkeys(word for name in self.names for word in words(name)))

    def traits(self) -> Traits:
        """Return by what it can be looked for."""
        return traits(self.names, self.born, self.sex, self.numbers)


def likeness_of(form: type[BaseModel], fields: Mapping[str, Any]) -> Likeness:
    """Return what is compared of a record as it was opened, in the fields of its form."""
    said = list(declared(form, fields))
    numbers = {as_contact(str(value)) for about, value in said if about.found_by == "contact"}
    numbers |= {as_number(str(value)) for about, value in said if about.found_by == "number"}
    return Likeness(
        names=tuple(str(value) for about, value in said if about.found_by == "name"),
        born=next((as_date(value) for about, value in said if about.found_by == "born"), None),
        sex=next((str(value) for about, value in said if about.found_by == "sex"), None),
        numbers=frozenset(each for each in numbers if each),
    )


def alike(ours: Likeness, theirs: Likeness) -> float:
    """Return how alike two records are, up to 1; a number that is one person's alone settles it."""
    if ours.numbers & theirs.numbers:
        return 1.0
    share, close = _names(ours.words, theirs.words)
    if not share:  # a whole date alone is little, and nothing else to go by
        share = 0.5 if ours.born == theirs.born else 0.0
    dated = _dates(ours.born, theirs.born)
    said = (0.62 if close > 1 else 0.5) * share + (0.13 if dated is None else 0.34 * dated)
    if ours.sex and theirs.sex:
        said += 0.04 if ours.sex == theirs.sex else -0.12
    return max(0.0, min(1.0, said))


def _names(ours: Iterable[str], theirs: Iterable[str]) -> tuple[float, int]:
    """Return how alike the words of two names are, each matched once, and how many of them are close."""
    fewer, more = sorted((tuple(ours), tuple(theirs)), key=len)
    if not fewer:
        return 0.0, 0
    best = sorted(((_word(*pair), *pair) for pair in product(fewer, more)), reverse=True)
    left, right, found = set(fewer), set(more), []
    for share, mine, other in best:
        if mine in left and other in right:
            left.discard(mine)
            right.discard(other)
            found.append(share)
    return sum(found) / len(fewer), sum(share >= CLOSE for share in found)


@lru_cache(maxsize=100_000)
def _word(ours: str, theirs: str) -> float:
    """Return how alike two words are, by their letters or by their sounds."""
    one, other = skeleton(ours), skeleton(theirs)
    letters = JaroWinkler.similarity(ours, theirs)
    if one and one == other:
        return max(letters, 0.95 if len(one) > 1 else 0.85)
    return max(letters, OSA.normalized_similarity(one, other)) if min(len(one), len(other)) > 3 else letters


def _dates(ours: PartialDate | None, theirs: PartialDate | None) -> float | None:
    """Return how well two dates agree, from -1 to 1, in what both know; None where that is nothing."""
    if ours is None or theirs is None:
        return None
    said = [each for each in (_years(ours, theirs), _days(ours, theirs)) if each is not None]
    return sum(said) / len(said) if said else None


def _years(ours: PartialDate, theirs: PartialDate) -> float | None:
    if ours.year is None or theirs.year is None:
        return None
    return {0: 1.0, 1: 0.5}.get(abs(ours.year - theirs.year), -1.0)


def _days(ours: PartialDate, theirs: PartialDate) -> float | None:
    if ours.month is None or theirs.month is None:
        return None
    if ours.day is None or theirs.day is None:
        swapped = theirs.month in (ours.day, ours.month) or ours.month in (theirs.day, theirs.month)
        return 1.0 if swapped else -0.5
    if (ours.month, ours.day) == (theirs.month, theirs.day):
        return 1.0
    if {ours.month, ours.day} == {theirs.month, theirs.day}:
        return 0.9
    return 0.1 if ours.month == theirs.month or ours.day == theirs.day else -1.0

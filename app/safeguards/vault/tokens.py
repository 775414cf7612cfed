"""Search tokens: keyed, drawn from two facts of a person at a time, cut so short that each stands for several."""

import hmac
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from app.safeguards.canonical import packed
from app.safeguards.traits import Traits

LABEL = b"nrm search 1"
WHOLE = 64  # bits of a token before it is cut; those of numbers stay whole
FEWEST, MOST = 4, 40  # bits that a cut token may have
MASK = (1 << WHOLE) - 1
SEXES: tuple[str | None, ...] = (None, "Feminine", "Masculine")
RARE = 3  # records with the same two names; more, and two names without a date say little


def planned(tokens: int) -> int:
    """Return how many bits each token may have in a register of so many, so that each covers two on average."""
    return min(MOST, max(FEWEST, tokens.bit_length() - 2))


def cut(token: int, bits: int) -> int:
    """Return the first bits of a token, as a signed number that the database can hold."""
    if bits == WHOLE:
        return token - (1 << WHOLE) if token >> (WHOLE - 1) else token
    return (token & MASK) >> (WHOLE - bits)


@dataclass(frozen=True)
class Blind:
    """Turns facts into tokens under the register's key; nothing leads back without it."""

    key: bytes

    def __repr__(self) -> str:
        return "Blind()"

    def _token(self, kind: str, *facts: object) -> int:
        said = packed(LABEL, kind.encode(), *(str(each).encode() for each in facts))
        return int.from_bytes(hmac.digest(self.key, said, "sha256")[:8])

    def kept(self, of: Traits) -> frozenset[int]:
        """Return the tokens under which a record can be found, whole."""
        sexes = (of.sex if of.sex in SEXES else None,)
        return frozenset((*self._pairs(of), *self._dated(of, [of.year] if of.year else [], sexes)))

    def asked(self, of: Traits) -> frozenset[int]:
        """Return the tokens to look for: a year more or less, and whoever's sex was not written down."""
        years = [of.year - 1, of.year, of.year + 1] if of.year else []
        sexes = (of.sex, None) if of.sex in SEXES[1:] else SEXES
        return frozenset((*self._pairs(of), *self._dated(of, years, sexes)))

    def numbers(self, of: Traits) -> frozenset[int]:
        """Return the tokens of numbers that are one person's alone."""
        return frozenset(self._token("number", each) for each in of.numbers)

    def _pairs(self, of: Traits) -> Iterator[int]:
        yield from (self._token("pair", *pair) for pair in combinations(sorted(of.sounds), 2))

    def _dated(self, of: Traits, years: list[int], sexes: tuple[str | None, ...]) -> Iterator[int]:
        yield from (self._token("year", *each) for each in product(of.sounds, years))
        if of.days:
            yield from (self._token("days", sound, *of.days) for sound in of.sounds)
        if of.full:
            yield from (self._token("full", of.year, of.month, of.day, sex) for sex in sexes)

    def marks(self, of: Traits) -> dict[str, Any]:
        """Return what two records are compared by without opening either: single facts, keyed, whole.

        They would give names away by their frequency, so they stand in a sealed part and nowhere else.
        """
        near = [self._token("born", of.year + each) for each in (-1, 1)] if of.year else []
        return {
            "names": sorted(self._token("name", each) for each in of.sounds),
            "long": sorted(self._token("name", each) for each in of.sounds if len(each) > 1),
            "pairs": sorted(self._pairs(of)),
            "year": self._token("born", of.year) if of.year else None,
            "near": near,
            "days": self._token("on", *of.days) if of.days else None,
            "full": self._token("whole", of.year, of.month, of.day) if of.full else None,
            "sex": self._token("sex", of.sex) if of.sex in SEXES[1:] else None,
        }


def same(ours: Mapping[str, Any], theirs: Mapping[str, Any], common: Mapping[int, int]) -> bool:
    """Say whether two records are so alike that their teams should talk; `common`: how many share a pair of names."""
    years = _years(ours, theirs)
    days = _agree(ours["days"], theirs["days"])
    if years is False or days is False or _agree(ours["sex"], theirs["sex"]) is False:
        return False
    if ours["full"] and ours["full"] == theirs["full"] and set(ours["long"]) & set(theirs["long"]):
        return True
    names = len(set(ours["names"]) & set(theirs["names"]))
    if names < 2:
        return False
    if years and days:
        return True
    shared = min((common.get(each, 0) for each in set(ours["pairs"]) & set(theirs["pairs"])), default=0)
    if names > 2:
        return bool(years or days) or shared <= 3 * RARE
    return shared <= (3 * RARE if years and ours["year"] == theirs["year"] else RARE)


def _agree(ours: int | None, theirs: int | None) -> bool | None:
    return None if ours is None or theirs is None else ours == theirs


def _years(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool | None:
    agreed = _agree(ours["year"], theirs["year"])
    return agreed if agreed is not False else theirs["year"] in ours["near"]


def ranked(rows: Iterable[tuple[Any, Any]], register: int) -> list[tuple[float, Any]]:
    """Return what was found with its weight, the best first: a token counts for more the fewer share it."""
    by_token: dict[Any, list[Any]] = {}
    for token, found in rows:
        by_token.setdefault(token, []).append(found)
    weights: dict[Any, float] = {}
    for sharing in by_token.values():
        for found in sharing:
            weights[found] = weights.get(found, 0.0) + math.log(1 + register / len(sharing))
    return sorted(((weight, found) for found, weight in weights.items()), key=lambda each: -each[0])

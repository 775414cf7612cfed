"""A register of people in memory, indexed by the very functions that the service indexes with."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from app.cases.likeness import Likeness, alike
from app.kit.values import PartialDate
from app.safeguards.traits import Traits
from app.safeguards.vault.index import MOST
from app.safeguards.vault.tokens import Blind, cut, planned, ranked, same
from benchmarks.three_scripts import Someone

BLIND = Blind(b"a key of the benchmarks, of 32 by")
OPENED = 20


def likeness(person: Someone) -> Likeness:
    """Return what is compared of a person."""
    year, month, day = person.born
    known = any((year, month, day))
    born = PartialDate(year=year, month=month, day=day) if known else None
    return Likeness((person.given, person.family), born, person.sex)


@cache
def traits(person: Someone) -> Traits:
    """Return by what a person is found."""
    return likeness(person).traits()


@dataclass
class Register:
    """Who is kept, under which tokens: whole in `whole`, as the database would hold them in `rows`."""

    people: dict[int, Someone]
    bits: int
    rows: dict[int, frozenset[int]] = field(default_factory=dict)
    held: dict[int, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, people: Iterable[Someone], most: int = MOST) -> "Register":
        """Index people one after another, each token for as many of them as may share it."""
        people = list(people)
        kept = {each.number: BLIND.kept(traits(each)) for each in people}
        made = cls({each.number: each for each in people}, planned(sum(map(len, kept.values()))))
        for number, tokens in kept.items():
            short = {cut(each, made.bits) for each in tokens}
            free = frozenset(each for each in short if len(made.held.get(each, ())) < most)
            for each in free:
                made.held.setdefault(each, []).append(number)
            made.rows[number] = free
        return made

    def candidates(self, asked: Someone) -> list[int]:
        """Return whom the service would open for this question, the best first."""
        short = {cut(each, self.bits) for each in BLIND.asked(traits(asked))}
        rows = ((token, number) for token in short for number in self.held.get(token, ()))
        return [number for _weight, number in ranked(rows, 1 << self.bits)][:OPENED]

    def sharing_with(self, asked: Someone) -> set[int]:
        """Return everybody who shares a token with this question."""
        short = {cut(each, self.bits) for each in BLIND.asked(traits(asked))}
        return {number for token in short for number in self.held.get(token, ())}

    def scored(self, asked: Someone) -> list[tuple[float, int]]:
        """Return the candidates by how alike they are, as the search page orders them."""
        ours = likeness(asked)
        found = [(alike(ours, likeness(self.people[each])), each) for each in self.candidates(asked)]
        return sorted(found, reverse=True)

    def known(self, asked: Someone) -> set[int]:
        """Return of whom another organisation would be told that the person may be known."""
        ours = BLIND.marks(traits(asked))
        common = {pair: len(self.held.get(cut(pair, self.bits), ())) for pair in ours["pairs"]}
        best = self.candidates(asked)
        return {each for each in best if same(ours, self._marks(each), common)}

    def _marks(self, number: int) -> dict[str, Any]:
        return BLIND.marks(traits(self.people[number]))

    def sharing(self) -> Counter[int]:
        """Return how many records stand under each token: what a thief of the database counts."""
        return Counter({token: len(numbers) for token, numbers in self.held.items()})

"""The attack on search tokens: a thief of the database who knows how often every name and date occurs in the country.

One thief matches tokens to plain facts by rank of frequency. Another knows besides how often any two frequent facts
occur together, and swaps guesses until what the database shows fits what is known; a third does the same with facts
that are too rare to meet the limit on how many records may share a token. All guess for every row who it is: a name
counts when all its parts are right, a row when the date of birth is right too.
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from app.safeguards.vault.index import MOST
from app.settings import Settings
from benchmarks.figures import Figure
from benchmarks.register import Register, traits
from benchmarks.three_scripts import Someone, population

PEOPLE = 20_000
FREQUENT = 150  # facts that the second thief arranges
SWAPS = 15_000
Fact = tuple[object, ...]  # kind, then what it says
Held = TypeVar("Held")


def measure(_given: Settings) -> Iterator[Figure]:
    """Yield what the thieves recover of 20,000 people; once without the limit on how many share a token."""
    people = population(PEOPLE)
    for most, aims in ((MOST, (2.0, 0.1)), (len(people), (None, None))):
        where = f"{PEOPLE:,} people" if most == MOST else f"{PEOPLE:,} people, no limit on sharing"
        for thief, reached in attacked(people, most).items():
            yield Figure(f"attack by {thief}, {where}: names", reached.names * 100, "%", aims[0], limit=True)
            yield Figure(f"attack by {thief}, {where}: rows", reached.rows * 100, "%", aims[1], limit=True)
    yield Figure("without any database: the most frequent name guessed for all", prior(people) * 100, "%")


@dataclass(frozen=True)
class Recovered:
    """Shares of people whose whole name, and whose name and date of birth, were guessed."""

    names: float
    rows: float


def attacked(people: list[Someone], most: int = MOST, seed: int = 5) -> dict[str, Recovered]:
    """Return what each thief recovers from the register of these people."""
    chance, register = random.Random(seed), Register.of(people, most)
    facts = {each.number: frozenset(_facts(each)) for each in people}
    seen = _by_frequency(register.sharing(), chance)
    known = Counter(fact for each in facts.values() for fact in each)
    if most < len(people):  # who knows the design knows the limit
        known = Counter({fact: min(most, many) for fact, many in known.items()})
    plain = _by_frequency(known, chance)
    by_rank = dict(zip(seen, plain, strict=False))
    found = {"frequency": _judged(by_rank, register)}
    sharing = register.sharing()
    below = [each for each in seen if sharing[each] < most], [each for each in plain if known[each] < most]
    for thief, (tokens, said) in (
        ("frequency and company", (seen, plain)),
        ("company below the limit", below),
    ):
        guess = _arranged(tokens[:FREQUENT], said[:FREQUENT], register, facts, chance)
        found[thief] = _judged(guess, register)
    return found


def prior(people: Iterable[Someone]) -> float:
    """Return the share of people who bear the most frequent name."""
    names = Counter(frozenset(traits(each).sounds) for each in people)
    return names.most_common(1)[0][1] / names.total()


def _facts(person: Someone) -> Iterator[Fact]:
    of = traits(person)
    yield from (("pair", *pair) for pair in combinations(sorted(of.sounds), 2))
    yield from (("year", each, of.year) for each in of.sounds)
    yield from (("days", each, of.days) for each in of.sounds if of.days)
    if of.full:
        yield ("full", of.year, of.days)


def _by_frequency(counted: Counter[Held], chance: random.Random) -> list[Held]:
    mixed = sorted(counted.items(), key=repr)  # the same at every run
    chance.shuffle(mixed)  # nothing but the frequency may tell
    return [each for each, _many in sorted(mixed, key=lambda item: -item[1])]


def _arranged(
    seen: list[int],
    plain: list[Fact],
    register: Register,
    facts: Mapping[int, frozenset[Fact]],
    chance: random.Random,
) -> dict[int, Fact]:
    """Swap guesses while that brings the company of tokens nearer to the company of facts."""
    size = min(len(seen), len(plain))
    ours, theirs = _company(register.rows.values(), seen[:size]), _company(facts.values(), plain[:size])
    guess = list(range(size))

    def misfit(place: int) -> int:
        row, other = ours[place], theirs[guess[place]]
        return sum(abs(row[each] - other[guess[each]]) for each in range(size))

    for _swap in range(SWAPS):
        one, two = chance.randrange(size), chance.randrange(size)
        before = misfit(one) + misfit(two)
        guess[one], guess[two] = guess[two], guess[one]
        if misfit(one) + misfit(two) > before:
            guess[one], guess[two] = guess[two], guess[one]
    return {token: plain[guess[place]] for place, token in enumerate(seen[:size])}


def _company(rows: Iterable[frozenset[Held]], wanted: list[Held]) -> list[list[int]]:
    """Return how often each two of them stand in one row."""
    places = {each: place for place, each in enumerate(wanted)}
    counted = [[0] * len(wanted) for _each in wanted]
    for row in rows:
        inside = [places[each] for each in row if each in places]
        for one in inside:
            for two in inside:
                counted[one][two] += 1
    return counted


def _judged(guess: Mapping[int, Fact], register: Register) -> Recovered:
    names = rows = 0
    for number, tokens in register.rows.items():
        of, sounds, years, days = (
            traits(register.people[number]),
            Counter[object](),
            Counter[object](),
            Counter[object](),
        )
        for kind, *said in (guess[each] for each in tokens if each in guess):
            if kind != "full":
                sounds.update(said if kind == "pair" else said[:1])
            if kind in {"year", "full"}:
                years[said[-1] if kind == "year" else said[0]] += 1
            if kind in {"days", "full"}:
                days[said[-1]] += 1
        named = {each for each, _many in sounds.most_common(len(of.sounds))} == set(of.sounds)
        names += named
        rows += named and _first(years) == of.year and _first(days) == of.days
    return Recovered(names / len(register.rows), rows / len(register.rows))


def _first(votes: "Counter[object]") -> object:
    return votes.most_common(1)[0][0] if votes else None

"""Every standing that is compared: all sets of up to two relations, and with each what may come with it."""

from collections.abc import Iterator
from itertools import combinations

from app.safeguards.matrix import Standing
from app.safeguards.words import Category, Relation, Role

ROLES = [role for role in Role if role is not Role.SYS]
NONE: frozenset[Category] = frozenset()
ALL = frozenset(Category)
HALF = frozenset(list(Category)[::2])
SETS = [*(frozenset(each) for size in range(3) for each in combinations(Relation, size)), frozenset(Relation)]


def standings() -> Iterator[Standing]:
    """Yield what can tie somebody to a case at one instant; a reason stands only in a row that asks for one."""
    for relations in SETS:
        for lent in (NONE, ALL):
            for timed, glass in _timed(relations):
                yield Standing(relations, lent, timed, glass)
    for relation in Relation:
        yield Standing(frozenset({relation}), HALF)
        yield Standing(frozenset({relation}), ALL - HALF, asylum_open=True)
    yield Standing(frozenset({Relation.EMERGENCY}), NONE, timed_reason=True, emergency=HALF)
    yield Standing(frozenset(), barred=True)


def _timed(relations: frozenset[Relation]) -> Iterator[tuple[bool, frozenset[Category]]]:
    yield False, NONE
    if Relation.EMERGENCY in relations:
        yield True, ALL
    if relations & {Relation.OVERSIGHT, Relation.EMERGENCY}:
        yield True, NONE

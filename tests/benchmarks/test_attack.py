"""The attack harness on a small country; the whole one runs by command."""

import pytest

from benchmarks import attack
from benchmarks.attack import attacked, prior
from benchmarks.register import Register, likeness
from benchmarks.three_scripts import population

PEOPLE = population(700)


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(attack, "FREQUENT", 60)
    monkeypatch.setattr(attack, "SWAPS", 3_000)


def test_a_thief_who_knows_every_frequency_recovers_next_to_nobody():
    reached = attacked(PEOPLE)
    assert len(reached) == 3
    assert max(each.names for each in reached.values()) <= 0.02
    assert max(each.rows for each in reached.values()) <= 2 / len(PEOPLE)
    assert 0 < prior(PEOPLE) < 0.02


def test_the_harness_can_succeed_where_nothing_is_hidden(monkeypatch):
    """Without limit and without cutting, who knows every row's company recovers frequent names."""
    monkeypatch.setattr("benchmarks.register.planned", lambda _tokens: 40)
    bare = max(each.names for each in attacked(PEOPLE, most=len(PEOPLE)).values())
    assert bare > 2 * prior(PEOPLE)


def test_everybody_is_found_as_they_were_written():
    register = Register.of(PEOPLE[:200])
    for each in PEOPLE[:200]:
        assert each.number in register.candidates(each) or not likeness(each).traits().enough

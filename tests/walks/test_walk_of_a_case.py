"""Ten thousand steps of whole cases: by anybody, at any time, and after each the law still holds."""

import os
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.procedure.invariants import INVARIANTS
from app.tracks import TRACKS
from tests.walks import holding
from tests.walks.beginning import begun, made_world
from tests.walks.walk import Walk, Wrong

WALKS = int(
    os.environ.get("NRM_WALKS", "0")
)  # so many by command, each time others; else the same ones always
MOVES = 300
ENOUGH = 10_000
WORLD = made_world()
MOVE = st.lists(st.integers(0, 2**32 - 1), min_size=MOVES, max_size=MOVES)
STEPS = {(track.slug, step.name) for track in TRACKS.values() for step in track.steps}


def test_wherever_a_case_is_led_the_law_holds() -> None:
    taken: Counter[tuple[str, str]] = Counter()
    named: Counter[str] = Counter()

    @settings(max_examples=WALKS or 90, derandomize=not WALKS)
    @given(st.integers(0, 2**20), MOVE)
    def walks(seed: int, moves: list[int]) -> None:
        walk = begun(WORLD, seed)
        _led(walk, moves)
        taken.update(walk.steps)
        named.update(walk.refused)

    walks()
    assert sum(taken.values()) >= ENOUGH
    assert len(taken) >= 0.8 * len(STEPS), f"never taken: {sorted(STEPS - set(taken))}"
    assert len({number for number, each in INVARIANTS.items() if each.check} & set(named)) >= 8


def _led(walk: Walk, moves: list[int]) -> None:
    try:
        for number in moves:
            walk.move(number)
    except Exception as error:
        error.add_note("\n".join(walk.diary))
        raise


def test_every_invariant_is_looked_at_after_every_step() -> None:
    assert set(holding.HOLDS) == set(INVARIANTS)


@pytest.mark.parametrize("number", ["INV-05", "INV-07", "INV-20", "INV-27"])
def test_a_walk_notices_when_a_rule_is_gone(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A law with a hole in it: the same walks must fall into it."""
    monkeypatch.setitem(INVARIANTS, number, replace(INVARIANTS[number], check=None))
    with pytest.raises(Wrong, match=number):
        _lead_many()


def _lead_many() -> None:
    for seed in range(40):
        _led(begun(WORLD, seed), [seed * MOVES + turn + 1 for turn in range(MOVES)])

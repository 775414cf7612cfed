"""The benchmarks judge what they measure rightly; what they measure is never a test."""

import importlib

import pytest

from benchmarks import fuzz, run
from benchmarks.figures import Figure, markdown, table
from benchmarks.memory import slope
from benchmarks.serving import median


@pytest.mark.parametrize(
    ("reached", "limit", "verdict"),
    [(4, False, "met"), (3, False, "missed"), (4, True, "met"), (5, True, "missed")],
)
def test_an_aim_is_a_floor_or_a_limit(reached, limit, verdict):
    assert Figure("what", reached, aim=4, limit=limit).verdict() == verdict


def test_a_figure_stands_beside_its_aim_in_both_tables():
    figures = [Figure("a share", 0.66, aim=0.6), Figure("a size", 1234, "MB", digits=0)]
    assert "a share  >= 0.60      0.66         1.10  met" in table(figures)
    assert "| a size |  | 1,234 MB |  |  |" in markdown(figures)


def test_growth_is_the_slope_of_the_best_line():
    assert slope({1000: 100.0, 2000: 101.0, 3000: 102.0}) == pytest.approx(0.001)
    assert median([3, 1, 2]) == 2


def test_every_part_can_be_asked_for_by_its_name():
    assert all(
        callable(importlib.import_module(f"benchmarks.{name}").measure) for name in run.PARTS + run.LONG
    )


def test_a_part_that_is_not_there_is_named(capsys):
    assert run.main(["nothing"]) == 2
    assert "No such part: nothing" in capsys.readouterr().err


def test_nothing_may_be_wrong_is_an_aim_too():
    told = [
        {"turn": 0, "doors": 2, "roles": 3, "examples": 8, "calls": 9, "ignored auth": 1},
        {"turn": 1, "doors": 2, "roles": 3, "examples": 4, "calls": 4},
        {"turn": 0, "doors": 2, "roles": 3, "examples": 8, "calls": 9},
    ]
    said = {each.what: each.row()[1:] for each in fuzz.figures(told)}
    assert said["fuzz: operations"][1] == "4"
    assert said["fuzz: examples made up for each operation"][1] == "5"
    assert said["fuzz: calls"][1] == "22"
    assert said["fuzz: ignored auth"] == ("<= 0", "1", "", "missed")
    assert said["fuzz: foreign fields"] == ("<= 0", "0", "", "met")

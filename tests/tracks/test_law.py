"""Every state and every way that the law gives a track is there, for those roles, and nothing without a reason."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from app.procedure.declaration import Track
from app.tracks import TRACKS

LAW: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("law.yaml").read_text("utf-8"))
Way = tuple[str, str, frozenset[str]]


def declared(track: Track) -> set[Way]:
    return {
        (origin, step.to, frozenset(str(role) for role in step.by))
        for step in track.steps
        for origin in step.from_ or ("-",)
    }


def written(ways: list[list[str]]) -> set[Way]:
    return {(origin or "-", to, frozenset(roles.split())) for origin, to, roles in ways}


@pytest.mark.parametrize("slug", LAW)
def test_every_state_of_the_law_is_there(slug: str) -> None:
    law, track = LAW[slug], TRACKS[slug]
    assert {state.name for state in track.states} == {*law["states"], *law["ours"].get("states", [])}
    assert {state.name for state in track.states if state.terminal} == set(law["ends"])


@pytest.mark.parametrize("slug", LAW)
def test_every_way_of_the_law_is_there_and_no_other_without_a_reason(slug: str) -> None:
    law = LAW[slug]
    through = [
        part
        for origin, by_way_of, to, roles in law.get("through", [])
        for part in ([origin, by_way_of, roles], [by_way_of, to, roles])
    ]
    assert declared(TRACKS[slug]) == written([*law["ways"], *through, *law["ours"].get("ways", [])])


@pytest.mark.parametrize("slug", LAW)
def test_every_invariant_that_the_law_puts_on_a_step_is_on_it(slug: str) -> None:
    for name, numbers in LAW[slug]["rules"].items():
        for step in TRACKS[slug].steps:
            if step.name == name:
                assert set(numbers) <= set(step.invariants), (slug, name)


@pytest.mark.parametrize("slug", LAW)
def test_a_no_reaches_its_state_only_through_a_second_decider(slug: str) -> None:
    for origin, by_way_of, to, _roles in LAW[slug].get("through", []):
        assert not [step for step in TRACKS[slug].steps if origin in step.from_ and step.to == to]
        for step in TRACKS[slug].steps:
            if by_way_of in step.from_:
                assert "INV-20" in step.invariants
                assert step.apart_from


@pytest.mark.parametrize("slug", LAW)
def test_every_step_asks_what_the_law_wants_to_know(slug: str) -> None:
    track = TRACKS[slug]
    for name, wanted in LAW[slug]["asks"].items():
        needed, _or, sometimes = f" {wanted} ".partition(" or ")
        fields = next(step for step in track.steps if step.name == name).form.model_fields
        required = {key for key, field in fields.items() if field.is_required()}
        assert required == set(needed.split()), (slug, name)
        assert set(fields) - required == set(sometimes.split()), (slug, name)

"""Every state and every way that the law gives a track is there, for those roles, and nothing without a reason."""

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

import pytest
import yaml

import app.tracks as room
from app.kit.i18n import catalogue
from app.kit.places import Names
from app.procedure.clocks import National
from app.procedure.declaration import Track
from app.procedure.soundness import Unsound
from app.profiles.profile import load
from app.tracks import TRACKS
from tests.tracks.test_code_lists import lists

LAW: dict[str, Any] = {
    slug: law
    for path in sorted(Path(__file__).parent.glob("law*.yaml"))
    for slug, law in yaml.safe_load(path.read_text("utf-8")).items()
}
IN_ROWS = {"referral", "inra", "shelter_placement"}  # whose law test_intake_support_law holds, row by row
NO_WORDS = {"HTCDS", "NOT_KNOWN"}  # names of another standard; answers that are filled in
MODULES = [import_module(each.name) for each in walk_packages(room.__path__, "app.tracks.")]
Way = tuple[str, str, frozenset[str]]


def declared(track: Track) -> set[Way]:
    return {
        (origin, step.to, frozenset(str(role) for role in step.by))
        for step in track.steps
        for origin in step.from_ or ("-",)
    }


def written(ways: list[list[str]]) -> set[Way]:
    return {(origin or "-", to, frozenset(roles.split())) for origin, to, roles in ways}


def test_the_law_speaks_of_every_track() -> None:
    assert LAW.keys() | IN_ROWS == TRACKS.keys()


@pytest.mark.parametrize("slug", LAW)
def test_every_state_of_the_law_is_there(slug: str) -> None:
    law, track, ours = LAW[slug], TRACKS[slug], LAW[slug]["ours"]
    assert {state.name for state in track.states} == {*law["states"], *ours.get("states", [])}
    ends = {*law["ends"], *ours.get("ends", [])} - {*ours.get("no_ends", [])}
    assert {state.name for state in track.states if state.terminal} == ends


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
    for name, numbers in (LAW[slug]["rules"] or {}).items():
        steps = [step for step in TRACKS[slug].steps if step.name == name]
        assert steps, (slug, name)
        assert all(set(numbers) <= set(step.invariants) for step in steps), (slug, name)


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


@pytest.mark.parametrize("slug", TRACKS)
def test_each_refuses_to_lose_an_exit(slug: str) -> None:
    sound = TRACKS[slug]
    for name in {name for each in sound.steps for name in each.from_ if each.to != name}:
        steps = tuple(
            replace(each, from_=tuple(origin for origin in each.from_ if origin != name))
            for each in sound.steps
            if each.from_ != (name,)
        )
        with pytest.raises(Unsound):
            replace(sound, steps=steps, deadlines=())


def test_every_clock_that_reads_a_number_finds_it_with_its_source() -> None:
    for clock in (each for track in TRACKS.values() for each in track.deadlines):
        if isinstance(clock.lasts, National):
            entry = load().entry(clock.lasts.key)
            honest = "proposal" in entry.source or "unchecked" in entry.source
            assert honest == clock.proposal, clock.name


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_code_has_words_of_its_own_in_both_languages(module: ModuleType) -> None:
    french = catalogue("fr")
    for name, held in lists(module).items():
        if isinstance(held, Names) or not all(isinstance(label, str) for label in held.values()):
            continue
        if name in NO_WORDS:
            continue
        assert not [label for label in held.values() if not french.get(label)], name
        assert len(set(held.values())) == len(held), name

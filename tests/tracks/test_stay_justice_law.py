"""Every state and every way that the law gives the tracks of stay and justice is there, and no other."""

from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from app.kit.i18n import catalogue
from app.kit.places import Names
from app.procedure.clocks import National
from app.procedure.soundness import Unsound
from app.profiles.profile import load
from app.tracks import grounds, heard
from app.tracks.justice import (
    compensation_forms,
    inspection_forms,
    non_punishment_forms,
    participation_forms,
    protection_forms,
    representation_forms,
    wages,
)
from app.tracks.stay import asylum_forms, document_forms, permit_forms, removal_forms, work_forms
from tests.tracks.stay_justice import DECLARED
from tests.tracks.test_code_lists import lists
from tests.tracks.test_law import declared, written

HERE = Path(__file__).parent
LAW: dict[str, Any] = {
    slug: law
    for name in ("law_stay.yaml", "law_justice.yaml")
    for slug, law in yaml.safe_load((HERE / name).read_text("utf-8")).items()
}
FORMS = (
    asylum_forms, document_forms, permit_forms, removal_forms, work_forms, compensation_forms, inspection_forms,
    non_punishment_forms, participation_forms, protection_forms, representation_forms, wages, grounds, heard,
)  # fmt: skip


def test_the_law_speaks_of_each_of_them() -> None:
    assert LAW.keys() == DECLARED.keys()


@pytest.mark.parametrize("slug", LAW)
def test_every_state_of_the_law_is_there(slug: str) -> None:
    law, track = LAW[slug], DECLARED[slug]
    assert {state.name for state in track.states} == set(law["states"])
    assert {state.name for state in track.states if state.terminal} == set(law["ends"])


@pytest.mark.parametrize("slug", LAW)
def test_every_way_of_the_law_is_there_and_no_other_without_a_reason(slug: str) -> None:
    law = LAW[slug]
    assert declared(DECLARED[slug]) == written([*law["ways"], *law["ours"].get("ways", [])])


@pytest.mark.parametrize("slug", LAW)
def test_every_invariant_that_the_law_puts_on_a_step_is_on_it(slug: str) -> None:
    for name, numbers in (LAW[slug]["rules"] or {}).items():
        steps = [step for step in DECLARED[slug].steps if step.name == name]
        assert steps, (slug, name)
        assert all(set(numbers) <= set(step.invariants) for step in steps), (slug, name)


@pytest.mark.parametrize("slug", LAW)
def test_every_step_asks_what_the_law_wants_to_know(slug: str) -> None:
    for name, wanted in LAW[slug]["asks"].items():
        needed, _or, sometimes = f" {wanted} ".partition(" or ")
        fields = next(step for step in DECLARED[slug].steps if step.name == name).form.model_fields
        required = {key for key, field in fields.items() if field.is_required()}
        assert required == set(needed.split()), (slug, name)
        assert set(fields) - required == set(sometimes.split()), (slug, name)


@pytest.mark.parametrize("slug", DECLARED)
def test_each_refuses_to_lose_an_exit(slug: str) -> None:
    sound = DECLARED[slug]
    for name in {name for each in sound.steps for name in each.from_ if each.to != name}:
        steps = tuple(
            replace(each, from_=tuple(origin for origin in each.from_ if origin != name))
            for each in sound.steps
            if each.from_ != (name,)
        )
        with pytest.raises(Unsound):
            replace(sound, steps=steps, deadlines=())


def test_every_clock_that_reads_a_number_finds_it_with_its_source() -> None:
    clocks = [each for track in DECLARED.values() for each in track.deadlines]
    for clock in clocks:
        if isinstance(clock.lasts, National):
            entry = load().entry(clock.lasts.key)
            assert "proposal" in entry.source or not clock.proposal, clock.name


@pytest.mark.parametrize("module", FORMS, ids=lambda module: module.__name__)
def test_every_code_has_words_of_its_own_in_both_languages(module: ModuleType) -> None:
    french = catalogue("fr")
    for name, held in lists(module).items():
        if isinstance(held, Names):
            continue
        assert not [label for label in held.values() if not french.get(label)], name
        assert len(set(held.values())) == len(held), name

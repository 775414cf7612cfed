"""Every state and way that the law gives the tracks of children, return, services and oversight is there, no other."""

from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from app.kit.i18n import catalogue
from app.kit.places import Names
from app.procedure.clocks import National
from app.procedure.soundness import Unsound, forms_in
from app.profiles.profile import load
from app.safeguards.fields import Form, questions
from app.tracks.child import age_forms, bia_forms, bid_forms, interview_forms, solution_forms
from app.tracks.core import transnational_forms
from app.tracks.intake import hotline_forms
from app.tracks.oversight import breach_forms, emergency_forms, request_forms
from app.tracks.returns import monitoring_forms, return_forms, safety_forms
from app.tracks.support import assistance_forms, missing_forms
from tests.tracks.returns_children import DECLARED
from tests.tracks.test_code_lists import lists
from tests.tracks.test_law import declared, written

HERE = Path(__file__).parent
LAW: dict[str, Any] = {
    slug: law
    for name in ("law_child.yaml", "law_returns.yaml", "law_support.yaml", "law_oversight.yaml")
    for slug, law in yaml.safe_load((HERE / name).read_text("utf-8")).items()
}
FORMS = (
    age_forms, bia_forms, bid_forms, interview_forms, solution_forms, transnational_forms, hotline_forms, breach_forms,
    emergency_forms, request_forms, monitoring_forms, return_forms, safety_forms, assistance_forms, missing_forms,
)  # fmt: skip


def test_the_law_speaks_of_each_of_them() -> None:
    assert LAW.keys() == DECLARED.keys()


@pytest.mark.parametrize("slug", LAW)
def test_every_state_of_the_law_is_there(slug: str) -> None:
    law, track, ours = LAW[slug], DECLARED[slug], LAW[slug]["ours"]
    assert {state.name for state in track.states} == {*law["states"], *ours.get("states", [])}
    ends = {*law["ends"], *ours.get("ends", [])} - {*ours.get("no_ends", [])}
    assert {state.name for state in track.states if state.terminal} == ends


@pytest.mark.parametrize("slug", LAW)
def test_every_way_of_the_law_is_there_and_no_other_without_a_reason(slug: str) -> None:
    law = LAW[slug]
    assert declared(DECLARED[slug]) == written([*law["ways"], *law["ours"].get("ways", [])])


@pytest.mark.parametrize("slug", LAW)
def test_every_invariant_that_the_law_puts_on_a_step_is_on_it(slug: str) -> None:
    for name, numbers in LAW[slug]["rules"].items():
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
    for clock in (each for track in DECLARED.values() for each in track.deadlines):
        if isinstance(clock.lasts, National):
            entry = load().entry(clock.lasts.key)
            honest = "proposal" in entry.source or "unchecked" in entry.source
            assert honest == clock.proposal, clock.name


@pytest.mark.parametrize("module", FORMS, ids=lambda module: module.__name__)
def test_every_code_has_words_of_its_own_in_both_languages(module: ModuleType) -> None:
    french = catalogue("fr")
    for name, held in lists(module).items():
        if isinstance(held, Names) or not all(isinstance(label, str) for label in held.values()):
            continue
        if name == "HTCDS":  # names of another standard, not words
            continue
        assert not [label for label in held.values() if not french.get(label)], name
        assert len(set(held.values())) == len(held), name


def _fields(form: type[Form]) -> list[tuple[str, Any]]:
    found = list(questions(form).items())
    for info in form.model_fields.values():
        for inner in forms_in(info.annotation):
            found += _fields(inner)
    return found


def test_inv_23_no_form_takes_a_file() -> None:
    kinds = {
        about.widget
        for track in DECLARED.values()
        for step in track.steps
        for _name, about in _fields(step.form)
    }
    assert kinds <= {
        "text", "area", "choice", "select", "ticks", "date", "number", "yes_no", "money", "organisation", "user",
        "group", "hidden",
    }  # fmt: skip


def test_inv_12_no_track_but_the_shelters_asks_where_somebody_lives() -> None:
    asking = {
        (slug, step.name)
        for slug, track in DECLARED.items()
        for step in track.steps
        for _name, about in _fields(step.form)
        if about.category == "LOC"
    }
    assert asking == {
        ("missing_person", "report"), ("missing_person", "find_safe"), ("missing_person", "find_harmed"),
        ("missing_person", "reopen_search"), ("voluntary_return", "depart"),
    }  # fmt: skip

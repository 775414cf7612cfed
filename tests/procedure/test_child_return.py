"""INV-06: no child can be returned or removed before each of the four findings is yes, whatever else is true."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.procedure.available import refusals
from app.procedure.predicates import removal_blocked
from app.procedure.predicates_child import FINDINGS, SOLUTIONS, child_return_ready, child_return_refusals
from app.procedure.predicates_return import return_departure_ok
from app.safeguards.words import Role
from app.tracks import TRACKS
from tests.procedure.scene import actor, rules
from tests.tracks.returns_children import Whole, child_ready_to_return

ANSWERS = ("yes", "no", "unknown", None)
SOC, BIP, SUP = actor(Role.SOC), actor(Role.BIP), actor(Role.SUP)
CHILD_STATES = (
    "not_in_doubt_child", "presumed_child", "ordered", "in_progress", "concluded_child", "inconclusive",
    "concluded_adult", "challenged",
)  # fmt: skip


def test_a_child_for_whom_everything_is_found_can_return() -> None:
    scene = child_ready_to_return()
    assert child_return_ready(scene.facts())
    assert return_departure_ok(scene.facts())
    assert "INV-06" not in rules(removal_blocked(scene.facts()))


@pytest.mark.parametrize("answers", [each for each in product(ANSWERS, repeat=4) if each != ("yes",) * 4])
def test_each_of_the_four_must_be_yes_and_not_known_is_no(answers: tuple[str | None, ...]) -> None:
    scene = child_ready_to_return()
    scene.mark("durable_solution", **dict(zip(FINDINGS, answers, strict=True)))
    facts = scene.facts()
    assert not child_return_ready(facts)
    assert not return_departure_ok(facts)
    assert "INV-06" in rules(removal_blocked(facts))
    step = TRACKS["voluntary_return"].step("depart")
    assert "INV-06" in rules(
        refusals(TRACKS["voluntary_return"], step, scene.facts(SOC, "voluntary_return"), None)
    )


WITHOUT: dict[str, Any] = {
    "guardian": ["needed", "provisional", "nominated", "suspended", "replaced", "ended", "parent_acts", None],
    "bid": ["opened", "gathering", "panel_ready", "deferred", "reopened", None],
    "durable_solution": ["assessing", "proposed", "achieved", "failed", None],
    "post_return_monitoring": ["concern", "concluded", None],
}


@pytest.mark.parametrize(
    ("slug", "state"), [(slug, state) for slug, states in WITHOUT.items() for state in states]
)
def test_each_act_around_it_must_stand(slug: str, state: str | None) -> None:
    scene = child_ready_to_return()
    held = scene.tracks.pop(slug)
    if state is not None:
        scene.put(slug, state, **held.marks)
    assert not child_return_ready(scene.facts())
    assert "INV-06" in rules(removal_blocked(scene.facts()))


@pytest.mark.parametrize(
    ("slug", "marks"),
    [
        ("durable_solution", {"receiver": "nobody"}), ("durable_solution", {"receiver": None}),
        ("durable_solution", {"option": "local_integration"}), ("bid", {"option": "local_integration"}),
        ("bid", {"question": "custody"}), ("voluntary_return", {"escort": "not_wanted"}),
        ("voluntary_return", {"escort": None}),
    ],
)  # fmt: skip
def test_each_name_must_be_there(slug: str, marks: dict[str, Any]) -> None:
    scene = child_ready_to_return()
    scene.mark(slug, **marks)
    assert rules(child_return_refusals(scene.facts())) == {"INV-06"}
    assert not return_departure_ok(scene.facts())


@given(st.data())
@settings(max_examples=300)
def test_whatever_stands_no_child_leaves_without_the_four(data: st.DataObject) -> None:
    """Any states, any marks: a child that may go has each finding, the panel, a guardian, a monitor, an escort."""
    scene = Whole(data.draw(st.sampled_from(["child", "uncertain", None])))
    for slug in (*WITHOUT, "voluntary_return"):
        if data.draw(st.booleans()):
            states = [state.name for state in scene.law[slug].states]
            marks = {name: data.draw(st.sampled_from(ANSWERS)) for name in FINDINGS}
            scene.stand(
                slug, data.draw(st.sampled_from(states)), **marks,
                option=data.draw(st.sampled_from([*SOLUTIONS, None])),
                question=data.draw(st.sampled_from(["durable_solution", "custody", None])),
                receiver=data.draw(st.sampled_from(["family", "specialised_institution", "nobody", None])),
                escort=data.draw(st.sampled_from(["named", "not_wanted", None])),
            )  # fmt: skip
    facts = scene.facts()
    if child_return_ready(facts):
        solution = facts.track("durable_solution")
        assert solution is not None
        assert all(solution.marks[name] == "yes" for name in FINDINGS)
        assert facts.in_state("bid", "decided", "implemented")
        assert facts.in_state("guardian", "active")
        assert facts.in_state("post_return_monitoring", "planned", "ongoing")
    else:
        assert "INV-06" in rules(removal_blocked(facts))


@pytest.mark.parametrize("state", CHILD_STATES)
def test_inv_16_an_age_that_is_not_final_keeps_a_child_a_child(state: str) -> None:
    scene = Whole("adult")
    scene.stand("age_assessment", state)
    assert scene.facts().is_child
    assert "INV-06" in rules(removal_blocked(scene.facts()))


@pytest.mark.parametrize("state", ["not_in_doubt_adult", "adult_final"])
def test_inv_16_only_a_last_word_makes_an_adult(state: str) -> None:
    scene = Whole("adult")
    scene.stand("age_assessment", state)
    assert not scene.facts().is_child
    scene.age_class = "uncertain"
    assert scene.facts().is_child, "whoever says so anew is believed"


DECIDED = {"option": "return_reintegration", "individual": True, "reasons": "Family found and visited."}
YES = dict.fromkeys(FINDINGS, "yes")


def proposed() -> Whole:
    scene = Whole("child")
    scene.stand("guardian", "active")
    scene.stand("bid", "decided", question="durable_solution", option="return_reintegration")
    scene.stand("durable_solution", "proposed", option="return_reintegration", receiver="family", **YES)
    return scene


def test_inv_06_the_panel_answers_the_four_itself() -> None:
    assert not proposed().refused("durable_solution", "decide", BIP, **DECIDED, **YES)
    for name in FINDINGS:
        for answer in ("no", "unknown"):
            assert rules(
                proposed().refused("durable_solution", "decide", BIP, **DECIDED, **{**YES, name: answer})
            ) == {"INV-06"}
    assert rules(proposed().refused("durable_solution", "decide", BIP, **DECIDED)) == {"INV-06"}


@pytest.mark.parametrize("name", FINDINGS)
def test_inv_06_the_panel_cannot_say_yes_where_nobody_found_it(name: str) -> None:
    scene = proposed()
    scene.mark("durable_solution", **{name: "unknown"})
    assert rules(scene.refused("durable_solution", "decide", BIP, **DECIDED, **YES)) == {"INV-06"}


def test_inv_18_one_of_three_and_the_one_that_was_proposed_and_determined() -> None:
    scene = proposed()
    assert "INV-18" in rules(
        scene.refused("durable_solution", "decide", BIP, **{**DECIDED, "option": "local_integration"})
    )
    scene.mark("bid", option="local_integration")
    assert "INV-18" in rules(scene.refused("durable_solution", "decide", BIP, **DECIDED, **YES))
    with pytest.raises(ValueError, match="option"):
        TRACKS["durable_solution"].step("decide").form.model_validate({**DECIDED, "option": "group_return"})
    with pytest.raises(ValueError, match="individual"):
        TRACKS["durable_solution"].step("decide").form.model_validate({**DECIDED, "individual": False})


def test_a_reopened_determination_forgets_the_findings_and_stops_the_return() -> None:
    scene = child_ready_to_return()
    scene.put("voluntary_return", "approved", escort="named")
    effects = scene.take("durable_solution", "reopen", actor(Role.SOC), reason="new_facts")
    assert effects
    marks = scene.tracks["durable_solution"].marks
    assert [marks[name] for name in FINDINGS] == ["unknown"] * 4
    assert not child_return_ready(scene.facts())


def test_a_yes_without_evidence_is_none() -> None:
    scene = Whole("child")
    scene.put("durable_solution", "assessing")
    proof = {"source": "visit", "seen_on": "2026-02-01", "what": "Seen."}
    said = {**YES, "receiver": "family", "receiver_name": "Aunt"}
    shown = [{"aspect": name, **proof} for name in FINDINGS]
    assert rules(scene.refused("durable_solution", "find_reception", SOC, **said, evidence=shown[:3])) == {
        "INV-06"
    }
    assert [
        each.field
        for each in scene.refused(
            "durable_solution", "find_reception", SOC, **{**said, "receiver_name": None}, evidence=shown
        )
    ] == ["receiver_name"]
    assert not scene.refused("durable_solution", "find_reception", SOC, **said, evidence=shown)

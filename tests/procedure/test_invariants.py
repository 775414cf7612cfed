"""The numbered invariants that bind now."""

import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest

from app.procedure.facts import ConsentFacts
from app.procedure.invariants import INVARIANTS
from app.procedure.predicates import (
    assistance_allowed,
    guardian_ok,
    may_share,
    removal_blocked,
)
from app.procedure.predicates_closure import closure_refusals
from app.safeguards.words import Category, Relation, Role
from app.tracks import TRACKS
from tests.procedure.scene import Scene, actor, rules

BINDING = {f"INV-{number:02}" for number in range(1, 28)}


def test_each_invariant_that_binds_now_is_there_with_its_law_and_what_keeps_it() -> None:
    assert set(INVARIANTS) == BINDING
    for number, each in INVARIANTS.items():
        assert each.id == number
        assert each.title
        assert each.source
        assert each.kept_by


def test_what_is_said_to_keep_an_invariant_exists() -> None:
    for each in INVARIANTS.values():
        for path in re.findall(r"tests/\S+\.py", each.kept_by):
            assert (Path(__file__).parents[2] / path).is_file(), each.id
        for room, name in re.findall(r"(predicates\w*)\.(\w+)", each.kept_by):
            assert callable(getattr(import_module(f"app.procedure.{room}"), name)), each.id
        assert each.check is not None or each.kept_by != "its check"


PROTECTED = ["presumed", "rg_negative_proposed", "rg_positive", "conclusive_negative_proposed",
             "reconsideration_requested", "judicial_review",
             "rg_negative", "conclusive_negative", "negative_final"]  # fmt: skip
RUNNING = ["active", "extended", "termination_proposed"]


@pytest.mark.parametrize("state", [state.name for state in TRACKS["identification"].states])
def test_inv_02_identification_blocks_removal(state: str) -> None:
    scene = Scene()
    scene.put("identification", state)
    assert ("INV-02" in rules(removal_blocked(scene.facts()))) == (state in PROTECTED)


@pytest.mark.parametrize("state", [state.name for state in TRACKS["reflection_period"].states])
def test_inv_03_the_reflection_period_blocks_removal(state: str) -> None:
    scene = Scene()
    scene.put("reflection_period", state)
    assert ("INV-03" in rules(removal_blocked(scene.facts()))) == (state in RUNNING)


def test_every_reason_against_removal_is_told() -> None:
    scene = Scene()
    assert removal_blocked(scene.facts()) == ()
    scene.put("identification", "rg_positive")
    scene.put("reflection_period", "active")
    assert rules(removal_blocked(scene.facts())) == {"INV-02", "INV-03"}


@pytest.mark.parametrize(
    ("age", "state", "fine"),
    [
        ("adult", None, True), ("child", None, False), (None, None, False), ("uncertain", "needed", False),
        ("child", "provisional", True), ("child", "active", True), ("child", "parent_acts", True),
        ("child", "suspended", False), ("child", "replaced", False), ("child", "ended", False),
    ],
)  # fmt: skip
def test_inv_07_somebody_acts_for_the_child(age: str | None, state: str | None, fine: bool) -> None:
    scene = Scene(age)
    if state:
        scene.put("guardian", state)
    assert guardian_ok(scene.facts()) == fine


def test_a_nominee_does_not_interrupt_who_acts_provisionally() -> None:
    scene, worker = Scene("child"), actor(Role.SOC)
    scene.take("guardian", "open", worker)
    nominee = {
        "guardian_user": uuid4(), "vetted_on": "2026-02-01", "vetting_reference": "V 1",
        "trained_on": "2026-01-01",
        "wished_language": "ro", "speaks_it": True, "wished_sex": "no_wish", "wish_met": True,
        "no_immigration_role": True, "no_shelter_role": True, "no_exploiter_tie": True, "caseload": 3,
    }  # fmt: skip
    scene.take("guardian", "nominate", worker, **nominee)
    assert not guardian_ok(scene.facts())
    scene.tracks.clear()
    scene.take("guardian", "open", worker)
    scene.take("guardian", "name_provisional", worker, provisional_user=uuid4(), from_on="2026-03-02")
    scene.take("guardian", "nominate", worker, **nominee)
    assert guardian_ok(scene.facts())


@pytest.mark.parametrize("state", [state.name for state in TRACKS["case"].states])
def test_help_may_be_given_while_the_case_is_not_closed(state: str) -> None:
    scene = Scene()
    scene.put("case", state)
    assert assistance_allowed(scene.facts()) == (state in ("open", "follow_up", "closure_requested"))


def test_inv_17_sharing_needs_consent_for_purpose_recipient_category_and_time() -> None:
    scene, partner, other = Scene(), uuid4(), uuid4()
    until = scene.now + timedelta(days=1)
    given = frozenset({Category.ID, Category.CON})
    scene.consents = (ConsentFacts("assistance", partner, given, until, "consent"),)
    assert may_share(scene.facts(), "assistance", partner, [Category.ID])
    assert not may_share(scene.facts(), "assistance", other, [Category.ID])
    assert not may_share(scene.facts(), "share_police", partner, [Category.ID])
    assert not may_share(scene.facts(), "assistance", partner, [Category.ID, Category.HEA])
    scene.wait(days=1)
    assert not may_share(scene.facts(), "assistance", partner, [Category.ID])
    assert may_share(scene.facts(), "assistance", partner, [Category.ID], basis="vital_interest")


def test_inv_20_nobody_decides_what_they_proposed() -> None:
    scene = Scene()
    scene.put("case", "open")
    both = actor(Role.SUP, Relation.OVERSIGHT)
    worker = type(both)(both.user_id, Role.NGO, both.organisation_id, frozenset({Relation.LEAD}))
    scene.take("case", "request_closure", worker, closure_reason="duplicate", summary="s", victim_view="v",
               knows_contact="declined", claims_run=False)  # fmt: skip
    assert rules(scene.refused("case", "approve_closure", both, comment="c")) == {"INV-20"}
    assert not scene.refused("case", "approve_closure", actor(Role.SUP, Relation.OVERSIGHT), comment="c")


@pytest.mark.parametrize(
    ("slug", "state"),
    [
        ("identification", "negative_final"),
        ("reflection_period", "active"),
        ("shelter_placement", "absent"),
        ("asylum_claim", "lodged"),
        ("voluntary_return", "received"),
        ("missing_person", "search"),
        ("non_punishment", "notice_sent"),
        ("assistance_service", "active"),
        ("compensation_claim", "pending"),
        ("post_return_monitoring", "ongoing"),
    ],
)
@pytest.mark.parametrize(
    ("reason", "age", "closes"),
    [
        ("goals_reached", "adult", False), ("not_victim_final", "adult", False),
        ("victim_wish", "adult", True),
        ("victim_wish", "child", False), ("deceased", "child", True), ("duplicate", "child", True),
    ],
)  # fmt: skip
def test_inv_27_a_case_closes_only_through_its_list(
    slug: str, state: str, reason: str, age: str, closes: bool
) -> None:
    scene = Scene(age)
    scene.put("case", "closure_requested", closure_reason=reason)
    scene.put("guardian", "ended")
    scene.put(slug, state)
    assert (not closure_refusals(scene.facts())) == closes


def test_a_childs_case_waits_for_the_hand_over_of_the_guardian() -> None:
    scene = Scene("child")
    scene.put("case", "closure_requested", closure_reason="child_solution_achieved")
    assert rules(closure_refusals(scene.facts())) == {"INV-27"}
    scene.put("guardian", "ended")
    assert rules(closure_refusals(scene.facts())) == {"INV-27"}
    scene.put("durable_solution", "achieved", option="local_integration")
    assert not closure_refusals(scene.facts())


def test_a_child_handed_to_a_guardian_abroad_needs_no_solution_here() -> None:
    scene = Scene("child")
    scene.put("case", "closure_requested", closure_reason="transferred")
    scene.put("guardian", "ended", reason="handed_to_guardian_abroad")
    assert not closure_refusals(scene.facts())


def test_a_returned_childs_case_waits_for_the_end_of_the_follow_up() -> None:
    scene = Scene("child")
    scene.put("case", "closure_requested", closure_reason="child_solution_achieved")
    scene.put("guardian", "ended", reason="family_reunited_safely")
    scene.put("durable_solution", "achieved", option="return_reintegration")
    assert rules(closure_refusals(scene.facts())) == {"INV-27"}
    scene.put("post_return_monitoring", "concluded")
    assert not closure_refusals(scene.facts())


def test_a_claim_that_runs_is_no_bar_once_the_request_says_so() -> None:
    scene = Scene()
    scene.put("compensation_claim", "filed")
    scene.put("case", "closure_requested", closure_reason="goals_reached", claims_run=False)
    assert rules(closure_refusals(scene.facts())) == {"INV-27"}
    scene.put("case", "closure_requested", closure_reason="goals_reached", claims_run=True)
    assert not closure_refusals(scene.facts())

"""A removal measure: blocked by every rule that protects, told to who can stop it, and never why to who removes."""

from typing import Any

import pytest

from app.procedure.available import available
from app.procedure.clocks import due_at
from app.procedure.effects import Alert, TakeStep
from app.procedure.predicates import removal_blocked
from app.safeguards.fields import questions
from app.safeguards.matrix import MATRIX
from app.safeguards.words import Level, Relation, Role
from app.tracks.stay.removal_measure import TRACK
from tests.procedure.scene import TIMER, Scene, actor, rules

SLUG = "removal_measure"
OFFICER = actor(Role.IMM, Relation.AUTHORITY)
LAWYER = actor(Role.LEG, Relation.MANDATE)
PROTECTING = [
    *(("identification", state) for state in (
        "presumed", "rg_negative_proposed", "rg_positive", "conclusive_negative_proposed",
        "reconsideration_requested", "judicial_review", "rg_negative", "conclusive_negative", "negative_final",
    )),
    *(("reflection_period", state) for state in ("active", "extended", "termination_proposed")),
    *(("asylum_claim", state) for state in (
        "intention", "lodged", "under_examination", "decision_open_appeal", "appeal_pending", "refugee", "subsidiary",
    )),
    *(("residence_permit", state) for state in ("applied", "granted", "withdrawal_proposed", "permanent")),
]  # fmt: skip


def notifies(**more: Any) -> dict[str, Any]:
    return {
        "authority": "A", "kind": "expulsion", "ordered_on": "2026-03-02", "legal_basis": "Law 1",
        "remedy": "The court.",
        "remedy_until": "2026-03-16", "held": False, **more,
    }  # fmt: skip


def carries_out(**more: Any) -> dict[str, Any]:
    return {"executed_on": "2026-03-02", "legality": "As decided.", "humane": True, **more}


@pytest.mark.parametrize(("slug", "state"), PROTECTING)
def test_whatever_protects_blocks_it_and_keeps_it_from_being_clear(slug: str, state: str) -> None:
    scene = Scene()
    scene.put(slug, state)
    scene.put(SLUG, "notified")
    assert scene.refused(SLUG, "evaluate_clear", TIMER)
    scene.take(SLUG, "evaluate_block", TIMER)
    assert scene.tracks[SLUG].state == "blocked"
    assert set(scene.tracks[SLUG].marks["holding"]) == rules(removal_blocked(scene.facts()))
    scene.put(SLUG, "clear")  # even where it stood as clear before
    assert scene.refused(SLUG, "record_execution", OFFICER, **carries_out())


def test_nothing_that_protects_leaves_it_clear_and_only_then_it_may_be_recorded() -> None:
    scene = Scene()
    scene.put(SLUG, "notified")
    assert scene.refused(SLUG, "evaluate_block", TIMER)
    effects = scene.take(SLUG, "evaluate_clear", TIMER)
    assert [each.role for each in effects if isinstance(each, Alert)] == [Role.LEG]
    assert not scene.refused(SLUG, "record_execution", OFFICER, **carries_out())


@pytest.mark.parametrize("state", ["notified", "blocked", "challenged"])
def test_it_is_never_recorded_as_lawful_from_anywhere_else(state: str) -> None:
    scene = Scene()
    scene.put(SLUG, state)
    offered = {offer.step.name for offer in available(TRACK, scene.facts(OFFICER, SLUG))}
    assert "record_execution" not in offered


@pytest.mark.parametrize(("slug", "state"), PROTECTING)
def test_who_removes_learns_that_it_is_blocked_and_not_why(slug: str, state: str) -> None:
    scene = Scene()
    scene.put(slug, state)
    scene.put(SLUG, "clear")
    (fault,) = scene.refused(SLUG, "record_execution", OFFICER, **carries_out())
    everything = Scene()
    for other, held in PROTECTING:
        everything.put(other, held)
    everything.put(SLUG, "clear")
    assert [fault] == everything.refused(SLUG, "record_execution", OFFICER, **carries_out())
    assert "INV" not in str(fault)
    assert TRACK.state("blocked").label == "Protected status in force"


def test_what_the_lawyer_writes_the_immigration_authority_does_not_read() -> None:
    for name in ("acknowledge", "challenge", "record_breach"):
        for field, about in questions(TRACK.step(name).form).items():
            level = MATRIX.cell(Role.IMM, about.category).foreign.level
            assert level in (Level.NOTHING, Level.EXISTENCE), (name, field)


def test_it_is_looked_at_at_once_and_every_night() -> None:
    scene = Scene()
    effects = scene.take(SLUG, "notify", LAWYER, **notifies(held=True))
    assert TakeStep(SLUG, "evaluate_block") in effects
    assert TakeStep(SLUG, "evaluate_clear") in effects
    assert {each.role for each in effects if isinstance(each, Alert)} == {Role.LEG, Role.GUA, Role.SUP}
    nightly = next(each for each in TRACK.deadlines if each.name == "nightly")
    assert nightly.expires == "check"
    assert set(nightly.runs_in) == {state.name for state in TRACK.states if not state.terminal}
    again = scene.take(SLUG, "check", TIMER)
    assert again == [TakeStep(SLUG, "evaluate_block"), TakeStep(SLUG, "evaluate_clear")]
    assert set(nightly.starts) >= {"notify", "check", "evaluate_block", "evaluate_clear"}


def test_the_lawyer_answers_within_four_working_hours() -> None:
    scene = Scene()
    scene.take(SLUG, "notify", LAWYER, **notifies())
    clock = next(each for each in TRACK.deadlines if each.name == "acknowledge")
    ends = due_at(clock, scene.facts(slug=SLUG), scene.now)
    assert ends is not None
    assert (ends - scene.now).total_seconds() == 4 * 3600  # it began on a Monday morning
    assert clock.stops == ("acknowledge",)


@pytest.mark.parametrize(("suspensive", "clears"), [(True, False), (False, True)])
def test_a_court_that_suspends_keeps_it_from_being_clear(suspensive: bool, clears: bool) -> None:
    scene = Scene()
    scene.put(SLUG, "clear")
    scene.take(SLUG, "challenge", LAWYER, court="Court", suspensive=suspensive)
    assert (not scene.refused(SLUG, "evaluate_clear", TIMER)) == clears
    scene.take(SLUG, "challenge_lost", LAWYER, judgment="J 1")
    assert not scene.refused(SLUG, "evaluate_clear", TIMER)


def test_what_was_done_against_a_block_is_told_to_those_who_watch() -> None:
    scene = Scene()
    scene.put(SLUG, "blocked")
    effects = scene.take(SLUG, "record_breach", LAWYER, executed_on="2026-03-02", facts="At night.")
    assert {each.role for each in effects if isinstance(each, Alert)} == {
        Role.AUD,
        Role.NCR,
        Role.LEG,
        Role.NGO,
    }


def test_no_step_orders_or_plans_a_removal() -> None:
    for step in TRACK.steps:
        assert not [name for name in step.form.model_fields if "planned" in name or "flight" in name]
    dates = {name for step in TRACK.steps for name in step.form.model_fields if name.endswith("_on")}
    assert dates == {"ordered_on", "executed_on"}  # both lie in the past

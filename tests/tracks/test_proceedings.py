"""Proceedings and protection: advice first, a free choice, nothing lost by a no, threats looked at."""

from typing import Any

import pytest

from app.procedure.clocks import due_at
from app.procedure.effects import Alert, CallIn, LeaveTeam, OpenTrack, TakeStep
from app.procedure.predicates_stay import suspicion_unanswered
from app.safeguards.fields import questions
from app.safeguards.words import Category, Relation, Role
from app.tracks import TRACKS
from tests.procedure.scene import TIMER, Scene, actor, rules

CHOICE, THREAT, FINDING = "proceedings_participation", "witness_protection", "labour_inspection_finding"
LAWYER_TRACK, UNPUNISHED = "legal_representation", "non_punishment"
LAWYER, WORKER = actor(Role.LEG, Relation.MANDATE), actor(Role.NGO, Relation.LEAD)
POLICE, INSPECTOR = actor(Role.POL), actor(Role.LAB)
SUPERVISOR = actor(Role.SUP, Relation.OVERSIGHT)
POLICE_LEAVE = LeaveTeam(Relation.ASSIGNED, role=Role.POL)


def advises(**more: Any) -> dict[str, Any]:
    return {
        "provider": "A lawyer", "offered_on": "2026-03-02", "legal_advice": "declined", "language": "ro",
        "protection_explained": True, "free_choice_explained": True, **more,
    }  # fmt: skip


def states(**more: Any) -> dict[str, Any]:
    return {
        "held_on": "2026-03-02",
        "capacity": "victim",
        "interviewers": "An officer",
        "recording": "R 1",
        **more,
    }


def advised(age: str = "adult") -> Scene:
    scene = Scene(age)
    scene.take(CHOICE, "open", TIMER)
    scene.take(CHOICE, "advise", WORKER, **advises())
    return scene


def cooperating(age: str = "adult") -> Scene:
    scene = advised(age)
    if age != "adult":
        scene.put("guardian", "active")
    heard = {"guardian_heard": True} if age != "adult" else {}
    scene.take(CHOICE, "choose_yes", LAWYER, scope=["account"], **heard)
    return scene


@pytest.mark.parametrize(
    ("state", "name", "who", "said"),
    [
        ("advised", "choose_yes", LAWYER, {"scope": ["account"]}), ("advised", "choose_no", LAWYER, {}),
        ("will_cooperate", "statement", POLICE, states()), ("will_cooperate", "stop", LAWYER, {}),
        ("statement_given", "further_statement", POLICE, states()),
    ],
)  # fmt: skip
def test_inv_10_no_choice_and_no_statement_before_advice_was_offered(
    state: str, name: str, who: Any, said: dict[str, Any]
) -> None:
    scene = Scene()
    scene.put(CHOICE, state)  # whatever led there, no advice is recorded
    assert rules(scene.refused(CHOICE, name, who, **said)) == {"INV-10"}


def test_advice_opens_the_choice_and_a_refusal_of_advice_does_too() -> None:
    scene = advised()
    assert not scene.refused(CHOICE, "choose_yes", LAWYER, scope=["account"])
    assert not scene.refused(CHOICE, "choose_no", LAWYER)


def test_no_reason_is_asked_for_a_no_and_nothing_else_follows() -> None:
    for name, scene in (("choose_no", advised()), ("stop", cooperating())):
        step = next(each for each in TRACKS[CHOICE].steps if each.name == name)
        assert not step.form.model_fields
        effects = scene.take(CHOICE, name, LAWYER)
        assert [type(each) for each in effects if each != POLICE_LEAVE] == [Alert]
        assert (POLICE_LEAVE in effects) == (name == "stop")
        assert scene.tracks[CHOICE].state == "will_not_cooperate"


def test_a_yes_has_threats_looked_at_within_two_days() -> None:
    effects = advised().take(CHOICE, "choose_yes", LAWYER, scope=["account"])
    assert OpenTrack(THREAT, "open") in effects
    assert TakeStep(THREAT, "look_again") in effects
    assert CallIn(Role.POL, Relation.ASSIGNED) in effects  # and the police come onto the case only now
    scene = Scene()
    scene.take(THREAT, "open", TIMER)
    clock = next(each for each in TRACKS[THREAT].deadlines if each.name == "assess")
    ends = due_at(clock, scene.facts(slug=THREAT), scene.now)
    assert ends is not None
    assert (ends - scene.now).total_seconds() == 48 * 3600


def test_a_child_is_heard_only_with_whoever_acts_for_the_child_and_not_too_often() -> None:
    scene = advised("child")
    assert "INV-07" in rules(scene.refused(CHOICE, "choose_yes", LAWYER, scope=["account"]))
    scene = cooperating("child")
    assert [f.field for f in scene.refused(CHOICE, "statement", POLICE, **states())] == ["guardian_heard"]
    said = states(guardian_heard=True)
    effects = [scene.take(CHOICE, "statement", POLICE, **said)]
    effects += [scene.take(CHOICE, "further_statement", POLICE, **said) for _time in range(3)]
    urgent = [[each for each in found if isinstance(each, Alert) and each.urgent] for found in effects]
    assert [bool(each) for each in urgent] == [False, False, False, True]
    assert scene.tracks[CHOICE].marks["interviews"] == 4


@pytest.mark.parametrize(
    ("capacity", "opens"), [("victim", False), ("witness", False), ("suspect", True), ("accused", True)]
)
def test_inv_11_whoever_is_heard_as_a_suspect_is_defended_from_that_moment(
    capacity: str, opens: bool
) -> None:
    scene = cooperating()
    effects = scene.take(CHOICE, "statement", POLICE, **states(capacity=capacity))
    opened = [each for each in effects if isinstance(each, OpenTrack) and each.slug == UNPUNISHED]
    assert bool(opened) == opens
    assert (suspicion_unanswered(scene.facts()) is not None) == opens
    for each in opened:
        effects = scene.take(each.slug, each.step, TIMER, **each.values)
        assert {one.role for one in effects if isinstance(one, Alert)} == {Role.LEG, Role.SUP}
        assert OpenTrack(LAWYER_TRACK, "open", {"matters": ["criminal"]}) in effects
    assert suspicion_unanswered(scene.facts()) is None


@pytest.mark.parametrize("state", ["undecided", "will_not_cooperate", "trial"])
def test_a_suspect_who_is_free_is_told_whether_she_takes_part_or_not(state: str) -> None:
    scene = Scene()
    scene.put(CHOICE, state)
    effects = scene.take(CHOICE, "suspect_released", POLICE, released_on="2026-03-03")
    assert OpenTrack(THREAT, "open") in effects
    assert OpenTrack("inra", "plan", {"kind": "trigger", "trigger": "suspect_released"}) in effects
    assert Role.SHE in {each.role for each in effects if isinstance(each, Alert)}


def test_the_end_of_the_proceedings_is_not_the_end_of_help() -> None:
    scene = cooperating()
    effects = scene.take(CHOICE, "end", POLICE, outcome="convicted", compensation_ordered=True)
    assert OpenTrack("inra", "plan", {"kind": "trigger", "trigger": "decision"}) in effects
    clock = next(each for each in TRACKS[CHOICE].deadlines if each.name == "services")
    ends = due_at(clock, scene.facts(slug=CHOICE), scene.now)
    assert ends is not None
    assert (ends.year, ends.month, ends.day) == (2026, 9, 2)
    assert clock.reminder


def test_the_choice_is_seen_by_those_alone_who_work_with_it() -> None:
    assert TRACKS[CHOICE].seen_by == {Role.NGO, Role.SOC, Role.LEG, Role.GUA, Role.VIC, Role.POL}


def test_who_assessed_does_not_end_protection_and_nobody_writes_where() -> None:
    scene = Scene()
    scene.put(THREAT, "not_assessed")
    said = dict.fromkeys(("life", "physical", "psychological", "property"), "low")
    scene.take(THREAT, "assess", POLICE, persons=["self"], basis="Calm.", **said)
    assert rules(scene.refused(THREAT, "no_need", POLICE, reason="None.", review_on="2026-06-01")) == {
        "INV-20"
    }
    assert not scene.refused(THREAT, "no_need", SUPERVISOR, reason="None.", review_on="2026-06-01")
    for step in TRACKS[THREAT].steps:
        assert not {"address", "place", "new_name", "new_identity"} & step.form.model_fields.keys()
        assert Category.LOC not in {about.category for about in questions(step.form).values()}


def test_a_critical_threat_has_the_house_and_the_needs_looked_at() -> None:
    scene = Scene()
    scene.put(THREAT, "not_assessed")
    said = {"life": "critical", "physical": "high", "psychological": "low", "property": "low"}
    effects = scene.take(THREAT, "assess", WORKER, persons=["family"], basis="Calls.", **said)
    assert Role.SHE in {each.role for each in effects if isinstance(each, Alert)}
    assert OpenTrack("inra", "plan", {"kind": "trigger", "trigger": "threat"}) in effects

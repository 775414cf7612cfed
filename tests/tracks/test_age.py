"""Age: whoever may be a child is one, a result waits for its remedy, a birthday is kept as a month."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.procedure.clocks import due_at
from app.procedure.effects import Alert, OpenTrack, SetAgeClass, TakeStep
from app.safeguards.words import Relation, Role
from tests.procedure.scene import TIMER, actor, rules
from tests.tracks.returns_children import Whole

SOC, CAU, POL, GUA, LEG = (actor(role) for role in (Role.SOC, Role.CAU, Role.POL, Role.GUA, Role.LEG))
HER_LAWYER = actor(Role.LEG, Relation.MANDATE)
ORDER = {
    "need": "Papers differ.", "less_invasive": ["own_account"], "guardian_present": True, "guardian_heard": True,
    "child_consents": True, "guardian_consents": True,
}  # fmt: skip
RANGE = {"lowest": 16, "highest": 20, "methods": ["interview"], "margin": "two years"}
ADULT = {**RANGE, "lowest": 18, "reasons": "All agree.", "remedy": "Ask the court within 30 days."}


def doubted(**more: Any) -> Whole:
    scene = Whole(None)
    scene.take("age_assessment", "doubt", POL, reasons=["appearance"], **more)
    scene.age_class = "uncertain"
    return scene


def ordered() -> Whole:
    scene = doubted()
    scene.stand("guardian", "provisional")
    scene.take("age_assessment", "order", SOC, **ORDER)
    return scene


def assessed() -> Whole:
    scene = ordered()
    scene.take("age_assessment", "start", SOC, team=["health", "social_worker"], planned_on="2026-03-05")
    return scene


def clock(scene: Whole, name: str) -> datetime | None:
    deadline = next(each for each in scene.law["age_assessment"].deadlines if each.name == name)
    return due_at(deadline, scene.facts(slug="age_assessment"), scene.now)


def test_one_doubt_makes_a_child_with_a_guardian_at_once() -> None:
    effects = Whole(None).take("age_assessment", "doubt", POL, reasons=["own_words"])
    assert SetAgeClass("uncertain") in effects
    assert OpenTrack("guardian", "open") in effects
    assert doubted().facts().is_child


def test_a_referral_that_says_child_presumes_childhood() -> None:
    scene = Whole("child")
    assert scene.take("age_assessment", "presume", TIMER) == [
        OpenTrack("guardian", "open"), TakeStep("removal_measure", "evaluate_block"),
    ]  # fmt: skip
    assert scene.tracks["age_assessment"].state == "presumed_child"


@pytest.mark.parametrize("age", ["child", "uncertain"])
def test_nobody_declares_an_adult_whom_somebody_called_a_child(age: str) -> None:
    assert rules(Whole(age).refused("age_assessment", "declare_adult", POL, basis="document")) == {"INV-16"}
    assert not Whole(None).refused("age_assessment", "declare_adult", POL, basis="document")


def test_an_assessment_waits_for_a_guardian_and_for_consent() -> None:
    assert rules(doubted().refused("age_assessment", "order", SOC, **ORDER)) == {"INV-07"}
    for name in ("guardian_present", "child_consents", "guardian_consents"):
        with pytest.raises(ValueError, match=name):
            Whole.law["age_assessment"].step("order").form.model_validate({**ORDER, name: False})
    assert ordered().tracks["age_assessment"].state == "ordered"


def test_no_doctor_assesses_alone() -> None:
    faults = ordered().refused(
        "age_assessment", "start", SOC, team=["psychologist", "teacher"], planned_on="2026-03-05"
    )
    assert [fault.field for fault in faults] == ["team"]


def test_to_refuse_proves_nothing() -> None:
    scene = assessed()
    scene.take("age_assessment", "refuse", GUA, refused_by="person", refused_on="2026-03-02")
    assert scene.tracks["age_assessment"].state == "presumed_child"
    assert scene.facts().is_child


def test_a_range_that_reaches_childhood_is_a_childs() -> None:
    assert rules(assessed().refused("age_assessment", "conclude_adult", CAU, **{**ADULT, "lowest": 17})) == {
        "INV-16"
    }
    assert rules(assessed().refused("age_assessment", "leave_open", CAU, **{**RANGE, "lowest": 18})) == {
        "INV-16"
    }
    scene = assessed()
    scene.take("age_assessment", "leave_open", CAU, **RANGE)
    assert scene.facts().is_child


def test_inv_20_who_ordered_it_does_not_conclude_that_it_is_an_adult() -> None:
    assert rules(assessed().refused("age_assessment", "conclude_adult", SOC, **ADULT)) == {"INV-20"}


def test_an_adult_is_a_child_until_the_remedy_is_over() -> None:
    scene = assessed()
    effects = scene.take("age_assessment", "conclude_adult", CAU, **ADULT)
    assert not [each for each in effects if isinstance(each, SetAgeClass)]
    assert scene.facts().is_child
    assert rules(scene.refused("age_assessment", "conclude", TIMER)) == {"INV-16"}
    assert clock(scene, "remedy") == datetime(2026, 4, 1, 21, 59, 59, tzinfo=UTC)
    scene.wait(days=31)
    assert SetAgeClass("adult") in scene.take("age_assessment", "conclude", TIMER)


def test_a_challenge_stops_the_last_word() -> None:
    scene = assessed()
    scene.take("age_assessment", "conclude_adult", CAU, **ADULT)
    scene.take("age_assessment", "challenge", HER_LAWYER, grounds="g", before="court", filed_on="2026-03-02")
    scene.wait(days=400)
    assert rules(scene.refused("age_assessment", "conclude", TIMER)) == {"INV-16"}
    assert rules(scene.refused("age_assessment", "conclude", SOC)) == {"INV-16"}, "it was not lost"
    assert not scene.refused("age_assessment", "conclude", SOC, ended_by="lost", decision="J 1")
    assert SetAgeClass("child") in scene.take("age_assessment", "uphold", LEG, decision="J 2")


def test_of_a_birthday_the_rules_learn_the_month_alone() -> None:
    scene = doubted(turns_18_on="2026-09-07")
    marks = scene.tracks["age_assessment"].marks
    assert marks == {"grown_on": "2026-09-30"}
    assert clock(scene, "turns_18") == datetime(2026, 9, 30, 21, 59, 59, tzinfo=UTC)
    assert clock(scene, "aftercare") == datetime(2026, 3, 1, 22, 59, 59, tzinfo=UTC)


def test_turning_18_ends_the_rules_for_children_and_nothing_else() -> None:
    scene = doubted(turns_18_on="2026-09-07")
    scene.wait(days=200)
    assert rules(scene.refused("age_assessment", "turn_18", TIMER)) == {"INV-16"}
    scene.now = datetime(2026, 9, 30, 22, 0, tzinfo=UTC)
    effects = scene.take("age_assessment", "turn_18", TIMER)
    assert SetAgeClass("adult") in effects
    assert TakeStep("inra", "replace", {"kind": "trigger", "trigger": "birthday_18"}) in effects
    assert {each.role for each in effects if isinstance(each, Alert)} >= {Role.SOC, Role.GUA, Role.NGO}
    assert not [each for each in effects if isinstance(each, TakeStep) and each.slug == "case"]


def test_a_birthday_that_nobody_knows_starts_no_clock() -> None:
    assert clock(doubted(), "turns_18") is None
    assert rules(doubted().refused("age_assessment", "turn_18", TIMER)) == {"INV-16"}


def test_a_named_remedy_is_never_shorter_than_the_usual_one() -> None:
    scene = assessed()
    scene.take("age_assessment", "conclude_adult", CAU, **ADULT, remedy_until="2026-03-03")
    assert clock(scene, "remedy") == datetime(2026, 4, 1, 21, 59, 59, tzinfo=UTC)
    scene = assessed()
    scene.take("age_assessment", "conclude_adult", CAU, **ADULT, remedy_until="2026-06-01")
    ends = clock(scene, "remedy")
    assert ends is not None
    assert ends - datetime(2026, 6, 1, 21, 59, 59, tzinfo=UTC) == timedelta(0)

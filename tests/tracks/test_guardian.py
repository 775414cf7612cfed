"""The guardian: somebody acts at once, access follows the appointment and ends with it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.procedure.clocks import due_at, started_by, stopped_by
from app.procedure.effects import Alert, CallIn, JoinTeam, LeaveTeam, TakeStep
from app.procedure.facts import ActorFacts
from app.safeguards.words import Relation, Role
from app.tracks import TRACKS
from tests.procedure.scene import TIMER, Scene, actor, rules
from tests.tracks.sayings import OTHER, PARTNER, appoints, nominates

SOC, SOC2 = actor(Role.SOC), actor(Role.SOC)
GUA = ActorFacts(OTHER, Role.GUA, None, frozenset({Relation.GUARDIAN}))
CONCERN = {"concern": "absence", "details": "Not seen for a month."}
JOINED = JoinTeam(Relation.GUARDIAN, Role.GUA, user_id=OTHER)


def needed(age: str = "child") -> Scene:
    scene = Scene(age)
    scene.take("guardian", "open", TIMER)
    return scene


def appointed(**more: Any) -> Scene:
    scene = needed()
    scene.take("guardian", "nominate", SOC, **nominates())
    scene.take("guardian", "appoint", SOC, **appoints(**more))
    return scene


def clock(scene: Scene, name: str) -> datetime | None:
    deadline = next(each for each in TRACKS["guardian"].deadlines if each.name == name)
    return due_at(deadline, scene.facts(slug="guardian"), scene.now)


def test_a_child_or_whoever_may_be_one_gets_a_guardian_and_an_adult_does_not() -> None:
    for age in ("child", "uncertain"):
        scene = Scene(age)
        effects = scene.take("guardian", "open", TIMER)
        assert CallIn(Role.SOC, Relation.ASSIGNED) in effects
        assert [each.urgent for each in effects if isinstance(each, Alert)] == [True]
    assert rules(Scene("adult").refused("guardian", "open", TIMER)) == {"INV-16"}


def test_somebody_acts_within_a_day_and_a_guardian_within_the_law() -> None:
    scene = needed()
    assert clock(scene, "provisional") == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert clock(scene, "target") == datetime(2026, 3, 9, 22, 59, 59, tzinfo=UTC)
    assert clock(scene, "limit") == datetime(2026, 3, 23, 22, 59, 59, tzinfo=UTC)


def test_access_follows_who_acts() -> None:
    scene = needed()
    acts = scene.take("guardian", "name_provisional", SOC, provisional_user=PARTNER, from_on="2026-03-02")
    assert acts == [LeaveTeam(Relation.GUARDIAN), JoinTeam(Relation.GUARDIAN, Role.GUA, user_id=PARTNER)]
    scene.take("guardian", "nominate", SOC, **nominates())
    assert scene.take("guardian", "appoint", SOC, **appoints()) == [LeaveTeam(Relation.GUARDIAN), JOINED]
    ended = scene.take("guardian", "end", SOC, reason="turned_18", handover="All papers handed over.")
    assert ended == [LeaveTeam(Relation.GUARDIAN), TakeStep("removal_measure", "evaluate_block")]


@pytest.mark.parametrize("step", ["suspend", "replace"])
def test_a_guardian_who_stops_loses_access_at_once_and_somebody_is_asked_for(step: str) -> None:
    said = CONCERN if step == "suspend" else {"reason": "child_wishes", "childs_view": "Wants somebody else."}
    effects = appointed().take("guardian", step, SOC, **said)
    assert effects[0] == LeaveTeam(Relation.GUARDIAN)
    assert [each.urgent for each in effects if isinstance(each, Alert)] == [True]


def test_the_guardian_must_be_free_of_conflicts_and_not_have_too_many_children() -> None:
    form = TRACKS["guardian"].step("nominate").form
    for conflict in ("no_immigration_role", "no_shelter_role", "no_exploiter_tie"):
        with pytest.raises(ValueError, match=conflict):
            form.model_validate(nominates(**{conflict: False}))
    assert rules(needed().refused("guardian", "nominate", SOC, **nominates(caseload=30))) == {
        "guardian.max_wards"
    }
    assert not needed().refused("guardian", "nominate", SOC, **nominates(caseload=29))


def test_the_first_meeting_has_a_clock_unless_they_have_met() -> None:
    scene = appointed()
    assert clock(scene, "first_meeting") == datetime(2026, 3, 4, 22, 59, 59, tzinfo=UTC)
    assert clock(appointed(met_on="2026-03-02"), "first_meeting") is None
    track = TRACKS["guardian"]
    assert "first_meeting" in {each.name for each in stopped_by(track, track.step("record_meeting"))}
    assert "report" in {each.name for each in started_by(track, track.step("report"))}


def test_a_new_guardian_meets_the_child_anew() -> None:
    scene = appointed(met_on="2026-03-02")
    scene.wait(days=10)
    scene.take("guardian", "replace", SOC, reason="moved", childs_view="Sad.")
    scene.take("guardian", "name_provisional", SOC, provisional_user=PARTNER, from_on="2026-03-12")
    scene.take("guardian", "nominate", SOC, **nominates())
    scene.take("guardian", "appoint", SOC, **appoints())
    assert clock(scene, "first_meeting") == datetime(2026, 3, 16, 22, 59, 59, tzinfo=UTC)


def test_who_suspended_does_not_reinstate_and_nobody_judges_themselves() -> None:
    scene = appointed()
    scene.take("guardian", "suspend", SOC, **CONCERN)
    assert rules(scene.refused("guardian", "reinstate", SOC, finding="Unfounded.")) == {"INV-20"}
    assert scene.take("guardian", "reinstate", SOC2, finding="Unfounded.") == [
        LeaveTeam(Relation.GUARDIAN),
        JOINED,
    ]
    own = ActorFacts(OTHER, Role.SOC, None, frozenset({Relation.ASSIGNED}))
    assert rules(scene.refused("guardian", "suspend", own, **CONCERN)) == {"INV-20"}


def test_who_was_only_provisional_is_not_reinstated_as_guardian() -> None:
    scene = needed()
    scene.take("guardian", "name_provisional", SOC, provisional_user=PARTNER, from_on="2026-03-02")
    scene.take("guardian", "suspend", SOC, **CONCERN)
    assert scene.refused("guardian", "reinstate", SOC2, finding="Unfounded.")
    scene.take("guardian", "name_provisional", SOC2, provisional_user=OTHER, from_on="2026-03-02")


def test_a_parent_acts_only_when_it_was_checked() -> None:
    said = {"not_involved": True, "checks": ["talked_to_child"], "assessment": "B 1"}
    scene = needed()
    scene.take("guardian", "parents_ok", SOC, **said)
    scene.take("guardian", "conflict", SOC, conflict="pressure", facts="Asked the child to be silent.")
    assert scene.tracks["guardian"].state == "needed"
    with pytest.raises(ValueError, match="not_involved"):
        TRACKS["guardian"].step("parents_ok").form.model_validate({**said, "not_involved": False})


def test_the_guardian_reports_and_may_pass_on_the_childs_wish_for_another() -> None:
    assert set(appointed().offers("guardian", GUA)) == {"record_meeting", "report", "replace"}

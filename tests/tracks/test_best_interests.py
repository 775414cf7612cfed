"""Best interests: assessed before each decision, determined by a panel in which helpers have no vote; interviews."""

from typing import Any
from uuid import uuid4

import pytest

from app.procedure.effects import Alert, OpenTrack, TakeStep
from app.safeguards.words import Role
from tests.procedure.scene import TIMER, actor, rules
from tests.tracks.returns_children import FOUND, Whole

SOC, NGO, SUP, BIP, POL, GUA = (
    actor(role) for role in (Role.SOC, Role.NGO, Role.SUP, Role.BIP, Role.POL, Role.GUA)
)
HEARD = {
    "child_heard": "heard", "childs_views": "Wants to stay in school.", "guardian_view": "not_yet_appointed",
    "safety": "s", "family": "f", "development": "d", "identity": "i", "health": "h", "education": "e",
    "recommends": "in_favour", "recommendation": "r",
}  # fmt: skip


def assessed() -> Whole:
    scene = Whole("child")
    scene.take("bia", "trigger", TIMER)
    scene.take("bia", "start", SOC, child_trained=True)
    scene.take("bia", "complete", SOC, **HEARD)
    return scene


def test_a_child_is_assessed_at_once_without_waiting_for_a_guardian() -> None:
    scene = assessed()
    assert scene.tracks["bia"].marks["decision"] == "accommodation"
    assert rules(scene.refused("bia", "approve", actor(Role.SUP))) == set()
    scene.take("bia", "approve", SUP)
    scene.take("bia", "age_out", TIMER)
    scene.take("bia", "start", SOC, child_trained=True)


def test_inv_20_who_assessed_does_not_approve() -> None:
    scene = assessed()
    scene.taken_by("bia", SUP.user_id)
    assert rules(scene.refused("bia", "approve", SUP)) == {"INV-20"}


def test_a_child_is_heard_or_it_is_said_why_not() -> None:
    form = Whole.law["bia"].step("complete").form
    with pytest.raises(ValueError, match="childs_views"):
        form.model_validate({**HEARD, "childs_views": None})
    silent = {**HEARD, "child_heard": "too_young", "childs_views": None}
    with pytest.raises(ValueError, match="why_not_heard"):
        form.model_validate(silent)
    form.model_validate({**silent, "why_not_heard": "Two months old."})


GATHERED = {
    "towards": "organisation", "childs_views": "v", "tracing": "found", "origin_findings": "o",
    "risk_analysis": "r", "option_return": "1", "option_integration": "2", "option_resettlement": "3",
}  # fmt: skip
MEMBERS = [
    {"member": str(uuid4()), "organisation": str(uuid4()), "function": function, "vote": "for"}
    for function in ("child_protection", "health", "child_law")
]
DECIDES: dict[str, Any] = {
    "members": MEMBERS, "option": "local_integration", "individual": True, "decision": "d", "reasons": "r",
    "guardian_heard": True, "child_heard": "heard", "review_on": "2026-09-01",
}  # fmt: skip


def ready(question: str = "durable_solution") -> Whole:
    scene = Whole("child")
    scene.stand("guardian", "active", guardian_user=str(uuid4()))
    scene.take("bid", "open", SOC, question=question, guardian_heard=True)
    scene.take("bid", "gather", SOC, **GATHERED)
    scene.take("bid", "submit", SOC, report="r", guardian_heard=True)
    return scene


def test_a_panel_of_three_from_two_houses_decides() -> None:
    scene = ready()
    scene.take("bid", "decide", BIP, **DECIDES)
    assert scene.tracks["bid"].marks["option"] == "local_integration"
    for members in (
        MEMBERS[:2],
        [{**each, "organisation": MEMBERS[0]["organisation"]} for each in MEMBERS],
        [MEMBERS[0]] * 3,
    ):
        assert rules(ready().refused("bid", "decide", BIP, **{**DECIDES, "members": members})) == {
            "bid.panel_members"
        }


def test_a_majority_is_needed() -> None:
    against = [{**each, "vote": "against"} for each in MEMBERS[:2]]
    assert ready().refused("bid", "decide", BIP, **{**DECIDES, "members": [*against, MEMBERS[2]]})


def test_inv_20_caseworker_and_guardian_have_no_vote() -> None:
    scene = ready()
    guardian = scene.tracks["guardian"].marks["guardian_user"]
    for helper in (str(SOC.user_id), guardian):
        members = [{**MEMBERS[0], "member": helper}, *MEMBERS[1:], {**MEMBERS[0], "member": str(uuid4())}]
        assert rules(scene.refused("bid", "decide", BIP, **{**DECIDES, "members": members})) == {"INV-20"}
    scene.taken_by("bid", BIP.user_id)
    assert "INV-20" in rules(scene.refused("bid", "decide", BIP, **DECIDES))


def test_inv_18_each_solution_is_described_and_exactly_one_is_chosen() -> None:
    scene = Whole("child")
    scene.stand("guardian", "active")
    scene.take("bid", "open", SOC, question="durable_solution", guardian_heard=True)
    assert rules(scene.refused("bid", "gather", SOC, **{**GATHERED, "option_resettlement": None})) == {
        "INV-18"
    }
    assert rules(ready().refused("bid", "decide", BIP, **{**DECIDES, "option": None})) == {"INV-18"}
    assert not ready("custody").refused("bid", "decide", BIP, **{**DECIDES, "option": None})


def test_inv_05_the_country_of_origin_is_not_asked_while_asylum_is_open() -> None:
    scene = Whole("child")
    scene.stand("guardian", "active")
    scene.stand("asylum_claim", "lodged")
    scene.take("bid", "open", SOC, question="durable_solution", guardian_heard=True)
    asks_origin = {**GATHERED, "towards": "origin"}
    assert rules(scene.refused("bid", "gather", SOC, **asks_origin)) == {"INV-05"}
    assert not scene.refused("bid", "gather", SOC, **asks_origin, agreed_after_advice="in_writing")
    assert not scene.refused("bid", "gather", SOC, **GATHERED)


def test_a_reopened_determination_puts_the_solution_back() -> None:
    scene = ready()
    scene.take("bid", "decide", BIP, **DECIDES)
    effects = scene.take("bid", "reopen", GUA, new_facts="n")
    assert TakeStep("durable_solution", "reopen", {"reason": "determination_reopened"}) in effects


def test_the_solution_opens_what_it_is_about() -> None:
    scene = Whole("child")
    scene.stand("guardian", "active")
    scene.stand("bid", "decided", question="durable_solution", option="return_reintegration")
    scene.stand("durable_solution", "proposed", option="return_reintegration", receiver="family", **FOUND)
    effects = scene.take(
        "durable_solution",
        "decide",
        BIP,
        option="return_reintegration",
        individual=True,
        reasons="r",
        **FOUND,
    )
    assert OpenTrack("voluntary_return", "open") in effects
    assert scene.tracks["durable_solution"].marks["determination"] == str(scene.tracks["bid"].id)


def test_local_integration_needs_all_four() -> None:
    scene = Whole("child")
    scene.stand("guardian", "active")
    scene.stand("durable_solution", "decided", option="local_integration")
    begins = {
        "plan": "p", "owner": str(uuid4()), "starts_on": "2026-03-02", "ends_on": "2026-12-01", "guardian_heard": True,
    }  # fmt: skip
    settled = ["right_to_stay", "school", "guardian_until_18", "aftercare"]
    assert scene.refused("durable_solution", "start", SOC, **begins, integration=settled[:3])
    scene.take("durable_solution", "start", SOC, **begins, integration=settled)
    assert rules(
        scene.refused("durable_solution", "achieve", SOC, evidence="e", child_heard="heard", childs_views="v")
    ) == {"INV-20"}
    assert not scene.refused(
        "durable_solution", "achieve", SUP, evidence="e", child_heard="heard", childs_views="v"
    )


def test_a_return_is_achieved_only_after_the_follow_up() -> None:
    scene = Whole("child")
    scene.stand("durable_solution", "implementing", option="return_reintegration")
    arrived = {"evidence": "e", "child_heard": "heard", "childs_views": "v"}
    assert scene.refused("durable_solution", "achieve", SUP, **arrived)
    scene.put("post_return_monitoring", "concluded")
    assert not scene.refused("durable_solution", "achieve", SUP, **arrived)


PROPOSED = {"purpose": "criminal", "questions": "q", "known_already": "k"}
CLEARED: dict[str, Any] = {
    "guardian_heard": True, "interviewer_trained": True, "same_interviewer": True, "child_friendly": True,
    "language": "ro", "recording_planned": True, "trusted_adult": True,
}  # fmt: skip
HELD = {
    "began_at": "2026-03-02T09:00:00Z", "ended_at": "2026-03-02T09:40:00Z", "present": ["guardian"],
    "recording": "R 1", "breaks": 2, "guardian_heard": True, "wellbeing": "calm",
}  # fmt: skip


def proposed(**more: Any) -> Whole:
    scene = Whole("child")
    scene.take("child_interview", "propose", POL, **PROPOSED, **more)
    return scene


def test_an_interview_waits_for_guardian_and_assessment() -> None:
    scene = proposed()
    assert "INV-07" in rules(scene.refused("child_interview", "clear", SOC, **CLEARED))
    scene.stand("guardian", "provisional")
    assert scene.refused("child_interview", "clear", SOC, **CLEARED)
    scene.stand("bia", "approved", decision="interview")
    scene.take("child_interview", "clear", SOC, **CLEARED)
    scene.take("child_interview", "hold", POL, **HELD)
    assert scene.tracks["child_interview"].marks["interviews"] == 1


def test_only_a_danger_to_life_at_this_moment_waits_for_nobody() -> None:
    scene = proposed(immediate_danger="yes", danger="A sister is held.")
    assert not scene.refused("child_interview", "clear", SOC, **{**CLEARED, "guardian_heard": None})
    assert [each.field for each in proposed().refused("child_interview", "clear", SOC, **CLEARED)] != []
    assert [
        each.field
        for each in Whole("child").refused(
            "child_interview", "propose", POL, **PROPOSED, immediate_danger="yes"
        )
    ] == ["danger"]


def test_too_many_interviews_are_told_to_a_supervisor() -> None:
    scene = proposed()
    scene.stand("guardian", "active")
    scene.stand("bia", "approved", decision="interview")
    for number in range(3):
        scene.stand("child_interview", "held", key=f"held {number}")
    scene.take("child_interview", "clear", SOC, **CLEARED)
    effects = scene.take("child_interview", "hold", POL, **HELD)
    assert [each.role for each in effects if isinstance(each, Alert)] == [Role.SUP]


def test_these_rules_are_for_children() -> None:
    assert Whole("adult").refused("child_interview", "propose", POL, **PROPOSED)

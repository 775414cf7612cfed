"""Return: wished, looked at, approved by somebody else, stopped at any moment; and a child that is followed up."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.kit.errors import Refused
from app.procedure.clocks import due_at
from app.procedure.effects import Alert, SetMarks, TakeStep
from app.safeguards.words import Relation, Role
from tests.procedure.scene import TIMER, actor, rules
from tests.tracks.returns_children import Whole, child_ready_to_return

NGO, SOC, SUP = actor(Role.NGO, Relation.LEAD), actor(Role.SOC), actor(Role.SUP)
RISKS = (
    "reprisal_self", "reprisal_family", "retrafficking", "stigma", "debt", "health", "shelter", "livelihood",
    "authorities",
)  # fmt: skip
ADVISED = {
    **dict.fromkeys(("told_stay", "told_asylum", "told_return", "told_revocable"), True), "language": "ro",
    "legal_advice": "taken",
}  # fmt: skip
WISHES = {"country": "RO", "place": "a town", "own_reasons": "Family."}
PREPARES = {
    "towards": "organisation", "travel": "By air.", "travel_document": "own", "escort": "not_wanted",
    "care_plan": "None.", "pack_handed": True, "pack_language": "ro", "monitoring": "A call each month.",
}  # fmt: skip


def rated(level: str = "low", **levels: str) -> list[dict[str, str]]:
    return [{"risk": risk, "level": levels.get(risk, level), "mitigation": "Seen to."} for risk in RISKS]


def safe(scene: Whole) -> None:
    """Take the safety assessment from its beginning to its approval."""
    scene.take("return_safety_assessment", "request", NGO, family=["parents"], country="RO", place="a town")
    scene.take(
        "return_safety_assessment",
        "start",
        NGO,
        towards="organisation",
        own_view="Not afraid.",
        own_fear="no",
    )
    scene.take("return_safety_assessment", "complete", NGO, risks=rated(), outcome="safe", reasons="All low.")
    until = (scene.now + timedelta(days=60)).date()
    scene.take("return_safety_assessment", "approve", SUP, valid_until=until)


def wished() -> Whole:
    scene = Whole("adult")
    scene.take("voluntary_return", "open", TIMER)
    scene.take("voluntary_return", "counsel", NGO, **ADVISED)
    scene.wait(hours=1)
    scene.stand("consent", "given", "ask", "give", purpose="return", valid_until="2027-01-01")
    scene.take("voluntary_return", "wish", NGO, **WISHES)
    return scene


def prepared() -> Whole:
    scene = wished()
    safe(scene)
    scene.take("voluntary_return", "start_assessment", NGO)
    scene.take(
        "voluntary_return", "approve", SUP, same_place=True, proceedings="None.", receiving_organisation="O"
    )
    scene.stand("transnational_referral", "accepted", purpose="return")
    scene.take("voluntary_return", "prepare", NGO, **PREPARES)
    return scene


def test_an_adult_returns_step_by_step() -> None:
    scene = prepared()
    assert rules(scene.refused("voluntary_return", "depart", NGO, **goes(scene))) == {
        "return.cooling_off_days"
    }
    scene.wait(days=8)
    scene.take("voluntary_return", "depart", NGO, **goes(scene))
    scene.take("voluntary_return", "hand_over", NGO, received_by="R", received_on=scene.now.date())
    assert clock(scene, "voluntary_return", "last_follow_up") is not None
    scene.take("voluntary_return", "start_reintegration", NGO, plan="p")
    effects = scene.take(
        "voluntary_return", "conclude", NGO, outcome="settled", last_visit_on=scene.now.date()
    )
    assert TakeStep("return_safety_assessment", "close", {"reason": "return_over"}) in effects


def goes(scene: Whole) -> dict[str, Any]:
    return {"departed_on": scene.now.date(), "route": "By air.", "still_wishes": True}


def clock(scene: Whole, slug: str, name: str) -> datetime | None:
    deadline = next(each for each in scene.law[slug].deadlines if each.name == name)
    return due_at(deadline, scene.facts(slug=slug), scene.now)


def test_inv_09_no_wish_without_consent_after_advice() -> None:
    scene = Whole("adult")
    scene.take("voluntary_return", "open", TIMER)
    scene.take("voluntary_return", "counsel", NGO, **{**ADVISED, "legal_advice": "not_offered"})
    scene.stand("consent", "given", "ask", "give", purpose="return")
    assert rules(scene.refused("voluntary_return", "wish", NGO, **WISHES)) == {"INV-09"}
    for told in ("told_stay", "told_asylum", "told_return", "told_revocable"):
        with pytest.raises(ValueError, match=told):
            scene.law["voluntary_return"].step("counsel").form.model_validate({**ADVISED, told: False})


def test_inv_04_a_claim_to_asylum_stops_each_step() -> None:
    scene = prepared()
    scene.wait(days=8)
    scene.stand("asylum_claim", "intention")
    assert "INV-04" in rules(scene.refused("voluntary_return", "depart", NGO, **goes(scene)))
    scene = wished()
    scene.put("voluntary_return", "counselling")
    scene.stand("asylum_claim", "lodged")
    assert "INV-04" in rules(scene.refused("voluntary_return", "wish", NGO, **WISHES))


def test_who_may_not_know_of_a_claim_meets_it_without_hearing_of_it() -> None:
    scene = prepared()
    scene.stand("asylum_claim", "intention")
    scene.put("voluntary_return", "assessment")
    approves = {"same_place": True, "proceedings": "None.", "receiving_organisation": "O"}
    faults = scene.refused("voluntary_return", "approve", SUP, **approves)
    (untold,) = [each for each in faults if each.rule == "protected-status"]
    told = " ".join(f"{each.message} {each.rule} {each.source}" for each in faults)
    assert not re.search(r"INV-04|asylum|nternational protection|Refugees", told)
    assert "lead worker" in str(getattr(untold, "unblock", ""))
    assert Refused(untold).named == {"rules": ["protected-status"], "withheld": ["INV-04"]}


def test_inv_20_who_proposes_does_not_approve() -> None:
    scene = wished()
    safe(scene)
    scene.take("voluntary_return", "start_assessment", NGO)
    scene.taken_by("voluntary_return", SUP.user_id)
    faults = scene.refused(
        "voluntary_return", "approve", SUP, same_place=True, proceedings="None.", receiving_organisation="O"
    )
    assert "INV-20" in rules(faults)


def test_inv_08_no_assessment_no_approval() -> None:
    scene = wished()
    assert rules(scene.refused("voluntary_return", "start_assessment", NGO)) == {"INV-08"}
    safe(scene)
    effects = scene.take("voluntary_return", "start_assessment", NGO)
    assert SetMarks({"assessment": str(scene.tracks["return_safety_assessment"].id)}) in effects
    scene.take("return_safety_assessment", "expire", TIMER)
    faults = scene.refused(
        "voluntary_return", "approve", SUP, same_place=True, proceedings="None.", receiving_organisation="O"
    )
    assert rules(faults) == {"INV-08"}


@pytest.mark.parametrize("state", ["requested", "assessment", "approved", "preparation"])
def test_inv_09_consent_taken_back_calls_it_off_whoever_thinks_otherwise(state: str) -> None:
    scene = prepared()
    scene.tracks["voluntary_return"] = scene.put("voluntary_return", state)
    scene.stand("consent", "given", "ask", "give", purpose="return", recipients=[])
    effects = scene.take("consent", "withdraw", NGO, withdrawn_on="2026-03-02", scope="everything")
    assert TakeStep("voluntary_return", "consent_ended") in effects
    scene.take("voluntary_return", "consent_ended", TIMER)
    assert scene.tracks["voluntary_return"].state == "cancelled"


def test_a_consent_for_something_else_calls_nothing_off() -> None:
    scene = prepared()
    scene.stand("consent", "given", "ask", "give", purpose="assistance", recipients=[])
    effects = scene.take("consent", "withdraw", NGO, withdrawn_on="2026-03-02", scope="everything")
    assert not [each for each in effects if isinstance(each, TakeStep)]


def test_to_call_off_asks_no_reason_and_recalls_what_went_abroad() -> None:
    scene = prepared()
    effects = scene.take("voluntary_return", "cancel", NGO)
    assert TakeStep("return_safety_assessment", "close", {"reason": "return_cancelled"}) in effects
    assert len([each for each in effects if isinstance(each, Alert)]) == 2


def test_unsafe_opens_the_other_ways() -> None:
    scene = wished()
    safe(scene)
    scene.take("voluntary_return", "start_assessment", NGO)
    effects = scene.take("voluntary_return", "refuse_unsafe", SUP, reasons="Threats.")
    assert {each.role for each in effects if isinstance(each, Alert)} == {Role.LEG, Role.NGO}


def test_no_child_travels_alone_or_wants_no_help_afterwards() -> None:
    scene = child_ready_to_return()
    scene.put("voluntary_return", "approved")
    child = {**PREPARES, "guardian_heard": True}
    assert "INV-06" in rules(scene.refused("voluntary_return", "prepare", NGO, **child))
    assert not scene.refused(
        "voluntary_return", "prepare", NGO, **{**child, "escort": "named", "escort_name": "E"}
    )
    scene.put("voluntary_return", "received")
    assert rules(scene.refused("voluntary_return", "want_no_more", NGO, told_door_open=True)) == {"INV-16"}
    scene.put("voluntary_return", "departed")
    said = {"received_by": "R", "received_on": "2026-03-02"}
    assert [each.field for each in scene.refused("voluntary_return", "hand_over", NGO, **said)] == [
        "new_guardian"
    ]


def test_a_reopened_determination_freezes_the_return_of_a_child() -> None:
    for state, step, said in (
        ("requested", "start_assessment", {}),
        ("assessment", "approve", {"same_place": True, "proceedings": "p", "receiving_organisation": "O"}),
        ("approved", "prepare", {**PREPARES, "escort": "named", "escort_name": "E", "guardian_heard": True}),
    ):
        scene = child_ready_to_return()
        scene.put("bid", "reopened", question="durable_solution", option="return_reintegration")
        scene.put("voluntary_return", state)
        who = SUP if step == "approve" else NGO
        assert "INV-06" in rules(scene.refused("voluntary_return", step, who, **said)), step


def test_the_nine_risks_carry_the_outcome() -> None:
    scene = Whole("adult")
    scene.put("return_safety_assessment", "in_progress")
    said = {"outcome": "safe", "reasons": "r"}
    for risks, outcome, fine in (
        (rated()[:8], "safe", False), (rated(debt="high"), "safe", False),
        (rated(debt="high"), "safe_with_measures", True), (rated(debt="critical"), "safe_with_measures", False),
        (rated(debt="critical"), "unsafe", True), (rated(), "inconclusive", True),
    ):  # fmt: skip
        faults = scene.refused(
            "return_safety_assessment", "complete", NGO, **{**said, "outcome": outcome}, risks=risks
        )
        assert (not faults) == fine, outcome


def test_an_assessment_is_not_relied_on_for_ever() -> None:
    scene = Whole("adult")
    scene.put("return_safety_assessment", "completed")
    for until, fine in (("2026-05-31", True), ("2026-06-01", False), ("2026-03-02", False)):
        assert (not scene.refused("return_safety_assessment", "approve", SUP, valid_until=until)) == fine

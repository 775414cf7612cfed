"""Who watches the data: requests answered safely, breaches that put people first, a glass that is always reviewed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.kit.ids import new_id
from app.procedure.clocks import due_at
from app.procedure.effects import Alert, JoinTeam, LeaveTeam, OpenTrack, TakeStep
from app.safeguards.words import Category, Relation, Role
from app.tracks.oversight.reviewing import stands_against
from tests.procedure.scene import TIMER, actor, rules
from tests.tracks.returns_children import Whole

DPO, NGO, AUD, SUP, SHE, POL = (
    actor(r) for r in (Role.DPO, Role.NGO, Role.AUD, Role.SUP, Role.SHE, Role.POL)
)


def clock(scene: Whole, slug: str, name: str) -> datetime | None:
    deadline = next(each for each in scene.law[slug].deadlines if each.name == name)
    return due_at(deadline, scene.facts(slug=slug), scene.now)


def received() -> Whole:
    scene = Whole("adult")
    scene.take("data_subject_request", "receive", NGO, kind="access", regime="GDPR", language="ro")
    return scene


VERIFIED = {"identified": "known_in_person", "no_coercion": True, "safe_channel": "in_person"}
ANSWERED: dict[str, Any] = {
    "content": "c", "no_whereabouts": True, "accesses_included": "yes", "recipients_told": "yes",
    "safe_channel_used": True,
}  # fmt: skip


def test_a_request_is_answered_within_a_month_or_three() -> None:
    scene = received()
    assert clock(scene, "data_subject_request", "answer") == datetime(2026, 4, 2, 21, 59, 59, tzinfo=UTC)
    scene.take("data_subject_request", "verify", DPO, **VERIFIED)
    scene.wait(days=20)
    scene.take("data_subject_request", "extend", DPO, reason="complex", told_in_time=True)
    assert clock(scene, "data_subject_request", "answer_extended") == datetime(
        2026, 6, 2, 21, 59, 59, tzinfo=UTC
    )
    scene.take("data_subject_request", "answer", DPO, **ANSWERED)


def test_more_time_is_not_taken_when_the_month_is_over() -> None:
    scene = received()
    scene.take("data_subject_request", "verify", DPO, **VERIFIED)
    scene.wait(days=40)
    assert rules(scene.refused("data_subject_request", "extend", DPO, reason="many", told_in_time=True)) == {
        "request.answer_months"
    }


def test_nobody_is_answered_who_may_be_made_to_ask_and_no_address_goes_out() -> None:
    law = Whole.law["data_subject_request"]
    with pytest.raises(ValueError, match="no_coercion"):
        law.step("verify").form.model_validate({**VERIFIED, "no_coercion": False})
    for name in ("no_whereabouts", "safe_channel_used"):
        with pytest.raises(ValueError, match=name):
            law.step("answer").form.model_validate({**ANSWERED, name: False})
    scene = received()
    scene.take("data_subject_request", "verify", DPO, **VERIFIED)
    left_out = {**ANSWERED, "redacted": ["third_parties"]}
    assert [each.field for each in scene.refused("data_subject_request", "answer", DPO, **left_out)] == [
        "redaction_reasons"
    ]


DETECTED = {
    "detected_at": "2026-03-02T06:00:00Z", "aware_at": "2026-03-02T07:00:00Z", "categories": ["LOC"], "case_count": 1,
}  # fmt: skip


def detected() -> Whole:
    scene = Whole("adult")
    scene.stand("case", "open")
    scene.take("data_breach", "detect", NGO, **DETECTED)
    return scene


def test_72_hours_run_from_the_awareness() -> None:
    assert clock(detected(), "data_breach", "notify") == datetime(2026, 3, 5, 7, tzinfo=UTC)
    scene = Whole("adult")
    scene.take("data_breach", "detect", TIMER)
    assert clock(scene, "data_breach", "notify") == scene.now + timedelta(hours=72)
    assert [each.field for each in Whole("adult").refused("data_breach", "detect", NGO)] == [
        "detected_at", "aware_at", "categories", "case_count",
    ]  # fmt: skip


def test_a_known_place_moves_people_before_formalities() -> None:
    scene = detected()
    effects = scene.take("data_breach", "confirm", DPO, risk="high", whereabouts_affected="yes", measures="m")
    first = effects[0]
    assert isinstance(first, Alert)
    assert (first.role, first.urgent) == (Role.SHE, True)
    assert OpenTrack("inra", "plan", {"kind": "trigger", "trigger": "other"}) in effects
    assert TakeStep("inra", "replace", {"kind": "trigger", "trigger": "other"}) in effects
    assert rules(scene.refused("data_breach", "low_risk", actor(Role.SUP), why="w")) == {"INV-12"}


def test_inv_20_who_confirmed_does_not_call_the_risk_low() -> None:
    scene = detected()
    scene.take("data_breach", "confirm", DPO, risk="low", whereabouts_affected="no", measures="m")
    assert rules(scene.refused("data_breach", "low_risk", DPO, why="w")) == {"INV-20"}
    assert not scene.refused("data_breach", "low_risk", SUP, why="w")


def test_late_is_explained_and_so_is_silence() -> None:
    scene = detected()
    scene.take("data_breach", "confirm", DPO, risk="high", whereabouts_affected="no", measures="m")
    tells = {"notified_at": "2026-03-02T09:00:00Z", "content": "c"}
    assert not scene.refused("data_breach", "notify", DPO, **tells)
    scene.wait(hours=80)
    assert [each.field for each in scene.refused("data_breach", "notify", DPO, **tells)] == [
        "reasons_if_late"
    ]
    scene.take("data_breach", "notify", DPO, **tells, reasons_if_late="Holidays.")
    assert [each.field for each in scene.refused("data_breach", "close", DPO, lessons="l")] == ["exemption"]
    scene.take(
        "data_breach", "inform", DPO, informed_on="2026-03-02", safe_channel="lawyer", told_what_to_do=True
    )
    assert not scene.refused("data_breach", "close", DPO, lessons="l")


WHY = "She called and is followed."


def asked(who: Any = NGO, *categories: str) -> Whole:
    scene = Whole("adult")
    scene.take(
        "break_glass", "request", who, categories=list(categories or ("ID", "CON")), threat="life",
        reason=WHY,
    )  # fmt: skip
    return scene


def test_a_reason_comes_first_and_is_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        Whole.law["break_glass"].step("request").form.model_validate(
            {"categories": ["ID"], "threat": "life", "reason": "Because."}
        )


def test_it_opens_for_four_hours_to_who_asked_and_all_who_watch_hear_of_it() -> None:
    scene = asked()
    effects = scene.take("break_glass", "grant", SUP, reason=WHY)
    joined = next(each for each in effects if isinstance(each, JoinTeam))
    assert joined == JoinTeam(
        Relation.EMERGENCY, Role.NGO, user_id=NGO.user_id, until=scene.now + timedelta(hours=4), reason=WHY,
        categories=frozenset({Category.ID, Category.CON}),
    )  # fmt: skip
    assert {each.role for each in effects if isinstance(each, Alert)} == {None, Role.AUD, Role.SUP, Role.DPO}
    assert scene.tracks["break_glass"].marks["scope"] == ["ID", "CON"]
    assert clock(scene, "break_glass", "ends") == scene.now + timedelta(hours=4)
    assert clock(scene, "break_glass", "review") == datetime(2026, 3, 5, 22, 59, 59, tzinfo=UTC)


def test_no_more_is_opened_than_was_asked_for() -> None:
    assert [
        each.field for each in asked().refused("break_glass", "grant", SUP, reason=WHY, scope=["EXP"])
    ] == ["scope"]
    assert asked(NGO, "LOC").refused("break_glass", "grant", SUP, reason=WHY), (
        "the place alone is nothing that is opened by default"
    )


def test_inv_12_the_place_is_opened_only_to_the_shelter_by_its_own_supervisor() -> None:
    assert "INV-12" in rules(
        asked(NGO, "LOC").refused("break_glass", "grant", SUP, reason=WHY, scope=["LOC"])
    )
    assert "INV-12" in rules(
        asked(SHE, "LOC").refused("break_glass", "grant", SUP, reason=WHY, scope=["LOC"])
    )
    assert "INV-12" in rules(
        asked(SHE, "LOC").refused("break_glass", "grant", TIMER, reason=WHY, scope=["LOC"])
    )
    own = type(SUP)(SUP.user_id, Role.SUP, SHE.organisation_id, SUP.relations)
    assert not asked(SHE, "LOC").refused("break_glass", "grant", own, reason=WHY, scope=["LOC"])


REVIEW = {"looked_at": True, "finding": "f"}
FOUND = {**REVIEW, "measures": "m"}
AUD2 = replace(AUD, user_id=new_id())


def granted() -> Whole:
    scene = asked()
    scene.take("break_glass", "grant", SUP, reason=WHY)
    return scene


def state(scene: Whole) -> str:
    return scene.tracks["break_glass"].state


def test_inv_20_nobody_reviews_what_they_granted_and_nobody_reviews_twice() -> None:
    scene = granted()
    assert rules(scene.refused("break_glass", "review_ok", SUP, **REVIEW)) == {"INV-20"}
    assert OpenTrack("data_breach", "detect") not in scene.take("break_glass", "review_ok", AUD, **REVIEW)
    assert state(scene) == "granted_seen"
    for step, said in (("review_ok", REVIEW), ("review_abuse", FOUND)):
        assert rules(scene.refused("break_glass", step, AUD, **said)) == {"INV-20"}
        assert rules(scene.refused("break_glass", step, SUP, **said)) == {"INV-20"}
        assert not scene.refused("break_glass", step, DPO, **said)
    scene.take("break_glass", "expire", TIMER)
    assert LeaveTeam(Relation.OVERSIGHT, role=Role.AUD) in scene.take(
        "break_glass", "review_ok", DPO, **REVIEW
    )
    assert state(scene) == "reviewed_ok"


def test_the_second_review_is_of_another_duty_where_somebody_has_one() -> None:
    scene = granted()
    scene.take("break_glass", "review_ok", AUD, **REVIEW)
    on_the_case = {(AUD.user_id, Role.AUD), (AUD2.user_id, Role.AUD), (SUP.user_id, Role.SUP)}
    fault = stands_against(scene.tracks["break_glass"].history, on_the_case, AUD2.user_id, Role.AUD)
    assert fault is None  # the supervisor granted it, and nobody of another duty is left
    on_the_case.add((DPO.user_id, Role.DPO))
    fault = stands_against(scene.tracks["break_glass"].history, on_the_case, AUD2.user_id, Role.AUD)
    assert fault is not None
    assert fault.rule == "INV-20"
    assert not scene.refused("break_glass", "review_ok", AUD2, **REVIEW)  # nobody else watches this one


@pytest.mark.parametrize(
    "steps", [("review_ok", "review_abuse"), ("review_abuse", "review_ok"), ("review_abuse",) * 2]
)
def test_misused_by_either_is_misused_and_ends_it_at_once(steps: tuple[str, str]) -> None:
    scene, said = granted(), []
    for who, step in zip((AUD, DPO), steps, strict=True):
        answers = FOUND if step == "review_abuse" else REVIEW
        said.append(scene.take("break_glass", step, who, **answers))
        if "review_abuse" in steps[: len(said)]:
            assert any(LeaveTeam(Relation.EMERGENCY, user_id=NGO.user_id) in effects for effects in said)
    assert sum(effects.count(OpenTrack("data_breach", "detect")) for effects in said) == 1
    assert state(scene) == "reviewed_abuse"


def test_without_a_review_in_time_nobody_breaks_the_glass_again() -> None:
    scene = asked()
    scene.take("break_glass", "grant", SUP, reason=WHY)
    scene.tracks["earlier"] = scene.tracks.pop("break_glass")
    again = {"categories": ["ID"], "threat": "life", "reason": "Again in danger, it seems."}
    assert not scene.refused("break_glass", "request", NGO, **again)
    scene.wait(days=5)
    assert rules(scene.refused("break_glass", "request", NGO, **again)) == {"emergency.review_working_days"}
    scene.tracks["earlier"] = replace(scene.tracks["earlier"], state="expired_seen")  # one review is not both
    assert rules(scene.refused("break_glass", "request", NGO, **again)) == {"emergency.review_working_days"}
    assert not scene.refused("break_glass", "request", POL, **again)

"""After a return, and beyond the border: a child is visited, a partner answers or is not waited for."""

from datetime import UTC, datetime

import pytest

from app.procedure.effects import Alert
from app.safeguards.words import Role
from tests.procedure.scene import TIMER, rules
from tests.tracks.returns_children import Whole
from tests.tracks.test_returns import NGO, SOC, SUP, clock

VISIT = {
    **dict.fromkeys(("safety", "protection", "rehabilitation", "reintegration"), "yes"),
    "child_heard": "heard", "childs_views": "Fine.",
}  # fmt: skip


def arrived() -> Whole:
    scene = Whole("child")
    scene.stand("guardian", "active")
    plans = {
        "monitor_kind": "organisation", "monitor": "M", "schedule_agreed": True, "report_form": "written",
        "childs_contact": "C", "guardian_heard": True,
    }  # fmt: skip
    scene.take("post_return_monitoring", "plan", SOC, **plans)
    scene.stand("voluntary_return", "received")
    scene.take("post_return_monitoring", "arrive", SOC, arrived_on="2026-03-02")
    return scene


def test_a_returned_child_is_visited_five_times() -> None:
    scene = arrived()
    days = [
        datetime(2026, 3, 9, 22, 59, 59, tzinfo=UTC), datetime(2026, 4, 2, 21, 59, 59, tzinfo=UTC),
        datetime(2026, 6, 2, 21, 59, 59, tzinfo=UTC), datetime(2026, 9, 2, 21, 59, 59, tzinfo=UTC),
        datetime(2027, 3, 2, 22, 59, 59, tzinfo=UTC),
    ]  # fmt: skip
    done = {"outcome": "well", "childs_views": "Fine."}
    for day in days:
        assert clock(scene, "post_return_monitoring", "visit") == day
        assert scene.refused("post_return_monitoring", "conclude", SUP, **done)
        scene.take("post_return_monitoring", "visit", SOC, visited_on="2026-03-02", **VISIT)
    assert clock(scene, "post_return_monitoring", "visit") is None
    assert rules(scene.refused("post_return_monitoring", "conclude", SOC, **done)) == {"INV-20"}
    scene.take("post_return_monitoring", "conclude", SUP, **done)


def test_a_missed_visit_is_a_concern_by_itself() -> None:
    scene = arrived()
    assert clock(scene, "post_return_monitoring", "missed") == datetime(2026, 3, 16, 22, 59, 59, tzinfo=UTC)
    scene.wait(days=15)
    effects = scene.take("post_return_monitoring", "raise_concern", TIMER)
    assert {each.role for each in effects if isinstance(each, Alert)} == {Role.SOC, Role.GUA, Role.SUP}
    scene.take("post_return_monitoring", "resolve", SOC, measures="m", child_safe_now=True)
    again = clock(scene, "post_return_monitoring", "missed")
    assert again is not None
    assert again > scene.now


def test_a_finding_that_is_not_yes_is_told() -> None:
    effects = arrived().take(
        "post_return_monitoring", "visit", SOC, visited_on="2026-03-02", **{**VISIT, "safety": "unknown"}
    )
    assert [each.urgent for each in effects if isinstance(each, Alert)] == [True]


def test_an_unanswered_referral_abroad_is_declined_by_the_timer() -> None:
    scene = Whole("adult")
    scene.stand("transnational_referral", "sent", "send", purpose="return", urgent="yes")
    assert clock(scene, "transnational_referral", "answer") == datetime(2026, 3, 4, 22, 59, 59, tzinfo=UTC)
    scene.mark("transnational_referral", urgent="no")
    assert clock(scene, "transnational_referral", "answer") == datetime(2026, 3, 16, 22, 59, 59, tzinfo=UTC)
    scene.take("transnational_referral", "decline", TIMER)
    assert scene.tracks["transnational_referral"].state == "declined"


def test_what_was_ready_for_the_country_of_origin_waits_while_asylum_is_open() -> None:
    scene = Whole("adult")
    scene.stand(
        "transnational_referral", "ready", "create", purpose="proceedings", towards="origin", agreement="A",
        transfer_basis="safeguards", contact_verified_on="2026-02-01",
    )  # fmt: skip
    scene.stand("consent", "given", "give", purpose="transnational_referral")
    sends = {"sent_on": "2026-03-02", "channel": "portal"}
    assert not scene.refused("transnational_referral", "send", NGO, **sends)
    scene.stand("asylum_claim", "intention")
    assert rules(scene.refused("transnational_referral", "send", NGO, **sends)) == {"INV-05"}


def test_where_somebody_lives_is_never_sent() -> None:
    form = Whole.law["transnational_referral"].step("check").form
    with pytest.raises(ValueError, match="data_set"):
        form.model_validate(
            {"towards": "organisation", "transfer_basis": "same_law", "data_set": ["LOC"], "minimised": True}
        )

"""Identification: what carries a yes, two persons for a no, and a remedy that waits for the explanation."""

from datetime import UTC, datetime

import pytest

from app.procedure.clocks import due_at
from app.procedure.effects import Alert, CallIn, JoinTeam, OpenTrack
from app.procedure.predicates import removal_blocked
from app.safeguards.words import Relation, Role
from app.tracks import TRACKS
from tests.procedure.scene import TIMER, Scene, actor, rules
from tests.tracks.sayings import PARTNER, decides, denies

FIRST, SECOND, THIRD = (actor(Role.CAU, Relation.AUTHORITY) for _one in range(3))
LAWYER = actor(Role.LEG, Relation.MANDATE)
OPINION = {"read_file": True, "reasons": "The file shows the same."}
TOLD = {"notified_language": "ro", "how": "in_person", "letter_handed": True}


def presumed(age: str = "adult") -> Scene:
    scene = Scene(age)
    scene.take("identification", "open", TIMER)
    return scene


def denied() -> Scene:
    scene = presumed()
    scene.take("identification", "propose_no_reasonable_grounds", FIRST, **denies())
    scene.take("identification", "confirm_no_reasonable_grounds", SECOND, **OPINION)
    return scene


def explain(scene: Scene, day: str) -> None:
    scene.take("identification", "explain_decision", LAWYER, notified_on=day, **TOLD)


def clock(scene: Scene, name: str) -> datetime | None:
    deadline = next(each for each in TRACKS["identification"].deadlines if each.name == name)
    return due_at(deadline, scene.facts(slug="identification"), scene.now)


def test_opening_calls_in_the_authority_and_for_a_child_a_guardian() -> None:
    effects = Scene("adult").take("identification", "open", TIMER)
    assert CallIn(Role.CAU, Relation.AUTHORITY) in effects
    assert OpenTrack("guardian", "open") not in effects
    assert OpenTrack("asylum_claim", "open") in effects
    effects = Scene("uncertain").take("identification", "open", TIMER, authority=PARTNER)
    assert JoinTeam(Relation.AUTHORITY, Role.CAU, organisation_id=PARTNER) in effects
    assert OpenTrack("guardian", "open") in effects


def test_who_opens_it_by_hand_says_since_when_and_by_which_sign() -> None:
    worker = actor(Role.NGO)
    faults = Scene().refused("identification", "open", worker)
    assert {fault.field for fault in faults} == {"indicators", "presumed_on"}
    assert not Scene().refused("identification", "open", worker, referral=PARTNER)


def test_reasonable_grounds_open_the_reflection_period_and_block_removal() -> None:
    scene = presumed()
    effects = scene.take("identification", "find_reasonable_grounds", FIRST, **decides())
    assert OpenTrack("reflection_period", "open") in effects
    assert {each.role for each in effects if isinstance(each, Alert)} == {Role.NGO, Role.LEG}
    assert rules(removal_blocked(scene.facts())) == {"INV-02"}


@pytest.mark.parametrize(
    ("age", "said", "carries"),
    [
        ("adult", {}, True),
        ("adult", {"means": "not_found"}, False),
        ("adult", {"means": "not_needed"}, False),
        ("adult", {"means": "not_needed", "age_at_exploitation": "child"}, True),
        ("child", {"means": "not_found"}, True),
        ("adult", {"act": "not_found"}, False),
        ("child", {"purpose": "not_found"}, False),
    ],
)  # fmt: skip
def test_a_yes_and_a_no_follow_from_the_findings(age: str, said: dict[str, str], carries: bool) -> None:
    scene = presumed(age)
    yes = scene.refused("identification", "find_reasonable_grounds", FIRST, **decides(**said))
    no = scene.refused(
        "identification", "propose_no_reasonable_grounds", FIRST,
        **{**denies(), "purpose": "reasonable_grounds", **said},
    )  # fmt: skip
    assert (not yes) == carries
    assert (not no) != carries
    assert rules([*yes, *no]) == {"CETS 197 art. 4"}


def test_a_no_takes_two_deciders_and_changes_nothing_until_the_second() -> None:
    scene = presumed()
    effects = scene.take("identification", "propose_no_reasonable_grounds", FIRST, **denies())
    assert [each.role for each in effects if isinstance(each, Alert)] == [Role.CAU]
    assert rules(removal_blocked(scene.facts())) == {"INV-02"}
    assert rules(scene.refused("identification", "confirm_no_reasonable_grounds", FIRST, **OPINION)) == {
        "INV-20"
    }
    assert scene.offers("identification", FIRST)["confirm_no_reasonable_grounds"].blocked
    scene.take("identification", "confirm_no_reasonable_grounds", SECOND, **OPINION)
    assert scene.tracks["identification"].state == "rg_negative"


def test_a_second_decider_who_disagrees_sends_it_back() -> None:
    scene = presumed()
    scene.take("identification", "propose_no_reasonable_grounds", FIRST, **denies())
    scene.take("identification", "disagree_no_reasonable_grounds", SECOND, **OPINION)
    assert scene.tracks["identification"].state == "presumed"


def test_only_labour_law_opens_the_labour_remedies() -> None:
    scene = presumed()
    only_labour = {**denies(), "outcome": "labour_law_violation_only"}
    scene.take("identification", "propose_no_reasonable_grounds", FIRST, **only_labour)
    effects = scene.take("identification", "confirm_no_reasonable_grounds", SECOND, **OPINION)
    assert len([each for each in effects if isinstance(each, Alert) and each.role is Role.LEG]) == 2


def test_time_to_recover_comes_before_a_conclusive_decision() -> None:
    scene = presumed()
    scene.take("identification", "find_reasonable_grounds", FIRST, **decides())
    found = decides(act="found", means="found", purpose="found", panel=[PARTNER])
    waits = "identification.conclusive_not_before_days"
    assert rules(scene.refused("identification", "identify", FIRST, **found)) == {waits}
    scene.wait(days=29)
    assert rules(scene.refused("identification", "identify", FIRST, **found)) == {waits}
    scene.wait(days=1)
    scene.take("identification", "identify", FIRST, **found)
    assert scene.tracks["identification"].state == "conclusive_positive"


def test_the_end_of_the_reflection_period_also_opens_the_way() -> None:
    scene = presumed()
    scene.take("identification", "find_reasonable_grounds", FIRST, **decides())
    scene.put("reflection_period", "ended_by_decision")
    assert not scene.offers("identification", FIRST)["identify"].blocked


def test_a_conclusive_yes_needs_more_than_grounds() -> None:
    scene = presumed()
    scene.take("identification", "find_reasonable_grounds", FIRST, **decides())
    scene.wait(days=30)
    faults = scene.refused("identification", "identify", FIRST, **decides(panel=[PARTNER]))
    assert rules(faults) == {"CETS 197 art. 4"}


def test_the_time_for_a_review_runs_from_the_explanation() -> None:
    scene = denied()
    assert clock(scene, "ask_review") is None
    scene.wait(days=100)
    assert rules(scene.refused("identification", "remedy_lapsed", TIMER)) == {
        "identification.ask_review_days"
    }
    explain(scene, "2026-06-10")
    assert clock(scene, "ask_review") == datetime(2026, 7, 10, 21, 59, 59, tzinfo=UTC)
    scene.wait(days=20)
    assert scene.refused("identification", "remedy_lapsed", TIMER)
    scene.wait(days=11)
    scene.take("identification", "remedy_lapsed", TIMER)
    assert scene.tracks["identification"].state == "negative_final"
    assert scene.tracks["identification"].day("lapsed_on")


@pytest.mark.parametrize("who", [FIRST, SECOND])
@pytest.mark.parametrize("step", ["uphold_reasonable_grounds", "uphold_identification", "reject_review"])
def test_the_review_is_decided_by_neither_of_the_first_two(who: object, step: str) -> None:
    scene = denied()
    scene.take(
        "identification", "ask_review", LAWYER, grounds="The account was not read.", filed_on="2026-03-02"
    )
    assert rules(removal_blocked(scene.facts())) == {"INV-02"}
    said = {"reasons": "Read anew.", "language": "ro", "court_remedy": "The district court."}
    said = said if step == "reject_review" else {name: said[name] for name in ("reasons", "language")}
    assert rules(scene.refused("identification", step, who, **said)) == {"INV-20"}  # type: ignore[arg-type]
    assert not scene.refused("identification", step, THIRD, **said)


def test_the_way_to_court_closes_only_after_the_answer_was_explained() -> None:
    scene = denied()
    explain(scene, "2026-03-02")
    scene.take("identification", "ask_review", LAWYER, grounds="Not read.", filed_on="2026-03-02")
    scene.wait(days=1)
    scene.take(
        "identification", "reject_review", THIRD, reasons="Read.", language="ro",
        court_remedy="District court.",
        court_until="2026-12-31",
    )  # fmt: skip
    scene.wait(days=400)
    assert rules(scene.refused("identification", "close", TIMER)) == {"identification.court_days"}
    scene.now = datetime(2026, 3, 10, 9, tzinfo=UTC)
    explain(scene, "2026-03-10")
    assert clock(scene, "court") == datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC)
    scene.wait(days=300)
    scene.take("identification", "close", TIMER)


def test_an_adult_may_do_without_a_decision_and_a_child_may_not() -> None:
    scene, worker = presumed(), actor(Role.NGO, Relation.LEAD)
    scene.take("identification", "decline_formal", worker, informed=True, language="ro")
    scene.take("identification", "resume", worker, reason="person_asks")
    assert scene.tracks["identification"].state == "presumed"
    said = {"informed": True, "language": "ro"}
    assert rules(presumed("uncertain").refused("identification", "decline_formal", worker, **said)) == {
        "INV-16"
    }


def test_a_day_to_come_is_no_day_of_a_decision() -> None:
    said = decides(decided_on="2026-03-03")
    faults = presumed().refused("identification", "find_reasonable_grounds", FIRST, **said)
    assert [fault.field for fault in faults] == ["decided_on"]

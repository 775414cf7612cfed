"""Permits and work: what is refused, by which rule, what follows, and when the clocks are due."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.procedure.clocks import due_at
from app.procedure.effects import Alert, OpenTrack, TakeStep
from app.procedure.predicates import removal_blocked
from app.profiles.profile import Profile, load
from app.safeguards.words import Relation, Role
from app.tracks import TRACKS
from tests.procedure.scene import TIMER, Scene, actor, rules

OFFICER, SECOND = (actor(Role.IMM, Relation.AUTHORITY) for _one in range(2))
WORKER, LAWYER = actor(Role.NGO, Relation.LEAD), actor(Role.LEG, Relation.MANDATE)
PERMIT, WORK, CLAIM, PAPER = "residence_permit", "work_permit", "asylum_claim", "identity_document"


def profile(**numbers: int) -> Profile:
    text = load().model_dump(mode="json")
    for key, value in numbers.items():
        text["numbers"][key.replace("__", ".")]["value"] = value
    return Profile.model_validate(text)


def applies(**more: Any) -> dict[str, Any]:
    return {
        "ground_claimed": "personal_situation",
        "danger_factors": ["reprisals"],
        "filed_on": "2026-03-02",
        **more,
    }


def grants(**more: Any) -> dict[str, Any]:
    return {
        "ground": "personal_situation", "permit_type": "temporary", "valid_from": "2026-03-02",
        "valid_to": "2027-03-02",
        "renewable": True, "document_number": "P 1", "work_right": True, **more,
    }  # fmt: skip


def refuses(*grounds: str, **more: Any) -> dict[str, Any]:
    rows = [{"ground": each, "reasons": "Not shown."} for each in grounds]
    return {"grounds": rows, "remedy": "The court.", "remedy_until": "2026-04-01", **more}


def applied(age: str = "adult", **numbers: int) -> Scene:
    scene = Scene(age, profile(**numbers))
    scene.put(PERMIT, "informed")
    ground = "child_best_interests" if age != "adult" else "personal_situation"
    scene.take(PERMIT, "apply", LAWYER, **applies(ground_claimed=ground))
    return scene


def granted(**more: Any) -> Scene:
    scene = applied()
    scene.take(PERMIT, "grant", OFFICER, **grants(**more))
    return scene


def clock(scene: Scene, slug: str, name: str) -> datetime | None:
    deadline = next(each for each in TRACKS[slug].deadlines if each.name == name)
    return due_at(deadline, scene.facts(slug=slug), scene.now)


def test_the_ways_are_explained_and_work_is_looked_at_beside() -> None:
    assert Scene().take(PERMIT, "inform", WORKER, language="ro") == [OpenTrack(WORK, "open")]


@pytest.mark.parametrize("age", ["child", "uncertain"])
@pytest.mark.parametrize("ground", ["cooperation", "both"])
def test_a_childs_permit_never_rests_on_proceedings(age: str, ground: str) -> None:
    scene = Scene(age)
    scene.put(PERMIT, "informed")
    assert rules(scene.refused(PERMIT, "apply", LAWYER, **applies(ground_claimed=ground))) == {"INV-16"}
    assert not scene.refused(PERMIT, "apply", LAWYER, **applies(ground_claimed="child_best_interests"))


def test_the_national_law_says_which_grounds_there_are_beside_the_personal_one() -> None:
    scene = Scene(profile=profile(residence__ground_cooperation=0))
    scene.put(PERMIT, "informed")
    assert scene.refused(PERMIT, "apply", LAWYER, **applies(ground_claimed="cooperation"))
    assert not scene.refused(PERMIT, "apply", LAWYER, **applies())


@pytest.mark.parametrize(("ends", "fine"), [("2026-09-01", False), ("2026-09-02", True)])
def test_a_permit_lasts_at_least_as_long_as_the_law_says(ends: str, fine: bool) -> None:
    faults = applied().refused(PERMIT, "grant", OFFICER, **grants(valid_to=ends))
    assert (not faults) == fine
    assert rules(faults) <= {"residence.min_validity_months"}


def test_a_permit_blocks_removal_from_the_application_to_its_last_day() -> None:
    scene = applied()
    assert rules(removal_blocked(scene.facts())) == {"CETS 197 art. 14"}
    effects = scene.take(PERMIT, "grant", OFFICER, **grants())
    assert {OpenTrack(WORK, "open").slug, "removal_measure"} <= {
        getattr(each, "slug", "") for each in effects
    }
    assert TakeStep(WORK, "by_law") in effects
    assert removal_blocked(scene.facts())
    scene.wait(days=366)
    assert not removal_blocked(scene.facts())


def test_a_permanent_permit_has_no_last_day() -> None:
    scene = granted()
    scene.take(PERMIT, "upgrade", OFFICER, basis="long_stay", document_number="P 2")
    scene.wait(days=4000)
    assert removal_blocked(scene.facts())
    other = granted(permit_type="permanent", valid_to=None)
    assert clock(other, PERMIT, "end") is None
    assert other.refused(PERMIT, "expire", TIMER)


def test_a_refusal_examines_the_ground_that_needs_nobodys_testimony() -> None:
    assert applied().refused(PERMIT, "refuse", OFFICER, **refuses("cooperation"))
    assert not applied().refused(PERMIT, "refuse", OFFICER, **refuses("cooperation", "personal_situation"))
    child = applied("child")
    assert rules(child.refused(PERMIT, "refuse", OFFICER, **refuses("personal_situation"))) == {"INV-16"}
    faults = child.refused(PERMIT, "refuse", OFFICER, **refuses("child_best_interests", "cooperation"))
    assert rules(faults) == {"INV-16"}
    assert not child.refused(PERMIT, "refuse", OFFICER, **refuses("child_best_interests"))


def test_a_refused_renewal_leaves_the_permit_that_is_held() -> None:
    scene = granted()
    scene.take(PERMIT, "renew", LAWYER, renewal=True, current_document_number="P 1", filed_on="2026-03-02")
    assert removal_blocked(scene.facts())
    scene.take(PERMIT, "refuse", OFFICER, **refuses("personal_situation"))
    assert removal_blocked(scene.facts())
    scene.wait(days=366)
    assert not removal_blocked(scene.facts())


@pytest.mark.parametrize(("suspensive", "blocks"), [(True, True), (False, False)])
def test_an_appeal_blocks_removal_only_where_it_suspends(suspensive: bool, blocks: bool) -> None:
    scene = applied()
    scene.take(PERMIT, "refuse", OFFICER, **refuses("personal_situation"))
    assert not removal_blocked(scene.facts())
    scene.take(PERMIT, "appeal", LAWYER, court="Court", case_number="1", suspensive=suspensive)
    assert bool(removal_blocked(scene.facts())) == blocks


def withdraws(**more: Any) -> dict[str, Any]:
    return {
        "code": "public_policy", "evidence": "A report.", "personal_situation": "does_not_hold",
        "personal_reasons": "Looked at.", **more,
    }  # fmt: skip


def test_two_officers_withdraw_a_permit_and_help_goes_on() -> None:
    scene = granted()
    told = scene.take(PERMIT, "propose_withdrawal", OFFICER, **withdraws())
    assert {each.role for each in told if isinstance(each, Alert)} == {Role.LEG, Role.GUA, Role.NGO}
    assert removal_blocked(scene.facts())
    confirms = {"reasons": "Same.", "remedy": "The court.", "remedy_until": "2026-04-01"}
    assert rules(scene.refused(PERMIT, "confirm_withdrawal", OFFICER, **confirms)) == {"INV-20"}
    effects = scene.take(PERMIT, "confirm_withdrawal", SECOND, **confirms)
    assert OpenTrack("inra", "plan", {"kind": "trigger", "trigger": "stay_ended"}) in effects
    assert TakeStep(WORK, "end", {"reason": "stay_ended"}) in effects


def test_nothing_is_withdrawn_against_the_personal_situation_or_for_proceedings() -> None:
    scene = granted()
    assert scene.refused(PERMIT, "propose_withdrawal", OFFICER, **withdraws(personal_situation="holds"))
    assert scene.refused(PERMIT, "propose_withdrawal", OFFICER, **withdraws(code="ceased_cooperation"))
    scene.profile = profile(residence__withdrawal_by_proceedings=1)
    assert not scene.refused(PERMIT, "propose_withdrawal", OFFICER, **withdraws(code="ceased_cooperation"))
    scene.age_class = "child"
    faults = scene.refused(PERMIT, "propose_withdrawal", OFFICER, **withdraws(code="ceased_cooperation"))
    assert rules(faults) == {"INV-16"}


def test_the_clocks_of_a_permit_follow_its_end_and_the_reflection_period() -> None:
    scene = granted()
    assert clock(scene, PERMIT, "end") == datetime(2027, 3, 2, 22, 59, 59, tzinfo=UTC)
    assert clock(scene, PERMIT, "renewal_first") == datetime(2026, 12, 2, 22, 59, 59, tzinfo=UTC)
    assert clock(granted(valid_to="2026-09-15"), PERMIT, "renewal_last") is not None
    early = Scene()
    early.put("reflection_period", "active", end_on="2026-04-16")
    early.put(PERMIT, "informed")
    assert clock(early, PERMIT, "apply") == datetime(2026, 4, 6, 21, 59, 59, tzinfo=UTC)
    assert scene.refused(PERMIT, "expire", TIMER)
    scene.wait(days=366)
    assert not scene.refused(PERMIT, "expire", TIMER)


def works(**more: Any) -> dict[str, Any]:
    return {"kind": "open", **more}


@pytest.mark.parametrize(
    ("age", "full_time", "hazardous", "fine"),
    [(14, False, False, False), (15, False, False, True), (15, True, False, False), (16, True, False, True),
     (17, False, True, False)],
)  # fmt: skip
def test_no_child_works_too_young_too_long_or_where_it_harms(
    age: int, full_time: bool, hazardous: bool, fine: bool
) -> None:
    scene = Scene("child")
    scene.put(WORK, "not_applied")
    said = works(age_years=age, full_time=full_time, hazardous=hazardous)
    assert (not scene.refused(WORK, "apply", WORKER, **said)) == fine
    assert {fault.field for fault in scene.refused(WORK, "apply", WORKER, **works())} == {
        "age_years", "full_time", "hazardous",
    }  # fmt: skip


@pytest.mark.parametrize(("link", "fine"), [("none", True), ("linked", False), ("not_checked", False)])
def test_an_employer_who_may_be_linked_to_exploitation_is_not_accepted(link: str, fine: bool) -> None:
    scene = Scene()
    scene.put(WORK, "not_applied")
    said = works(kind="employer", employer="X", employer_link=link, employer_checks=["register"])
    assert (not scene.refused(WORK, "apply", WORKER, **said)) == fine


def test_the_right_to_work_ends_only_with_its_time_or_with_the_last_right_to_stay() -> None:
    scene = Scene()
    scene.put(WORK, "automatic")
    scene.put("reflection_period", "active")
    assert scene.refused(WORK, "end", TIMER)
    scene.put("reflection_period", "ended_expired")
    assert not scene.refused(WORK, "end", TIMER)
    scene.put(WORK, "granted", valid_to="2026-03-01")
    scene.put("reflection_period", "active")
    assert not scene.refused(WORK, "end", TIMER)


def test_a_permit_for_one_employer_warns_of_dependency() -> None:
    scene = Scene()
    scene.put(WORK, "applied")
    said = {"valid_from": "2026-03-02", "valid_to": "2026-09-02", "scope": "employer"}
    effects = scene.take(WORK, "grant", OFFICER, **said)
    assert [each for each in effects if isinstance(each, Alert) and each.urgent]

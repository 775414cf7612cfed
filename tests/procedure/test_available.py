"""What somebody may do now: nothing that is never theirs, everything else, and every reason for a block."""

import pytest

from app.procedure.available import refusals
from app.procedure.refusal import NOT_MINE, NOT_NOW, Refusal, is_not_mine
from app.safeguards.words import Relation, Role
from app.tracks import TRACKS
from tests.procedure.scene import TIMER, Scene, actor, rules


def test_a_role_is_offered_only_what_is_its_own() -> None:
    scene = Scene()
    scene.put("identification", "presumed")
    authority = actor(Role.CAU, Relation.AUTHORITY)
    assert set(scene.offers("identification", authority)) == {
        "find_reasonable_grounds", "propose_no_reasonable_grounds",
    }  # fmt: skip
    assert set(scene.offers("identification", actor(Role.NGO))) == {"decline_formal"}
    assert not scene.offers("identification", actor(Role.SHE, Relation.SHELTER))


def test_without_a_tie_to_the_case_nothing_is_offered_and_no_reason_is_told() -> None:
    scene = Scene("child")
    scene.put("reflection_period", "offered")
    stranger = actor(Role.CAU)
    stranger = type(stranger)(stranger.user_id, Role.CAU, stranger.organisation_id)
    assert not scene.offers("reflection_period", stranger)
    step = TRACKS["reflection_period"].step("grant", "offered")
    faults = refusals(TRACKS["reflection_period"], step, scene.facts(stranger, "reflection_period"), None)
    assert rules(faults) == {NOT_MINE}
    assert is_not_mine(faults)


@pytest.mark.parametrize("relation", [Relation.EMERGENCY, Relation.RECIPIENT, Relation.SHELTER_ASKED])
def test_who_was_only_asked_or_broke_the_glass_takes_no_step_elsewhere(relation: Relation) -> None:
    scene = Scene()
    scene.put("consent", "asked")
    assert not scene.offers("consent", actor(Role.NGO, relation))


def test_who_sent_the_referral_may_go_on_only_with_what_they_opened() -> None:
    scene = Scene()
    officer, worker = actor(Role.POL, Relation.REFERRER), actor(Role.NGO)
    assert "ask" in scene.offers("consent", officer)
    scene.take("consent", "ask", officer, **asking())
    assert "give" in scene.offers("consent", officer)
    scene.tracks.clear()
    scene.take("consent", "ask", worker, **asking())
    assert not scene.offers("consent", officer)


@pytest.mark.parametrize("relation", [Relation.LEAD, Relation.ASSIGNED, Relation.MANDATE])
def test_her_own_act_is_recorded_by_those_who_stand_by_her(relation: Relation) -> None:
    scene = Scene()
    scene.put("reflection_period", "offered")
    offer = scene.offers("reflection_period", actor(Role.LEG, relation))["waive"]
    assert offer.for_her
    assert not offer.blocked


@pytest.mark.parametrize("role", [Role.POL, Role.IMM, Role.CAU, Role.LAB, Role.CON])
def test_those_who_decide_about_her_never_record_her_own_act(role: Role) -> None:
    scene = Scene()
    scene.put("reflection_period", "offered")
    assert "waive" not in scene.offers("reflection_period", actor(role, Relation.ASSIGNED, Relation.LEAD))


def test_a_child_cannot_waive_and_is_told_by_which_law() -> None:
    scene = Scene("uncertain")
    scene.put("reflection_period", "offered")
    offer = scene.offers("reflection_period", actor(Role.SOC, Relation.LEAD))["waive"]
    assert rules(offer.faults) == {"INV-16"}
    (fault,) = offer.faults
    assert isinstance(fault, Refusal)
    assert fault.source == "CETS 197 art. 10(3)"
    assert fault.unblock


def test_every_reason_is_told_not_only_the_first() -> None:
    scene = Scene("child")
    scene.put("case", "closure_requested")
    scene.put("identification", "reconsideration_requested")
    scene.put("reflection_period", "termination_proposed")
    scene.put("shelter_placement", "placed")
    offer = scene.offers("case", actor(Role.SUP, Relation.OVERSIGHT))["approve_closure"]
    assert len(offer.faults) == 5
    assert rules(offer.faults) == {"INV-27"}


def test_a_step_that_does_not_follow_is_refused_as_such() -> None:
    scene = Scene()
    scene.put("reflection_period", "ended_expired")
    step = TRACKS["reflection_period"].step("grant")
    authority = actor(Role.IMM, Relation.AUTHORITY)
    faults = refusals(TRACKS["reflection_period"], step, scene.facts(authority, "reflection_period"), None)
    assert rules(faults) == {NOT_NOW}
    assert not is_not_mine(faults)


def test_a_second_track_of_a_kind_waits_for_the_end_of_the_first() -> None:
    scene = Scene()
    scene.put("identification", "presumed")
    step = TRACKS["identification"].step("open")
    assert rules(refusals(TRACKS["identification"], step, scene.facts(TIMER), step.form())) == {NOT_NOW}
    scene.put("identification", "closed")
    assert not refusals(TRACKS["identification"], step, scene.facts(TIMER), step.form())


def test_the_timer_takes_only_its_own_steps() -> None:
    scene = Scene()
    scene.put("consent", "given")
    assert set(scene.offers("consent", TIMER)) == {"expire"}


def asking() -> dict[str, object]:
    told = ("agreed_to_talk", "told_purpose", "told_use", "told_research", "told_access", "told_storage",
            "told_withdrawal")  # fmt: skip
    return {
        "purpose": "assistance", "recipients": ["5f0f3c1e-0000-4000-8000-000000000001"], "categories": ["ID"],
        "language": "ro", "capacity_note": "Rested, alone with me, understood.", **dict.fromkeys(told, True),
    }  # fmt: skip


@pytest.mark.parametrize(
    "role", [Role.AUD, Role.DPO, Role.BIP, Role.SUP, Role.HOT, Role.NCR, Role.ADM, Role.POL]
)
def test_who_checks_or_decides_does_not_speak_for_her(role: Role) -> None:
    scene = Scene()
    scene.put("consent", "given")
    scene.put("removal_measure", "notified")
    called_in = actor(role, Relation.ASSIGNED)
    assert "withdraw" not in scene.offers("consent", called_in)
    assert "challenge" not in scene.offers("removal_measure", called_in)

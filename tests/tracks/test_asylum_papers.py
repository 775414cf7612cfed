"""Asylum and papers: what protects, what waits for whom, what is never asked of a State of origin."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.procedure.clocks import due_at
from app.procedure.effects import Alert, CallIn, Effect, EndSharesFor, LeaveTeam, TakeStep
from app.procedure.facts import ConsentFacts
from app.procedure.predicates import removal_blocked
from app.profiles.profile import load
from app.safeguards.words import Category, Relation, Role
from app.tracks import TRACKS
from app.tracks.stay.asylum_claim import TRACK as ASYLUM
from tests.procedure.scene import TIMER, Scene, actor, rules

OFFICER, SECOND = (actor(Role.IMM, Relation.AUTHORITY) for _one in range(2))
WORKER, LAWYER = actor(Role.NGO, Relation.LEAD), actor(Role.LEG, Relation.MANDATE)
PERMIT, WORK, CLAIM, PAPER = "residence_permit", "work_permit", "asylum_claim", "identity_document"


def clock(scene: Scene, slug: str, name: str) -> datetime | None:
    deadline = next(each for each in TRACKS[slug].deadlines if each.name == name)
    return due_at(deadline, scene.facts(slug=slug), scene.now)


OPEN = ("intention", "lodged", "under_examination", "decision_open_appeal", "appeal_pending")


@pytest.mark.parametrize("state", [state.name for state in ASYLUM.states])
def test_inv_04_asylum_blocks_removal_from_the_first_word_to_the_last_remedy(state: str) -> None:
    scene = Scene()
    scene.put(CLAIM, state)
    assert ("INV-04" in rules(removal_blocked(scene.facts()))) == (state in (*OPEN, "refugee", "subsidiary"))


def test_the_first_word_stops_removals_and_every_request_to_a_state_of_origin() -> None:
    scene = Scene("child")  # and waits for no guardian (INV-26)
    scene.put(CLAIM, "none")
    effects = scene.take(CLAIM, "express", WORKER, said_on="2026-03-02", told_asylum=True, language="ti")
    assert TakeStep("removal_measure", "evaluate_block") in effects
    assert TakeStep(PAPER, "freeze") in effects
    assert EndSharesFor("share_consular") in effects
    assert LeaveTeam(Relation.ASSIGNED, role=Role.CON) in effects


def test_a_childs_claim_waits_for_whoever_acts_for_the_child() -> None:
    scene = Scene("child")
    scene.put(CLAIM, "intention")
    lodged = {"authority": "A", "reference": "1", "lodged_on": "2026-03-02", "representative": "L"}
    assert "INV-07" in rules(scene.refused(CLAIM, "lodge", LAWYER, **lodged))
    scene.put("guardian", "active")
    assert {f.field for f in scene.refused(CLAIM, "lodge", LAWYER, **lodged)} == {"guardian_heard"}
    assert scene.refused(CLAIM, "lodge", LAWYER, **lodged, guardian_heard=False)
    assert not scene.refused(CLAIM, "lodge", LAWYER, **lodged, guardian_heard=True)


def test_a_child_takes_a_claim_back_only_by_determination() -> None:
    scene = Scene("child")
    scene.put("guardian", "active")
    scene.put(CLAIM, "lodged")
    said = {"advised": True, "free": True, "guardian_heard": True}
    assert rules(scene.refused(CLAIM, "withdraw", LAWYER, **said)) == {"INV-07"}
    scene.put("bid", "decided")
    assert not scene.refused(CLAIM, "withdraw", LAWYER, **said)


def test_nobody_gives_a_claim_up_without_advice() -> None:
    scene = Scene()
    scene.put(CLAIM, "intention")
    assert rules(scene.refused(CLAIM, "not_pursued", LAWYER, legal_advice="not_offered")) == {"INV-10"}
    assert not scene.refused(CLAIM, "not_pursued", LAWYER, legal_advice="declined")


def test_the_remedy_against_a_rejection_lapses_only_after_its_last_day() -> None:
    scene = Scene()
    scene.put(CLAIM, "under_examination")
    said = {"decision": "D 1", "outcome": "refused", "remedy": "The court.", "appeal_until": "2026-03-16"}
    scene.take(CLAIM, "reject", OFFICER, **said)
    assert clock(scene, CLAIM, "appeal") == datetime(2026, 3, 16, 22, 59, 59, tzinfo=UTC)
    assert clock(scene, CLAIM, "appeal_first") == datetime(2026, 3, 9, 22, 59, 59, tzinfo=UTC)
    assert scene.refused(CLAIM, "lapse", TIMER)
    scene.wait(days=15)
    effects = scene.take(CLAIM, "lapse", TIMER)
    assert {each.role for each in effects if isinstance(each, Alert)} == {Role.LEG, Role.NGO}
    assert not removal_blocked(scene.facts())


def test_a_claim_and_a_permit_never_close_one_another() -> None:
    scene = Scene()
    scene.put(PERMIT, "granted")
    scene.put(CLAIM, "under_examination")
    said = {"decision": "D 1", "outcome": "refused", "remedy": "The court.", "appeal_until": "2026-03-16"}
    effects = scene.take(CLAIM, "reject", OFFICER, **said)
    assert not [each for each in effects if getattr(each, "slug", None) == PERMIT]
    assert scene.tracks[PERMIT].state == "granted"


def test_only_those_who_must_know_learn_of_a_claim() -> None:
    assert ASYLUM.seen_by == {Role.NGO, Role.SOC, Role.LEG, Role.GUA, Role.IMM, Role.VIC}


def asks(**more: Any) -> dict[str, Any]:
    return {
        "towards": "origin", "requested_state": "RO", "data_sent": ["name"], "due_on": "2026-04-01",
        "legal_basis": "own_wish", "neutral": True, **more,
    }  # fmt: skip


@pytest.mark.parametrize("state", [*OPEN, "refugee", "subsidiary"])
def test_inv_05_the_state_of_origin_is_asked_nothing_while_asylum_is_open(state: str) -> None:
    scene = Scene()
    scene.put(CLAIM, state)
    for stands, name in (("needed", "send_verification"), ("not_confirmed", "retry")):
        scene.put(PAPER, stands)
        assert rules(scene.refused(PAPER, name, WORKER, **asks())) == {"INV-05"}
        assert not scene.refused(PAPER, name, WORKER, **asks(towards="host"))
        assert not scene.refused(PAPER, name, WORKER, **asks(agreed_after_advice="in_writing"))
    scene.put(PAPER, "verified")
    said = {"towards": "origin", "legal_basis": "own_wish", "neutral": True, "issuer": "Consulate"}
    assert rules(scene.refused(PAPER, "request_document", WORKER, **said)) == {"INV-05"}
    assert not scene.refused(PAPER, "request_document", WORKER, **{**said, "towards": "host"})


@pytest.mark.parametrize("role", [Role.POL, Role.CON])
def test_a_refusal_does_not_tell_the_police_or_a_consulate_of_a_claim(role: Role) -> None:
    scene, officer = Scene(), actor(role)
    scene.put(CLAIM, "lodged")
    scene.put(PAPER, "needed")
    (fault,) = scene.refused(PAPER, "send_verification", officer, **asks())
    assert fault.rule == "request-rests"
    assert "asylum" not in repr(fault).lower()
    assert "INV-05" not in repr(fault)
    assert fault.withheld == "INV-05"


def test_a_request_rests_on_a_consent_for_that_purpose_or_on_a_ground() -> None:
    scene, consent = Scene(), uuid4()
    scene.put(PAPER, "needed")
    assert rules(scene.refused(PAPER, "send_verification", WORKER, **asks(legal_basis=None))) == {"INV-17"}
    named = asks(legal_basis=None, consent=consent)
    for purpose, fine in (("share_police", False), ("share_consular", True)):
        until = scene.now + timedelta(days=1)
        scene.consents = (
            ConsentFacts(purpose, uuid4(), frozenset({Category.ID}), until, "consent", consent),
        )
        assert (not scene.refused(PAPER, "send_verification", WORKER, **named)) == fine
    scene.wait(days=2)
    assert rules(scene.refused(PAPER, "send_verification", WORKER, **named)) == {"INV-17"}


def test_the_consulate_that_the_person_agreed_to_is_called_in_and_goes_with_the_last_paper() -> None:
    scene, consent, desk = Scene(), uuid4(), uuid4()
    agreed = (ConsentFacts("share_consular", desk, frozenset({Category.ID}), None, "consent", consent),)
    call, go = CallIn(Role.CON, Relation.ASSIGNED, (desk,)), LeaveTeam(Relation.ASSIGNED, role=Role.CON)

    def asked(name: str = "send_verification", **more: Any) -> list[Effect]:
        scene.put(PAPER, "needed")
        scene.consents = agreed
        said = {**asks(legal_basis=None, consent=consent), **more}
        if name == "request_document":
            said = {**{key: said[key] for key in ("towards", "consent", "neutral")}, "issuer": "Consulate"}
        return scene.take(PAPER, name, WORKER, **said)

    assert call in asked()
    assert call in asked("request_document")
    assert call not in asked(towards="host")
    assert not [each for each in asked(consent=None, legal_basis="own_wish") if isinstance(each, CallIn)]
    scene.put(PAPER, "issued")
    assert go in scene.take(PAPER, "hand_over", WORKER, handed_on="2026-03-02", receipt=True)


def test_a_pending_request_rests_while_asylum_is_open_and_its_clocks_with_it() -> None:
    scene = Scene()
    scene.put(PAPER, "needed")
    scene.take(PAPER, "send_verification", WORKER, **asks())
    scene.put(CLAIM, "intention")
    scene.take(PAPER, "freeze", TIMER)
    assert scene.tracks[PAPER].marks["frozen"] is True
    stopped = [each.name for each in TRACKS[PAPER].deadlines if "freeze" in each.stops]
    assert stopped == ["first_reminder", "second_reminder", "reply"]
    assert rules(scene.refused(PAPER, "thaw", TIMER)) == {"INV-05"}
    scene.put(CLAIM, "none")
    scene.take(PAPER, "thaw", TIMER)
    elsewhere = Scene()
    elsewhere.put(PAPER, "verification_sent", towards="other")
    assert elsewhere.refused(PAPER, "freeze", TIMER)


def test_no_answer_in_time_counts_as_not_confirmed_and_asks_about_statelessness() -> None:
    scene = Scene()
    scene.put(PAPER, "verification_sent", towards="host")
    effects = scene.take(PAPER, "answer_no", TIMER)
    assert {each.role for each in effects if isinstance(each, Alert)} == {Role.LEG, Role.NGO}
    lengths = [
        load().number(f"identity.{key}")
        for key in ("first_reminder_days", "second_reminder_days", "reply_days")
    ]
    assert lengths == [10, 20, 30]

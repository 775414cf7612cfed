"""Assessment: four threats always, two people. Placement: a bed for whoever needs one."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from app.procedure import effects as fx
from app.procedure.available import refusals
from app.procedure.declaration import Track
from app.safeguards.fields import questions
from app.safeguards.words import Category, Relation, Role
from app.tracks.support import needs_codes as codes
from app.tracks.support import needs_forms, shelter_forms
from app.tracks.support.needs_risk import TRACK as ASSESSMENT
from app.tracks.support.needs_risk import review_on
from app.tracks.support.shelter_placement import TRACK as PLACEMENT
from tests.tracks.made import NOW, facts, taken_by, track

NEXT = date(2026, 3, 20)
GROUPS = {
    "findings": codes.DAILY, "health": codes.HEALTH, "mind": codes.MIND, "legal": codes.LEGAL,
    "stay": codes.STAY, "family": codes.FAMILY, "work": codes.WORK,
}  # fmt: skip


def row(domain: str, **more: Any) -> dict[str, Any]:
    return {"domain": domain, "finding": "Nothing found", "risk": "low", **more}


def assessment(*, whole: bool = True, **changed: Any) -> needs_forms.CompleteAssessment:
    rows = {name: [row(code) for code in held] for name, held in GROUPS.items()} if whole else {}
    values = {"threats": [row(code) for code in codes.THREATS], "victim_view": "Let me sleep.", **rows}
    return needs_forms.CompleteAssessment.model_validate({**values, "next_review_on": NEXT, **changed})


def stands(declared: Track, step: str, form: Any, **given: Any) -> set[str | None]:
    found = refusals(declared, declared.step(step, given["this"].state), facts(**given), form)
    return {fault.rule for fault in found}


def completing(form: Any, kind: str = "full", **given: Any) -> set[str | None]:
    this = track("inra", "in_progress", "plan", "start", kind=kind)
    return stands(ASSESSMENT, "complete", form, role=Role.NGO, this=this, **given)


def test_a_whole_assessment_is_taken() -> None:
    assert not completing(assessment())
    assert not completing(assessment(whole=False), kind="initial")


def test_all_four_threats_are_looked_at() -> None:
    three = [row(code) for code in ("life", "physical", "psychological", "life")]
    assert completing(assessment(threats=three)) == {"inra.threats"}
    with pytest.raises(ValidationError):
        assessment(threats=three[:3])


def test_a_full_assessment_looks_at_all_twenty() -> None:
    assert completing(assessment(mind=[])) == {"inra.domains"}
    assert completing(assessment(whole=False), kind="review") == {"inra.domains"}
    assert not completing(assessment(whole=False), kind="trigger")


def test_a_childs_assessment_looks_at_the_child_and_waits_for_nobody() -> None:
    assert completing(assessment(), age_class="uncertain") == {"inra.domains"}
    assert not completing(assessment(child=[row("child")]), age_class="uncertain")


@pytest.mark.parametrize("risk", ["high", "critical"])
def test_a_high_risk_has_an_action_an_owner_and_a_day(risk: str) -> None:
    bare = assessment(legal=[row("legal", risk=risk)])
    assert completing(bare) == {"inra.action"}
    answered = {"action": "Lock changed", "owner": "Night staff", "due_on": NEXT}
    assert not completing(assessment(legal=[row("legal", risk=risk, **answered)]))


def test_a_critical_risk_tells_at_once() -> None:
    then = ASSESSMENT.step("complete").then
    assert then is not None
    alarms = list(then(facts(), assessment(mind=[row("mental_health", risk="critical")])))
    assert alarms
    assert all(isinstance(each, fx.Alert) and each.urgent for each in alarms)
    assert not list(then(facts(), assessment()))


def test_findings_lie_in_the_category_of_their_domain() -> None:
    asked = questions(needs_forms.CompleteAssessment)
    assert asked["health"].category is Category.HEA
    assert asked["mind"].category is Category.PSY
    assert asked["stay"].category is Category.NAT
    assert asked["child"].category is Category.CHI


def test_whoever_completed_it_does_not_approve_it() -> None:
    who = uuid4()
    done = taken_by(track("inra", "completed", "plan", "start", "complete"), who)
    given = {"role": Role.SUP, "relations": {Relation.OVERSIGHT}, "this": done}
    assert stands(ASSESSMENT, "approve", needs_forms.ApproveAssessment(), user=who, **given) == {"INV-20"}
    assert not stands(ASSESSMENT, "approve", needs_forms.ApproveAssessment(), **given)


def test_the_review_is_on_the_agreed_day_or_sooner_by_law() -> None:
    approved = track("inra", "approved", next_review_on=NEXT.isoformat())
    far = track("inra", "approved", next_review_on="2027-01-01")
    resting = (track("reflection_period", "active"),)
    assert review_on(facts(this=approved)) == NEXT
    assert review_on(facts(this=far)) == NOW.date() + timedelta(days=90)
    assert review_on(facts(this=far, tracks=resting)) == NOW.date() + timedelta(days=30)


def test_assessing_again_opens_a_new_one() -> None:
    then = ASSESSMENT.step("replace").then
    assert then is not None
    form = needs_forms.ReplaceAssessment(kind="trigger", trigger="hearing", due_at=NOW)
    (opened,) = then(facts(), form)
    assert isinstance(opened, fx.OpenTrack)
    assert needs_forms.PlanAssessment.model_validate(opened.values).trigger == "hearing"


def placement(state: str, *steps: str, **marks: Any) -> Any:
    return track("shelter_placement", state, *steps, **marks)


def arrival(**changed: str) -> shelter_forms.PlacePerson:
    checks = dict.fromkeys(
        ("rights_information", "advice_offered", "medical_checked", "reflection_offered", "consent"), "yes"
    )
    return shelter_forms.PlacePerson.model_validate({"placed_on": NOW.date(), **checks, **changed})


def placing(form: Any, **given: Any) -> set[str | None]:
    this = placement("offered", "request", "offer", place_id=str(uuid4()))
    asked = {Relation.SHELTER_ASKED}
    return stands(PLACEMENT, "place", form, role=Role.SHE, relations=asked, this=this, **given)


def test_nobody_is_lodged_against_their_will_and_no_child_waits() -> None:
    assert not placing(arrival())
    assert placing(arrival(consent="no")) == {"INV-19"}
    assert not placing(arrival(consent="no"), age_class="child")


def test_only_shelters_record_an_arrival() -> None:
    this = placement("offered", "request", "offer")
    for role in (Role.NGO, Role.POL, Role.SUP, Role.CAU):
        assert stands(PLACEMENT, "place", arrival(), role=role, this=this) == {"not-mine"}


def test_arriving_takes_the_place_and_brings_the_house_onto_the_team() -> None:
    place = uuid4()
    then = PLACEMENT.step("place").then
    assert then is not None
    done = list(then(facts(this=placement("placed", place_id=str(place))), arrival()))
    assert done == [
        fx.OccupyPlace(place), fx.JoinTeam(Relation.SHELTER, Role.SHE), fx.LeaveTeam(Relation.SHELTER_ASKED),
    ]  # fmt: skip
    open_point = list(then(facts(this=placement("placed")), arrival(advice_offered="no")))
    assert isinstance(open_point[-1], fx.Alert)


def offer(**changed: Any) -> shelter_forms.OfferPlace:
    values = {
        "place_id": uuid4(),
        "capability_match": "all",
        "house_rules_language": "ka",
        "housed_with": "adults",
    }
    return shelter_forms.OfferPlace.model_validate({**values, **changed})


def test_a_child_lives_among_strangers_only_after_its_best_interests_were_assessed() -> None:
    given = {
        "role": Role.SHE,
        "relations": {Relation.SHELTER_ASKED},
        "this": placement("requested", "request"),
    }
    assert stands(PLACEMENT, "offer", offer(), age_class="uncertain", **given) == {"shelter.child"}
    assert not stands(PLACEMENT, "offer", offer(best_interests_on=NEXT), age_class="child", **given)
    assert not stands(PLACEMENT, "offer", offer(housed_with="other_children"), age_class="child", **given)
    assert not stands(PLACEMENT, "offer", offer(), **given)


@pytest.mark.parametrize("state", ["placed", "transfer_requested"])
@pytest.mark.parametrize("age", ["adult", None])
def test_an_adult_leaves_when_she_wishes(state: str, age: str | None) -> None:
    form = shelter_forms.LeaveShelter(code="victim_wish")
    assert not stands(PLACEMENT, "leave", form, role=Role.NGO, age_class=age, this=placement(state, "place"))


def test_a_house_ends_a_stay_for_safety_only_with_another_offer() -> None:
    with pytest.raises(ValidationError) as refused:
        shelter_forms.LeaveShelter(code="safety")
    assert refused.value.errors()[0]["loc"] == ("new_offer",)
    shelter_forms.LeaveShelter(code="safety", new_offer="not_wanted")


def test_the_request_speaks_of_needs_alone() -> None:
    asked = questions(shelter_forms.RequestPlace)
    assert {about.category for about in asked.values()} == {Category.SVC}
    assert all(about.minimal for about in asked.values())


def test_where_somebody_is_lies_in_its_own_category() -> None:
    for form, name in (
        (shelter_forms.OfferPlace, "place_id"), (shelter_forms.PlacePerson, "room"),
        (shelter_forms.TransferPerson, "place_id"), (shelter_forms.LeaveShelter, "where_to"),
        (shelter_forms.NotBack, "last_seen_where"),
    ):  # fmt: skip
        assert questions(form)[name].category is Category.LOC


def test_who_is_asked_sees_the_request_and_who_comes_back_is_assessed_anew() -> None:
    house = uuid4()
    values = {
        "house": "women",
        "age": "adult",
        "urgency": "today",
        "language": "ka",
        "shelters_asked": [house],
    }
    asked = PLACEMENT.step("request").then
    found = PLACEMENT.step("found_back").then
    assert asked is not None
    assert found is not None
    first = next(iter(asked(facts(), shelter_forms.RequestPlace.model_validate(values))))
    assert first == fx.JoinTeam(Relation.SHELTER_ASKED, Role.SHE, house)
    for each in found(facts(), shelter_forms.Back()):
        assert isinstance(each, fx.TakeStep | fx.OpenTrack)
        form = ASSESSMENT.step(each.step, "approved" if each.step == "replace" else None).form
        assert form.model_validate(each.values).kind == "trigger"  # type: ignore[attr-defined]

"""Where the sources pull apart the law here takes the side that the decisions name, and each is held to it."""

from datetime import date, timedelta
from itertools import chain
from typing import Any

import pytest

from app.law.source import doings, sayings
from app.procedure.available import available
from app.procedure.effects import Share
from app.procedure.soundness import forms_in
from app.profiles.profile import codes, load
from app.safeguards.fields import Asked, Form, questions
from app.safeguards.matrix import MATRIX
from app.safeguards.words import Category, Level, Role
from app.tracks import TRACKS
from app.tracks.codes import COUNTRIES, NATIONALITIES
from app.tracks.stay.reflection_forms import ProposeTermination
from tests.procedure.scene import actor, rules
from tests.tracks.returns_children import Whole
from tests.tracks.test_data_watch import ANSWERED, VERIFIED

DPO, NGO, LEG = (actor(role) for role in (Role.DPO, Role.NGO, Role.LEG))


def asked_in(form: type[Form]) -> list[tuple[str, Asked]]:
    inner = chain.from_iterable(forms_in(info.annotation) for info in form.model_fields.values())
    return [*questions(form).items(), *chain.from_iterable(map(asked_in, inner))]


ALL = [
    (slug, name, about)
    for slug, track in TRACKS.items()
    for step in track.steps
    for name, about in asked_in(step.form)
]


@pytest.mark.parametrize("code", codes())
def test_the_personal_situation_is_a_ground_to_stay_under_every_law(code: str) -> None:
    """Cooperation may be a ground beside it, where the State has it; nowhere does it stand alone."""
    grounds = {key for key in load(code).numbers if key.startswith("residence.ground_")}
    assert "residence.ground_personal" not in grounds, "no profile can switch the personal situation off"
    assert "personal_situation" in (
        questions(TRACKS["residence_permit"].step("apply").form)["ground_claimed"].choices or {}
    )


def test_the_end_of_a_reflection_period_for_contact_needs_evidence() -> None:
    with pytest.raises(ValueError, match="evidence"):
        ProposeTermination.model_validate({"ground": "renewed_contact", "evidence": []})


def test_nobody_is_found_by_where_they_come_from() -> None:
    """What rules, clocks and lists read holds no nationality, country, sex or belief."""
    clear = [(slug, name, about) for slug, name, about in ALL if about.clear]
    assert len(clear) > 100
    for slug, name, about in clear:
        assert about.choices is not COUNTRIES, (slug, name)
        assert about.choices is not NATIONALITIES, (slug, name)
        assert not {"sex", "gender", "nationalities", "belief"} & {name}, (slug, name)


def test_nothing_asks_for_origin_or_belief() -> None:
    words = ("ethnic", "roma ", "sinti", "race", "religion", "belief")
    assert not [
        (slug, name)
        for slug, name, about in ALL
        for word in words
        if word in f"{name} {about.label} ".lower()
    ]


def test_police_immigration_and_labour_read_nothing_of_health_and_never_a_place() -> None:
    """One database, and apart in it: by category, by controller, by key."""
    for role in (Role.POL, Role.IMM, Role.LAB, Role.CON):
        for category in (Category.HEA, Category.PSY, Category.LOC):
            assert MATRIX.cell(role, category).foreign.level in {Level.NOTHING, Level.EXISTENCE}, (
                role,
                category,
            )


def test_the_right_to_a_consulate_is_explained_and_used_only_on_her_wish() -> None:
    inform = TRACKS["reflection_period"].step("inform").form
    assert inform.model_fields["told_consular"].is_required()
    sent = TRACKS["identity_document"].step("send_verification")
    assert {"INV-05", "INV-17"} & {
        *sent.invariants,
        *(str(r) for g in sent.guards for c in sayings(g) for r in c.each("rule")),
    }


def test_no_clock_hurries_anybody_home() -> None:
    """The clocks of a return tell staff; only a time to think that is over is noted, and nothing moves by itself."""
    for slug in ("voluntary_return", "durable_solution", "bid"):
        assert not [clock.name for clock in TRACKS[slug].deadlines if clock.expires], slug


def test_a_child_who_disagrees_is_heard_and_written_down_and_the_panel_decides() -> None:
    gather, decide = (TRACKS["bid"].step(name).form for name in ("gather", "decide"))
    assert gather.model_fields["childs_views"].is_required()
    assert {"child_heard", "decision", "reasons"} <= {
        n for n, info in decide.model_fields.items() if info.is_required()
    }
    assert "dissent" in decide.model_fields
    assert Role.BIP in TRACKS["bid"].step("decide").by


def test_before_a_child_is_asked_it_is_said_what_is_on_record() -> None:
    plan = TRACKS["child_interview"].step("propose").form
    assert plan.model_fields["known_already"].is_required()


def test_a_search_lends_who_somebody_is_and_never_where_they_were_kept_safe() -> None:
    steps = TRACKS["missing_person"].steps
    lent = [call for step in steps if step.then for call in doings(step.then) if call.made is Share]
    assert {each for call in lent for each in call.each("categories")} == {Category.ID}


def waiting(regime: str) -> Whole:
    scene = Whole("adult")
    scene.take("data_subject_request", "receive", NGO, kind="access", regime=regime, language="ro")
    scene.take("data_subject_request", "verify", DPO, **VERIFIED)
    return scene


def deferral(scene: Whole, days: int) -> dict[str, Any]:
    until = scene.facts().today + timedelta(days=days)
    return {"ground": "crime", "reasons": "r", "until_on": until, "told": "told"}


def test_an_investigation_lets_an_answer_wait_for_a_time_and_never_for_ever() -> None:
    scene = waiting("LED")
    for days in (0, 91):
        found = scene.refused("data_subject_request", "defer", DPO, **deferral(scene, days))
        assert rules(found) == {"request.deferral_days"}
    scene.take("data_subject_request", "defer", DPO, **deferral(scene, 90))
    assert scene.tracks["data_subject_request"].marks["until_on"] == str(date(2026, 5, 31))
    scene.wait(days=90)
    scene.take("data_subject_request", "answer", DPO, **ANSWERED)


def test_what_is_not_police_data_never_waits_for_an_investigation() -> None:
    scene = waiting("GDPR")
    found = scene.refused("data_subject_request", "defer", DPO, **deferral(scene, 10))
    assert rules(found) == {"Directive (EU) 2016/680 art. 15"}
    names = {
        offer.step.name
        for offer in available(TRACKS["data_subject_request"], scene.facts(DPO, "data_subject_request"))
        if not offer.blocked
    }
    assert "answer" in names
    assert "defer" not in names
    assert "investigation" not in (
        questions(TRACKS["data_subject_request"].step("refuse").form)["ground"].choices or {}
    )

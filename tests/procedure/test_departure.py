"""INV-08, 09, 24 and 25: safety, free will, a partner who waits; asked when the journey begins, not before."""

from datetime import timedelta
from typing import Any

import pytest

from app.procedure.predicates_publication import Upload, publication_refused, upload_refused
from app.procedure.predicates_return import (
    not_of_free_will,
    return_departure_ok,
    return_departure_refusals,
    transfer_refusals,
    unsafe_to_return,
)
from app.safeguards.words import Category, Role
from tests.procedure.scene import actor, rules
from tests.tracks.returns_children import Whole, adult_ready_to_return, child_ready_to_return

NGO = actor(Role.NGO)
GOES = {"departed_on": "2026-03-10", "route": "By air.", "still_wishes": True}


def test_an_adult_for_whom_everything_stands_departs() -> None:
    scene = adult_ready_to_return()
    assert return_departure_refusals(scene.facts()) == ()
    assert not scene.refused("voluntary_return", "depart", NGO, **GOES)


SPOILED: list[tuple[str, str | None, dict[str, Any], set[str]]] = [
    ("asylum_claim", "lodged", {}, {"INV-04"}),
    ("asylum_claim", "appeal_pending", {}, {"INV-04"}),
    ("return_safety_assessment", "completed", {}, {"INV-08"}),
    ("return_safety_assessment", "expired", {}, {"INV-08"}),
    ("return_safety_assessment", None, {}, {"INV-08"}),
    ("return_safety_assessment", "approved", {"outcome": "inconclusive"}, {"INV-08"}),
    ("return_safety_assessment", "approved", {"outcome": "unsafe"}, {"INV-08"}),
    ("return_safety_assessment", "approved", {"covers": "person"}, {"INV-08"}),
    ("return_safety_assessment", "approved", {"valid_until": "2026-03-01"}, {"INV-08"}),
    ("return_safety_assessment", "approved", {"valid_until": None}, {"INV-08"}),
    ("consent", "withdrawn", {}, {"INV-09"}),
    ("consent", "expired", {}, {"INV-09"}),
    ("consent", None, {}, {"INV-09"}),
    ("consent", "given", {"purpose": "assistance"}, {"INV-09"}),
    ("consent", "given", {"valid_until": "2026-03-05"}, {"INV-09"}),
    ("voluntary_return", "preparation", {"legal_advice": "not_offered"}, {"INV-09"}),
    ("voluntary_return", "preparation", {"travel_document": "pending"}, {"INV-25"}),
    ("reflection_period", "active", {}, {"INV-25"}),
    ("reflection_period", "termination_proposed", {}, {"INV-25"}),
    ("transnational_referral", "sent", {}, {"INV-25"}),
    ("transnational_referral", "accepted", {"purpose": "tracing"}, {"INV-25"}),
    ("missing_person", "search", {}, {"INV-25"}),
]


@pytest.mark.parametrize(("slug", "state", "marks", "numbers"), SPOILED)
def test_inv_25_each_condition_stands_by_itself(
    slug: str, state: str | None, marks: dict[str, Any], numbers: set[str]
) -> None:
    scene = adult_ready_to_return()
    held = scene.tracks.pop(slug, None)
    if state is not None:
        steps = [each.name for each in held.history] if held else []
        was, scene.now = scene.now, held.history[0].at if held and held.history else scene.now
        scene.stand(slug, state, *steps, **{**(held.marks if held else {}), **marks})
        scene.now = was
    assert rules(return_departure_refusals(scene.facts())) == numbers
    assert not return_departure_ok(scene.facts())
    assert numbers <= rules(scene.refused("voluntary_return", "depart", NGO, **GOES))


def test_the_reflection_period_that_the_person_ended_is_no_bar() -> None:
    scene = adult_ready_to_return()
    scene.put("reflection_period", "ended_by_decision")
    assert return_departure_ok(scene.facts())


def test_a_travel_document_that_was_issued_is_as_good_as_an_own_one() -> None:
    scene = adult_ready_to_return()
    scene.mark("voluntary_return", travel_document="issued")
    assert rules(return_departure_refusals(scene.facts())) == {"INV-25"}
    scene.put("identity_document", "issued")
    assert return_departure_ok(scene.facts())


def test_inv_09_consent_comes_after_advice_and_there_is_time_to_think() -> None:
    scene = adult_ready_to_return()
    consent = scene.tracks["consent"]
    scene.now = consent.history[0].at + timedelta(days=2)
    assert rules(return_departure_refusals(scene.facts())) == {"return.cooling_off_days"}
    scene = adult_ready_to_return()
    scene.stand(
        "voluntary_return", "preparation", "counsel", "wish", legal_advice="taken", travel_document="own"
    )
    assert rules(return_departure_refusals(scene.facts())) == {"INV-09"}, (
        "the advice is newer than the consent"
    )


def test_inv_09_and_inv_25_have_their_own_way_for_a_child() -> None:
    scene = child_ready_to_return()
    assert not_of_free_will(scene.facts()) is None
    assert unsafe_to_return(scene.facts()) is None
    scene.tracks.pop("transnational_referral")
    assert rules(return_departure_refusals(scene.facts())) == {"INV-25"}


def test_every_step_behind_the_gate_names_what_the_gate_leaves_to_others() -> None:
    steps = [step for step in Whole.law["voluntary_return"].steps if "INV-25" in step.invariants]
    assert [step.name for step in steps] == ["depart"]
    assert {"INV-04", "INV-06", "INV-07", "INV-08", "INV-09"} <= set(steps[0].invariants)


def checked() -> dict[str, Any]:
    return {
        "towards": "organisation", "agreement": "A 7", "transfer_basis": "safeguards", "data_set": ["ID"],
        "minimised": True,
    }  # fmt: skip


def drafted(age: str = "adult", purpose: str = "relocation", **marks: Any) -> Whole:
    scene = Whole(age)
    scene.stand(
        "transnational_referral",
        "draft",
        "create",
        purpose=purpose,
        contact_verified_on="2026-02-01",
        **marks,
    )
    return scene


SUP = actor(Role.SUP)


def test_inv_24_nothing_goes_abroad_without_consent_basis_and_a_checked_contact() -> None:
    scene = drafted()
    assert rules(scene.refused("transnational_referral", "check", SUP, **checked())) == {"INV-24"}
    scene.stand("consent", "given", "give", purpose="transnational_referral", valid_until="2027-01-01")
    assert not scene.refused("transnational_referral", "check", SUP, **checked())
    without = {**checked(), "agreement": None}
    assert rules(scene.refused("transnational_referral", "check", SUP, **without)) == {"INV-24"}
    derogated = {**without, "transfer_basis": "derogation", "derogation": "vital_interest"}
    assert not scene.refused("transnational_referral", "check", SUP, **derogated)
    scene.mark("transnational_referral", contact_verified_on="2025-02-01")
    assert rules(scene.refused("transnational_referral", "check", SUP, **checked())) == {"INV-24"}


def test_inv_24_is_asked_again_when_it_is_sent() -> None:
    scene = drafted()
    scene.stand("consent", "given", "give", purpose="transnational_referral", valid_until="2027-01-01")
    scene.take("transnational_referral", "check", SUP, **checked())
    sends = {"sent_on": "2026-03-02", "channel": "portal"}
    assert not scene.refused("transnational_referral", "send", NGO, **sends)
    scene.put("consent", "withdrawn", purpose="transnational_referral")
    assert rules(scene.refused("transnational_referral", "send", NGO, **sends)) == {"INV-24"}


@pytest.mark.parametrize(
    ("purpose", "option", "fine"),
    [
        ("return", "return_reintegration", True), ("return", "local_integration", False),
        ("resettlement", "third_country_resettlement", True), ("resettlement", "return_reintegration", False),
        ("proceedings", "local_integration", True), ("return", None, False), ("tracing", None, False),
    ],
)  # fmt: skip
def test_inv_24_for_a_child_the_guardian_and_the_panel_carry_it(
    purpose: str, option: str | None, fine: bool
) -> None:
    scene = drafted("child", purpose)
    if option:
        scene.stand("bid", "decided", question="durable_solution", option=option)
        scene.stand("durable_solution", "decided", option=option)
    faults = rules(transfer_refusals(scene.facts(slug="transnational_referral"), None))
    assert faults == {"INV-24"}, "nobody acts for the child"
    scene.stand("guardian", "active")
    assert (not rules(transfer_refusals(scene.facts(slug="transnational_referral"), None))) == fine


def test_inv_24_tracing_for_a_child_may_rest_on_the_guardians_consent() -> None:
    scene = drafted("child", "tracing")
    scene.stand("guardian", "provisional")
    scene.stand("consent", "given", "give", purpose="transnational_referral")
    assert not list(transfer_refusals(scene.facts(slug="transnational_referral"), None))


def test_inv_13_only_counts_are_published_and_a_childs_consent_changes_nothing() -> None:
    adult, child = Whole("adult").facts(), Whole("child").facts()
    for facts in (adult, child):
        assert publication_refused(facts, [Category.STA]) is None
        for category in set(Category) - {Category.STA}:
            assert rules([publication_refused(facts, [category])]) == {"INV-13"}
        for contents in (["image"], ["free_text"], ["exact_date"], ["identity"]):
            assert rules([publication_refused(facts, [Category.STA], contents)]) == {"INV-13"}
    asks = {"purpose": "media"}
    scene = Whole("child")
    step = scene.law["consent"].step("ask")
    assert "INV-13" in rules(
        fault
        for guard in step.guards
        if (fault := guard(scene.facts(), type("Form", (), asks)())) is not None
    )


def test_inv_23_an_image_of_abuse_is_not_taken_in() -> None:
    assert rules([upload_refused(Upload("image", shows_abuse=True))]) == {"INV-23"}
    assert upload_refused(Upload("image")) is None

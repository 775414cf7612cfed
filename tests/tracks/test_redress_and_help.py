"""From an inspection to money in hand, and from a plan to every kind of help: taken step by step, not only declared."""

from typing import Any
from uuid import uuid4

import pytest

from app.procedure.effects import Alert
from app.safeguards.fields import questions
from app.safeguards.words import Relation, Role
from app.tracks import TRACKS
from app.tracks.exploitation_codes import INDUSTRIES, TYPES_OF_EXPLOITATION, WHAT_HAPPENED
from app.tracks.support.assistance_forms import TYPES
from tests.procedure.scene import actor
from tests.tracks.returns_children import Whole
from tests.tracks.test_wages import assesses, stretch

INSPECTOR, WORKER, LAWYER = actor(Role.LAB), actor(Role.NGO, Relation.LEAD), actor(Role.LEG, Relation.MANDATE)
FINDING, CLAIM, SERVICE = "labour_inspection_finding", "compensation_claim", "assistance_service"
COMPANY = {"kind": "legal", "name": "X", "registry_number": "1"}
RECORDED: dict[str, Any] = {
    "inspected_on": "2026-03-02", "worksite": "a field", "sector": "A_AgricultureForestryAndFishing",
    "employer": [{**COMPANY, "part": "employer"}],
    "chain": [{**COMPANY, "part": part} for part in ("subcontractor", "contractor", "client")],
    "recruiter": "Y", "recruiter_licence": "none shown", "recruiter_fees": {"amount": "900", "currency": "EUR"},
    "worker_count": 15, "minors_seen": False,
}  # fmt: skip
SCREENED: dict[str, Any] = {
    "signs": ["ilo.debt", "ilo.wages"], "weekly_hours": 70, "pay": "nothing", "taken_for": ["recruitment", "lodging"],
    "documents_held": "yes", "housing": "locked", "hazards": ["chemicals"], "worst_forms": False,
    "debts": [{"principal": {"amount": "900", "currency": "EUR"}, "creditor": "Y", "repaid_by": "wages"}],
}  # fmt: skip


def screened() -> Whole:
    scene = Whole("adult")
    scene.take(FINDING, "record", INSPECTOR, **RECORDED)
    scene.take(FINDING, "screen", INSPECTOR, **SCREENED)
    return scene


def test_an_inspection_leads_into_the_mechanism_and_to_sanctions_on_the_whole_chain() -> None:
    scene = screened()
    scene.take(
        FINDING,
        "refer",
        INSPECTOR,
        referred=12,
        children_referred=0,
        anonymous=3,
        legal_basis="statutory_duty",
    )
    scene.take(
        FINDING, "act", INSPECTOR, measures=["fine", "licence", "prosecution", "tenders"],
        fine={"amount": "50000", "currency": "EUR"}, licence="L 1", prosecution="P 1",
    )  # fmt: skip
    scene.take(FINDING, "close", INSPECTOR, outcome="sanction")
    assert scene.tracks[FINDING].marks["referred"] == 12


def test_what_an_inspection_finds_about_wages_is_claimed_and_explained() -> None:
    scene = screened()
    effects = scene.take(
        FINDING,
        "classify",
        INSPECTOR,
        currency="EUR",
        wages=[{**stretch(), "worker": "A"}],
        claim_route="labour_court",
    )
    told = {effect.role for effect in effects if isinstance(effect, Alert)}
    assert {Role.LEG, Role.NGO} <= told


@pytest.mark.parametrize("link", ["employer", "chain", "debts"])
def test_a_link_of_the_chain_without_a_name_and_a_debt_without_a_sum_are_no_finding(link: str) -> None:
    step, sent = ("screen", SCREENED) if link == "debts" else ("record", RECORDED)
    spoilt = {key: value for key, value in sent[link][0].items() if key not in {"name", "principal"}}
    with pytest.raises(ValueError, match=link):
        TRACKS[FINDING].step(step).form.model_validate({**sent, link: [spoilt]})


@pytest.mark.parametrize("route", ["state_fund", "criminal_adhesion", "labour_court"])
def test_companies_and_persons_are_claimed_against_and_confiscated_assets_or_the_fund_pay(route: str) -> None:
    scene = Whole("adult")
    scene.take(CLAIM, "inform", LAWYER, language="ro", routes=["state_fund", "criminal_adhesion"])
    against = [{**COMPANY, "part": "employer"}, {"kind": "natural", "name": "Z", "part": "recruiter"}]
    heads = [{"head": "moral", "amount": "1000"}, {"head": "fees_debt", "amount": "900"}]
    scene.take(CLAIM, "assess", LAWYER, **assesses(respondents=against, heads=heads))
    scene.take(CLAIM, "file", LAWYER, route=route, reference="R 1", filed_on="2026-03-02")
    scene.take(CLAIM, "register", LAWYER, body="a court", case_number="1")
    awards = [{"head": "moral", "amount": "800"}]
    scene.take(CLAIM, "award", LAWYER, awarded_on="2026-03-02", currency="EUR", awards=awards)
    scene.take(CLAIM, "enforce", LAWYER, measure="confiscated", confiscated_asset="C 1")
    assert scene.tracks[CLAIM].state == "enforcement"


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("age", ["adult", "child"])
def test_every_kind_of_help_is_planned_explained_in_her_language_and_begun(kind: str, age: str) -> None:
    """Nothing but a plan, a word in her language and her yes stands before any help, for a child as for an adult."""
    scene = Whole(age)
    scene.take(SERVICE, "plan", WORKER, type=kind, provider=uuid4(), goal="g", need="n")
    scene.take(SERVICE, "offer", WORKER, language="ti", informed=["what", "free", "voluntary"])
    scene.take(SERVICE, "accept", WORKER, agreed="aloud")
    scene.take(SERVICE, "start", WORKER, start_on="2026-03-02")
    assert scene.tracks[SERVICE].state == "active"


def test_school_training_work_and_coming_back_into_life_are_kinds_of_help() -> None:
    assert {
        "education",
        "vocational",
        "employment",
        "language_course",
        "reintegration",
        "livelihood_grant",
    } <= TYPES.keys()
    assert {"health", "psychological", "legal_information", "accommodation", "social_work"} <= TYPES.keys()


def test_organs_and_every_sector_at_risk_have_codes_of_their_own() -> None:
    assert "OrganRemoval" in TYPES_OF_EXPLOITATION
    assert "organ_removal" in WHAT_HAPPENED
    assert {code[0] for code in INDUSTRIES} >= set("AFIT")


def test_a_hearing_has_a_day_protection_and_somebody_who_stands_by() -> None:
    form = TRACKS["proceedings_participation"].step("fix_hearing").form
    measures = questions(form)["special_measures"].choices or {}
    sent = {"hearing_on": "2026-04-01", "special_measures": list(measures), "support_person": "a friend"}
    assert form.model_validate(sent).support_person == "a friend"
    with pytest.raises(ValueError, match="special_measures"):
        form.model_validate({**sent, "special_measures": []})
    asked_for = questions(TRACKS["witness_protection"].step("request").form)["measures"].choices or {}
    assert "relocation" in asked_for


def test_a_plan_of_life_goes_with_every_durable_solution_and_every_return() -> None:
    for slug, step in (("durable_solution", "start"), ("voluntary_return", "start_reintegration")):
        assert TRACKS[slug].step(step).form.model_fields["plan"].is_required()

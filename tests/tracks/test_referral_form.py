"""One form takes a referral as full as the fullest national one, in one go, and gives it back whole."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from app.procedure.soundness import forms_in
from app.safeguards.fields import questions
from app.safeguards.words import Category
from app.tracks.intake.referral_consent import AnonymousNotification
from app.tracks.intake.referral_form import SubmitReferral
from app.tracks.intake.sections import SECTIONS, fitting, missing

FULL: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "full_referral.json").read_text("utf-8")
)
# Asked only of a child, of an adult who could not be asked, or after another answer than the one given.
NOT_FOR_HER = {
    "child_services_told", "child_services_name", "child_services_contact", "child_services_phone",
    "child_services_email", "with_adult", "with_adult_details", "legal_basis", "legal_basis_reason",
    "consent_id", "what_keeps", "support_why_not",
}  # fmt: skip
REQUIRED = {
    "age_class", "indicators", "immediate_safety", "immediate_needs", "language", "interpreter",
    "safe_contact", "current_region", "urgency", "reason", "shared_categories", "receiving_organisation_id",
}  # fmt: skip


def but(**changed: Any) -> dict[str, Any]:
    return {**FULL, **changed}


def needed(**more: Any) -> dict[str, Any]:
    consent = {"consent_explained", "consent_notice", "consent"}
    return {name: value for name, value in FULL.items() if name in REQUIRED | consent} | more


def groups(form: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    for name, info in form.model_fields.items():
        yield from ((name, inner) for inner in forms_in(info.annotation) if hasattr(inner, "known_codes"))


def test_the_full_referral_answers_every_question_that_is_for_her() -> None:
    assert set(SubmitReferral.model_fields) - set(FULL) == NOT_FOR_HER
    assert missing(FULL) == []


@pytest.mark.parametrize(("group", "form"), list(groups(SubmitReferral)))
def test_the_rows_of_the_full_referral_answer_every_question(group: str, form: type[BaseModel]) -> None:
    asked = {name for row in FULL[group] for name in row}
    assert asked == set(form.model_fields)


def test_a_full_referral_comes_back_whole() -> None:
    once = SubmitReferral.model_validate(FULL).model_dump(mode="json", exclude_unset=True)
    assert once == FULL
    assert (
        SubmitReferral.model_validate_json(json.dumps(once)).model_dump(mode="json", exclude_unset=True)
        == FULL
    )


def test_it_has_room_for_several_of_everything() -> None:
    assert len(FULL["situations"]) > 2
    assert len(FULL["nationalities"]) == 2
    for name in ("children", "exploitation_places", "exploiters", "safe_contact", "evidence", "other_names"):
        assert len(FULL[name]) > 1, name


def test_only_what_the_law_demands_is_required() -> None:
    assert {name for name, info in SubmitReferral.model_fields.items() if info.is_required()} == REQUIRED
    assert missing(needed()) == []


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_without_what_the_law_demands_nothing_is_sent(name: str) -> None:
    found = missing({field: value for field, value in needed().items() if field != name})
    assert name in {fault.field for fault in found}


def long_texts(form: type[BaseModel]) -> Iterator[str]:
    for name, about in questions(form).items():  # type: ignore[arg-type]
        if about.widget == "area":
            yield name


@pytest.mark.parametrize("name", [n for n in long_texts(SubmitReferral) if n != "evidence"])
def test_accounts_take_fifteen_thousand_characters(name: str) -> None:
    assert getattr(SubmitReferral.model_validate(but(**{name: "é" * 15_000})), name) == "é" * 15_000
    with pytest.raises(ValidationError):
        SubmitReferral.model_validate(but(**{name: "é" * 15_001}))


@pytest.mark.parametrize(
    "name", ["how_it_began", "promises", "journey", "had_to_do", "living_conditions", "treatment"]
)
def test_so_do_those_of_a_situation(name: str) -> None:
    told = SubmitReferral.model_validate(but(situations=[{name: "ა" * 15_000}]))
    assert len(getattr(told.situations[0], name)) == 15_000


@pytest.mark.parametrize(
    "changed",
    [
        {"age_class": "grown"}, {"nationalities": ["GE", "XX"]}, {"language": "klingon"},
        {"immediate_needs": []}, {"indicators": []}, {"safe_contact": []}, {"surprise": "x"},
        {"situations": [{"surprise": "x"}]}, {"born_on": {"year": 2001, "month": 2, "day": 30}},
        {"born_on": {}}, {"shared_categories": ["LOC"]},
        {"indicators": [{"source": "seen", "signs": ["no"]}]},
        {"children_count": -1}, {"nationalities": ["GE", "ES", "FR", "DE", "IT", "AT"]},
        {"given_names": "x" * 10_000}, {"receiving_organisation_id": "the police"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        SubmitReferral.model_validate(but(**changed))


@pytest.mark.parametrize("name", ["\u202eevil", "👩‍👧", "محمد", "O’Brien-Škoda", "a"])
def test_names_are_taken_as_people_have_them(name: str) -> None:
    assert SubmitReferral.model_validate(but(given_names=name)).given_names == name


def test_unknown_is_always_an_answer() -> None:
    unsure = but(
        age_class="uncertain", language="unknown", interpreter="unknown",
        nationalities=["unknown", "stateless"],
        immediate_safety="unknown", immediate_needs=["unknown"], current_region="unknown",
    )  # fmt: skip
    SubmitReferral.model_validate(unsure)


def test_rows_lie_in_the_category_of_their_group() -> None:
    for group, form in groups(SubmitReferral):
        category = questions(SubmitReferral)[group].category
        assert {about.category for about in questions(form).values()} == {category}, group  # type: ignore[arg-type]


def test_where_she_stays_is_whereabouts_and_what_decides_is_minimal() -> None:
    asked = questions(SubmitReferral)
    for name in ("current_town", "current_area", "current_place"):
        assert asked[name].category is Category.LOC
        assert not asked[name].minimal
    for name in ("age_class", "urgency", "immediate_needs", "language", "interpreter", "current_region"):
        assert asked[name].minimal, name
    for name in ("language", "interpreter"):
        assert asked[name].category is Category.SVC


def test_no_question_about_the_police_is_required_or_kept_in_the_clear() -> None:
    for name, about in questions(SubmitReferral).items():
        if about.category is Category.CRI:
            assert not SubmitReferral.model_fields[name].is_required()
            assert about.clear is None
    kept = {name for name, about in questions(SubmitReferral).items() if about.clear}
    assert kept == {"age_class", "urgency", "receiving_organisation_id"}


def test_a_notification_has_four_questions_and_takes_no_other() -> None:
    four = {"sex": "female", "nationality": "GE", "region": "south", "indicators": ["ilo.debt"]}
    assert set(AnonymousNotification.model_fields) == set(four)
    AnonymousNotification.model_validate(four)
    for name in SubmitReferral.model_fields.keys() - four.keys():
        with pytest.raises(ValidationError):
            AnonymousNotification.model_validate({**four, name: FULL.get(name, "x")})
    for words in ("Tamta", {"source": "seen", "signs": ["ilo.debt"]}):
        with pytest.raises(ValidationError):
            AnonymousNotification.model_validate({**four, "indicators": [words]})


def test_after_her_no_only_the_four_are_left() -> None:
    assert fitting(but(consent="no", sex="female", nationality="GE", region="south")) == {
        "sex": "female", "nationality": "GE", "region": "south",
        "indicators": [
            "concern", "ilo.conditions", "ilo.debt", "ilo.deception", "ilo.documents", "ilo.isolation",
            "ilo.overtime", "ilo.threats", "ilo.vulnerability", "ilo.wages",
        ],
    }  # fmt: skip


def test_every_page_asks_what_the_whole_form_has() -> None:
    asked = [name for page in SECTIONS if page.slug != "anonymous" for name in page.form.model_fields]
    assert sorted(asked) == sorted(SubmitReferral.model_fields)


def test_codes_stand_in_the_schema_of_the_json_door() -> None:
    schema = SubmitReferral.model_json_schema()
    assert schema["properties"]["age_class"]["enum"] == ["adult", "child", "uncertain"]
    assert "DebtBondage" in json.dumps(schema["$defs"]["Situation"])

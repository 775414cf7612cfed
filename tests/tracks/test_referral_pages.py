"""Only the pages that matter for what was answered, in an order that a tired person can follow."""

from typing import Any

import pytest

from app.tracks.intake.sections import CHAPTERS, SECTIONS, fitting, journey, missing, next_section, section

ADULT: dict[str, Any] = {"age_class": "adult", "consent": "yes"}
CHILD: dict[str, Any] = {"age_class": "uncertain"}


def slugs(answers: dict[str, Any]) -> list[str]:
    """Follow the pages from the first to the last, as a reader does."""
    seen, page = [SECTIONS[0].slug], next_section(answers, SECTIONS[0].slug)
    while page is not None:
        seen.append(page.slug)
        page = next_section(answers, page.slug)
    return seen


def test_slugs_are_single_and_every_chapter_has_pages() -> None:
    assert len({page.slug for page in SECTIONS}) == len(SECTIONS)
    assert {page.chapter for page in SECTIONS} == set(CHAPTERS)


def test_an_unknown_age_counts_as_a_child_and_skips_consent() -> None:
    for age in ("child", "uncertain"):
        pages = slugs({"age_class": age})
        assert not {"consent", "legal-basis", "anonymous", "age-then"} & set(pages)
        assert "child-services" in pages
    assert "child-services" not in slugs(ADULT)


def test_child_services_come_before_everything_but_safety() -> None:
    assert slugs(CHILD)[:4] == ["report", "age", "safety", "child-services"]


def test_an_adult_is_asked_before_anything_is_told() -> None:
    pages = slugs(ADULT)
    told = {"signs", "situations", "names", "exploiters", "stays", "safe-contact", "needs"}
    assert all(pages.index("consent") < pages.index(each) for each in told)


def test_a_no_leads_to_the_notification_and_ends_there() -> None:
    refused = {**ADULT, "consent": "no"}
    assert next_section(refused, "consent") is section("anonymous")
    assert next_section(refused, "anonymous") is None
    assert [page.slug for page in journey(refused)] == ["age", "consent", "anonymous"]


def test_who_could_not_be_asked_needs_a_ground() -> None:
    unasked = {**ADULT, "consent": "could_not_ask"}
    assert "legal-basis" in slugs(unasked)
    assert "legal_basis" in {fault.field for fault in missing(unasked)}
    assert "legal-basis" not in slugs(ADULT)


def test_answers_of_pages_that_do_not_matter_any_more_are_left_out() -> None:
    turned = {"age_class": "child", "consent": "yes", "legal_basis": "court_order", "given_names": "Ana"}
    assert fitting(turned) == {"age_class": "child", "given_names": "Ana"}
    assert not [fault for fault in missing(turned) if fault.field == "consent"]


def test_what_is_needed_comes_before_what_may_be_left_out() -> None:
    needed = [number for number, page in enumerate(SECTIONS) if page.needed and page.slug != "anonymous"]
    assert max(needed) < [page.slug for page in SECTIONS].index("stays")


def test_every_fault_names_a_question_of_a_page() -> None:
    for answers in ({}, ADULT, CHILD, {**ADULT, "consent": "no"}, {**ADULT, "consent": "could_not_ask"}):
        asked = {name for page in journey(answers) for name in page.form.model_fields}
        found = {fault.field for fault in missing(answers)}
        assert found
        assert {field.split(".")[0] for field in found if field} <= asked


def test_a_page_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        section("nowhere")

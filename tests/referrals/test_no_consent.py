"""An adult's no, an unknown age: what is asked, what is kept, what is erased."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

from app.tracks.intake.sections import SECTIONS
from tests.fixtures.service import As, Browser
from tests.referrals import made

FOUR = {"sex": "female", "nationality": "GE", "region": "south", "indicators": ["ilo.debt"]}
TOLD = "Mzia Invented-Kapanadze"


def told(police: Browser, receiver: UUID, consent: str = "no") -> tuple[str, str]:
    """A draft in which much was said before the person was asked; return the track and the case."""
    track_id = made.begun(police)
    version = 0
    for page, answers in (
        ("age", {"age_class": "adult"}),
        ("names", {"given_names": TOLD}),
        ("stays", {"current_place": "Behind the mill"}),
        ("signs", {"indicators": [{"source": "seen", "signs": ["ilo.debt"], "note": TOLD}]}),
        ("nationality", {"nationalities": ["GE", "TR"]}),
        ("recipient", {"receiving_organisation_id": str(receiver)}),
        ("consent", {"consent": consent, "consent_explained": "yes", "consent_notice": "yes"}),
    ):
        version = made.put(police, track_id, page, answers, version)["version"]
    return track_id, police.json("GET", f"/api/referrals/drafts/{track_id}")["case_id"]


def test_a_no_leads_to_four_answers_and_says_what_is_erased(police: Browser, receiver: UUID) -> None:
    track_id, _case_id = told(police, receiver, "yes")
    police.get(f"/referrals/{track_id}/pages/consent")
    answer = police.send(consent="no")
    assert answer.headers["location"] == f"/referrals/{track_id}/anonymous"
    police.follow(answer)
    assert "everything else that you wrote in this draft is erased" in police.text
    assert police.page.xpath("//option[@selected]/@value") == ["GE"]
    assert police.page.xpath("//input[@type='checkbox'][@checked]/@value") == ["ilo.debt"]
    police.send(sex="female", region="south")
    police.get(f"/referrals/{track_id}/sent")
    assert "is erased, and its keys are destroyed" in police.text


def test_after_a_no_only_the_four_answers_can_be_read_by_anybody(
    police: Browser, receiver: UUID, given: Any, acting: As
) -> None:
    track_id, case_id = told(police, receiver)
    police.json("POST", f"/api/referrals/drafts/{track_id}/notify", FOUR)
    assert made.live_keys(given, case_id) == {"STA"}
    assert _record_types(given, case_id) == {"step:referral:create", "step:referral:notify"}
    with acting("police") as work:
        step = made.sent_step(work, UUID(track_id))
        opened = work.reveal(
            UUID(case_id), _column(given, "SELECT record_id FROM part WHERE case_id = :c", case_id)
        )
        assert [part.fields for part in opened.parts] == [FOUR]
        assert opened.of(step) == FOUR
    assert _person_rows(given, case_id) == 0


def test_a_notification_can_be_sent_without_any_draft(police: Browser, given: Any) -> None:
    sent = police.json("POST", "/api/referrals/anonymous", FOUR, status=201)
    assert sent["state"] == "submitted"
    assert _record_types(given, sent["case_id"]) <= {"step:referral:notify", "step:referral:create"}
    police.get("/referrals/new")
    page = police.follow(police.send(_anonymous="1"))
    assert page.url.path.endswith("/anonymous")
    police.send(sex="male", nationality="unknown", region="unknown", indicators=["ilo.wages"])


def test_a_no_sends_nothing_with_a_name(police: Browser, receiver: UUID) -> None:
    track_id, _case_id = told(police, receiver)
    problem = police.json("POST", f"/api/referrals/drafts/{track_id}/submit", {"version": 7}, status=409)
    assert [each["rule"] for each in problem["faults"]] == ["INV-17"]
    whole = made.short(receiver, consent="no")
    problem = police.json("POST", "/api/referrals", whole, status=409)
    assert "INV-17" in [each["rule"] for each in problem["faults"]]


@pytest.mark.parametrize("age", ["child", "uncertain"])
def test_who_may_be_a_child_is_referred_without_consent(police: Browser, receiver: UUID, age: str) -> None:
    track_id = made.begun(police)
    police.get(f"/referrals/{track_id}/pages/age")
    police.follow(police.send(age_class=age))
    police.follow(police.send(immediate_safety="unknown"))
    assert police.path.endswith("/pages/child-services")
    assert "treated as a child" in police.text
    assert (
        police.get(f"/referrals/{track_id}/pages/consent", 303).headers["location"]
        == f"/referrals/{track_id}"
    )
    no_consent = {"consent": None, "consent_explained": None, "consent_notice": None}
    sent = police.json(
        "POST", "/api/referrals", made.short(receiver, age_class=age, **no_consent), status=201
    )
    police.get(f"/referrals/{sent['track_id']}/sent")
    assert "guardian" in police.text


def test_the_clock_is_a_child_s_for_a_child_only(police: Browser, receiver: UUID) -> None:
    no_consent = {"consent": None, "consent_explained": None, "consent_notice": None}
    for changed, clocks in (
        ({}, ["Say that the referral arrived", "Accept or decline the referral"]),
        ({"age_class": "uncertain", **no_consent}, ["A service takes the child on"]),
    ):
        sent = police.json("POST", "/api/referrals", made.short(receiver, **changed), status=201)
        found = police.json("GET", f"/api/referrals/{sent['track_id']}")
        assert [each["label"] for each in found["clocks"]] == clocks


def test_every_page_can_be_read_in_both_languages(police: Browser) -> None:
    """The structure of each page is checked as it is read."""
    track_id = made.begun(police)
    for age in ("adult", "uncertain"):
        police.get(f"/referrals/{track_id}/pages/age?lang=fr")
        police.send(age_class=age)
        for page in SECTIONS:
            answer = police.client.get(f"/referrals/{track_id}/pages/{page.slug}?lang=en")
            if answer.status_code == 200:
                police.get(f"/referrals/{track_id}/pages/{page.slug}?lang=en")
                police.get(f"/referrals/{track_id}/pages/{page.slug}?lang=fr")
    for page in ("", "/check", "/anonymous", "/discard"):
        police.get(f"/referrals/{track_id}{page}?lang=fr")


def test_a_child_is_never_only_counted(police: Browser) -> None:
    track_id = made.begun(police)
    made.put(police, track_id, "age", {"age_class": "uncertain"}, 0)
    problem = police.json("POST", f"/api/referrals/drafts/{track_id}/notify", FOUR, status=409)
    assert [each["rule"] for each in problem["faults"]] == ["INV-15"]


def test_who_agreed_is_not_only_counted(police: Browser, receiver: UUID) -> None:
    track_id, _case_id = told(police, receiver, "yes")
    problem = police.json("POST", f"/api/referrals/drafts/{track_id}/notify", FOUR, status=409)
    assert [each["rule"] for each in problem["faults"]] == ["INV-14"]


def test_consent_counts_only_when_it_was_explained(police: Browser) -> None:
    track_id = made.begun(police)
    made.put(police, track_id, "age", {"age_class": "adult"}, 0)
    problem = made.put(police, track_id, "consent", {"consent": "yes"}, 1, status=422)
    assert "consent_explained" in [each["field"] for each in problem["faults"]]
    police.get(f"/referrals/{track_id}/pages/consent")
    police.send(status=422, consent="yes")
    assert "explained" in police.text


def _record_types(given: Any, case_id: str) -> set[str]:
    return set(_column(given, "SELECT record_type FROM part WHERE case_id = :c", case_id))


def _person_rows(given: Any, case_id: str) -> int:
    return len(_column(given, "SELECT id FROM person WHERE case_id = :c", case_id))


def _column(given: Any, query: str, case_id: str) -> list[Any]:
    engine = create_engine(given.database_url)
    with engine.connect() as connection:
        found = [row[0] for row in connection.execute(text(query), {"c": case_id})]
    engine.dispose()
    return found

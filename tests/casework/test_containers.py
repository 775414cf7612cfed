"""A call, a request and a breach begin where there is no case; a call becomes a referral and takes its signs along."""

from typing import Any
from uuid import UUID

import pytest

from tests.fixtures.service import As, Browser, Enter

CALL = {
    "received_at": "2026-03-02T08:30:00Z", "channel": "call", "caller_role": "neighbour", "anonymous": "no",
    "caller_name": "Old Mr Brown", "language": "ro", "narrative": "Three women never leave the house.",
    "coarse_location": "north", "in_danger_now": "no", "child_indicated": "no",
}  # fmt: skip
TRIAGE = {
    "indicators": ["ilo.movement", "ilo.isolation"], "immediate_danger": "no", "risk_level": "high",
    "advice_given": ["call_again"],
}  # fmt: skip


def step(who: Browser, begun: dict[str, Any], name: str, version: int, **said: Any) -> dict[str, Any]:
    path = f"/api/cases/{begun['case_id']}/tracks/{begun['slug']}/{begun['track_id']}/{name}"
    answer: dict[str, Any] = who.json("POST", path, said, If_Match=str(version))
    return answer


@pytest.fixture
def receiver(enter: Enter) -> str:
    named = enter("hotline").json("GET", "/api/referrals/recipients")["organisations"]
    return str(next(each["id"] for each in named if each["name"] == "Harbour Association"))


def test_a_call_becomes_a_referral_with_its_signs_and_without_who_called(
    enter: Enter, receiver: str, acting: As
) -> None:
    line = enter("hotline")
    begun = line.json("POST", "/api/begin/hotline_report", CALL)
    line.get(f"/cases/{begun['case_id']}")
    assert "Nobody: this stands apart" in line.text
    assert "Is the person safe now?" not in line.text
    assert "Begin something else" not in line.text  # there is nobody of whom to doubt the age, or to house
    path = f"/api/cases/{begun['case_id']}/tracks/age_assessment/doubt"
    refused = line.json("POST", path, {"reasons": ["appearance"]}, status=409)
    assert "No person stands here" in str(refused)
    step(line, begun, "triage", 1, **TRIAGE)
    step(line, begun, "convert", 2, receiving_organisation_id=receiver, basis="vital_interest")
    (draft,) = line.json("GET", "/api/work")["drafts"]
    path = f"/api/referrals/drafts/{draft['track_id']}"
    held = line.json("GET", path)
    assert held["answers"]["indicators"] == [
        {"source": "told_by_other", "signs": ["ilo.movement", "ilo.isolation"]}
    ]
    assert (held["answers"]["language"], held["answers"]["current_region"]) == ("ro", "north")
    assert "Brown" not in str(held)
    line.get(f"/referrals/{draft['track_id']}")
    line.json(
        "PUT", f"{path}/age", {"answers": {"age_class": "adult"}, "version": 0}
    )  # the first page that is saved keeps what came from the call
    assert line.json("GET", path)["answers"]["indicators"][0]["signs"] == ["ilo.movement", "ilo.isolation"]
    with acting("hotline") as work:  # the hotline is the sender now, and no more
        assert [str(each) for each in work.standing(UUID(begun["case_id"])).relations] == ["referrer"]


def test_a_call_is_taken_on_a_page_and_what_an_anonymous_caller_must_not_leave_is_refused(
    enter: Enter,
) -> None:
    line = enter("hotline")
    line.get("/begin/hotline_report")
    assert line.page.xpath("//input[@name='received_at-year']/@value") == ["2026"]  # today, unless it was not
    page = {
        **{name: each for name, each in CALL.items() if name not in ("received_at", "caller_name")},
        "received_at-day": "2", "received_at-month": "3", "received_at-year": "2026", "anonymous": "yes",
        "narrative": "Call me on +43 1 5550 017.",
    }  # fmt: skip
    line.post("/begin/hotline_report", page, 422)
    assert "leave out names, numbers" in line.text
    taken = line.post("/begin/hotline_report", {**page, "narrative": "Three women never leave."})
    assert "Hotline report" in line.follow(taken).text
    assert "Look at the report" in line.text
    enter("police").get("/begin/hotline_report", 404)


def test_requests_and_breaches_reach_the_officer_who_answers_them(enter: Enter) -> None:
    asks = {"kind": "access", "regime": "GDPR", "language": "ro"}
    enter("ngo").json("POST", "/api/begin/data_subject_request", asks)
    lost = {
        "detected_at": "2026-03-02T06:00:00Z",
        "aware_at": "2026-03-02T07:00:00Z",
        "categories": ["ID"],
        "case_count": 4,
    }
    enter("inspector").json("POST", "/api/begin/data_breach", {**lost, "case_count": 4})
    enter("inspector").json("POST", "/api/begin/data_subject_request", asks, status=404)
    officer = enter("protector")
    found = officer.json("GET", "/api/protection")
    assert [(each["slug"], each["due"]) for each in found] == [
        ("data_breach", "Authority told of the breach"), ("data_subject_request", "Answer to the request"),
    ]  # fmt: skip
    officer.get("/protection")
    for each in found:
        officer.get(f"/cases/{each['case_id']}")
    assert "Somebody asks about their own data" in officer.text
    officer.get("/begin/data_breach")
    assert "How many cases, as far as is known?" in officer.text
    assert (
        officer.text.count("(optional)") == 1
    )  # what happened may be told later, all else is asked of people
    officer.get("/begin/data_subject_request")
    officer.send(kind="erase", regime="GDPR", language="ro")
    assert len(officer.json("GET", "/api/protection")) == 3
    enter("auditor").get("/protection", 404)

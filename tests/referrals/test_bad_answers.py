"""Bad input: a plain message, what was typed still there, nothing stored by halves."""

from typing import Any
from uuid import UUID

import pytest

from tests.fixtures.service import Browser
from tests.referrals import made
from tests.referrals.made import answers, begun, put

LONG_NAME = "ă" * 10_000
KEPT = [
    "Zoë 🦋 O’Neill",
    "مريم العلي \u200f(أم سامي)",
    "ΜΑΡΙΑ-Λουίζα",
    "李小龍",
    "<b>Bold & Co.</b>",
    "Robert'); DROP TABLE part;--",
]


def counted(given: Any) -> dict[str, int]:
    return {
        table: made.rows(given, table)
        for table in ("part", "track", "step", '"case"', "person", "team_member")
    }


@pytest.mark.parametrize(
    ("page", "sent", "field", "words"),
    [
        ("names", {"given_names": LONG_NAME}, "given_names", "at most 300 characters"),
        ("names", {"given_names": "An\x00a"}, "given_names", "cannot be kept"),
        ("birth", {"born_on": {"year": 1994, "month": 2, "day": 31}}, "born_on", "does not exist"),
        ("birth", {"born_on": {"year": 94}}, "born_on", "between 1900 and 2100"),
        ("birth", {"age_from": -1}, "age_from", "0 or more"),
        ("names", {"first_name": "Ana"}, "first_name", "no question named"),
        ("names", {"other_names": [{"name": "A", "rank": 1}]}, "other_names.0.rank", "no question named"),
        ("age", {"age_class": "old"}, "age_class", "answers offered"),
        ("age", {}, "age_class", "must be answered"),
        ("nationality", {"nationalities": ["XX"]}, "nationalities", "answers offered"),
        (
            "recipient",
            {"receiving_organisation_id": "not an id"},
            "receiving_organisation_id",
            "answers offered",
        ),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(  # noqa: PLR0917 -- the columns of the table
    police: Browser, given: Any, page: str, sent: dict[str, Any], field: str, words: str
) -> None:
    track_id = begun(police)
    before = counted(given)
    problem = put(police, track_id, page, sent, 0, status=422)
    assert field in [each["field"] for each in problem["faults"]]
    assert words in " ".join(each["message"] for each in problem["faults"])
    assert answers(police, track_id) == {}
    assert counted(given) == before


@pytest.mark.parametrize("text", KEPT)
def test_names_of_every_script_are_kept_as_they_are(police: Browser, text: str) -> None:
    track_id = begun(police)
    put(police, track_id, "names", {"given_names": text}, 0)
    assert answers(police, track_id) == {"given_names": text}
    police.get(f"/referrals/{track_id}/pages/names")
    assert police.page.xpath("//input[@name='given_names']/@value") == [text]
    assert police.page.xpath("//input[@name='given_names']/@dir") == ["auto"]


def test_a_page_shows_what_was_typed_beside_what_is_wrong(police: Browser, given: Any) -> None:
    track_id = begun(police)
    before = counted(given)
    path = f"/referrals/{track_id}/pages/birth"
    typed = {
        "version": "0",
        "born_on-day": "31",
        "born_on-month": "2",
        "born_on-year": "1994",
        "birthplace": "Poti",
    }
    police.post(path, typed, 422)
    assert "does not exist" in police.text
    assert police.page.xpath("//input[@name='born_on-day']/@value") == ["31"]
    assert police.page.xpath("//input[@name='birthplace']/@value") == ["Poti"]
    assert police.page.xpath("//*[contains(@class,'govuk-error-summary')]//a[@href='#f-born_on.day']")
    police.post(f"/referrals/{track_id}/pages/names", {"version": "0", "given_names": LONG_NAME}, 422)
    assert "at most 300 characters" in police.text
    assert police.page.xpath("//input[@name='given_names']/@value") == [LONG_NAME]
    police.post(f"/referrals/{track_id}/pages/names", {"version": "0", "surname": "x"}, 422)
    assert "no question named" in police.text
    assert counted(given) == before


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 30, "１"])
def test_a_page_without_its_version_is_not_saved(police: Browser, version: str) -> None:
    track_id = begun(police)
    police.post(f"/referrals/{track_id}/pages/names", {"version": version, "given_names": "Ana"}, 422)
    assert answers(police, track_id) == {}


def test_a_whole_referral_that_fails_leaves_nothing_behind(
    police: Browser, receiver: UUID, given: Any
) -> None:
    before = counted(given)
    for wrong in (
        {"born_on": {"month": 13}},
        {"given_names": LONG_NAME},
        {"given_names": "\x00"},
        {"shared_categories": ["LOC"]},
        {"consent": "no"},
        {"receiving_organisation_id": "00000000-0000-0000-0000-00000000abcd"},
        {"who": "me"},
        {"indicators": []},
    ):
        status = 409 if wrong == {"consent": "no"} else 422
        police.json("POST", "/api/referrals", made.short(receiver, **wrong), status=status)
    assert counted(given) == before


def test_the_same_send_with_the_same_key_makes_one_referral(
    police: Browser, receiver: UUID, given: Any
) -> None:
    whole = made.short(receiver)
    first = police.json("POST", "/api/referrals", whole, status=201, Idempotency_Key="one-key")
    before = counted(given)
    again = police.json("POST", "/api/referrals", whole, status=201, Idempotency_Key="one-key")
    assert again == first
    assert counted(given) == before
    changed = made.short(receiver, urgency="later")
    police.json("POST", "/api/referrals", changed, status=422, Idempotency_Key="one-key")
    assert counted(given) == before


def test_the_start_button_pressed_twice_begins_one_draft(police: Browser) -> None:
    police.get("/referrals/new")
    form = police.filled(police.form())
    first = police.post("/referrals/new", form)
    again = police.post("/referrals/new", form)
    assert first.headers["location"] == again.headers["location"]
    assert len(police.json("GET", "/api/referrals")["drafts"]) == 1


def test_pages_that_are_not_there_are_not_found(police: Browser) -> None:
    track_id = begun(police)
    police.get(f"/referrals/{track_id}/pages/nothing", 404)
    police.get("/referrals/00000000-0000-0000-0000-00000000abcd", 404)
    police.get("/referrals/not-an-id", 404)
    put(police, track_id, "nothing", {}, 0, status=404)
    put(police, track_id, "anonymous", {"sex": "female"}, 0, status=409)
    police.post(f"/referrals/{track_id}/pages/anonymous", {"version": "0"}, 404)


def test_an_organisation_that_takes_no_referrals_cannot_be_asked(police: Browser, acting: Any) -> None:
    with acting("ngo") as work:
        shelter = made.organisation(work, "House Linden")
    track_id = begun(police)
    problem = put(police, track_id, "recipient", {"receiving_organisation_id": str(shelter)}, 0, status=422)
    assert [each["field"] for each in problem["faults"]] == ["receiving_organisation_id"]

"""By JSON too, what somebody else wrote in the meantime is shown beside what was sent; a rule names its source."""

from typing import Any
from uuid import UUID

from tests.doors.knocking import Records
from tests.doors.surfaces import send, surface
from tests.fixtures.service import Enter


def test_two_versions_of_a_page_stand_side_by_side(enter: Enter, records: Records, woman: UUID) -> None:
    police, at = surface("referral", enter, records, woman)
    send(police, at, {"version": 0, "answers": {"given_names": "Irina", "nicknames": "Ira"}})
    before = records.state()
    answer = send(police, at, {"version": 0, "answers": {"given_names": "Marina"}})
    assert answer.status_code == 409
    told = answer.json()
    assert told["type"] == "/problems/stale"
    assert told["sent"] == {"version": 0, "given_names": "Marina"}
    assert told["held"] == {"version": 1, "given_names": "Irina", "nicknames": "Ira"}
    assert records.state() == before


def test_two_versions_of_a_person_stand_side_by_side(enter: Enter, records: Records, woman: UUID) -> None:
    ngo, at = surface("person", enter, records, woman)
    assert send(ngo, at, {"given_names": "Irena"}).status_code == 200
    before = records.state()
    answer = send(ngo, at, {"given_names": "Marina", "nicknames": "M"})
    assert answer.status_code == 409
    told = answer.json()
    assert told["sent"] == {"version": 1, "given_names": "Marina", "nicknames": "M"}
    assert (told["held"]["version"], told["held"]["given_names"]) == (2, "Irena")
    assert records.state() == before
    assert send(ngo, at, {"given_names": "Marina"}, If_Match='"2"').status_code == 200


def test_a_stale_step_says_where_the_track_stands(enter: Enter, records: Records, woman: UUID) -> None:
    ngo = enter("ngo")
    [track] = records.values("SELECT id FROM track WHERE case_id = %s AND slug = 'consent'", woman)
    path, sent = (
        f"/api/cases/{woman}/tracks/consent/{track}/withdraw",
        {"scope": "everything", "withdrawn_on": "2026-03-02"},
    )
    ngo.json("POST", path, sent, If_Match="2")
    told = ngo.json("POST", path, sent, If_Match="2", status=409)
    assert told["type"] == "/problems/stale"
    assert told["sent"] == {"version": 2, **sent}
    assert told["held"] == {"version": 3, "state": "withdrawn"}


def test_a_version_that_is_none(enter: Enter, records: Records, woman: UUID) -> None:
    ngo, at = surface("person", enter, records, woman)
    before, token = records.state(), {"X-CSRF-Token": ngo.token or ""}
    for version in (None, "", "-1", "1.5", "W/1", "*", "²", "9" * 40):
        said: dict[str, Any] = token if version is None else {**token, "If-Match": version.encode()}
        answer = ngo.client.put(at.door, json=at.whole, headers=said)
        assert answer.status_code == 422, version
        assert [each["field"] for each in answer.json()["faults"]] == ["If-Match"]
    assert records.state() == before


def test_a_refusal_names_rule_and_legal_source(enter: Enter, records: Records, woman: UUID) -> None:
    ngo, before = enter("ngo"), records.state()
    told = ngo.json("POST", f"/api/cases/{woman}/tracks/guardian/open", {"why": "unaccompanied"}, status=409)
    assert told["type"] == "/problems/refused"
    assert told["faults"] == [
        {
            "field": None, "message": "The person is an adult and acts without a guardian", "rule": "INV-16",
            "source": "CETS 197 art. 10(3)",
        }
    ]  # fmt: skip
    assert records.state() == before

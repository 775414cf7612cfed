"""Bad input by JSON: problem details (RFC 9457) that name field, rule and legal source, and nothing stored."""

from typing import Any
from uuid import UUID

import pytest

from tests.doors.knocking import Records
from tests.doors.surfaces import KEPT, REFUSED, Surface, send, surface
from tests.fixtures.service import As, Enter
from tests.referrals import made

KINDS = ["referral", "step", "person"]
EVERYWHERE = pytest.mark.parametrize("kind", KINDS)
DEEP = 40  # levels; a body of 1 MB has room for half a million


def answers(at: Surface) -> dict[str, Any]:
    """The part of a body that holds the answers: a page of a draft wraps them."""
    return dict(at.whole.get("answers", at.whole))


def body(at: Surface, **changed: Any) -> dict[str, Any]:
    told = {**answers(at), **changed}
    return {**at.whole, "answers": told} if "answers" in at.whole else told


def messages(answer: Any) -> dict[str | None, str]:
    return {each["field"]: each["message"] for each in answer.json()["faults"]}


@EVERYWHERE
def test_what_fits_goes_in(kind: str, enter: Enter, woman: UUID, records: Records) -> None:
    browser, at = surface(kind, enter, records, woman)
    answer = send(browser, at, at.whole)
    assert answer.status_code == 200
    assert "Ira" not in answer.text  # what was written is never repeated in the answer


@EVERYWHERE
def test_text_that_cannot_be_kept(kind: str, enter: Enter, woman: UUID, records: Records) -> None:
    browser, at = surface(kind, enter, records, woman)
    before = records.state()
    lone = {
        "a lone surrogate": ("Ira \ud83d", REFUSED["NUL"][1]),
        "half a pair": ("\udc00", REFUSED["NUL"][1]),
    }
    for sent, message in {**REFUSED, **lone}.values():
        answer = send(browser, at, body(at, **{at.text: sent}))
        assert answer.status_code == 422
        assert message in messages(answer)[at.text]
        assert "xxxxxxxx" not in answer.text
    assert records.state() == before


@EVERYWHERE
def test_the_wrong_type(kind: str, enter: Enter, woman: UUID, records: Records) -> None:
    browser, at = surface(kind, enter, records, woman)
    before = records.state()
    for wrong in (5, 1.5, True, [], ["Ira"], {}, {"first": "Ira"}, [[["Ira"]]]):
        answer = send(browser, at, body(at, **{at.text: wrong}))
        assert answer.status_code == 422, wrong
        assert at.text in messages(answer)
    for whole in (None, [], "Ira", 5, True, [{}]):
        assert send(browser, at, whole).status_code == 422, whole
    assert records.state() == before


@EVERYWHERE
def test_fields_that_nobody_asked_for(kind: str, enter: Enter, woman: UUID, records: Records) -> None:
    browser, at = surface(kind, enter, records, woman)
    before = records.state()
    strange = ("rank", "is_admin", "__class__", "é😀", "a\x00b", "x" * 10_000)
    answer = send(browser, at, body(at, **dict.fromkeys(strange, 1)))
    assert answer.status_code == 422
    assert len(messages(answer)) == len(strange)
    assert all("has no question named" in each for each in messages(answer).values())
    assert send(browser, at, body(at, **{"\ud800": 1})).status_code == 422
    assert records.state() == before


@EVERYWHERE
def test_deep_wide_and_endless(kind: str, enter: Enter, woman: UUID, records: Records) -> None:
    browser, at = surface(kind, enter, records, woman)
    before = records.state()
    deep: Any = "Ira"
    for _level in range(DEEP):
        deep = {"a": [deep]}
    for sent in (deep, ["x"] * 100_000, {str(number): 1 for number in range(50_000)}, 10**400, -1e308):
        answer = send(browser, at, body(at, **{at.text: sent}))
        assert answer.status_code == 422
        assert at.text in messages(answer)
        assert len(answer.content) < 20_000
    many = send(browser, at, {**at.whole, **{f"q{number}": 1 for number in range(50_000)}})
    assert many.status_code == 422
    assert len(many.content) < 20_000
    assert records.state() == before


BROKEN = {
    "nothing": b"", "half": b'{"given_names": "Ira"', "no JSON": b"given_names=Ira", "two": b"{} {}",
    "invalid UTF-8": b'{"given_names": "\xff\xfe"}', "half a letter": b'{"given_names": "\xc3"}',
    "raw NUL": b'{"given_names": "a\x00b"}', "not a number": b'{"given_names": NaN}',
    "endless": b'{"given_names": Infinity}',
    "half a million levels": b"[" * 500_000, "an object each": b'{"a":' * 100_000,
    "UTF-16": '{"given_names": "Ira"}'.encode("utf-16-le")[:-1],
    "a long number": b"1" * 100_000,
}  # fmt: skip


@EVERYWHERE
def test_bytes_that_are_no_json(kind: str, enter: Enter, woman: UUID, records: Records) -> None:
    browser, at = surface(kind, enter, records, woman)
    before = records.state()
    for name, raw in BROKEN.items():
        assert send(browser, at, raw).status_code in (400, 422), name
    assert records.state() == before


@EVERYWHERE
def test_fifty_megabytes(kind: str, enter: Enter, woman: UUID, records: Records) -> None:
    browser, at = surface(kind, enter, records, woman)
    before = records.state()
    answer = send(browser, at, b'{"given_names": "' + b"x" * 50_000_000 + b'"}')
    assert answer.status_code == 413
    assert "1 MB" in answer.json()["detail"]
    assert records.state() == before


@EVERYWHERE
def test_another_kind_of_content(kind: str, enter: Enter, woman: UUID, records: Records) -> None:
    browser, at = surface(kind, enter, records, woman)
    before = records.state()
    for other in (
        "application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data; boundary=x",
        "",
        "x",
    ):
        answer = send(browser, at, at.whole, kind=other)
        assert answer.status_code == 415, other
        assert "Content-Type" in answer.json()["detail"]
    assert records.state() == before


DATES = {
    "referral": (
        {"day": 31, "month": 2, "year": 2001},
        {"year": 3026},
        {},
        {"day": "first"},
        "2001-02-31",
        5,
        [1],
    ),
    "person": (
        {"day": 31, "month": 2, "year": 2001},
        {"year": 3026},
        {},
        {"day": "first"},
        "2001-02-31",
        5,
        [1],
    ),
    "step": (
        "2026-02-31",
        "3026-01-01",
        "9999-12-31",
        "0001-01-01",
        "yesterday",
        {"day": 1},
        [1],
        "",
        None,
        "2026",
    ),
}


@EVERYWHERE
def test_dates_that_cannot_be(kind: str, enter: Enter, woman: UUID, records: Records) -> None:
    browser, at = surface(kind, enter, records, woman)
    before = records.state()
    for wrong in DATES[kind]:
        if kind == "step":
            [track] = records.values("SELECT id FROM track WHERE case_id = %s AND slug = 'consent'", woman)
            answer = browser.client.post(
                f"/api/cases/{woman}/tracks/consent/{track}/withdraw", json={"scope": "everything", at.date: wrong},
                headers={"X-CSRF-Token": browser.token or "", "If-Match": "2"},
            )  # fmt: skip
        else:
            answer = send(browser, at, _of_birth(at, wrong))
        assert answer.status_code == 422, wrong
        assert [each for each in messages(answer) if each and each.startswith(at.date)], wrong
    assert records.state() == before


def _of_birth(at: Surface, wrong: Any) -> Any:
    """The door of a draft takes one page: dates of birth stand on another than names."""
    if "answers" not in at.whole:
        return body(at, **{at.date: wrong})
    object.__setattr__(at, "door", at.door.replace("/names", "/birth"))
    return {"version": 0, "answers": {at.date: wrong}}


def test_names_in_every_script_come_back_as_sent(enter: Enter, records: Records, woman: UUID) -> None:
    police, at = surface("referral", enter, records, woman)
    for version, sent in enumerate(KEPT.values()):
        send(police, at, {"version": version, "answers": {"given_names": sent}})
        held = police.json("GET", at.door.rsplit("/", 1)[0])
        assert held["answers"]["given_names"] == sent


def test_a_whole_referral_is_stored_whole_or_not_at_all(enter: Enter, acting: As, records: Records) -> None:
    with acting("ngo") as work:
        receiver = made.organisation(work)
    police, before = enter("police"), records.state("keys.wrapped_key")
    sent = made.addressed(receiver)
    sent["professionals"] = [*sent.get("professionals", []), {"name": "a\x00b"}]
    sent["born_on"] = {"day": 30, "month": 2}
    sent["rank"] = 1
    told = police.json("POST", "/api/referrals", sent, status=422)
    fields = {each["field"] for each in told["faults"]}
    assert {"born_on", "rank"} <= fields or any(each.startswith("professionals.") for each in fields)
    nowhere = made.addressed(UUID(int=7))
    told = police.json("POST", "/api/referrals", nowhere, status=422)
    assert [each["field"] for each in told["faults"]] == ["receiving_organisation_id"]
    assert records.state("keys.wrapped_key") == before

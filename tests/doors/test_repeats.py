"""The same send twice does it once and is answered the same; nothing else is ever answered for it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from tests.doors.knocking import Records
from tests.fixtures.service import As, Browser, Enter
from tests.referrals import made

HOW_MANY_DRAFTS = "SELECT count(*) FROM track WHERE slug = 'referral'"
SAME_KEY = "7f9d2c6e-0001-4000-8000-000000000001"


def by_form(browser: Browser, key: str = SAME_KEY, **typed: str) -> Any:
    data = {"csrf": browser.token or "", "idempotency_key": key, **typed}
    return browser.client.post("/referrals/new", data=data)


def by_json(browser: Browser, key: str = SAME_KEY, **sent: str) -> Any:
    headers = {"X-CSRF-Token": browser.token or "", "Idempotency-Key": key}
    return browser.client.post("/api/referrals/drafts", json={"type": "initial", **sent}, headers=headers)


Send = Callable[..., Any]
BOTH_WAYS = pytest.mark.parametrize(
    ("send", "status"), [(by_form, 303), (by_json, 201)], ids=["form", "json"]
)


def answered(answer: Any) -> tuple[int, str | None, str]:
    """What a reader gets: status, the way on, and the body of a JSON answer."""
    return answer.status_code, answer.headers.get("location"), answer.text


@BOTH_WAYS
def test_the_same_send_twice_is_done_once_and_answered_the_same(
    send: Send, status: int, enter: Enter, records: Records
) -> None:
    police = enter("police")
    first = send(police)
    assert first.status_code == status
    after_one = records.state()
    acts = records.acts()
    for _again in range(3):
        assert answered(send(police)) == answered(first)
    assert records.state() == after_one
    assert records.acts() == acts
    assert records.values(HOW_MANY_DRAFTS) == [1]


@BOTH_WAYS
def test_at_the_same_moment_too(send: Send, status: int, enter: Enter, records: Records) -> None:
    police, together = enter("police"), Barrier(4)

    def at_once(_number: int) -> tuple[int, str | None, str]:
        other = Browser(police.client.app, None, police.token)  # type: ignore[arg-type]
        other.client.cookies = police.client.cookies
        together.wait(30)
        return answered(send(other))

    with ThreadPoolExecutor(4) as threads:
        answers = set(threads.map(at_once, range(4)))
    assert len(answers) == 1
    assert answers.pop()[0] == status
    assert records.values(HOW_MANY_DRAFTS) == [1]


@BOTH_WAYS
def test_without_a_key_twice_is_twice(send: Send, status: int, enter: Enter, records: Records) -> None:
    police = enter("police")
    assert [send(police, "").status_code for _number in range(2)] == [status] * 2
    assert records.values(HOW_MANY_DRAFTS) == [2]


@BOTH_WAYS
def test_another_send_with_the_same_key_is_refused(
    send: Send, status: int, enter: Enter, records: Records
) -> None:
    police = enter("police")
    send(police)
    before = records.state()
    other = (
        by_form(police, _anonymous="1") if send is by_form else by_json(police, type="anonymous_notification")
    )
    assert other.status_code == 422
    assert "This key was used for something else" in other.text
    assert records.state() == before
    # At another door with the very same body, too.
    elsewhere = police.client.post(
        "/referrals", data={"csrf": police.token or "", "idempotency_key": SAME_KEY}
    )
    assert elsewhere.status_code == 405


def test_a_key_belongs_to_one_door(enter: Enter, records: Records, woman: UUID) -> None:
    ngo = enter("ngo")
    said = {"csrf": ngo.token or "", "idempotency_key": SAME_KEY}
    assert ngo.client.post("/account/others/end", data=said).status_code in (303, 404)
    assert ngo.client.post("/referrals/new", data=said).status_code in (303, 422)
    other = ngo.client.post(f"/cases/{woman}/person", data=said)
    assert other.status_code == 422
    assert "This key was used for something else" in other.text


@BOTH_WAYS
def test_a_key_belongs_to_one_user(send: Send, status: int, enter: Enter, records: Records) -> None:
    first, second = send(enter("police")), send(enter("police2"))
    assert first.status_code == second.status_code == status
    assert answered(first) != answered(second)
    assert records.values(HOW_MANY_DRAFTS) == [2]


@BOTH_WAYS
def test_a_key_that_is_too_long_is_no_key(send: Send, status: int, enter: Enter, records: Records) -> None:
    answer = send(enter("police"), "k" * 101)
    assert answer.status_code == 422
    assert records.values(HOW_MANY_DRAFTS) == [0]


def test_a_form_that_is_drawn_again_frees_its_key(enter: Enter, records: Records) -> None:
    """Nothing was done, so the same key goes for what is then sent."""
    police = enter("police")
    police.follow(by_form(police, "another key"))
    path = police.path
    data = {**police.filled(police.form()), "idempotency_key": SAME_KEY}
    police.post(path, {**data, "own_reference": "x" * 61}, 422)
    assert records.values("SELECT count(*) FROM answered WHERE key = %s", SAME_KEY) == [0]
    first = police.post(path, {**data, "own_reference": "A-17"})
    again = police.client.post(path, data={"csrf": police.token, **data, "own_reference": "A-17"})
    assert answered(first) == answered(again)


def test_json_that_does_not_fit_frees_its_key(enter: Enter, acting: As, records: Records) -> None:
    police, headers = enter("police"), {"Idempotency_Key": SAME_KEY}
    with acting("ngo") as work:
        receiver = made.organisation(work)
    police.json("POST", "/api/referrals", made.short(receiver, urgency="soon"), status=422, **headers)
    first = police.json("POST", "/api/referrals", made.short(receiver), status=201, **headers)
    again = police.json("POST", "/api/referrals", made.short(receiver), status=201, **headers)
    assert first == again
    assert records.values("SELECT count(*) FROM track WHERE slug = 'referral'") == [1]


def test_a_refused_step_frees_its_key_and_a_taken_one_is_not_stale_to_itself(
    enter: Enter, woman: UUID, records: Records
) -> None:
    ngo = enter("ngo")
    [track] = records.values("SELECT id FROM track WHERE case_id = %s AND slug = 'consent'", woman)
    path = f"/api/cases/{woman}/tracks/consent/{track}/withdraw"
    sent = {"scope": "everything", "withdrawn_on": "2026-03-03"}
    ngo.json("POST", path, sent, status=409, Idempotency_Key=SAME_KEY, If_Match="2")
    sent["withdrawn_on"] = "2026-03-02"
    first = ngo.json("POST", path, sent, Idempotency_Key=SAME_KEY, If_Match="2")
    assert ngo.json("POST", path, sent, Idempotency_Key=SAME_KEY, If_Match="2") == first
    ngo.json("POST", path, sent, status=409, If_Match="2")


def test_what_is_kept_of_an_answer_is_no_personal_data(enter: Enter, acting: As, records: Records) -> None:
    police = enter("police")
    with acting("ngo") as work:
        receiver = made.organisation(work)
    sent = made.addressed(receiver)
    police.json("POST", "/api/referrals", sent, status=201, Idempotency_Key=SAME_KEY)
    [kept] = records.values("SELECT row_to_json(a)::text FROM answered a")
    assert not [
        each for each in (sent["given_names"], sent["family_names"], sent["current_town"]) if each in kept
    ]


def test_the_public_shares_no_keys(stranger: Browser, records: Records) -> None:
    """Whoever has not signed in is nobody in particular: no answer is kept for them."""
    headers = {"Idempotency-Key": SAME_KEY}
    first, second = (stranger.client.post("/api/sign-in/challenge", headers=headers) for _number in range(2))
    assert first.status_code == second.status_code == 200
    assert first.json() != second.json()
    assert records.values("SELECT count(*) FROM answered") == [0]


def test_a_read_is_not_sent_once_only_whatever_key_it_bears(enter: Enter) -> None:
    police = enter("police")
    for path in ("/api/referrals", "/referrals", "/api/referrals"):
        assert police.client.get(path, headers={"Idempotency-Key": SAME_KEY}).status_code == 200
    assert by_json(police).status_code == 201  # the key is still to be used

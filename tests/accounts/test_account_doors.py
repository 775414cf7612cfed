"""Signing in and one's own account, through the doors: pages and JSON alike."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.first import first_invitation_text
from app.accounts.models import Challenge
from app.kit.database import make_engine
from app.safeguards.models import LedgerEvent
from app.web.door import COOKIE
from app.web.repeats import local
from tests.fixtures.reader import ORIGIN, Reader

FOREIGN = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def told(server, fresh_database, doors):
    """What the ledger and the table of challenges hold, read as the owner."""
    engine = make_engine(server.url(fresh_database))

    def read(column):
        with Session(engine) as session:
            return list(session.scalars(select(column)))

    yield read
    engine.dispose()


def test_an_invitation_is_opened_accepted_and_leads_in(ruler):
    said = ruler.get("/api/session").json()
    assert said["role"] == "ADM"
    assert set(said) == {"user", "role", "organisation", "csrf", "seconds_left"}
    assert ruler.get("/account").status_code == 200


def test_one_signs_out_and_in_again(ruler, told):
    held = ruler.cookies[COOKIE]
    answer = ruler.fill("/sign-out")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert COOKIE not in ruler.cookies
    ruler.cookies.set(COOKIE, held)
    assert ruler.get("/api/session").status_code == 401
    ruler.cookies.clear()
    assert ruler.enter().status_code == 200
    assert ruler.get("/api/session").status_code == 200
    assert [each for each in told(LedgerEvent.act) if each.startswith("sign")] == [
        "sign_in",
        "sign_out",
        "sign_in",
    ]


def test_the_cookie_is_set_as_it_must_be(ruler):
    given = ruler.enter().headers["set-cookie"]
    assert given.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"):
        assert part in given
    assert "Domain" not in given


def test_a_sign_in_ends_the_session_that_the_browser_brought(ruler):
    older = ruler.cookies[COOKIE]
    ruler.enter()
    assert ruler.cookies[COOKIE] != older
    ruler.cookies.clear()
    ruler.cookies.set(COOKIE, older)
    assert ruler.get("/api/session").status_code == 401


def test_a_secret_that_was_planted_before_the_sign_in_opens_nothing(ruler):
    ruler.cookies.clear()
    ruler.cookies.set(COOKIE, "planted")
    ruler.enter()
    ruler.cookies.clear()
    ruler.cookies.set(COOKIE, "planted")
    assert ruler.get("/api/session").status_code == 401


def test_a_failed_sign_in_is_undone_but_stays_on_the_ledger_and_spends_its_challenge(ruler, told):
    ruler.cookies.clear()
    options = ruler.post("/api/sign-in/challenge", json={}).json()
    lie = ruler.device.but(verifies=False).sign(options)
    answer = ruler.post("/api/sign-in", json={"credential": lie}, headers={"Idempotency-Key": "one"})
    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/sign-in-failed"
    assert "set-cookie" not in answer.headers
    assert told(Challenge.value) == []
    refused = [json.loads(each) for each in told(LedgerEvent.body) if '"refuse"' in each]
    assert [(each["purpose"], each["role"]) for each in refused] == [("sign-in", "SYS")]
    again = ruler.post("/api/sign-in", json={"credential": ruler.device.sign(options)})
    assert again.status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/api/sign-in/challenge", "/api/sign-in", "/api/invitations/challenge", "/api/invitations/accept"],
)
def test_another_site_cannot_start_a_ceremony(reader, path):
    for name, value in FOREIGN.items():
        assert reader.post(path, json={}, headers={name: value}).status_code in (403, 422)
    assert reader.post("/api/sign-in/challenge", json={}, headers=FOREIGN).status_code == 403


def test_json_writes_need_the_token(ruler):
    for path in ("/api/passkeys/challenge", "/api/sign-out", "/api/sessions/end-others", "/sign-out"):
        assert ruler.post(path).status_code == 403
    assert ruler.get("/api/session").status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"credential": None}, {"credential": []}, {"credential": {}}, {"credential": {"id": "\0"}},
        {"credential": {"response": {"clientDataJSON": "AA"}}}, {"credential": {}, "more": 1}, [], "x", None,
    ],
)  # fmt: skip
def test_nonsense_is_refused_without_a_server_error(reader, sent):
    for path in (
        "/api/sign-in",
        "/api/invitations/accept",
        "/api/invitations/open",
        "/api/invitations/challenge",
    ):
        assert reader.post(path, json=sent).status_code in (403, 409, 422)


def test_a_wrong_invitation_says_what_to_do(reader):
    answer = reader.post("/api/invitations/open", json={"token": "wrong"})
    assert answer.status_code == 409
    assert "Ask for a new one" in answer.json()["faults"][0]["message"]


def test_who_is_not_signed_in_is_led_there_and_back(reader):
    answer = reader.get("/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/account")
    page = reader.get("/sign-in?next=/account").text
    assert 'data-next="/account"' in page
    assert "passkey.js" in page


@pytest.mark.parametrize(
    "elsewhere",
    ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "",
     "x", "/\t/elsewhere.example", "\\\\elsewhere.example", "/%0d\n", "http:elsewhere.example"],
)  # fmt: skip
def test_signing_in_never_leads_elsewhere(reader, elsewhere):
    assert local(elsewhere) == "/"
    assert 'data-next="/"' in reader.get("/sign-in", params={"next": elsewhere}).text


def test_a_local_address_is_kept():
    assert local("/cases/7?tab=team") == "/cases/7?tab=team"


def test_an_ended_session_answers_401_and_a_page_leads_to_the_sign_in(ruler, clock):
    clock.move(timedelta(minutes=15))
    assert ruler.get("/api/session").status_code == 401
    assert ruler.get("/account").headers["location"] == "/sign-in?next=/account"


def test_the_account_page_names_passkeys_and_keeps_the_last(ruler):
    (first,) = ruler.get("/api/passkeys").json()
    assert ruler.fill(f"/account/passkeys/{first['id']}/name", name="Blue key").status_code == 303
    assert "Blue key" in ruler.get("/account").text
    assert ruler.fill(f"/account/passkeys/{first['id']}/remove").status_code == 409
    options = ruler.tell("/api/passkeys/challenge").json()
    spare = ruler.device.but(credential_id=bytes(16))
    assert (
        ruler.tell("/api/passkeys", {"credential": spare.make(options), "name": "Spare"}).status_code == 201
    )
    assert "Remove this passkey" in ruler.get("/account").text
    assert ruler.fill(f"/account/passkeys/{first['id']}/remove").status_code == 303
    assert [each["name"] for each in ruler.get("/api/passkeys").json()] == ["Spare"]


@pytest.mark.parametrize("name", ["", " ", "x" * 10_000, "a\0b"])
def test_a_name_that_cannot_be_kept_is_refused_beside_its_reason(ruler, name):
    (first,) = ruler.get("/api/passkeys").json()
    assert ruler.fill(f"/account/passkeys/{first['id']}/name", name=name).status_code == 422
    assert ruler.tell(f"/api/passkeys/{first['id']}/name", {"name": name}).status_code == 422
    assert ruler.tell("/api/passkeys/not-an-id/name", {"name": "x"}).status_code == 404


def test_the_language_is_kept_with_the_account(ruler):
    answer = ruler.fill("/account/language", language="fr")
    page = ruler.get(answer.headers["location"])
    assert 'lang="fr"' in page.text
    assert "Clés d’accès" in page.text
    ruler.cookies.delete("__Host-lang")
    ruler.enter()
    assert "Clés d’accès" in ruler.get("/account").text
    assert ruler.fill("/account/language", language="xx").status_code == 422


def test_one_sees_and_ends_ones_other_sessions(ruler, clock):
    first = dict(ruler.cookies)
    for _each in range(2):
        ruler.cookies.clear()
        clock.move(timedelta(minutes=1))
        ruler.enter()
    page = ruler.get("/account").text
    there = re.findall(r'action="(/account/sessions/[0-9a-f-]{36}/end)"', page)
    assert len(there) == 2  # the latest first
    assert ruler.fill(there[1]).status_code == 303
    assert ruler.fill(there[1]).status_code == 404
    assert [each["this_one"] for each in ruler.get("/api/sessions").json()] == [True, False]
    assert "Sign out everywhere else" in page
    assert ruler.fill("/account/sessions/end-others").status_code == 303
    assert "/account/sessions/" not in ruler.get("/account").text
    ruler.cookies.clear()
    ruler.cookies.update(first)
    assert ruler.get("/api/session").status_code == 401


def test_pages_are_not_kept_and_allow_no_inline_script(ruler):
    answer = ruler.get("/account")
    assert answer.headers["cache-control"] == "no-store"
    assert "unsafe" not in answer.headers["content-security-policy"]


def at_once(*acts):
    """What each act answered, all begun together."""
    together = Barrier(len(acts))

    def begin(act):
        together.wait()
        return act().status_code

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(begin, acts))


def test_two_cannot_accept_one_invitation_at_once(doors):
    token = first_invitation_text(doors.state.runtime, ORIGIN).split("#")[1].strip()
    accepting = [(reader, reader.acceptance(token)) for reader in (Reader(doors), Reader(doors))]
    sent = (partial(reader.post, "/api/invitations/accept", json=each) for reader, each in accepting)
    assert at_once(*sent) == [200, 409]


def test_one_answer_sent_twice_at_once_signs_in_once(ruler, doors):
    options = ruler.post("/api/sign-in/challenge", json={}).json()
    sent = {"credential": ruler.device.sign(options)}
    readers = [Reader(doors), Reader(doors)]
    assert at_once(*(partial(each.post, "/api/sign-in", json=sent) for each in readers)) == [200, 403]

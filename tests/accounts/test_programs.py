"""Programs of an organisation: a secret shown once, a short token, named doors, an end that holds at the next call."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from joserfc.jwk import ECKey, OKPKey
from sqlalchemy import create_engine, text

from app.accounts import proofs
from app.accounts.clients import GOOD_FOR, SECRET_LASTS, bound
from app.accounts.proofs import Proof
from app.accounts.queries import users_of
from app.accounts.sessions import digest
from app.demo import acting as people
from app.jobs.resting import rest
from app.main import door_name
from tests.fixtures.program import Program

HERE = "/administration/programs"
DOORS = ["api.referrals.mine", "api.referrals.inbox"]


@pytest.fixture
def office(enter):
    return enter("administrator")


@pytest.fixture
def program(app, office, runtime, enter):
    """A program of the first NGO, added by an administrator, opened by its supervisor: its identifier and secret."""
    with people.as_system(runtime) as work:
        house = people.find(work.session, "ngo").organisation_id
    sent = {"name": "Bridge", "organisation_id": str(house), "role": "NGO", "doors": DOORS}
    added = office.json("POST", "/api/programs", sent, status=201)
    enter("supervisor").json("POST", f"/api/newcomers/{added['client_id']}/open")
    return added["client_id"], added["client_secret"]


@pytest.fixture
def hand(clock, stranger):
    """Whoever runs the program, with its key."""
    return Program(clock, stranger.client)


class Owned:
    """What the owner of the tables sees and does."""

    def __init__(self, url):
        self.engine = create_engine(url)

    def do(self, statement):
        with self.engine.begin() as connection:
            assert connection.execute(text(statement)).rowcount

    def all(self, query):
        with self.engine.begin() as connection:
            return connection.execute(text(query)).scalars().all()

    def events(self, act):
        query = f"SELECT body FROM ledger.event WHERE act = '{act}' ORDER BY id"
        return [json.loads(each) for each in self.all(query)]


@pytest.fixture
def owned(given):
    made = Owned(given.database_url)
    yield made
    made.engine.dispose()


def test_a_program_calls_the_doors_it_was_given_until_it_is_ended(hand, program, enter, clock, owned):
    client_id, secret = program
    answer = hand.asks(client_id, secret).json()
    assert (answer["token_type"], answer["expires_in"]) == ("DPoP", 600)
    token = answer["access_token"]
    call = hand.call
    assert call.get("/api/referrals", headers=hand.bearing(token)).status_code == 200
    for closed in (
        "/api/users",
        "/api/session",
        "/api/organisations",
        "/",
        "/administration",
        "/api/programs",
    ):
        assert call.get(closed, headers=hand.bearing(token, path=closed)).status_code == 404, closed
    assert call.get("/api/referrals", headers=hand.bearing("x" * 43)).status_code == 401
    assert call.get("/api/referrals", headers=hand.bearing("")).status_code == 401

    called = [each for each in owned.events("call") if each["actor"] == client_id]
    assert {each["door"] for each in called} == {"api.referrals.mine"}
    assert all(each["authenticator"].startswith("client:") for each in called)

    assert owned.all("SELECT digest FROM api_client") == [digest(secret)]  # neither secret nor token is kept
    assert owned.all("SELECT digest FROM api_token") == [digest(bound(token, hand.key.thumbprint()))]

    clock.move(GOOD_FOR)
    assert call.get("/api/referrals", headers=hand.bearing(token)).status_code == 401
    token = hand.asks(client_id, secret).json()["access_token"]
    assert call.get("/api/referrals", headers=hand.bearing(token)).status_code == 200
    office = enter("administrator")
    office.get(HERE)
    office.send(action="/end")
    assert call.get("/api/referrals", headers=hand.bearing(token)).status_code == 401
    assert hand.asks(client_id, secret).status_code == 400


def test_a_program_that_nobody_confirms_rests_like_a_person(enter, hand, program, clock, jobs):
    clock.move(timedelta(days=91))
    boss = enter("supervisor")
    (held,) = [each for each in boss.json("GET", "/api/oversight/roles") if each["is_program"]]
    assert (held["who"], held["user_id"], held["overdue"], held["mine"]) == ("Bridge", program[0], True, True)
    boss.get("/oversight/roles")
    assert "Bridge Program" in boss.text
    boss.follow(boss.send(action=f"{program[0]}/confirm"))
    clock.move(timedelta(days=90))
    assert hand.asks(*program).status_code == 200
    clock.move(timedelta(days=14))
    rest(jobs)
    assert hand.asks(*program).status_code == 400
    assert [each["ended_at"] for each in enter("administrator").json("GET", "/api/programs")] != [None]


OTHER = ECKey.generate_key("P-256")
STOLEN = {  # what somebody sends who has a token, and perhaps a proof that was seen, but not the key
    "as a bearer": lambda hand, token: {"Authorization": f"Bearer {token}"},
    "as a bearer, with a proof": lambda hand, token: (
        hand.bearing(token) | {"Authorization": f"Bearer {token}"}
    ),
    "without a proof": lambda hand, token: {"Authorization": f"DPoP {token}"},
    "with another key": lambda hand, token: Program(hand.clock, hand.call).bearing(token),
    "with a key in the header that did not sign": lambda hand, token: hand.bearing(
        token, jwk=OTHER.as_dict(private=False)
    ),
    "with its own private key shown": lambda hand, token: hand.bearing(
        token, jwk=hand.key.as_dict(private=True)
    ),
    "with a proof of another door": lambda hand, token: hand.bearing(token, path="/api/referrals/inbox"),
    "with a proof of another method": lambda hand, token: hand.bearing(token, method="POST"),
    "with a proof for another service": lambda hand, token: hand.bearing(
        token, htu="https://elsewhere.example/api/referrals"
    ),
    "with a proof of another token": lambda hand, token: (
        hand.bearing("x" * 43) | {"Authorization": f"DPoP {token}"}
    ),
    "with a proof of no token": lambda hand, token: (
        hand.bearing(token) | {"DPoP": hand.proof("GET", "/api/referrals")}
    ),
    "with an old proof": lambda hand, token: hand.bearing(token, iat=int(hand.clock.now().timestamp()) - 61),
    "with a proof of tomorrow": lambda hand, token: hand.bearing(
        token, iat=int(hand.clock.now().timestamp()) + 61
    ),
    "with a proof of no time": lambda hand, token: hand.bearing(token, iat=float("nan")),
    "with a proof without a number": lambda hand, token: hand.bearing(token, jti=""),
    "with a list for a number": lambda hand, token: hand.bearing(token, jti=["1"]),
    "with a number that is no text": lambda hand, token: hand.bearing(token, jti="\ud800"),
    "with something else that was signed": lambda hand, token: hand.bearing(token, typ="JWT"),
    "with noise": lambda hand, token: hand.bearing(token) | {"DPoP": "e30.e30.e30"},
    "with very much": lambda hand, token: hand.bearing(token, jti="x" * 5000),
}


def test_a_stolen_token_is_good_for_nothing(hand, program, clock):
    token = hand.asks(*program).json()["access_token"]
    came = {what: hand.call.get("/api/referrals", headers=made(hand, token)) for what, made in STOLEN.items()}
    assert {what: each.status_code for what, each in came.items()} == dict.fromkeys(STOLEN, 401)
    assert hand.call.get("/api/referrals", headers=hand.bearing(token)).status_code == 200
    doubled = [*hand.bearing(token).items(), ("DPoP", hand.proof("GET", "/api/referrals", token))]
    assert hand.call.get("/api/referrals", headers=doubled).status_code == 401
    other = Program(clock, hand.call, OKPKey.generate_key("Ed25519"))  # the other kind of key
    taken = other.asks(*program).json()["access_token"]
    assert hand.call.get("/api/referrals", headers=other.bearing(taken)).status_code == 200
    assert hand.call.get("/api/referrals", headers=hand.bearing(taken)).status_code == 401


def test_a_proof_is_good_once(hand, program, app, clock, owned):
    """Whatever becomes of the call that it came with, at every door, in every process, as long as it would be taken."""
    client_id, secret = program
    asked = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    proof = {"DPoP": hand.proof("POST", "/api/token")}
    token = hand.call.post("/api/token", data=asked, headers=proof).json()["access_token"]
    again = hand.call.post("/api/token", data=asked, headers=proof)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_dpop_proof"})

    ahead = hand.bearing(token, iat=int(clock.now().timestamp()) + 60)
    refused = hand.bearing(token, path="/api/referrals/drafts")
    assert hand.call.get("/api/referrals", headers=ahead).status_code == 200
    assert hand.call.get("/api/referrals/drafts", headers=refused).status_code == 404
    for seconds in (0, 60, 60):  # whose clock is a minute ahead is believed for two
        clock.move(timedelta(seconds=seconds))
        told = [
            hand.call.get("/api/referrals", headers=ahead),
            hand.call.get("/api/referrals/drafts", headers=refused),
            hand.call.get("/api/referrals", headers=hand.bearing("x")),
        ]
        assert [(each.status_code, each.json()["title"]) for each in told] == [
            (401, told[0].json()["title"])
        ] * 3
    said = [each for each in owned.events("refuse") if each.get("reason") == "proof used before"]
    assert [each.get("to_user") for each in said][:3] == [None, client_id, client_id]

    before = owned.all("SELECT count(*) FROM attempt")[0]
    clock.move(timedelta(seconds=1))
    assert hand.call.get("/api/referrals", headers=hand.bearing(token)).status_code == 200
    kept = owned.all("SELECT count(*) FROM attempt")[0]
    assert kept == before - 3 + 1  # those that their time alone would refuse are forgotten
    same = Proof("thumb", b"1")
    with ThreadPoolExecutor(4) as many:
        found = list(many.map(lambda _each: spent(app.state.runtime, same), range(4)))
    assert sorted(found) == [False, False, False, True]


def spent(runtime, proof):
    with people.as_system(runtime) as work:
        return proofs.spend(work, proof)


def test_no_token_is_given_without_a_key(hand, program):
    client_id, secret = program
    sent = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    bare = hand.call.post("/api/token", data=sent)
    assert (bare.status_code, bare.json()) == (400, {"error": "invalid_dpop_proof"})
    for changed in ({"htm": "GET"}, {"typ": "JWT"}, {"iat": 0}, {"jwk": OTHER.as_dict(private=False)}):
        assert hand.asks(client_id, secret, **changed).json() == {"error": "invalid_dpop_proof"}, changed
    shared = {"DPoP": hand.proof("POST", "/api/token", alg="HS256")}
    assert hand.call.post("/api/token", data=sent, headers=shared).status_code == 400


def test_a_secret_is_good_for_a_year(hand, program, clock):
    clock.move(SECRET_LASTS - timedelta(seconds=1))
    assert hand.asks(*program).status_code == 200
    clock.move(timedelta(seconds=1))
    assert hand.asks(*program).status_code == 400


def test_whatever_is_wrong_the_answer_is_one_and_the_reason_stands_on_the_ledger(hand, program, owned):
    client_id, secret = program
    wrong = [
        hand.asks(client_id, "no"),
        hand.asks("00000000-0000-0000-0000-000000000009", secret),
        hand.asks("nobody", secret),
        hand.asks("", ""),
        hand.asks(client_id, secret, "password"),
    ]
    assert {each.status_code for each in wrong} == {400}
    assert {each.text for each in wrong} == {'{"error":"invalid_client"}'}
    heads = [{name for name in each.headers if name != "x-request-id"} for each in wrong]
    assert all(each == heads[0] for each in heads)
    assert len([each for each in owned.events("refuse") if each.get("reason") == "client"]) == 4
    assert client_id in {each.get("to_user") for each in owned.events("refuse")}


def test_a_row_written_past_the_service_lets_no_program_in(hand, program, owned):
    client_id, secret = program
    token = hand.asks(client_id, secret).json()["access_token"]
    for statement in (
        "UPDATE api_client SET doors = doors || '[\"api.accounts.users\"]'",
        "UPDATE api_token SET expires_at = expires_at + interval '1 year'",
        "UPDATE user_account SET role = 'CAU' WHERE is_client",
    ):
        owned.do(statement)
        assert hand.call.get("/api/referrals", headers=hand.bearing(token)).status_code == 401, statement
    assert {each["table"] for each in owned.events("alarm")} >= {"api_token"}


def test_an_administrator_gives_only_doors_that_the_role_has_and_sees_the_secret_once(office, runtime):
    with people.as_system(runtime) as work:
        house = str(people.find(work.session, "ngo").organisation_id)
    office.get(f"{HERE}/add")
    typed = {"name": "Bridge", "organisation_id": house, "role": "NGO", "doors": DOORS}
    answer = office.post(f"{HERE}/add", typed, 200)
    assert "client_secret" in answer.text
    office.get(HERE)
    assert "Bridge" in office.text
    assert "client_secret" not in office.text
    office.post(f"{HERE}/add", {**typed, "doors": ["api.accounts.users"]}, 422)
    for role in ("ADM", "AUD", "DPO", "SUP"):
        office.post(f"{HERE}/add", {**typed, "role": role}, 422)
    with people.as_system(runtime) as work:  # nobody to choose, nobody to write to
        assert "Bridge" not in users_of(work, people.find(work.session, "ngo").organisation_id).values()


def test_the_door_of_a_step_is_called_as_the_step_is_on_pages():
    assert door_name("api.step.consent.give", "en") == "Consent · Record that consent is given"
    assert door_name("api.step.consent.give", "fr") == "Consentement · Inscrire que le consentement est donné"
    assert door_name("api.cases.search", "en") is None

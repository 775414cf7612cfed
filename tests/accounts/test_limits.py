"""Failing too often: by address and by account, for ten minutes, and nobody who fails is told apart."""

from sqlalchemy import create_engine, text

from app.accounts import limits


def reasons(server, database):
    engine = create_engine(server.url(database))
    with engine.begin() as connection:
        found = connection.execute(
            text("SELECT body::jsonb ->> 'reason' FROM ledger.event WHERE act = 'refuse' ORDER BY id")
        )
        said = [each for each in found.scalars() if each]
    engine.dispose()
    return said


def test_who_fails_too_often_waits_and_then_may_try_again(ruler, reader, clock, server, fresh_database):
    ruler.fill("/sign-out")
    for _each in range(limits.BY_ACCOUNT):  # somebody who knows her passkey and not its secret
        options = ruler.post("/api/sign-in/challenge", json={}).json()
        forged = ruler.device.sign(options)
        forged["response"]["signature"] = forged["response"]["signature"][:-6] + "AAAAAA"
        refused = ruler.post("/api/sign-in", json={"credential": forged})
        assert refused.status_code == 403
    right = ruler.enter()  # even what is right is not taken now, and the answer is the same
    assert (right.status_code, right.json()["detail"]) == (403, refused.json()["detail"])
    assert set(reasons(server, fresh_database)[-2:]) == {
        "too many",
        "not verified: InvalidAuthenticationResponse",
    }
    clock.move(limits.WITHIN)
    assert ruler.enter().status_code == 200
    ruler.fill("/sign-out")

    for number in range(limits.BY_ADDRESS):
        door = (("/api/token", None), ("/api/invitations/open", {"token": "x"}))[number % 2]
        reader.post(door[0], json=door[1]) if door[1] else reader.post(door[0], data={"client_id": "x"})
    for path, body in (
        ("/api/invitations/open", {"token": "x"}), ("/api/invitations/challenge", {"token": "x"}),
        ("/api/sign-in/challenge", {}), ("/api/sign-in", {"credential": {}}),
    ):  # fmt: skip
        assert reader.post(path, json=body).status_code == 429, path
    assert reader.post("/api/token", data={"client_id": "x"}).status_code == 429
    clock.move(limits.WITHIN)
    assert ruler.enter().status_code == 200


def test_addresses_are_kept_under_a_key_and_of_a_network_as_one(public):
    class Client:
        def __init__(self, host):
            self.host = host

    class Request:
        def __init__(self, host):
            self.client = Client(host)

    assert limits.address_of(Request("2001:db8::1")) == limits.address_of(Request("2001:db8::ffff:2"))
    assert limits.address_of(Request("2001:db8:0:1::1")) != limits.address_of(Request("2001:db8::1"))
    limits.note(public, "192.0.2.7")
    (kept,) = public.session.execute(text("SELECT key FROM attempt")).scalars()
    assert b"192.0.2.7" not in kept
    assert len(kept) == 16

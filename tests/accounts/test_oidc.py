"""Single sign-on against a real provider: who may come in, and every forgery refused with one answer."""

import json
import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from app.accounts import oidc
from app.accounts.sessions import COOKIE
from app.kit.clock import SystemClock
from app.settings import Settings
from tests.accounts.provider import CLIENT, SECRET, Provider
from tests.fixtures.reader import ORIGIN, Reader

BACK = f"{ORIGIN}/sign-in/provider"


@pytest.fixture
def clock():
    """The provider has a clock of its own, which nobody can hold."""
    return SystemClock()


@pytest.fixture
def provider(monkeypatch):
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # loopback
    made = Provider(BACK)
    yield made
    made.stop()


@pytest.fixture
def doors(opened, provider) -> FastAPI:
    app = opened(ORIGIN)
    app.state.settings = Settings(
        origin=ORIGIN, oidc_issuer=provider.issuer, oidc_client_id=CLIENT, oidc_client_secret=SecretStr(SECRET),
        oidc_name="State login",
    )  # fmt: skip
    return app


@dataclass
class Round:
    """One walk to the provider and back, each part of which a test can change."""

    reader: Reader

    def out(self, path: str = "/sign-in/provider", **more: str) -> str:
        sent = {"csrf": self.reader.token()} if path != "/sign-in/provider" else more
        page = self.reader.post(path, data=sent)
        assert page.status_code == 200, page.text
        found = re.search(r'href="(http://127[^"]+)"', page.text)
        assert found
        return found[1].replace("&amp;", "&")

    def back(self, address: str) -> dict[str, str]:
        went = httpx.get(address, trust_env=False)
        assert went.headers["location"].startswith(BACK)
        return dict(parse_qsl(urlsplit(went.headers["location"]).query))

    def finish(self, brought: dict[str, str], browser: Reader | None = None) -> Any:
        reader = browser or self.reader
        assert reader.get("/sign-in/provider", params=brought).status_code == 200
        return reader.post("/sign-in/provider/finish", data=brought)

    def whole(self, path: str = "/sign-in/provider") -> Any:
        return self.finish(self.back(self.out(path)))


@pytest.fixture
def ada(ruler, doors):
    """An invited caseworker who has linked her account, and whose browser signed out again."""
    house = ruler.tell(
        "/api/organisations", {"name": "House", "kind": "NGO", "takes_referrals": True}
    ).json()["id"]
    sent = {"name": "Ada Orme", "email": "ada@orme.example", "organisation_id": house, "role": "NGO"}
    link = ruler.tell("/api/invitations", sent).json()["link"]
    reader = Reader(doors)
    reader.accept(link.split("#")[1])
    linked = Round(reader).whole("/account/provider")
    assert (linked.status_code, linked.headers["location"]) == (303, "/account")
    assert "End the link with State login" in reader.get("/account").text
    assert "Your account was linked with single sign-on." in reader.get("/account").text
    reader.fill("/sign-out")
    return reader


def test_the_provider_s_tokens_go_no_further_than_the_server(ada, provider, server, fresh_database):
    walk = Round(ada)
    address = walk.out()
    assert dict(parse_qsl(urlsplit(address).query))["scope"] == "openid"  # no more is asked of the provider
    brought = walk.back(address)
    pages = [ada.get("/sign-in/provider", params=brought), walk.finish(brought), ada.get("/account")]
    assert [each.status_code for each in pages] == [200, 303, 200]
    seen = [str(ada.cookies), *(f"{each.headers} {each.text}" for each in pages)]
    engine = create_engine(server.url(fresh_database))
    with engine.begin() as connection:
        for table in ("oidc_flow", "oidc_link", "sign_in_session", "answered", "ledger.event"):
            seen += map(str, connection.execute(text(f"SELECT each::text FROM {table} each")).scalars())
    engine.dispose()
    assert len(provider.given) == 4  # an access token and a signature: as Ada linked her account, and now
    assert not [each for each in provider.given if any(each in one for one in seen)]
    assert any("subject-1" in one for one in seen)


def test_an_address_that_no_provider_takes_is_not_made(ada, provider, monkeypatch):
    about = {"issuer": provider.issuer, "authorization_endpoint": f"{provider.issuer}/{'a' * 4000}"}
    monkeypatch.setattr(oidc.Provider, "about", lambda _self: about)
    refused = ada.post("/sign-in/provider", data={})
    assert refused.status_code == 403
    assert "aaaa" not in refused.text


def test_a_linked_account_comes_in_and_nobody_else(ada, ruler, provider, doors):
    came = Round(ada).whole()
    assert (came.status_code, came.headers["location"]) == (303, "/")
    assert ada.get("/api/session").json()["role"] == "NGO"
    for going, there in (
        ("/held/1#go", "/held/1#go"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
    ):
        walk = Round(ada)
        assert walk.finish(walk.back(walk.out(next=going))).headers["location"] == there
    provider.user = "subject-2"  # known to the provider, and to nobody here: no account is made
    stranger = Reader(doors)
    assert Round(stranger).whole().status_code == 403
    assert COOKIE not in stranger.cookies
    # An administrator needs a key that stays on one device.
    assert Round(ruler).whole("/account/provider").status_code == 403
    provider.user = "subject-1"
    ada.fill("/account/provider/end")
    ada.fill("/sign-out")
    assert Round(Reader(doors)).whole().status_code == 403


def say(**claims: Any) -> Any:
    return lambda _header, said: said.update(claims)


def without(name: str) -> Any:
    return lambda _header, said: said.pop(name)


def head(**said: Any) -> Any:
    return lambda header, _claims: header.update(said)


HOUR = 3600
FORGERIES = {
    "another nonce": say(nonce="x" * 43), "no nonce": without("nonce"),
    "meant for another": say(aud="other"), "also meant for another": say(aud=[CLIENT, "other"]),
    "meant for nobody": without("aud"), "from another issuer": say(iss="https://issuer.example"),
    "expired": lambda _header, said: said.update(exp=said["iat"] - HOUR),
    "no end": without("exp"), "from the future": lambda _header, said: said.update(iat=said["iat"] + HOUR),
    "asked long ago": lambda _header, said: said.update(auth_time=said["iat"] - HOUR),
    "does not say when it asked": without("auth_time"), "no subject": without("sub"), "empty subject": say(sub=""),
    "not signed": head(alg="none"), "signed with the public key": head(alg="HS256"),
    "signed by another": head(by_other=True), "signed with a key nobody knows": head(kid="two", by_other=True),
    "of one factor": say(amr=["pwd"], acr="basic"), "silent on how it asked": without("amr"),
    "telling it in another place": say(amr="mfa", acr=["mfa"]), "an algorithm nobody allowed": head(alg="RS512"),
    "unknown to us": say(sub="subject-9"),
}  # fmt: skip


def bring_own_key(provider):
    def twist(header, _claims):
        header.update(jwk=provider.other.as_dict(private=False), by_other=True)

    return twist


def plain(answer) -> tuple[Any, ...]:
    """What a stranger could tell two refusals apart by."""
    body = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", answer.text)
    heads = {name for name in answer.headers if name != "x-request-id"}
    return answer.status_code, body, frozenset(heads)


def test_a_provider_under_another_name_is_not_believed(provider):
    ours = oidc.Provider(provider.issuer, CLIENT, SECRET, "State login", BACK)
    assert ours.about()["issuer"] == provider.issuer
    with pytest.raises(ValueError, match="another issuer"):
        replace(ours, issuer=f"{provider.issuer}/").about()
    assert oidc.Provider.of(
        Settings(oidc_issuer="x", oidc_client_id="x", oidc_client_secret=SecretStr("x"))
    ).strong == {"mfa"}
    with pytest.raises(ValueError, match="not over TLS"):
        replace(ours, issuer="http://login.example.org").about()


def test_every_forgery_gets_one_answer_and_an_event(  # noqa: PLR0917 -- fixtures
    ada, provider, doors, server, fresh_database, record_property
):
    said, browser = {}, Reader(doors)
    for name, twist in {**FORGERIES, "brings its own key": bring_own_key(provider)}.items():
        provider.twist = twist
        said[name] = plain(Round(browser).whole())
    provider.twist = None

    walk = Round(browser)
    asked = walk.out()
    said["not asked for two factors"] = plain(walk.finish(walk.back(asked.replace("acr_values=mfa", "x=y"))))
    brought = walk.back(walk.out())
    said["another browser"] = plain(walk.finish(brought, Reader(doors)))
    said["replayed, though the first was refused"] = plain(walk.finish(brought))
    brought = walk.back(walk.out())
    said["another state"] = plain(walk.finish({**brought, "state": "x" * 43}))
    said["another code"] = plain(walk.finish({**brought, "code": "x" * 43}))
    brought = walk.back(walk.out())
    said["another issuer answers"] = plain(walk.finish({**brought, "iss": "https://issuer.example"}))
    assert (
        walk.finish(walk.back(walk.out())).status_code == 303
    )  # and the honest round between them goes through
    browser.fill("/sign-out")
    said["nothing at all"] = plain(browser.post("/sign-in/provider/finish", data={}))

    first = next(iter(said.values()))
    alike = sum(answer == first for answer in said.values())
    record_property("G14", f"{alike} of {len(said)} forgeries of single sign-on refused with one answer")
    assert first[0] == 403
    assert [name for name, answer in said.items() if answer != first] == []
    engine = create_engine(server.url(fresh_database))
    with engine.begin() as connection:
        bodies = connection.execute(text("SELECT body FROM ledger.event WHERE act = 'refuse'")).scalars()
        reasons = [json.loads(each).get("reason", "") for each in bodies]
    engine.dispose()
    assert len(reasons) == len(said)
    assert "unknown subject" in reasons
    assert "another browser" in reasons

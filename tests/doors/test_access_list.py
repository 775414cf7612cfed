"""No door without a line of the access list, and no way round what the line says."""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from fastapi import APIRouter, FastAPI, Request
from fastapi.testclient import TestClient
from sqlalchemy import text, update

from app import main
from app.accounts.models import UserAccount
from app.demo import acting
from app.kit.database import Base
from app.safeguards.doors import ACCESS, AccessList, Entry, Unlisted
from app.safeguards.words import Role
from app.settings import Settings
from app.web.door import Door, Runtime
from app.web.page import render
from tests.doors.knocking import SAFE, Knock, Records, doors
from tests.fixtures.service import ORIGIN, Browser, Enter

ROLES = sorted(set(Role) - {Role.SYS})
READERS = ("police", "ngo", "shelter", "supervisor", "auditor", "administrator")


def made(monkeypatch: pytest.MonkeyPatch, *routers: Any, demonstration: bool = False) -> FastAPI:
    """The real application with further rooms; it never speaks to a database here."""
    rooms = [SimpleNamespace(router=each) for each in routers]
    monkeypatch.setattr(main, "ROUTERS", (*main.ROUTERS, *rooms))
    nowhere = "postgresql+psycopg://nobody@/nothing?host=/nowhere"
    given = Settings(origin=ORIGIN, app_database_url=nowhere, keys_database_url=nowhere)
    monkeypatch.setattr(main, "runtime_of", lambda *_given: None)
    return main.create_app(given, demonstration=demonstration)


def room(name: str, method: str = "GET") -> APIRouter:
    router = APIRouter()
    router.add_api_route("/side-door", lambda: "", methods=[method], name=name)
    return router


@pytest.mark.parametrize("demonstration", [True, False])
def test_doors_and_lines_are_the_same_set(monkeypatch: pytest.MonkeyPatch, demonstration: bool) -> None:
    app = made(monkeypatch, demonstration=demonstration)
    opened = {each.name for each in doors(app)}
    missing = ACCESS.entries.keys() - opened
    assert missing == (set() if demonstration else {"demo.personas", "demo.enter"})


def test_a_door_without_a_line_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unlisted, match=r"doors without a line: \['side.door'\]"):
        made(monkeypatch, room("side.door"))


def test_a_door_far_inside_a_room_is_found_too(monkeypatch: pytest.MonkeyPatch) -> None:
    outer, inner = APIRouter(prefix="/outer"), APIRouter(prefix="/inner")
    inner.include_router(room("side.deep"))
    outer.include_router(inner)
    with pytest.raises(Unlisted, match=r"side\.deep"):
        made(monkeypatch, outer)


def test_a_line_without_a_door_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ACCESS.entries, "side.gone", Entry("none"))
    with pytest.raises(Unlisted, match=r"lines without a door: \['side.gone'\]"):
        made(monkeypatch)


def test_a_walk_that_finds_nothing_stops_the_start() -> None:
    with pytest.raises(Unlisted, match="no door was found at all"):
        AccessList().compare([])


def test_what_no_line_opens_to_the_public_is_closed(app: FastAPI, stranger: Browser) -> None:
    """A page leads to signing in; a send and every JSON door answer 401."""
    for door in doors(app):
        if door.entry.public:
            continue
        answer = stranger.client.request(door.method, door.at())
        if door.method in SAFE and not door.is_json:
            assert answer.status_code == 303, door
            assert answer.headers["location"].startswith("/sign-in?next=/"), door
        else:
            assert answer.status_code == 401, door
        if door.is_json:
            assert answer.headers["content-type"] == "application/problem+json", door
            assert answer.json()["type"] == "/problems/sign-in-needed", door


def test_only_signing_in_is_public() -> None:
    public = {name for name, entry in ACCESS.entries.items() if entry.public}
    assert {ACCESS.entries[name].purpose for name in public} == {"sign-in", "demonstration"}


def test_a_passkey_an_invitation_a_provider_and_the_secret_of_a_program_are_the_only_ways_in() -> None:
    """No password, no code that is typed: what can be typed can be asked for by somebody else's page."""
    ways = {name for name, entry in ACCESS.entries.items() if entry.public and entry.purpose == "sign-in"}
    assert ways - {"demo.enter"} == {
        "accounts.answer_oidc",
        "accounts.begin_oidc",
        "accounts.finish_oidc",
        "accounts.invitation",
        "accounts.sign_in",
        "api.accounts.accept_invitation",
        "api.accounts.invitation_challenge",
        "api.accounts.open_invitation",
        "api.accounts.sign_in",
        "api.accounts.sign_in_challenge",
        "api.accounts.token",
    }
    kept = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    assert not {name for name in kept if re.search("password|totp|otp|pin_code", name)}


@pytest.mark.parametrize("half", [0, 1])
def test_a_role_that_the_line_does_not_name_finds_nothing_there(
    half: int, insider: Any, app: FastAPI, records: Records
) -> None:
    """All roles at all doors; of the doors of steps, which one function makes, each role tries a tenth."""
    every = [(number, each) for number, each in enumerate(doors(app)) if not each.entry.public]
    for turn, role in enumerate(ROLES[half::2]):
        browser = insider(role)
        before = records.state()
        tried = [each for number, each in every if not each.is_step or number % 10 == turn % 10]
        closed = [each for each in tried if not each.entry.admits(role)]
        assert closed, role
        for door in closed:
            said = {"X-CSRF-Token": browser.token}
            answer = browser.client.request(door.method, door.at(), headers=said, data=_nothing(door))
            assert answer.status_code == 404, (role, door)
        assert records.state() == before


def _nothing(door: Knock) -> dict[str, str] | None:
    return None if door.is_json or door.method in SAFE else {"csrf": ""}


def test_a_member_of_the_case_hears_that_it_is_the_role(enter: Enter, woman: UUID, app: FastAPI) -> None:
    police = enter("police")
    for door in doors(app):
        if "{case_id}" in door.path and not door.entry.admits(Role.POL):
            answer = police.client.request(
                door.method, door.at(case_id=woman), headers={"X-CSRF-Token": police.token or ""}
            )
            assert answer.status_code == 403, door


def unsafe(app: FastAPI) -> Iterator[Knock]:
    return (each for each in doors(app) if each.method not in SAFE)


def one_of_each(insider: Any) -> dict[Role, Browser]:
    return {role: insider(role) for role in ROLES}


def whom(door: Knock, browsers: dict[Role, Browser]) -> Browser:
    """Somebody whom the line lets in."""
    return next(each for role, each in browsers.items() if door.entry.admits(role))


@pytest.mark.parametrize("token", ["none", "another session's"])
def test_nothing_is_done_without_the_token_of_the_page(
    token: str, insider: Any, app: FastAPI, records: Records
) -> None:
    browsers, other = one_of_each(insider), insider(Role.POL)
    said = {} if token == "none" else {"X-CSRF-Token": other.token or ""}
    before = records.state()
    for door in unsafe(app):
        if door.entry.public:
            continue
        answer = whom(door, browsers).client.request(door.method, door.at(), headers=said)
        assert answer.status_code == 403, door
        assert "too old to send" in answer.text, door
    assert records.state() == before


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://casework.example"}, {"Origin": "https://casework.example:8443"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
]  # fmt: skip


def test_what_another_site_started_is_told_from_our_own(enter: Enter) -> None:
    police = enter("police")
    sent = {"csrf": police.token or ""}
    for said in FOREIGN:
        assert police.client.post("/referrals/new", data=sent, headers=said).status_code == 403, said
    assert police.client.post("/referrals/new", data=sent).status_code == 303


@pytest.mark.parametrize("said", FOREIGN[:2], ids=lambda said: " ".join(said.values()))
def test_nothing_is_taken_from_another_site(
    said: dict[str, str], insider: Any, app: FastAPI, records: Records
) -> None:
    """The public doors too: nobody is signed in, or out, by a page that is not ours."""
    browsers = one_of_each(insider)
    before = records.state()
    for door in unsafe(app):
        browser = whom(door, browsers)
        headers = {"X-CSRF-Token": browser.token or "", **said}
        answer = browser.client.request(door.method, door.at(), headers=headers)
        assert answer.status_code == 403, door
        assert "another site" in answer.text, door
    assert records.state() == before


def test_our_own_pages_may_send(enter: Enter) -> None:
    police = enter("police")
    for said in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": ORIGIN}, {"Sec-Fetch-Site": "none"}):
        answer = police.client.post("/referrals/new", data={"csrf": police.token or ""}, headers=said)
        assert answer.status_code == 303, said


def test_reading_every_door_changes_no_record(
    enter: Enter, app: FastAPI, records: Records, woman: UUID
) -> None:
    browsers = [enter(key) for key in READERS]
    tracks = dict(_tracks(records, woman))
    known = {
        "case_id": woman,
        "track_id": tracks["referral"],
        "shelter_id": records.values("SELECT id FROM shelter")[0],
    }
    before, opened = records.state(), set()
    for door in doors(app):
        if door.method in SAFE:
            opened |= {door.name for each in browsers if each.client.get(door.at(**known)).status_code == 200}
    assert records.state() == before
    assert len(opened) > 25


def _tracks(records: Records, case_id: UUID) -> list[tuple[str, UUID]]:
    return records.line().execute("SELECT slug, id FROM track WHERE case_id = %s", (case_id,)).fetchall()


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch, runtime: Runtime) -> Iterator[TestClient]:
    """The application with doors that write on a read, each in another way."""
    router = APIRouter()

    @router.get("/forgetful/{way}", name="test.forgetful")
    def forgets(request: Request, work: Door, way: str) -> Any:
        user = work.session.query(UserAccount).first()
        if way == "statement":
            work.session.execute(update(UserAccount).values(name="Changed"))
        if way in ("dirty", "flushed"):
            user.name = "Changed"
        if way == "flushed":
            work.session.flush()
        return render(request, "demo/personas.html", personas=[])

    monkeypatch.setitem(ACCESS.entries, "test.forgetful", Entry("test", public=True))
    app = made(monkeypatch, router, demonstration=True)
    app.state.runtime = runtime
    with TestClient(app, base_url=ORIGIN, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("way", ["dirty", "flushed", "statement"])
def test_a_read_that_changes_a_record_fails_and_changes_nothing(
    way: str, forgetful: TestClient, records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    before = records.state()
    assert forgetful.get("/forgetful/nothing").status_code == 200
    assert forgetful.get(f"/forgetful/{way}").status_code == 500
    assert "RuntimeError" in caplog.text
    assert records.state() == before


def test_the_database_itself_keeps_a_door_from_the_tables_of_others(runtime: Runtime) -> None:
    with acting.as_persona(runtime, "ngo2") as work:
        assert work.session.execute(text('SELECT count(*) FROM "case"')).scalar_one() == 0

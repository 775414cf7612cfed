"""What outlasts a stolen session asks who signed in just now: the access list says where."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from lxml import html

from app.accounts.clients import doors_for
from app.kit.clock import HeldClock
from app.kit.plain import plain
from app.safeguards.doors import ACCESS, ALWAYS, WHEN_LENDING, Entry
from app.safeguards.words import Role
from app.tracks import TRACKS
from tests.doors.knocking import SAFE, Records, doors
from tests.fixtures.service import As, Browser, Enter
from tests.referrals import made

OPEN_LATER = {  # they change nothing of how somebody signs in
    "accounts.language", "accounts.name_passkey", "accounts.see_news", "oversight.answer_access",
}  # fmt: skip


def fresh(name: str) -> str | None:
    return ACCESS.entries[name].fresh


def test_every_export_disclosure_change_of_a_role_and_broken_glass_is_marked(app: FastAPI) -> None:
    sent = {each.name for each in doors(app) if each.method not in SAFE and not each.entry.public}
    exports = {name for name in sent if name.endswith((".export", ".erasures"))}
    glass = {name for name in sent if ACCESS.entries[name].purpose == "emergency"}
    roles = {name for name in sent if ACCESS.entries[name].purpose == "administration"}
    own = {name for name in sent if ACCESS.entries[name].purpose == "own account"}
    keys = {name for name in own if name.removeprefix("api.") not in OPEN_LATER}
    assert (len(exports), len(glass)) == (4, 2)
    assert len(roles) > 15
    assert len(keys) > 8
    assert {name: fresh(name) for name in exports | glass | roles | keys if fresh(name) != ALWAYS} == {}
    lending = {name for name in sent if name.startswith(("api.step.", "api.open."))}
    lending |= {
        name for name in sent if name.rpartition(".")[2] in ("send", "send_group", "submit", "send_together")
    }
    assert len(lending) > len(TRACKS)
    assert {name: fresh(name) for name in lending if fresh(name) != WHEN_LENDING} == {}


def test_no_program_is_given_a_door_that_asks_who_signed_in() -> None:
    assert [name for name in doors_for() if fresh(name) == ALWAYS] == []


def test_each_marked_door_asks_and_does_nothing(
    app: FastAPI, insider: Any, clock: HeldClock, records: Records
) -> None:
    browsers = {role: insider(role) for role in sorted(set(Role) - {Role.SYS})}
    clock.move(timedelta(minutes=5))
    before = records.state("public.held_text", "keys.wrapped_key")
    asked = [each for each in doors(app) if each.entry.fresh == ALWAYS and each.method not in SAFE]
    assert len(asked) > 35
    for door in asked:
        browser = next(each for role, each in browsers.items() if door.entry.admits(role))
        answer = browser.client.request(
            door.method, door.at(), headers={"X-CSRF-Token": browser.token},
            data=None if door.is_json else {"csrf": browser.token},
        )  # fmt: skip
        assert answer.status_code == 401, door
        assert "Sign in again to do this" in answer.text, door
    assert records.state("public.held_text", "keys.wrapped_key") == before


def test_a_door_that_lends_and_is_not_marked_fails(
    enter: Enter, acting: As, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    police, name = enter("police"), "api.referrals.send"
    with acting("ngo") as work:
        whole = plain(made.short(made.organisation(work)))
    held = ACCESS.entries[name]
    monkeypatch.setitem(ACCESS.entries, name, Entry(held.purpose, roles=held.roles))
    police.json("POST", "/api/referrals", whole, status=500)
    assert "RuntimeError" in caplog.text


def pressed(browser: Browser) -> tuple[str, Any]:
    """Press the page's button in a session that is not fresh; return where it leads after signing in, and its page."""
    form = browser.form()
    answer = browser.client.post(form.get("action") or browser.path, data=browser.filled(form))
    assert answer.status_code == 401
    assert "goes on as soon as you have signed in" in answer.text
    page = html.fromstring(answer.text)
    [part] = page.xpath("//*[@data-passkey='sign-in']")  # there and then, with no page between
    return str(part.get("data-next")), page


def test_a_referral_goes_on_after_the_new_sign_in_with_nothing_typed_again(
    enter: Enter, acting: As, clock: HeldClock, records: Records
) -> None:
    police = enter("police")
    with acting("ngo") as work:
        receiver = made.organisation(work)
    track, _version = made.filled(police, receiver)
    police.get(f"/referrals/{track}/check")
    clock.move(timedelta(minutes=6))
    at, _page = pressed(police)
    assert at.startswith("/held/")
    assert at.endswith("#go")
    assert records.values("SELECT state FROM track WHERE id = %s", track) == ["draft"]
    enter("ngo").get(at.removesuffix("#go"), 404)
    again = enter("police")
    again.get(at.removesuffix("#go"))
    [form] = again.page.xpath("//form[@data-goes-on]")
    said = {each.get("name"): each.get("value") for each in form.xpath(".//input")}
    for _twice in range(2):  # by its script, and by a finger that was quick too
        answer = again.client.post(form.get("action"), data=said)
        assert answer.headers["location"] == f"/referrals/{track}/sent"
    assert records.values("SELECT state FROM track WHERE id = %s", UUID(track)) == ["submitted"]
    assert records.values("SELECT count(*) FROM step WHERE name = 'submit'") == [1]

"""The headers of every answer of the real application, good or bad; the cookie; what tells nothing apart."""

import json
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.web.door import COOKIE, Runtime
from app.web.page import static
from tests.doors.knocking import Records, doors
from tests.fixtures.service import ORIGIN, Browser, Enter

SAFETY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
    "strict-transport-security": "max-age=63072000; includeSubDomains",
}
TELLING = ("server", "x-powered-by", "via", "x-process-time", "etag", "last-modified")
REPORTS = {"report-uri": "/policy-reports", "report-to": "policy"}
SOURCES = re.compile(r"'(none|self)'")


def assert_safe(answer: Any) -> None:
    headers = answer.headers
    assert {name: headers.get(name) for name in SAFETY} == SAFETY
    assert headers["cache-control"] == "no-store"
    assert not [name for name in TELLING if name in headers]
    assert UUID(headers["x-request-id"])
    rules = dict(each.strip().split(" ", 1) for each in headers["content-security-policy"].split(";"))
    assert {name: rules.pop(name) for name in REPORTS} == REPORTS
    assert headers["reporting-endpoints"] == 'policy="/policy-reports"'
    assert rules["default-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert rules["form-action"] == rules["script-src"] == rules["style-src"] == "'self'"
    assert all(SOURCES.fullmatch(source) for each in rules.values() for source in each.split())
    if headers.get("content-type", "").startswith("text/html"):
        assert headers["content-language"] in ("en", "fr")
        assert headers["content-type"] == "text/html; charset=utf-8"


def test_every_door_answers_with_the_headers_of_safety(
    app: FastAPI, enter: Enter, stranger: Browser, woman: UUID
) -> None:
    """Good pages, refusals, absent ones, sends without token: signed in and not."""
    seen = set()
    for browser in (enter("ngo"), stranger):
        for door in doors(app):
            answer = browser.client.request(door.method, door.at(case_id=woman))
            assert_safe(answer)
            seen.add(answer.status_code)
            is_page = answer.status_code == 200 and answer.headers["content-type"].startswith("text/html")
            assert not (is_page and browser is not stranger) or 'action="/sign-out"' in answer.text, door.name
    assert {200, 303, 401, 403, 404} <= seen


NO_DOORS = [
        ("GET", "/nowhere", 404), ("GET", "/api/nowhere", 404), ("DELETE", "/", 405), ("PUT", "/api/work", 405),
        ("GET", "/cases/none", 303), ("GET", "/static/none.js", 404),
        ("GET", "/static/", 404), ("GET", "/static/vendor", 404), ("GET", "/.git/config", 404),
        ("OPTIONS", "/", 405),
        ("GET", "/static/../../../etc/passwd", 404), ("GET", "/api/openapi.json", 200), ("TRACE", "/", 405),
        ("GET", "/%00", 404), ("GET", "/cases/%ff", 303), ("GET", "/docs", 404), ("GET", "/redoc", 404),
]  # fmt: skip


def test_where_there_is_no_door_too(stranger: Browser) -> None:
    for method, path, status in NO_DOORS:
        answer = stranger.client.request(method, path)
        assert answer.status_code == status, (method, path)
        assert_safe(answer)


def test_what_fails_has_them_too(enter: Enter, records: Records, runtime: Runtime, woman: UUID) -> None:
    ngo = enter("ngo")
    assert_safe(ngo.client.post("/referrals/new", content=b"x" * 2_000_000))
    records.do("REVOKE INSERT ON ledger.event FROM nrm_app")
    for path in (f"/cases/{woman}", f"/api/cases/{woman}"):
        answer = ngo.client.get(path)
        assert answer.status_code == 503
        assert_safe(answer)
        assert answer.headers["x-request-id"] in answer.text
    runtime.identify = None  # type: ignore[assignment]  # an error that nobody foresaw
    for path in ("/", "/api/work"):
        answer = ngo.client.get(path)
        assert answer.status_code == 500
        assert_safe(answer)
        assert answer.headers["x-request-id"] in answer.text


def test_what_the_policy_stopped_is_reported_to_us_and_nothing_of_the_page_is_kept(
    stranger: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    """Both forms of the standard; noise is taken and forgotten, and there is nothing to read."""
    page = "https://service.example/cases/0b5f"
    old = {
        "csp-report": {"document-uri": page, "blocked-uri": page, "effective-directive": "script-src-elem"}
    }
    new = [
        {
            "type": "csp-violation",
            "url": page,
            "body": {"documentURL": page, "effectiveDirective": "img-src"},
        },
        {"body": {"effectiveDirective": f"evil {page}"}},
        {"body": {"effectiveDirective": page, "sample": "typed"}},
        {"body": ["img-src"]},
        "frame-src",
    ]
    bodies = [json.dumps(old), json.dumps(new), "[" * 5000, "\udc80", "", "null", "[" * 70_000]
    for body in bodies:
        sent = stranger.client.post("/policy-reports", content=body.encode("utf-8", "surrogateescape"))
        assert (sent.status_code, sent.text) == (204, "")
        assert_safe(sent)
    said = [each.getMessage() for each in caplog.records if "reports that" in each.getMessage()]
    assert [each.split()[-3] for each in said] == ["script-src-elem", "img-src"]
    assert not [each for each in caplog.messages if "0b5f" in each or "evil" in each or "typed" in each]
    for _each in range(40):
        stranger.client.post("/policy-reports", content=json.dumps(old))
    assert len([each for each in caplog.messages if "reports that" in each]) <= 32  # a flood fills no journal
    assert stranger.client.get("/policy-reports").status_code == 404


def test_no_address_that_we_make_is_too_long_for_whom_it_is_for(stranger: Browser) -> None:
    """Coming back after signing in is given up, rather than an address that every proxy refuses for ever."""
    short = stranger.client.get(f"/cases/{'x' * 100}").headers["location"]
    assert short == f"/sign-in?next=/cases/{'x' * 100}"
    for path in ("x" * 5000, "é" * 900):  # the second grows as it is quoted
        answer = stranger.client.get(f"/cases/{path}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    for given, kept in ((2000, True), (5000, False)):
        page = stranger.client.get("/sign-in", params={"next": "/" + "x" * given})
        assert (f'data-next="/{"x" * given}"' in page.text) == kept


def test_no_two_requests_have_one_number(stranger: Browser) -> None:
    said = {"X-Request-Id": str(uuid4())}
    numbers = {stranger.client.get("/sign-in", headers=said).headers["x-request-id"] for _number in range(20)}
    assert len(numbers) == 20
    assert said["X-Request-Id"] not in numbers


def test_under_another_name_nothing_answers(stranger: Browser) -> None:
    elsewhere = (
        "evil.example",
        "casework.example.evil.example",
        "",
        "127.0.0.1",
        "localhost",
        "casework.example@evil",
    )
    for host in elsewhere:
        answer = stranger.client.get("/sign-in", headers={"Host": host})
        assert answer.status_code == 400, host
        assert answer.text == "No such host."
        assert_safe(answer)


def test_no_other_origin_is_let_in(stranger: Browser) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for method, path in (("GET", "/sign-in"), ("GET", "/api/openapi.json"), ("OPTIONS", "/api/work")):
        answer = stranger.client.request(method, path, headers=asked)
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_no_link_leads_elsewhere_by_a_forwarded_name(stranger: Browser) -> None:
    said = {
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "host=evil.example",
        "X-Original-URL": "/administration",
    }
    answer = stranger.client.get("/", headers=said)
    assert answer.headers["location"] == "/sign-in?next=/"
    assert "evil" not in stranger.client.get("/sign-in", headers=said).text


def test_only_static_files_are_kept_by_a_browser(stranger: Browser, enter: Enter) -> None:
    style = static("vendor/app.css")
    assert stranger.client.get(style).headers["cache-control"] == "public, max-age=31536000, immutable"
    assert stranger.client.get(style.partition("?")[0]).headers["cache-control"] == "no-cache"
    page = enter("ngo").client.get("/")
    linked = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert linked
    for each in linked:
        answer = stranger.client.get(each)
        assert answer.status_code == 200
        assert answer.headers["cache-control"].endswith("immutable")
        assert "set-cookie" not in answer.headers


def cookies(answer: Any) -> dict[str, set[str]]:
    """The cookies that an answer sets: name -> flags in small letters."""
    found = {}
    for each in answer.headers.get_list("set-cookie"):
        name, *flags = (part.strip() for part in each.split(";"))
        found[name.partition("=")[0]] = {flag.lower() for flag in flags}
    return found


@pytest.fixture
def demonstration(runtime: Runtime, given: Any) -> TestClient:
    from app.main import create_app

    app = create_app(given, demonstration=True)
    app.state.runtime.engine.dispose()
    app.state.runtime.keys.engine.dispose()
    app.state.runtime = runtime
    return TestClient(app, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=False)


def test_the_session_s_cookie_is_bound_to_this_host_and_read_by_no_script(demonstration: TestClient) -> None:
    answer = demonstration.post("/demonstration", data={"persona": "ngo"})
    assert answer.status_code == 303
    assert cookies(answer) == {COOKIE: {"path=/", "secure", "httponly", "samesite=lax"}}
    assert COOKIE.startswith("__Host-")
    assert demonstration.get("/").status_code == 200


def test_signing_out_takes_it_back(enter: Enter) -> None:
    ngo = enter("ngo")
    held = dict(ngo.client.cookies)
    answer = ngo.client.post("/sign-out", data={"csrf": ngo.token or ""})
    flags = cookies(answer)[COOKIE]
    assert {"path=/", "secure", "httponly", "samesite=lax", "max-age=0"} <= flags
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    ngo.client.cookies.update(held)
    assert ngo.client.get("/").headers["location"] == "/sign-in?next=/"  # an old copy of it opens nothing


def test_the_language_s_cookie_holds_a_language_and_nothing_else(stranger: Browser) -> None:
    flags = cookies(stranger.client.get("/sign-in?lang=fr"))
    assert flags == {"__Host-lang": {"max-age=31536000", "path=/", "secure", "httponly", "samesite=lax"}}
    assert not cookies(stranger.client.get("/sign-in?lang=xx%0d%0aSet-Cookie:a=b"))


CHANGING = re.compile(rb'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=name="csrf" value=")[^"]{64}')


def same(answer: Any) -> tuple[int, bytes, dict[str, str]]:
    """An answer without the number of its request, the token of its page, and what the asker wrote in the address."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, CHANGING.sub(b"", answer.content), headers


def test_what_is_not_mine_and_what_is_not_are_the_same_to_the_byte(
    enter: Enter, woman: UUID, records: Records
) -> None:
    query = "SELECT id FROM track WHERE case_id = %s AND slug = %s"
    tracks = {slug: records.values(query, woman, slug)[0] for slug in ("referral", "consent")}
    notice = (records.values("SELECT id FROM notice LIMIT 1") or [uuid4()])[0]
    paths = [
        "/cases/{case}", "/cases/{case}/person", "/cases/{case}/open/consent/ask",
        "/cases/{case}/tracks/{consent}/withdraw",
        "/referrals/{referral}", "/referrals/{referral}/status", "/referrals/{referral}/pages/names",
        "/api/cases/{case}", "/api/referrals/{referral}", "/api/referrals/drafts/{referral}", "/cases/{case}/oversight",
    ]  # fmt: skip
    for key in ("ngo2", "inspector", "supervisor3", "administrator"):
        other = enter(key)
        for path in paths:
            real = other.client.get(path.format(case=woman, **tracks))
            absent = other.client.get(path.format(case=uuid4(), **dict.fromkeys(tracks, uuid4())))
            assert real.status_code == 404, (key, path)
            assert same(real) == same(absent), (key, path)
        said = {"X-CSRF-Token": other.token or ""}
        for path in (
            f"/cases/{woman}/person",
            f"/notices/{notice}/done",
            f"/cases/{woman}/tracks/{tracks['consent']}/withdraw",
        ):
            real = other.client.post(path, headers=said, data={"version": "1"})
            absent = other.client.post(
                re.sub(r"[0-9a-f-]{36}", lambda _found: str(uuid4()), path),
                headers=said,
                data={"version": "1"},
            )
            assert same(real) == same(absent), (key, path)
            assert real.status_code == 404


def test_an_account_that_is_closed_is_no_account(enter: Enter, records: Records) -> None:
    ngo = enter("ngo")
    records.do("UPDATE user_account SET disabled_at = now() WHERE email LIKE 'ngo@%'")
    assert ngo.client.get("/").status_code == 303
    assert ngo.client.get("/api/work").status_code == 401

"""Every JSON door keeps to its description, whoever calls and whatever is sent; nothing sent is a server error.

The suite makes up a few calls for each door. `make fuzz` makes up 500, and lets everybody call every door.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from schemathesis import Case, GenerationMode

from app.demo.stories import Teller
from app.demo.telling import tell
from app.kit.clock import HeldClock
from app.kit.postgres import Server
from app.safeguards.doors import ACCESS
from app.settings import Settings
from app.web.door import Runtime
from tests.api.fuzzing import (
    CHECKS,
    KEYS,
    Callers,
    World,
    complaints,
    made_up,
    operations,
    planted,
    send,
)
from tests.doors.knocking import records_of
from tests.fixtures.service import Browser, Enter

EXAMPLES = int(os.environ.get("NRM_FUZZ_EXAMPLES", "2"))
IN_FULL = EXAMPLES > 2
PARTS = 2  # of the doors, so that workers share them
PLANTED = {
    "NUL": "a\x00b", "lone surrogate": "a\ud83db", "bidi controls": "\u202egnirts\u202c\u2066",
    "noncharacter": "\ufffe\uffff", "emoji": "👩🏽‍⚕️", "long": "x" * 20_000,
}  # fmt: skip
PART = pytest.mark.parametrize("part", range(PARTS))


@pytest.fixture
def world(runtime: Runtime, clock: HeldClock, server: Server, given: Settings) -> Iterator[World]:
    tell(Teller(runtime, clock))
    found = World(records_of(server, given))
    yield found
    found.records.close()


@pytest.fixture
def callers(enter: Enter, world: World) -> Iterator[Callers]:
    enter("police").json("POST", "/api/referrals/drafts", {"type": "initial"}, status=201)
    made = Callers(enter)
    yield made
    for each in made.browsers.values():
        each.client.__exit__()


@PART
def test_doors_keep_to_their_description(
    part: int, app: FastAPI, callers: Callers, world: World, stranger: Browser
) -> None:
    """Also with what no generator thinks of: NUL, lone surrogates, bidi controls in every text of a body."""
    wrong: list[str] = []
    codes: set[int] = set()
    for number, described in enumerate(operations(app)[part::PARTS]):
        door = described.name
        good = made_up(described, GenerationMode.POSITIVE, EXAMPLES)
        is_tried = IN_FULL or number % 5 == 0  # what is wrong in one door of a step is wrong in all
        bad = made_up(described, GenerationMode.NEGATIVE, EXAMPLES) if is_tried else []
        for case in good + bad:
            headers = world.real(case)
            for key in KEYS if IN_FULL else [callers.one(door)]:
                answer = callers.call(key, case, headers)
                codes.add(answer.status_code)
                wrong += [f"{key}: {each}" for each in complaints(case, answer)]
        if not ACCESS.entries[door].public:
            wrong += _opens_unsigned(stranger, good[-1])
        if isinstance(good[-1].body, dict):
            wrong += _falls_over(callers, door, good[-1], number)
    assert not wrong, "\n".join([f"{len(wrong)} answers", *wrong[:40]])
    assert {403, 404, 422} <= codes


def _opens_unsigned(stranger: Browser, case: Case) -> Iterator[str]:
    status = send(stranger, case, {}).status_code
    if status != 401:
        yield f"{case.method} {case.path}: {status} without a session"


def _falls_over(callers: Callers, door: str, case: Case, number: int) -> Iterator[str]:
    """Send a body with a strange text in the place of every other one; in the suite, two of them for each door."""
    key, kinds = callers.one(door), list(PLANTED)
    for what in kinds if IN_FULL else (kinds[number % 3], kinds[3 + number % 3]):
        answer = callers.call(key, case, {"If-Match": "1"}, planted(case.body, PLANTED[what]))
        yield from (f"{key}, {what}: {each}" for each in complaints(case, answer))


def test_every_check_is_one_that_fails(app: FastAPI, stranger: Browser) -> None:
    """The checks themselves are tried on answers that are wrong: none may pass everything."""
    [described] = [each for each in operations(app) if each.name == "api.casework.work"]
    [case] = made_up(described, GenerationMode.POSITIVE, 1)[:1]
    answer = send(stranger, case, {})
    assert not list(complaints(case, answer))
    for status, kind, body in (
        (500, "application/problem+json", b"{}"), (418, "application/problem+json", b"{}"),
        (401, "text/html", b"<p>"), (401, "application/problem+json", b'{"type": 1}'), (200, "application/json", b"[]"),
    ):  # fmt: skip
        answer.status_code, answer.headers["content-type"], answer._content = status, kind, body
        assert list(complaints(case, answer)), (status, kind)
    assert len(CHECKS) == 4


def test_every_door_under_api_is_described(app: FastAPI) -> None:
    described: dict[str, Any] = app.openapi()["paths"]
    assert all(path.startswith("/api/") for path in described)
    assert len(operations(app)) > 100
    for each_door in operations(app):
        door, operation = each_door.name, each_door.whole
        told = described[operation.path][operation.method.lower()]
        assert "HTTPValidationError" not in str(told), door
        assert told["security"] == ([] if ACCESS.entries[door].public else [{"session": []}])
        own = ("400",) if door == "api.accounts.token" else ()  # RFC 6749 says how a token is refused
        refusals = {
            code: each for code, each in told["responses"].items() if code >= "400" and code not in own
        }
        assert all(list(each["content"]) == ["application/problem+json"] for each in refusals.values())

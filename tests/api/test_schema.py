"""Every JSON door keeps to its description, in every role and whatever is sent: no server error, nothing foreign.

The suite makes up a few calls for each door. `make fuzz` makes up 500, and lets every role knock at every door.
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import Response
from schemathesis import Case, GenerationMode

from app.kit.clock import HeldClock
from app.kit.postgres import Server
from app.safeguards.doors import ACCESS
from app.settings import Settings
from app.web.door import Runtime
from tests.api.callers import Callers, told
from tests.api.foreign import Sealed, codes_of
from tests.api.fuzzing import CHECKS, Described, World, complaints, made_up, operations, planted, send
from tests.doors.knocking import records_of
from tests.fixtures.service import Browser, Once, Told

EXAMPLES = int(os.environ.get("NRM_FUZZ_EXAMPLES", "2"))
IN_FULL = EXAMPLES > 2
TURN = 100  # examples of a door, after which its database begins anew
TURNS, PARTS = (
    (-(-EXAMPLES // TURN), 8) if IN_FULL else (1, 2)
)  # parts of the doors, so that workers share them
OTHERS = 2  # examples of a turn that are sent by each role that is kept out, and by each one elsewhere
PLANTED = {
    "NUL": "a\x00b", "lone surrogate": "a\ud83db", "bidi controls": "\u202egnirts\u202c\u2066",
    "noncharacter": "\ufffe\uffff", "emoji": "👩🏽‍⚕️", "long": "x" * 20_000,
}  # fmt: skip
KEPT_OUT = (403, 404)  # where a role has no business there is no door
DRAFT = "/api/referrals/drafts"


@pytest.fixture(scope="session")
def told_country(once: Once) -> Told:
    return once(told)


@pytest.fixture(scope="session")
def described(one_app: FastAPI) -> list[Described]:
    return operations(one_app)


@pytest.fixture
def world(app: FastAPI, server: Server, given: Settings) -> Iterator[World]:
    found = World(records_of(server, given), codes_of(app.openapi()))
    yield found
    found.records.close()


@pytest.fixture
def callers(app: FastAPI, runtime: Runtime, told_country: Told) -> Callers:
    return Callers(app, runtime, told_country.about)


@pytest.fixture
def judge(callers: Callers, world: World, clock: HeldClock, runtime: Runtime) -> "Judge":
    return Judge(callers, Sealed(world.records, runtime.keys, world.codes), clock)


class Judge:
    """Sends what was made up, holds the answers against what must be, and counts."""

    def __init__(self, callers: Callers, sealed: Sealed, clock: HeldClock) -> None:
        self.callers, self.sealed, self.clock = callers, sealed, clock
        self.wrong: list[str] = []
        self.counted: Counter[str] = Counter()
        self.codes: Counter[int] = Counter()

    def send(self, name: str, door: str, case: Case, headers: dict[str, str], body: Any = None) -> None:
        """Send a case as somebody."""
        answer, reader = self.callers.call(name, case, headers, body), self.callers.country.people[name]
        self.codes[answer.status_code] += 1
        self.counted["calls"] += 1
        self._found("server errors", answer.status_code >= 500 and f"{answer.status_code}")
        for each in complaints(case, answer):
            self._found("other answers than described", f"{name}: {each}")
        admitted, done = ACCESS.entries[door].admits(reader.role), answer.status_code < 400
        if not admitted:
            self._found(
                "ignored auth", answer.status_code not in KEPT_OUT and f"{name}, {door}: {answer.status_code}"
            )
        elif done and (case_id := (case.path_parameters or {}).get("case_id")):
            tied = self.sealed.tied(reader, case_id)
            self._found("ignored auth", not tied and f"{name}, {door}: {answer.status_code} without a tie")
        sent = [case.body if body is None else body, case.path_parameters, case.query]
        for each in self.sealed.given_away(reader, sent, answer, self.clock.now()):
            self._found("foreign fields", f"{door}: {each}")

    def refuse(self, case: Case, door: str) -> None:
        """Send a case with everything that opens no door."""
        for shown in self.callers.country.refused:
            answer = self.callers.uninvited(shown, case)
            self.counted["calls"] += 1
            self._found(
                "ignored auth", answer.status_code != 401 and f"{shown.what}, {door}: {answer.status_code}"
            )

    def _found(self, kind: str, what: str | bool) -> None:
        if what:
            self.counted[kind] += 1
            self.wrong.append(f"{kind}: {what}")


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("turn", range(TURNS))
def test_doors_keep_to_their_description(  # noqa: PLR0917
    turn: int, part: int, judge: Judge, callers: Callers, world: World, described: list[Described],
    record_property: Callable[[str, str], None],
) -> None:  # fmt: skip
    """Also with what no generator thinks of: NUL, lone surrogates, bidi controls in every text of a body."""
    callers.begin_draft(DRAFT)
    examples = min(TURN, EXAMPLES - turn * TURN)
    doors = described[part::PARTS]
    for number, door in enumerate(doors):
        good, bad = _made_up(door, examples, turn, number)
        _tried(judge, world, door.name, good + bad, number + turn)
        if isinstance(good[-1].body, dict) and turn == 0:
            _planted(judge, door.name, good[-1], number)
        judge.counted["examples"] += len(good + bad)
    about = {**judge.counted, "doors": len(doors), "roles": len(callers.roles), "turn": turn}
    record_property("fuzz", json.dumps(about))
    assert not judge.wrong, "\n".join([f"{len(judge.wrong)} answers", *judge.wrong[:40]])
    assert {403, 404, 422} <= set(judge.codes)


def _made_up(door: Described, examples: int, turn: int, number: int) -> tuple[list[Case], list[Case]]:
    """Half of the examples are as described; in the suite, what is wrong in one door of a step is wrong in all."""
    if not IN_FULL:
        bad = made_up(door, GenerationMode.NEGATIVE, examples) if number % 5 == 0 else []
        return made_up(door, GenerationMode.POSITIVE, examples), bad
    bad = made_up(door, GenerationMode.NEGATIVE, examples // 2, turn)
    return made_up(door, GenerationMode.POSITIVE, examples - len(bad), turn), bad


def _tried(judge: Judge, world: World, door: str, cases: list[Case], number: int) -> None:
    """Send each case as one of those who may knock; some as all who may not, or have nothing to do with the case."""
    ins, outs = judge.callers.admitted(door), judge.callers.others(door)
    for turn, case in enumerate(cases, start=number):
        headers = world.real(case)
        judge.send(ins[turn % len(ins)], door, case, headers)
    if not IN_FULL:
        ins, outs = [], outs[number % 7 :: 7][:1]
    for case in cases[:: max(1, len(cases) // OTHERS)][:OTHERS]:
        for name in [*outs, *(each for each in ins if "elsewhere" in each)]:
            judge.send(name, door, case, {"If-Match": "1"})
    if not ACCESS.entries[door].public and (IN_FULL or number % 3 == 0):
        judge.refuse(cases[-1], door)


def _planted(judge: Judge, door: str, case: Case, number: int) -> None:
    """Send a body with a strange text in the place of every other one; in the suite, two of them for each door."""
    ins, kinds = judge.callers.admitted(door), list(PLANTED)
    for turn, what in enumerate(
        kinds if IN_FULL else (kinds[number % 3], kinds[3 + number % 3]), start=number
    ):
        judge.send(ins[turn % len(ins)], door, case, {"If-Match": "1"}, planted(case.body, PLANTED[what]))


def test_a_word_that_somebody_may_not_read_is_noticed(judge: Judge) -> None:
    """By role, by tie, by who wrote it; not what they sent themselves, nor what everybody reads."""
    now, people = judge.clock.now(), judge.callers.country.people

    def noticed(name: str, said: str, sent: Any = None) -> list[str]:
        answer = Response(200, json={"told": [f"about {said} and others"]})
        return list(judge.sealed.given_away(people[name], sent, answer, now))

    for name in ("ngo", "police"):
        assert not noticed(name, "Codreanu"), name
    for name in ("ngo2", "NGO elsewhere", "administrator", "coordinator", "auditor", "hotline"):
        assert noticed(name, "Codreanu"), name
    assert not noticed("ngo2", "Codreanu", {"family_name": "Codreanu"})
    assert not noticed("shelter", "Quince Lane 4, Northfield")
    for name in ("police", "ngo2", "auditor", "authority"):
        assert noticed(name, "Quince Lane 4, Northfield"), name
    case_id = next(each.case_id for each in judge.sealed.known["Codreanu"])
    assert judge.sealed.tied(people["ngo"], case_id)
    assert not judge.sealed.tied(people["NGO elsewhere"], case_id)


def test_every_check_is_one_that_fails(described: list[Described], stranger: Browser) -> None:
    """The checks themselves are tried on answers that are wrong: none may pass everything."""
    [door] = [each for each in described if each.name == "api.casework.work"]
    [case] = made_up(door, GenerationMode.POSITIVE, 1)[:1]
    answer = send(stranger, case, {})
    assert not list(complaints(case, answer))
    for status, kind, body in (
        (500, "application/problem+json", b"{}"), (418, "application/problem+json", b"{}"),
        (401, "text/html", b"<p>"), (401, "application/problem+json", b'{"type": 1}'), (200, "application/json", b"[]"),
    ):  # fmt: skip
        answer.status_code, answer.headers["content-type"], answer._content = status, kind, body
        assert list(complaints(case, answer)), (status, kind)
    assert len(CHECKS) == 4


def test_every_door_under_api_is_described(app: FastAPI, described: list[Described]) -> None:
    told: dict[str, Any] = app.openapi()["paths"]
    assert all(path.startswith("/api/") for path in told)
    assert len(described) > 100
    for each_door in described:
        door, operation = each_door.name, each_door.whole
        said = told[operation.path][operation.method.lower()]
        assert "HTTPValidationError" not in str(said), door
        assert said["security"] == ([] if ACCESS.entries[door].public else [{"session": []}])
        own = ("400",) if door == "api.accounts.token" else ()  # RFC 6749 says how a token is refused
        refusals = {
            code: each for code, each in said["responses"].items() if code >= "400" and code not in own
        }
        assert all(list(each["content"]) == ["application/problem+json"] for each in refusals.values())

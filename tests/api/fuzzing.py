"""Calling every described JSON door with what Schemathesis makes up, and with identifiers that something has."""

import json
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import quote
from uuid import UUID

import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.schemas import APIOperation

from tests.api.foreign import marked
from tests.doors.knocking import Records
from tests.fixtures.service import Browser

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SHORT = 40  # characters
# Identifiers are random; what is found is taken in the order of the story, so that every run makes the same calls.
TRACKS = 'FROM track JOIN "case" ON "case".id = case_id WHERE slug = %s ORDER BY created_at, opened_at'
ANYBODY = (
    "SELECT id FROM (SELECT id, name FROM organisation UNION SELECT id, email FROM user_account) AS anybody"
    " ORDER BY name"
)
MADE_UP = 4  # one identifier in so many is left as it was made up
MARKED = 3  # one body in so many bears marks


@dataclass(frozen=True)
class Described:
    """A door as it is described, and the same with short texts, out of which calls are made up.

    A pattern for 15,000 characters takes the generator most of its time; long texts are planted. Answers are held
    against the whole description.
    """

    name: str
    whole: APIOperation
    short: APIOperation


def operations(app: Any) -> list[Described]:
    """Every described door, with the name of its route."""
    described = _without_headers(app.openapi())
    named = {(path, method): name for path, method, name in _routes(app)}
    both = [schemathesis.openapi.from_dict(each) for each in (described, _shortened(described))]
    return [
        Described(named[whole.path, whole.method.upper()], whole, short)
        for whole, short in zip(
            *([each.ok() for each in schema.get_all_operations()] for schema in both), strict=True
        )
    ]


def _without_headers(described: dict[str, Any]) -> dict[str, Any]:
    """The description without what every call here brings itself; made up, it would only cost time."""
    paths = {
        path: {
            method: {
                **door, "security": [],
                "parameters": [each for each in door.get("parameters", ()) if each["in"] != "header"],
            }
            for method, door in doors.items()
        }
        for path, doors in described["paths"].items()
    }  # fmt: skip
    return {**described, "paths": paths}


def _shortened(described: Any) -> Any:
    if isinstance(described, dict):
        found = {name: _shortened(each) for name, each in described.items()}
        return (
            found | {"maxLength": SHORT} if found.get("pattern") == r"\S" and "maxLength" in found else found
        )
    return [_shortened(each) for each in described] if isinstance(described, list) else described


def _routes(app: Any) -> Iterator[tuple[str, str, str]]:
    from tests.doors.knocking import doors

    return ((each.path, each.method, each.name) for each in doors(app))


def made_up(door: Described, mode: GenerationMode, examples: int, turn: int = 0) -> list[Case]:
    """So many cases of a door, the same ones at every run, others in every turn."""
    found: list[Case] = []

    @seed(turn)
    @settings(
        max_examples=examples, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), verbosity=Verbosity.quiet,
    )  # fmt: skip
    @given(case=door.short.as_strategy(generation_mode=mode))
    def gather(case: Case) -> None:
        case.operation = door.whole
        found.append(case)

    try:
        gather()
    except Unsatisfiable:  # a door that takes nothing cannot be sent anything wrong
        return []
    return found


@dataclass
class World:
    """The identifiers that the stories made, of which some are put into every call."""

    records: Records
    codes: AbstractSet[str]  # that forms ask for, and are left as they are
    numbers: Iterator[int] = field(default_factory=count)
    marks: Iterator[int] = field(default_factory=count)

    def one(self, query: str, *given: Any) -> Any:
        """One of what a query finds, another one at each call."""
        found = self.records.values(query, *given)
        return found[next(self.numbers) % len(found)] if found else None

    def real(self, case: Case) -> dict[str, str]:
        """Put identifiers into a call that something has; return the header of the version."""
        parts = case.path_parameters or {}
        if next(self.numbers) % MADE_UP == 0:
            return {"If-Match": "1"}
        for name in parts:
            if (known := self._known(name, case.path)) is not None:
                parts[name] = str(known)
        case.path_parameters = parts
        case.body = self._with_known(case.body)
        if next(self.numbers) % MARKED == 0:
            case.body = marked(case.body, self.codes, self.marks)
        return {"If-Match": str(self._version(parts))}

    def _known(self, name: str, path: str) -> Any:
        slug = next((each for each in path.split("/tracks/")[1:]), "referral").split("/")[0]
        return {
            "case_id": lambda: (
                self.one(f"SELECT case_id {TRACKS}", slug)
                or self.one('SELECT id FROM "case" ORDER BY created_at')
            ),
            "track_id": lambda: self.one(f"SELECT track.id {TRACKS}", slug),
            "shelter_id": lambda: self.one("SELECT id FROM shelter ORDER BY women, men, children"),
            "user_id": lambda: self.one(
                "SELECT id FROM user_account WHERE email LIKE 'police2@%%' OR email LIKE 's%%2@%%' ORDER BY email"
            ),
            "section": lambda: ("names", "report", "age")[next(self.numbers) % 3],
        }.get(name, lambda: None)()

    def _version(self, parts: dict[str, Any]) -> int:
        """The version that the track, or the record of the person, has now."""
        if "track_id" in parts:
            return self._first("SELECT version FROM track WHERE id = %s", str(parts["track_id"]))
        return self._first("SELECT row_version FROM person WHERE case_id = %s", str(parts.get("case_id")))

    def _first(self, query: str, given_id: str) -> int:
        found = self.records.values(query, given_id) if _is_uuid(given_id) else []
        return int(found[0]) if found else 1

    def _with_known(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._with_known(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._with_known(each) for each in value]
        if isinstance(value, str) and _is_uuid(value):
            return str(self.one(ANYBODY))
        return value


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def send(browser: Browser, case: Case, headers: Mapping[str, str], body: Any = None) -> Any:
    """Send a case through our own client; nothing of it is repaired on the way."""
    path = case.path
    for name, value in (case.path_parameters or {}).items():
        path = path.replace(f"{{{name}}}", quote(str(value), safe="") or "-")
    has_body = isinstance(case.body, (dict, list, str, int, float)) or case.body is None
    content = (
        json.dumps(case.body if body is None else body).encode()
        if has_body and case.method != "GET"
        else None
    )
    said = {"X-CSRF-Token": browser.token or "", **headers}
    if content is not None:
        said["Content-Type"] = "application/json"
    query = {name: value for name, value in (case.query or {}).items() if value is not None}
    return browser.client.request(case.method, path, params=query, headers=said, content=content)


def complaints(case: Case, answer: Any) -> Iterable[str]:
    """What is wrong with an answer, by the description of its door."""
    try:
        case.validate_response(answer, checks=CHECKS)
    except (FailureGroup, Failure) as failure:
        told = " ".join(str(each) for each in getattr(failure, "exceptions", [failure]))
        yield f"{case.method} {case.formatted_path}: {answer.status_code} {told[:700]}"


def planted(value: Any, text: str) -> Any:
    """The same body with a text in the place of every other one."""
    if isinstance(value, dict):
        return {name: planted(each, text) for name, each in value.items()}
    if isinstance(value, list):
        return [planted(each, text) for each in value]
    return text if isinstance(value, str) else value

"""What may not stand in an answer: the words of sealed parts, by author, category and case.

Reads the file of the matrix in a way of its own, and the ties as only the superuser of the database sees them.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from app.safeguards import matrix as room
from app.safeguards.vault.envelope import Context, open_
from app.safeguards.vault.keys import DataKeys
from app.safeguards.words import Role
from tests.doors.knocking import Records

CANARY = "kanari-"
SHORTEST = 5  # of a word that says anything
NUMBER = re.compile(r"[\d:.+TZ-]*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WORKING = {"lead", "assigned", "shelter", "guardian", "authority", "mandate"}
INVITED = {"recipient", "shelter_asked"}
TIMED = {"oversight", "emergency"}
KNOWS_PLACE = {"NGO": {"lead"}, "SOC": {"lead"}, "SHE": {"shelter"}, "GUA": {"guardian"}}
BREAKING = {"POL", "NGO", "SOC", "HEA", "SHE", "GUA", "LEG"}
BY_OFFICE = {"AUD", "DPO"}
NEVER_BACK = BY_OFFICE | {"ADM", "NCR"}
JUDGING = {"SUP", "AUD", "DPO"}  # read the reasons that others state
PARTS = (
    "SELECT id, case_id, record_type, record_id, category, row_version, author_organisation_id, author_role, key_id,"
    " envelope FROM part WHERE id <> ALL (%s)"
)
TEAM = (
    "SELECT relation FROM team_member WHERE case_id = %s AND from_at <= %s AND (until_at IS NULL OR until_at >= %s)"
    " AND (user_id = %s OR (user_id IS NULL AND organisation_id = %s AND role = %s))"
)
EVER = (
    "SELECT relation FROM team_member WHERE case_id::text = %s"
    " AND (user_id = %s OR (user_id IS NULL AND organisation_id = %s AND role = %s))"
)
LENT = "SELECT category FROM share WHERE case_id = %s AND organisation_id = %s AND (ended_at IS NULL OR ended_at >= %s)"
OPEN = "SELECT name FROM user_account UNION SELECT name FROM organisation"


@dataclass(frozen=True)
class Place:
    """Where a word is sealed."""

    case_id: UUID
    kind: str
    category: str
    organisation_id: UUID | None
    role: str


@dataclass(frozen=True)
class Reader:
    """Who reads an answer."""

    user_id: UUID
    organisation_id: UUID
    role: Role


def cells() -> dict[tuple[str, str], str]:
    """Return the matrix as text."""
    file = Path(room.__file__).with_name("matrix.yaml")
    head, *rows = [line.split() for line in yaml.safe_load(file.read_text("utf-8"))["matrix"].splitlines()]
    return {
        (role, category): cell
        for role, *texts in rows
        for category, cell in zip(head[1:], texts, strict=True)
    }


CELLS = cells()


@dataclass
class Sealed:
    """The words of all sealed parts: at first those of the stories, later those that were marked."""

    records: Records
    keys: DataKeys
    codes: AbstractSet[str]  # of the forms: they stand everywhere
    known: dict[str, set[Place]] = field(default_factory=lambda: defaultdict(set))
    _seen: list[UUID] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Read what the stories sealed."""
        said = self.codes | set(self.records.values(OPEN))
        self._read(lambda word: word not in said and len(word) >= SHORTEST and not NUMBER.fullmatch(word))
        assert len(self.known) > 50, "there is nothing that an answer could give away"

    def _read(self, wanted: Any) -> None:
        rows = self.records.line().execute(PARTS, [self._seen]).fetchall()
        opened = self.keys.opened({row[8] for row in rows})
        for part_id, case_id, kind, record_id, category, version, house, role, key_id, envelope in rows:
            self._seen.append(part_id)
            if key_id not in opened:
                continue  # destroyed: nobody reads it any more
            fields = open_(
                opened[key_id], bytes(envelope), Context(case_id, category, record_id, version, key_id)
            )
            for word in filter(wanted, leaves(fields)):
                self.known[_inside(word)].add(Place(case_id, kind, category, house, role))

    def given_away(self, reader: Reader, sent: Any, answer: Any, now: datetime) -> Iterator[str]:
        """Say which words an answer bears that its reader may not read, and did not send themselves."""
        if CANARY in answer.text:
            self._read(lambda word: CANARY in word)
        text, own = _said(answer), _inside(sent)
        for word in [each for each in self.known if each in text and each not in own]:
            places = self.known[word]
            if not any(self.may_read(reader, place, now) for place in places):
                where = ", ".join(sorted(f"{each.category} of a {each.kind}" for each in places))
                yield f"{reader.role.value} was given {word!r} ({where})"

    def relations(self, reader: Reader, case_id: Any, now: datetime) -> set[str]:
        """Return what ties somebody to a case now."""
        return set(self.records.values(
            TEAM, case_id, now, now, reader.user_id, reader.organisation_id, reader.role.value
        ))  # fmt: skip

    def tied(self, reader: Reader, case_id: Any) -> bool:
        """Say whether somebody is or was on the team of a case, or sees of every one what exists."""
        if reader.role.value in BY_OFFICE:
            return True
        who = (reader.user_id, reader.organisation_id, reader.role.value)
        return bool(self.records.values(EVER, str(case_id), *who))

    def may_read(self, reader: Reader, place: Place, now: datetime) -> bool:
        """Judge by the file, the ties and what is lent."""
        role, own = (
            reader.role.value,
            (reader.organisation_id, reader.role.value) == (place.organisation_id, place.role),
        )
        if place.kind == "reason" and role in JUDGING:
            return True
        if place.kind == "shelter":
            return role == "SHE"
        relations = self.relations(reader, place.case_id, now)
        if role in BY_OFFICE:
            half = _half(CELLS[role, place.category], own=False)
            return half[0] == "R" and "g" not in half
        if not relations or (place.category == "LOC" and not relations & KNOWS_PLACE.get(role, set())):
            return False
        lent = place.category in self.records.values(LENT, place.case_id, reader.organisation_id, now)
        return (
            _opens(_half(CELLS[role, place.category], own=own), relations, place.category, lent=lent)
            or (own and role not in NEVER_BACK)
            or ("emergency" in relations and role in BREAKING and place.category not in {"LOC", "STA"})
        )


def _half(cell: str, *, own: bool) -> str:
    first, plus, second = cell.partition("+")
    if plus:
        return second if own else first
    return first if own or "o" not in first else "0"


def _opens(half: str, relations: set[str], category: str, *, lent: bool) -> bool:
    """Judge half a cell."""
    level, asks, works = half[0], set(half[1:]), bool(relations & WORKING)
    lacking = ("c" in asks and not lent) or ("t" in asks and not relations & TIMED)
    if level not in "RW" or "g" in asks or lacking:
        return False
    if category == "SVC" and relations & INVITED:
        return True
    if "a" in asks:
        return works
    return works or bool(asks & {"t", "o"}) or ("c" in asks and bool(relations - INVITED))


def leaves(value: Any) -> Iterator[str]:
    """Yield every text within a value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from leaves(each)
    elif isinstance(value, str):
        yield value


def _said(answer: Any) -> str:
    """Return an answer with its letters as they are: JSON, or what is taken away line by line."""
    try:
        return _inside(answer.json())
    except ValueError:
        return "\n".join(_inside(json.loads(each)) for each in answer.text.splitlines())


def _inside(value: Any) -> str:
    """Return how a text stands within JSON, wherever in it."""
    said = json.dumps(value, ensure_ascii=False, default=str)
    return said[1:-1] if isinstance(value, str) else said


def codes_of(described: Any) -> AbstractSet[str]:
    """Return every code that the description of the doors names."""
    found: set[str] = set()
    if isinstance(described, dict):
        found |= {each for each in described.get("enum", ()) if isinstance(each, str)}
        found |= {described["const"]} if isinstance(described.get("const"), str) else set()
        described = list(described.values())
    if isinstance(described, list):
        for each in described:
            found |= codes_of(each)
    return found


def marked(value: Any, codes: AbstractSet[str], numbers: Iterator[int]) -> Any:
    """Return a body with a mark of its own in each free text, by which it is known again in an answer."""
    if isinstance(value, dict):
        return {name: marked(each, codes, numbers) for name, each in value.items()}
    if isinstance(value, list):
        return [marked(each, codes, numbers) for each in value]
    if not isinstance(value, str) or value in codes or NUMBER.fullmatch(value):
        return value
    return f"{value[:20]} {CANARY}{next(numbers):06}"

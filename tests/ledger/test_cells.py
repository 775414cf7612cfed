"""Each cell of the matrix by which somebody gets at data: one event when it is used, and it says all that it must."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import create_model
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.cases import service as cases
from app.demo import acting as people
from app.kit.clock import HeldClock
from app.kit.ids import new_id
from app.safeguards import access
from app.safeguards.access import Actor
from app.safeguards.fields import Form, asked
from app.safeguards.models import LedgerEvent
from app.safeguards.opening import classify
from app.safeguards.vault import parts
from app.safeguards.vault.parts import Wanted
from app.safeguards.words import Act, Category, Level, Relation, Role
from app.safeguards.work import Work
from app.web.door import Runtime
from tests.fixtures.service import As
from tests.fixtures.watched import Watch, lacking
from tests.safeguards.told import Told, begin

CODES = {each: f"said_of_{each.value.lower()}" for each in Category}
CELLS: type[Form] = create_model(  # one question of each category, which the minimum keeps
    "Cells", __base__=Form,
    **{name: (str | None, asked(each, "Said", default=None, minimal=True)) for each, name in CODES.items()},
)  # fmt: skip
RECORD = "step:cells"
classify(RECORD, CELLS)
VALUES = {name: f"Quince {name}" for name in CODES.values()}
TIMED = (Relation.OVERSIGHT, Relation.EMERGENCY)


@pytest.fixture
def actors(runtime: Runtime) -> dict[Role, Actor]:
    """Somebody in each role, each with a session and a passkey, all of one organisation."""
    with people.as_system(runtime) as work:
        house = accounts.add_organisation(work, "Everybody", "NGO")
        users = {
            role: accounts.add_user(work, house, role, name=role.value, email=f"{role.value}@example.org")
            for role in Role
            if role is not Role.SYS
        }
        work.commit()
    return {
        role: Actor(user, role, house, session_id=new_id(), authenticator="passkey")
        for role, user in users.items()
    }


class Cells:
    """Cases on whose teams all roles stand, each case in one relation, and what is written there."""

    def __init__(self, runtime: Runtime, clock: HeldClock, actors: dict[Role, Actor]) -> None:
        self.runtime, self.clock, self.actors = runtime, clock, actors
        self.foreign: dict[UUID, UUID] = {}
        self.own: dict[tuple[UUID, Role], list[UUID]] = {}
        self.cases = {relation: self._case(relation) for relation in Relation}

    @contextmanager
    def acting(self, actor: Actor) -> Iterator[Work]:
        with Session(self.runtime.engine, expire_on_commit=False) as session:
            yield Work(actor, "assistance", session, self.clock, self.runtime.keys).begin()

    def _case(self, relation: Relation) -> UUID:
        with people.as_persona(self.runtime, "ngo2") as work:
            case_id = cases.begin_case(work)
            self.foreign[case_id] = self._written(work, case_id)
            cases.record_person(work, case_id, VALUES, CELLS)
            until = self.clock.now() + timedelta(hours=1) if relation in TIMED else None
            for role, actor in self.actors.items():
                assert actor.organisation_id
                access.grant(
                    work, case_id, relation, role=role, organisation_id=actor.organisation_id,
                    user_id=actor.user_id, until=until, reason="Asked" if until else None, categories=Category,
                )  # fmt: skip
            access.share(
                work, case_id, organisation_id=actor.organisation_id, categories=Category, purpose="a test",
                basis="consent", track_id=new_id(), until=None,
            )  # fmt: skip
            work.commit()
        return case_id

    def _written(self, work: Work, case_id: UUID) -> UUID:
        record_id = new_id()
        written = work.seal(case_id, RECORD, record_id, VALUES, CELLS)
        work.record(Act.COLLECT, case_id=case_id, written=written, rule="a test")
        return record_id

    def write_own(self, relation: Relation) -> None:
        """Let each role write a record of its own in one case."""
        case_id = self.cases[relation]
        for role, actor in self.actors.items():
            with self.acting(actor) as work:
                self.own[case_id, role] = [self._written(work, case_id)]
                work.commit()

    def open(self) -> Counter[tuple[Any, ...]]:
        """Let everybody open everything everywhere; return the cells that gave something."""
        given: Counter[tuple[Any, ...]] = Counter()
        for role, actor in self.actors.items():
            with self.acting(actor) as work:
                for relation, case_id in self.cases.items():
                    shown = work.reveal(case_id, [self.foreign[case_id], *self.own.get((case_id, role), ())])
                    given.update(
                        (role, relation, part.category, part.own) for part in shown.parts if part.fields
                    )
                work.commit()
        return given

    def change(self) -> Counter[tuple[Any, ...]]:
        """Let everybody change of the person's record what they may; return the cells that let them."""
        given: Counter[tuple[Any, ...]] = Counter()
        for relation, case_id in self.cases.items():
            version = 1
            for role, actor in self.actors.items():
                with self.acting(actor) as work:
                    allowed = [each for each in Category if work.may(case_id, each, "write").allowed]
                    if allowed:
                        form = CELLS(**{CODES[each]: "Medlar" for each in allowed})
                        version = cases.correct_person(work, case_id, form, version)
                        work.commit()
                    given.update((role, relation, each) for each in allowed)
        return given

    def permitted(self) -> set[tuple[Any, ...]]:
        """The cells that let somebody read what others wrote."""
        found = set()
        for role, actor in self.actors.items():
            with self.acting(actor) as work:
                found |= {
                    (role, relation, category)
                    for relation, case_id in self.cases.items()
                    for category in Category
                    if work.may(case_id, category).level in (Level.READ, Level.WRITE)
                }
        return found

    def told(self, act: Act) -> list[dict[str, Any]]:
        """The events of those actors' acts of that kind, as the auditor reads them."""
        with people.as_persona(self.runtime, "auditor") as work:
            query = select(LedgerEvent.body).where(LedgerEvent.act == act.value).order_by(LedgerEvent.id)
            found = [json.loads(body) for body in work.session.scalars(query)]
        ours = {str(each.user_id) for each in self.actors.values()}
        return [each for each in found if each["actor"] in ours]

    def relation(self, body: dict[str, Any]) -> Relation:
        return next(each for each, case_id in self.cases.items() if str(case_id) == body["case"])


@pytest.fixture
def cells(runtime: Runtime, clock: HeldClock, actors: dict[Role, Actor]) -> Cells:
    return Cells(runtime, clock, actors)


def test_each_cell_of_the_matrix_that_is_used_is_one_whole_event(cells: Cells, record_property: Any) -> None:
    cells.write_own(Relation.ASSIGNED)
    opened, looks = cells.open(), cells.told(Act.CONSULT)
    own = {str(record) for records in cells.own.values() for record in records}
    assert opened == Counter(
        (Role(each["role"]), cells.relation(each), Category(category), record in own)
        for each in looks
        for record, category, _version in each["records"]
    )
    assert {cell[:3] for cell in opened if not cell[3]} == cells.permitted()
    assert len({(each["actor"], each["case"]) for each in looks}) == len(looks)
    changed, changes = cells.change(), cells.told(Act.ALTER)
    assert changed == Counter(
        (Role(each["role"]), cells.relation(each), Category(category))
        for each in changes
        for _record, category, _version, _digest in each["records"]
    )
    assert len({(each["actor"], each["case"]) for each in changes}) == len(changes)
    for each in looks + changes:
        assert lacking(each) == []
        assert each["session"] == str(cells.actors[Role(each["role"])].session_id)
        assert each["purpose"] == "assistance"
        assert each["fields"] == {code: [CODES[Category(code)]] for code in each["categories"]}
        assert each["rules"].keys() == set(each["categories"])
        assert not {word for word in ("Quince", "Medlar") if word in json.dumps(each)}
    record_property("G9", f"{len(opened)} cells read and {len(changed)} written, each in one whole event")


def test_what_the_ledger_does_not_say_is_noticed_in_every_test(acting: As, watch: Watch) -> None:
    case_id, record_id = begin(acting)
    with acting("ngo") as work:
        work.seal(case_id, "told", record_id, {"name": "Quince"}, Told)
        wanted = Wanted(case_id, (record_id,), frozenset(Category), frozenset())
        parts.read(work.session, work.keys, work.actor, wanted)
        work.record(Act.ALTER, case_id=new_id())
        work.commit()
    assert sorted(watch.found) == [
        "a part of a told was written (ID), and 0 events say so", "alter: records or what", "alter: rule or rules",
        f"parts of {case_id} were opened, and no event says so",
    ]  # fmt: skip
    watch.found.clear()

"""What is selected of sealed parts, statement by statement, past row-level security: each decides by itself."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.orm import Session

from app.kit.errors import OutOfReach
from app.safeguards.access import Actor, system_actor
from app.safeguards.models import Part
from app.safeguards.vault import parts
from app.safeguards.vault.parts import Wanted
from app.safeguards.words import Category, Role
from app.settings import Settings
from app.web.door import Runtime

NOW, CASE, OTHER = datetime(2026, 3, 2, 9, 0, tzinfo=UTC), UUID(int=700), UUID(int=701)
ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)
ID, HEA, LOC = Category.ID, Category.HEA, Category.LOC
HERS = Actor(UUID(int=11), Role.NGO, UUID(int=21))
COLLEAGUE = Actor(UUID(int=12), Role.NGO, UUID(int=21))
THERE = Actor(UUID(int=13), Role.NGO, UUID(int=22))
ROLE = Actor(UUID(int=14), Role.POL, UUID(int=21))
NONE = frozenset[Category]()


class Desk:
    """Somebody writes and reads parts as the owner of the database may."""

    def __init__(self, session: Session, runtime: Runtime) -> None:
        self.session, self.keys = session, runtime.keys

    def write(
        self, by: Actor, record: UUID, case: UUID = CASE, kind: str = "shelter", **said: Any
    ) -> list[parts.Written]:
        values = {Category(code): fields for code, fields in said.items()}
        return parts.write(self.session, self.keys, by, NOW, case, kind, record, values)

    def read(
        self, by: Actor, *records: UUID, foreign: Any = NONE, own: Any = NONE, case: UUID = CASE
    ) -> list[Any]:
        wanted = Wanted(case, records, frozenset(foreign), frozenset(own))
        found = parts.read(self.session, self.keys, by, wanted)
        return [(each.record_id, each.category, each.row_version, each.own, each.fields) for each in found]

    def rows(self) -> set[tuple[UUID, str]]:
        return {
            (each.record_id, each.category)
            for each in self.session.execute(select(Part.record_id, Part.category))
        }


@pytest.fixture
def desk(given: Settings, runtime: Runtime) -> Iterator[Desk]:
    engine = create_engine(str(given.database_url))
    with Session(engine) as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text("DELETE FROM part"))
        yield Desk(session, runtime)
    engine.dispose()


def test_the_newest_version_that_may_be_seen_is_opened_and_nothing_else(desk: Desk) -> None:
    assert desk.write(HERS, ONE) == []
    [health, name] = desk.write(HERS, ONE, ID={"name": "Amara", "alias": None}, HEA={"illness": "Asthma"})
    assert (name.record_id, name.category, name.row_version, name.fields) == (ONE, ID, 1, ("alias", "name"))
    assert (health.category, health.row_version) == (HEA, 1)
    row = desk.session.scalars(select(Part).where(Part.category == "ID")).one()
    assert hashlib.sha256(row.envelope).hexdigest() == name.digest
    assert name.named() == [ONE, "ID", 1, name.digest]
    assert (row.case_id, row.record_type, row.sealed_at) == (CASE, "shelter", NOW)
    assert (row.author_user_id, row.author_role, row.author_organisation_id) == (
        HERS.user_id,
        "NGO",
        UUID(int=21),
    )
    [second] = desk.write(THERE, ONE, ID={"name": "Amara Bello"})
    assert second.row_version == 2
    desk.write(HERS, TWO, ID={"name": "Oksana"})
    desk.write(HERS, THREE, OTHER, ID={"name": "Leila"})
    both = [(ONE, ID, 2, False, {"name": "Amara Bello"}), (TWO, ID, 1, True, {"name": "Oksana"})]
    assert desk.read(HERS, ONE, TWO, THREE, foreign=[ID]) == both
    assert desk.read(HERS, ONE, foreign=[ID]) == both[:1]
    assert desk.read(HERS, ONE, foreign=[LOC]) == desk.read(HERS, ONE) == []
    own = [(ONE, ID, 1, True, {"name": "Amara", "alias": None})]
    assert desk.read(HERS, ONE, own=[ID]) == own  # what somebody else wrote since hides nothing
    assert desk.read(COLLEAGUE, ONE, own=[ID]) == own
    assert desk.read(ROLE, ONE, own=[ID]) == desk.read(HERS, ONE, own=[LOC]) == []
    assert desk.read(THERE, ONE, own=[ID]) == [(ONE, ID, 2, True, {"name": "Amara Bello"})]
    assert desk.read(HERS, ONE, foreign=[ID, HEA])[0] == (ONE, HEA, 1, True, {"illness": "Asthma"})
    assert parts.latest(desk.session, ONE) == {"ID": 2, "HEA": 1}
    assert parts.latest(desk.session, ONE, HERS.user_id) == {"ID": 1, "HEA": 1}
    assert parts.latest(desk.session, ONE)["LOC"] == 0
    desk.keys.form = 2
    [again] = desk.write(system_actor(), ONE, LOC={"street": "Quince Lane"})
    assert again.row_version == 1
    forms = desk.session.scalars(select(func.substring(Part.envelope, 1, 1)).order_by(Part.category == "LOC"))
    assert [bytes(each) for each in forms] == [b"\1"] * 5 + [b"\2"]
    assert desk.read(HERS, ONE, foreign=[LOC, HEA]) == [
        (ONE, HEA, 1, True, {"illness": "Asthma"}), (ONE, LOC, 1, False, {"street": "Quince Lane"}),
    ]  # fmt: skip


def test_of_many_records_one_part_each_is_opened(desk: Desk) -> None:
    for record in (ONE, TWO):
        desk.write(HERS, record, ID={"name": "hers"}, LOC={"street": "hers"})
        desk.write(THERE, record, ID={"name": "theirs"})

    def each(by: Actor, *wanted: tuple[UUID, Category, bool]) -> list[tuple[UUID, Category, str]]:
        found = parts.read_each(desk.session, desk.keys, by, iter(wanted))
        return [(part.record_id, part.category, *part.fields.values()) for part in found]

    assert each(HERS) == []
    assert each(HERS, (ONE, ID, True), (TWO, ID, False)) == [(ONE, ID, "theirs"), (TWO, ID, "hers")]
    assert each(ROLE, (ONE, ID, False), (TWO, ID, True)) == [(TWO, ID, "theirs")]
    assert each(HERS, (ONE, LOC, True), (TWO, ID, True)) == [(ONE, LOC, "hers"), (TWO, ID, "theirs")]
    assert each(HERS, (THREE, ID, True)) == []


def test_what_is_carried_is_what_the_actor_wrote_last_and_a_draft_is_all_that_goes(desk: Desk) -> None:
    desk.write(HERS, ONE, ID={"name": "first"}, LOC={"street": "hers"}, HEA={"illness": "hers"})
    desk.write(HERS, ONE, ID={"name": "second"})
    desk.write(COLLEAGUE, ONE, ID={"name": "a colleague's"})
    desk.write(HERS, THREE, OTHER, ID={"name": "elsewhere"})
    carried = parts.carry(desk.session, desk.keys, HERS, NOW, CASE, ONE, OTHER, "draft", TWO, [ID, LOC])
    assert [(each.record_id, each.category, each.row_version) for each in carried] == [
        (TWO, ID, 1),
        (TWO, LOC, 1),
    ]
    assert desk.session.scalar(text("SELECT current_setting('nrm.carrying')")) == ""
    assert {each.record_type for each in desk.session.scalars(select(Part).where(Part.record_id == TWO))} == {
        "draft"
    }
    assert desk.read(HERS, TWO, foreign=[ID, LOC, HEA], case=OTHER) == [
        (TWO, ID, 1, True, {"name": "second"}), (TWO, LOC, 1, True, {"street": "hers"}),
    ]  # fmt: skip
    assert parts.carry(desk.session, desk.keys, HERS, NOW, OTHER, ONE, CASE, "draft", UUID(int=4), [ID]) == []
    assert (
        parts.carry(desk.session, desk.keys, THERE, NOW, CASE, ONE, OTHER, "draft", UUID(int=4), [ID]) == []
    )
    before = desk.rows()
    parts.erase_draft(desk.session, ONE)
    assert desk.rows() == before  # it is no draft
    parts.erase_draft(desk.session, TWO, [LOC])
    assert before - desk.rows() == {(TWO, "LOC")}
    parts.erase_draft(desk.session, TWO, [])
    assert before - desk.rows() == {(TWO, "LOC")}
    parts.erase_draft(desk.session, TWO)
    assert before - desk.rows() == {(TWO, "LOC"), (TWO, "ID")}


def test_a_part_whose_key_is_destroyed_is_nothing_and_a_damaged_one_stops_all(desk: Desk) -> None:
    desk.write(HERS, ONE, ID={"name": "Amara"}, HEA={"illness": "Asthma"})
    desk.keys.destroy(CASE, NOW, [HEA])
    assert [each[1] for each in desk.read(HERS, ONE, foreign=[ID, HEA])] == [ID]
    desk.session.execute(text("UPDATE part SET row_version = 7 WHERE category = 'ID'"))
    with pytest.raises(OutOfReach) as caught:
        desk.read(HERS, ONE, foreign=[ID])
    assert str(caught.value) == "A sealed part cannot be read. Nothing is shown; tell the administrator."

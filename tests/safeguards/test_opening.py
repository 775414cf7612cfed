"""What is left of what was opened, what the ledger is told of it, and that one look is told once."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from app.safeguards.access import Actor
from app.safeguards.fields import Form, asked
from app.safeguards.matrix import Decision, Standing
from app.safeguards.opening import MINIMAL, classify, consulted, decisions, narrow, sealed
from app.safeguards.vault.parts import Opened, Written
from app.safeguards.words import Category, Level, Relation, Role
from app.safeguards.work import Work

RECORD, OTHER = UUID(int=1), UUID(int=2)
LEAST, ALL = Decision(True, Level.READ, True, "x"), Decision(True, Level.READ, False, "x")


def part(category: Category = Category.ID, version: int = 1, record: UUID = RECORD, **fields: Any) -> Opened:
    return Opened("an opening", record, category, version, False, fields)


def test_of_the_minimised_only_what_its_forms_declare_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    class First(Form):
        name: str = asked(Category.ID, "Name", minimal=True)
        nickname: str = asked(Category.ID, "Nickname")

    class Second(Form):
        age: str = asked(Category.ID, "Age", minimal=True)

    class Later(Form):
        sex: str = asked(Category.ID, "Sex", minimal=True)

    monkeypatch.setattr("app.safeguards.opening.MINIMAL", kept := dict(MINIMAL))
    known = part(name="Ana", nickname="An", age="20", sex="f")
    assert narrow(known, ALL) == known
    assert narrow(known, LEAST) == part()  # of what nobody classified, nothing
    classify("an opening", First, Second)
    assert narrow(known, LEAST) == part(name="Ana", age="20")
    classify("an opening", Later)
    assert narrow(known, LEAST) == part(name="Ana", age="20", sex="f")
    assert kept.keys() - MINIMAL.keys() == {"an opening"}
    assert narrow(known._replace(own=True, record_id=OTHER, row_version=3), LEAST) == Opened(
        "an opening", OTHER, Category.ID, 3, True, {"name": "Ana", "age": "20", "sex": "f"}
    )


def test_the_ledger_is_told_names_of_fields_versions_and_every_rule() -> None:
    shown = [
        part(name="Ana"), part(Category.HEA, 2, illness="x"), part(record=OTHER, version=3, nickname="An", age="20"),
    ]  # fmt: skip
    assert consulted(shown, lambda one: f"rule {one.row_version}") == {
        "categories": ["HEA", "ID"],
        "fields": {"ID": ["age", "name", "nickname"], "HEA": ["illness"]},
        "records": [[str(RECORD), "ID", 1], [str(RECORD), "HEA", 2], [str(OTHER), "ID", 3]],
        "rules": {"ID": "rule 1; rule 3", "HEA": "rule 2"},
    }
    written = [
        Written(RECORD, Category.ID, 1, "d1", ("name", "age")), Written(RECORD, Category.EXP, 1, "d2", ("account",)),
        Written(OTHER, Category.ID, 4, "d3", ("nickname",)),
    ]  # fmt: skip
    assert sealed(written) == {
        "categories": ["EXP", "ID"],
        "fields": {"ID": ["age", "name", "nickname"], "EXP": ["account"]},
        "records": [[RECORD, "ID", 1, "d1"], [RECORD, "EXP", 1, "d2"], [OTHER, "ID", 4, "d3"]],
    }
    assert sealed([]) == {}


def test_one_look_is_told_once_and_all_that_differs_anew() -> None:
    nothing: Any = None
    work = Work(Actor(UUID(int=7), Role.NGO, None), "test", nothing, nothing, nothing)
    first, second = part(name="Ana"), part(Category.HEA, illness="x")
    assert work.unrecorded([first]) == [first]
    assert work.unrecorded([first, second]) == [second]
    assert work.unrecorded([second, first]) == []
    for differs in (
        part(version=2, name="Ana"), part(Category.EXP, name="Ana"), part(record=OTHER, name="Ana"),
        part(name="Ana", age="20"), part(),
    ):  # fmt: skip
        assert work.unrecorded([differs]) == [differs]
    someone = replace(work, actor=Actor(UUID(int=8), Role.NGO, None))
    assert someone.unrecorded([first]) == [first]


def test_what_may_be_opened_is_what_may_be_read() -> None:
    foreign, own = decisions(Role.POL, Standing(frozenset({Relation.REFERRER})))
    assert foreign.said.keys() == own.said.keys() == set(Category)
    assert foreign.open == frozenset()
    assert own.open == {each for each, said in own.said.items() if said.allowed}
    assert Category.ID in own.open
    assert own.said[Category.ID].level is Level.WRITE
    assert Category.LOC not in own.open
    foreign, _own = decisions(Role.SHE, Standing(frozenset({Relation.SHELTER})))
    assert {foreign.said[each].level for each in foreign.open} == {Level.READ, Level.WRITE}

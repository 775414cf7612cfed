"""The keys of parts: made once, opened for a moment, destroyed for good; what cannot be had is said and logged."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

from app.kit.errors import OutOfReach, Refused
from app.safeguards.vault import keys as room
from app.safeguards.vault.keys import DataKeys
from app.safeguards.vault.provider import Bare, Wrapped
from app.safeguards.vault.quota import Quota
from app.safeguards.words import Category
from app.settings import Settings
from app.web.door import Runtime

NOW, CASE, OTHER = datetime(2026, 3, 2, 9, 0, tzinfo=UTC), UUID(int=700), UUID(int=701)
ID, HEA, LOC = Category.ID, Category.HEA, Category.LOC
GONE = "The keys cannot be reached. Nothing was lost; try again."
DAMAGED = "A key cannot be opened. Nothing is shown; tell the administrator."
SPENT = "More keys were asked for than one minute allows. Nothing was lost; wait a minute and try again."
ON_HOLD = "A legal hold stands on this case: nothing of it may be erased until the hold is ended."
Rows = Callable[..., list[Any]]


@pytest.fixture
def keys(runtime: Runtime) -> DataKeys:
    """The service's keys, as a process has them that has just begun."""
    return replace(runtime.keys, quota=Quota(), _open=type(runtime.keys._open)())


@pytest.fixture
def rows(given: Settings) -> Iterator[Rows]:
    """What an administrator of the database can read and write."""
    engine = create_engine(str(given.database_url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SET session_replication_role = replica"))  # past every trigger

        def asked(statement: str, **values: Any) -> list[Any]:
            done = connection.execute(text(statement), values)
            return [tuple(row) for row in done] if done.returns_rows else []

        yield asked
    engine.dispose()


def out_of_reach(
    said: str, logged: str, caplog: pytest.LogCaptureFixture, act: Callable[..., object], *given: object
) -> None:
    caplog.clear()
    with pytest.raises(OutOfReach) as caught, caplog.at_level(logging.WARNING, "app.keys"):
        act(*given)
    assert str(caught.value) == said
    assert [each.getMessage() for each in caplog.records if each.name == "app.keys"] == (
        [logged] if logged else []
    )


def test_keys_are_made_once_opened_for_half_a_minute_and_destroyed_for_good(
    keys: DataKeys, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = keys.for_sealing(CASE, [ID, HEA], NOW)
    assert set(made) == {ID, HEA}
    assert keys.for_sealing(CASE, iter([HEA]), NOW) == {HEA: made[HEA]}
    more = keys.for_sealing(CASE, [ID, HEA, LOC], NOW)
    assert {**more, **made} == more
    assert keys.for_sealing(OTHER, [ID], NOW)[ID] not in more.values()
    kept = "SELECT id, category, epoch, created_at, destroyed_at FROM keys.wrapped_key WHERE case_id = :case"
    stored = rows(kept, case=CASE)
    assert sorted(stored, key=str) == sorted(
        ((more[each], each.value, 1, NOW, None) for each in more), key=str
    )
    keys.quota = Quota(16)
    keys.quota._left = -1000.0  # what was made is in memory, and needs no opening
    opened = keys.opened(iter(more.values()))
    assert set(opened) == set(more.values())
    assert len(set(opened.values())) == 3
    assert {len(each) for each in opened.values()} == {32}
    assert repr(keys).count("_open") == 0
    keys.quota = Quota()
    believed = dict.fromkeys(more.values(), b"x" * 32)
    keys._open.update({each: (key, 1030.0) for each, key in believed.items()})
    monkeypatch.setattr(room.time, "monotonic", lambda: 1029.9)
    assert keys.opened(more.values()) == believed
    monkeypatch.setattr(room.time, "monotonic", lambda: 1030.0)
    assert keys.opened(more.values()) == opened
    assert {until for key_id, (_key, until) in keys._open.items() if key_id in more.values()} == {1060.0}
    keys.for_sealing(UUID(int=702), [ID], NOW)
    assert [*keys._open.values()][-1][1] == 1060.0
    monkeypatch.setattr(room, "HELD", 2)
    keys._remember({UUID(int=1): b"1", UUID(int=2): b"2", UUID(int=3): b"3"}, 0.0)
    assert list(keys._open) == [UUID(int=2), UUID(int=3)]  # the oldest goes first
    assert (keys.live(CASE), keys.live(OTHER), keys.live(UUID(int=9))) == (3, 1, 0)
    assert keys.destroy(CASE, NOW, [HEA]) == 1
    assert keys.alive(more.values()) == {more[ID], more[LOC]}
    assert keys.destroyed(CASE, ["HEA", "ID"]) == [more[HEA]]
    assert keys.destroyed(CASE, ["ID"]) == keys.destroyed(OTHER, ["HEA"]) == []
    assert set(keys.opened(more.values())) == {more[ID], more[LOC]}
    assert keys.for_sealing(CASE, [HEA], NOW)[HEA] != more[HEA]
    assert keys.destroy(CASE, NOW) == 3
    assert keys.destroy(CASE, NOW) == keys.live(CASE) == 0
    assert keys.destroyed(CASE, ["HEA", "ID", "LOC"]) == sorted(keys.destroyed(CASE, ["LOC", "ID", "HEA"]))
    assert len(keys.destroyed(CASE, ["HEA", "ID", "LOC"])) == 4
    assert {
        each for (each,) in rows("SELECT destroyed_at FROM keys.wrapped_key WHERE case_id = :c", c=CASE)
    } == {NOW}
    assert keys.live(OTHER) == 1
    assert keys.opened(more.values()) == {}


def test_what_a_backup_brings_back_is_neither_opened_nor_used_and_is_destroyed_again(
    keys: DataKeys, rows: Rows, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made = keys.for_sealing(CASE, [*Category][:5], NOW)
    before = rows("SELECT id, wrapped FROM keys.wrapped_key")
    assert keys.destroy(CASE, NOW) == 5
    for key_id, wrapped in before:
        rows(
            "UPDATE keys.wrapped_key SET wrapped = :w, destroyed_at = NULL WHERE id = :id",
            w=wrapped,
            id=key_id,
        )
    assert keys.live(CASE) == 5
    assert keys.opened(made.values()) == {}
    assert keys.alive(made.values()) == set()
    out_of_reach(GONE, "", caplog, keys.for_sealing, CASE, [*Category][:1], NOW)
    forgetful = replace(keys, erased=None, _open=type(keys._open)())
    assert set(forgetful.opened(made.values())) == set(made.values())
    assert forgetful.repeat_erasures(NOW) == 0
    monkeypatch.setattr(room, "AT_ONCE", 2)
    assert keys.repeat_erasures(NOW) == 5
    assert keys.repeat_erasures(NOW) == keys.live(CASE) == 0


def test_a_hold_begins_once_ends_once_and_stops_every_erasure(keys: DataKeys, rows: Rows) -> None:
    keys.for_sealing(CASE, [ID], NOW)
    assert not keys.held(CASE)
    keys.hold(CASE, "court", NOW)
    keys.hold(CASE, "another", NOW.replace(hour=10))
    assert rows("SELECT case_id, basis, set_at, ended_at FROM keys.hold") == [(CASE, "court", NOW, None)]
    assert (keys.held(CASE), keys.held(OTHER)) == (True, False)
    with pytest.raises(Refused) as caught:
        keys.destroy(CASE, NOW)
    assert str(caught.value) == ON_HOLD
    assert keys.erased is not None
    assert not keys.erased.known()
    keys.erased.add(dict.fromkeys(keys.for_sealing(OTHER, [ID], NOW).values(), 1))
    keys.hold(OTHER, "court", NOW)
    assert keys.repeat_erasures(NOW) == 0  # a hold that was set since stands
    assert (keys.end_hold(CASE, NOW), keys.end_hold(CASE, NOW), keys.held(CASE)) == (1, 0, False)
    assert keys.held(OTHER)
    keys.hold(CASE, "again", NOW)
    assert keys.held(CASE)


def test_what_cannot_be_had_is_said_whole_and_logged_without_a_word_of_the_database(
    keys: DataKeys, given: Settings, rows: Rows, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    made = keys.for_sealing(CASE, [ID, HEA], NOW)
    cold = replace(keys, _open=type(keys._open)())
    out_of_reach(DAMAGED, "1 wrapped keys are missing", caplog, cold.opened, [made[ID], UUID(int=5)])
    cold.quota = Quota(16)
    cold.quota._left = -1000.0
    out_of_reach(SPENT, "the quota of 16 keys a minute is used up", caplog, cold.opened, made.values())
    cold.quota = Quota()
    moved = given.keys_at.rename(tmp_path / "away")
    away = f"keys out of reach: {given.keys_at}: there is no key file. Create it, or restore it."
    try:
        out_of_reach(GONE, away, caplog, cold.opened, made.values())
        out_of_reach(GONE, away, caplog, cold.for_sealing, OTHER, [ID], NOW)
        out_of_reach(GONE, away, caplog, lambda: cold.stamping)
    finally:
        moved.rename(given.keys_at)
    assert cold.opened(made.values()) == keys.opened(made.values())
    assert cold.stamping == keys.provider.secret("stamps")
    colder = replace(keys, _open=type(keys._open)())
    rows("UPDATE keys.wrapped_key SET wrapped = wrapped || '\\x00' WHERE id = :id", id=made[ID])
    out_of_reach(DAMAGED, "one of 2 wrapped keys cannot be opened", caplog, colder.opened, made.values())
    colder.engine = create_engine(f"postgresql+psycopg://nobody@/none?host={tmp_path}")
    out_of_reach(GONE, "keys out of reach: OperationalError", caplog, colder.opened, made.values())


def test_a_keeper_that_answers_fewer_keys_than_it_was_asked_for_is_not_believed(
    keys: DataKeys, rows: Rows
) -> None:
    """Else one category would be sealed under the key of another."""
    honest = keys.provider
    made = keys.for_sealing(CASE, [ID, HEA], NOW)

    class Fewer:
        def wrap_many(self, asked: list[Bare]) -> list[bytes]:
            return honest.wrap_many(asked)[1:]

        def unwrap_many(self, asked: list[Wrapped]) -> list[bytes]:
            return honest.unwrap_many(asked)[1:]

    keys = replace(keys, provider=Fewer(), _open=type(keys._open)())
    with pytest.raises(ValueError, match="shorter"):
        keys.for_sealing(OTHER, [ID, HEA], NOW)
    with pytest.raises(ValueError, match="shorter"):
        keys.opened(made.values())
    assert rows("SELECT count(*) FROM keys.wrapped_key WHERE case_id = :c", c=OTHER) == [(0,)]
    assert not keys._open


def test_a_key_is_looked_for_once_more_where_a_rotation_ended_in_between(keys: DataKeys) -> None:
    made = keys.for_sealing(CASE, [ID], NOW)
    cold = replace(keys, _open=type(keys._open)())
    [before] = cold._wrapped({made[ID]})
    stale = before._replace(wrapped=before.wrapped[:-1] + bytes([before.wrapped[-1] ^ 1]))
    assert cold._unwrapped([stale]) == keys.opened([made[ID]])
    assert cold._unwrapped([]) == {}

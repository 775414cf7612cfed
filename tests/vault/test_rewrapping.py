"""Rotating and moving, counted: what was done of how much, batch by batch, and what holds up the end."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

from app.safeguards.vault import moving, rotation
from app.safeguards.vault.erased import Erased
from app.safeguards.vault.keyfile import KeyFile
from app.safeguards.vault.keys import CARRIED, DataKeys
from app.safeguards.vault.provider import Bare, Wrapped
from app.safeguards.vault.quota import Quota
from app.safeguards.vault.rotation import Rotated
from app.safeguards.vault.transit import Place, TransitKeys
from app.safeguards.words import Category
from app.settings import Settings
from app.web.door import Runtime
from tests.fixtures.slate import Slate
from tests.vault.keyservers import Transit, served

NOW, CASE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC), UUID(int=700)
FIVE = sorted(Category)[:5]
PATIENCE = 30  # seconds: a machine that runs the tests may be busy


class Fewer:
    """A keeper that loses one key of those it is asked for, in one direction."""

    def __init__(self, honest: Any, lost: str) -> None:
        self.honest, self.lost = honest, lost

    def __getattr__(self, name: str) -> Any:
        return getattr(self.honest, name)

    def wrap_many(self, asked: list[Bare]) -> list[bytes]:
        return self.honest.wrap_many(asked)[int(self.lost == "wrap") :]  # type: ignore[no-any-return]

    def unwrap_many(self, asked: list[Wrapped]) -> list[bytes]:
        return self.honest.unwrap_many(asked)[int(self.lost == "unwrap") :]  # type: ignore[no-any-return]


@pytest.fixture
def keys(runtime: Runtime, given: Settings, tmp_path: Path) -> DataKeys:
    """Five data keys of one case, and no other, under a key file of this test's own."""
    engine = create_engine(str(given.database_url))
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("DELETE FROM keys.wrapped_key"))
    engine.dispose()
    found = replace(
        runtime.keys, provider=KeyFile.create(tmp_path / "kek"), erased=Erased(tmp_path / "list"), quota=Quota(),
        _open=type(runtime.keys._open)(),
    )  # fmt: skip
    found.for_sealing(CASE, FIVE, NOW)
    return found


def wrapped(keys: DataKeys) -> dict[UUID, tuple[bytes, int]]:
    with keys.reached() as connection:
        rows = connection.execute(
            text("SELECT id, wrapped, epoch FROM keys.wrapped_key WHERE wrapped IS NOT NULL")
        )
        return {each.id: (bytes(each.wrapped), each.epoch) for each in rows}


def spoiled(given: Settings, key_id: UUID) -> None:
    engine = create_engine(str(given.database_url))
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE keys.wrapped_key SET wrapped = overlay(wrapped placing '\\x0000' from 20) WHERE id = :id"
            ),
            {"id": key_id},
        )
    engine.dispose()


def test_a_rotation_tells_how_far_it_is_and_leaves_nothing_behind(
    keys: DataKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    told: list[tuple[int, int]] = []
    before, opened = wrapped(keys), keys.opened(wrapped(keys))
    assert keys.erased is not None
    keys.erased.add({UUID(int=1): 1, UUID(int=2): 2})
    assert rotation.destroy_old(keys) == ()
    rotated = rotation.rotate(keys, lambda done, total: told.append((done, total)))
    assert rotated == Rotated(2, resumed=False, rewrapped=5, unreadable=frozenset())
    assert rotated.done
    assert told == [(2, 5), (4, 5), (5, 5)]
    after = wrapped(keys)
    assert after.keys() == before.keys()
    assert not {each for each, _epoch in after.values()} & {each for each, _epoch in before.values()}
    assert {(each[:5], epoch) for each, epoch in after.values()} == {(b"\1\0\0\0\2", 2)}
    assert keys.provider.minimum == 2
    with keys.reached() as connection:
        assert rotation.count_by_epoch(connection) == {2: 5}
        assert [rotation.count_below(connection, each) for each in (1, 2, 3)] == [0, 0, 5]
    keys._open.clear()
    assert keys.opened(before) == opened
    assert rotation.destroy_old(keys) == (1,)
    assert dict(keys.erased.known()) == {UUID(int=2): 2}
    keys.erased = None
    rotation.rotate(keys, lambda _done, _total: None)
    assert rotation.destroy_old(keys) == (2,)


def test_what_cannot_be_opened_is_named_counted_once_and_holds_up_the_end(
    keys: DataKeys, given: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    bad = sorted(wrapped(keys))[1]
    spoiled(given, bad)
    told: list[tuple[int, int]] = []
    rotated = rotation.rotate(keys, lambda done, total: told.append((done, total)))
    assert rotated == Rotated(2, resumed=False, rewrapped=4, unreadable=frozenset({bad}))
    assert not rotated.done
    assert told == [(1, 5), (3, 5), (4, 5)]
    assert keys.provider.minimum == 1
    assert rotation.rotate(keys, lambda *_said: None) == Rotated(
        2, resumed=True, rewrapped=0, unreadable=frozenset({bad})
    )
    keys.provider.raise_minimum(2)
    with pytest.raises(ValueError, match=r"^1 data keys are still wrapped below epoch 2: rotate first\.$"):
        rotation.destroy_old(keys)
    assert keys.provider.epochs == (1, 2)


def test_a_rotation_that_another_overtook_puts_nothing_back(keys: DataKeys) -> None:
    def overtaken(_done: int, _total: int) -> None:
        if keys.provider.minimum == 1:
            assert [rotation.rotate(keys, lambda *_said: None).epoch for _each in range(2)] == [2, 3]

    assert rotation.rotate(keys, overtaken).done
    assert keys.provider.minimum == 3


def test_what_is_destroyed_while_it_is_rewrapped_stays_destroyed(keys: DataKeys) -> None:
    def destroying(_done: int, _total: int) -> None:
        keys.destroy(CASE, NOW, [FIVE[0]])

    old = wrapped(keys)
    first = min(old)
    with keys.reached() as connection:
        row = connection.execute(
            text("SELECT id, case_id, category, wrapped FROM keys.wrapped_key WHERE id = :id"), {"id": first}
        ).one()
    keys.destroy(CASE, NOW)
    with keys.reached() as connection:
        rotation._rewrap(keys, connection, [row], set())
    assert wrapped(keys) == {}
    keys.for_sealing(CASE, FIVE, NOW)
    rotated = rotation.rotate(keys, destroying)
    assert (rotated.rewrapped, rotated.done, len(wrapped(keys))) == (5, True, 4)


def test_moving_tells_how_far_it_is_and_carries_one_secret_along(
    keys: DataKeys, slate: Slate, given: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "BATCH", 2)
    told: list[tuple[int, int]] = []
    opened, stamps = keys.opened(wrapped(keys)), keys.provider.secret("stamps")
    token = tmp_path / "token"
    token.touch(0o600)
    token.write_text("s.service")
    with served(Transit()) as url:
        into = TransitKeys(Place(url, token, timeout=PATIENCE))
        into.advance()
        running = create_engine(str(given.app_database_url))
        with (
            running.connect(),
            pytest.raises(
                ValueError, match=r"^the service is running: stop nrm-web and the timers, then move the keys$"
            ),
        ):
            moving.move(keys, into, b"\3", NOW, lambda *_said: None)
        running.dispose()
        slate._disconnect()
        for lost in ("unwrap", "wrap"):
            with pytest.raises(ValueError, match="shorter"):
                moving._rewrap(Fewer(keys.provider, lost), Fewer(into, lost), *_one_batch(keys))
        assert (
            moving.move(keys, into, b"\3", NOW, lambda *said: told.append(said)) == 6
        )  # the five and the secret
        assert told == [(2, 6), (4, 6), (6, 6)]
        assert moving.move(keys, into, b"\3", NOW, lambda *said: told.append(said)) == 0
        assert len(told) == 3
        moved = wrapped(keys)
        assert {(each[:5], epoch) for each, epoch in moved.values()} == {(b"\3\0\0\0\2", 2)}
        with keys.reached() as connection:
            [(carried, kind, made)] = connection.execute(
                text("SELECT id, category, created_at FROM keys.wrapped_key WHERE case_id = :case"),
                {"case": CARRIED},
            ).all()
        assert (kind, made) == ("stamps", NOW)
        there = replace(keys, provider=into, _open=type(keys._open)())
        assert there.opened(opened) == opened
        assert there.stamping == stamps == there.opened([carried])[carried]
        assert into.secret("stamps") != stamps


def test_a_rotation_does_not_believe_a_keeper_that_loses_a_key(keys: DataKeys) -> None:
    before, honest = wrapped(keys), keys.provider
    for lost in ("unwrap", "wrap"):
        with pytest.raises(ValueError, match="shorter"):
            rotation.rotate(replace(keys, provider=Fewer(honest, lost)), lambda *_said: None)
    assert wrapped(keys) == before


def _one_batch(keys: DataKeys) -> tuple[Any, Any]:
    with keys.reached() as connection:
        return connection, connection.execute(moving._next(b"\3", UUID(int=0))).all()

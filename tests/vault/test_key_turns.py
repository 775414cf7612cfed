"""Who must wait for whom: making keys for the end of a rotation, destroying for holds, one who seals for another."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.kit.errors import OutOfReach
from app.safeguards.ledger.retain import retain
from app.safeguards.ledger.seal import ONE_AT_A_TIME, Sealer, seal
from app.safeguards.vault import moving, rotation
from app.safeguards.vault.keyfile import KeyFile
from app.safeguards.vault.keys import DESTROYING, MAKING, DataKeys
from app.safeguards.vault.signing import Signer
from app.safeguards.words import Category
from app.settings import Settings
from app.web.door import Runtime
from tests.fixtures.slate import Slate

NOW, CASE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC), UUID(int=700)
IMPATIENT = {"options": "-c lock_timeout=20ms"}


@pytest.fixture
def owner(given: Settings) -> Iterator[Engine]:
    engine = create_engine(str(given.database_url), connect_args=IMPATIENT)
    yield engine
    engine.dispose()


@pytest.fixture
def keys(runtime: Runtime, given: Settings, tmp_path: Path) -> Iterator[DataKeys]:
    """Keys over a key file of this test's own, by a line that does not wait for its turn."""
    engine = create_engine(str(given.keys_database_url), connect_args=IMPATIENT)
    yield replace(runtime.keys, engine=engine, provider=KeyFile.create(tmp_path / "kek"))
    engine.dispose()


@contextmanager
def taken(owner: Engine, lock: int, how: str = "pg_advisory_xact_lock") -> Iterator[None]:
    with owner.begin() as connection:
        connection.execute(text(f"SELECT {how}({lock})"))
        yield


def waits(act: Callable[[], object]) -> bool:
    try:
        act()
    except OutOfReach as failure:
        return type(failure.__cause__) is OperationalError
    except OperationalError:
        return True
    return False


def test_keys_are_made_destroyed_held_rotated_and_moved_in_turn(
    keys: DataKeys, owner: Engine, slate: Slate
) -> None:
    keys.for_sealing(CASE, [Category.ID], NOW)

    def made() -> object:
        return keys.for_sealing(CASE, [Category.HEA], NOW)

    def ended() -> object:
        return rotation._ended(keys, keys.provider.epoch)

    def moved() -> object:
        return moving.move(keys, keys.provider, b"\1", NOW, lambda *_said: None)

    slate._disconnect()  # kept lines look like a service that runs
    with taken(owner, MAKING):
        assert waits(made)
        assert waits(lambda: rotation.destroy_old(keys))
        assert waits(ended)
        assert waits(moved)
        assert not waits(lambda: keys.hold(UUID(int=1), "court", NOW))
        assert not waits(lambda: keys.destroy(UUID(int=2), NOW))
    with taken(owner, MAKING, "pg_advisory_xact_lock_shared"):
        assert not waits(made)  # two who make keys do not wait for each other
        assert waits(ended)
    with taken(owner, DESTROYING):
        assert waits(lambda: keys.hold(CASE, "court", NOW))
        assert waits(lambda: keys.destroy(CASE, NOW))
        assert not waits(ended)
    assert not keys.held(CASE)
    assert keys.live(CASE) == 2


def test_one_seals_or_retains_at_a_time(owner: Engine, tmp_path: Path) -> None:
    sealer = Sealer(Signer.create(tmp_path / "key"), "ledger.nrm.example", tmp_path)
    with taken(owner, ONE_AT_A_TIME), Session(owner) as session:
        assert waits(lambda: seal(session, sealer, NOW))
        session.rollback()
        assert waits(lambda: retain(session, sealer, NOW, NOW))
        session.rollback()
    with Session(owner) as session:
        assert not waits(lambda: retain(session, sealer, NOW, NOW))

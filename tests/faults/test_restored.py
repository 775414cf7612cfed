"""The drill: an installation is brought back on another server from its two backups, its key file, and nothing else."""

import argparse
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app import backups, keys
from app.casework.queries import case_page
from app.demo.acting import as_persona
from app.install import urls
from app.kit.clock import HeldClock
from app.kit.errors import Problem
from app.kit.postgres import Server
from app.main import runtime_of
from app.safeguards.ledger.seal import OlderThanItsHeads
from app.safeguards.vault.keyfile import KeyFile
from app.safeguards.words import Act
from app.sealing import seal_once
from app.settings import Settings
from tests.doors.knocking import Records
from tests.faults.conftest import UNSEALED
from tests.faults.line import PATIENCE
from tests.faults.started import BREATH
from tests.fixtures.service import As, Told

HEADS = "SELECT note FROM ledger.checkpoint ORDER BY size"


@pytest.fixture
def elsewhere(own_server: Server, given: Settings, place: Path) -> Settings:
    """Another machine with an empty database; the key file and the ledger's heads, kept apart, were brought."""
    (place / "keys").mkdir(mode=0o700)
    shutil.copy2(given.keys_at, place / "keys" / "kek.json")
    return given.model_copy(update={
        "database_url": own_server.url("nrm"), "state": place, "key_file": place / "keys" / "kek.json",
        "signing_key_file": given.signing_at,
    })  # fmt: skip


def with_roles(given: Settings) -> Settings:
    """The same, with the roles that bringing back has made."""
    of = urls(given.database_url or "", given.state / "keys" / "roles.json")
    return given.model_copy(update={
        "app_database_url": of.app, "keys_database_url": of.keys, "jobs_database_url": of.jobs,
        "send_database_url": of.send,
    })  # fmt: skip


def asked(**words: Any) -> argparse.Namespace:
    return argparse.Namespace(**words)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    return lambda: "".join(capsys.readouterr())


def read(given: Settings, clock: HeldClock, told: Told) -> str:
    """What the lead of the case reads on that machine."""
    runtime = runtime_of(given, clock)
    try:
        with as_persona(runtime, "ngo") as work:
            return str(case_page(work, told.about, "en"))
    finally:
        runtime.engine.dispose()
        runtime.keys.engine.dispose()


def test_an_installation_is_brought_back_from_its_backups_and_its_key_alone(  # noqa: PLR0917
    told_sheltered: Told, given: Settings, elsewhere: Settings, clock: HeldClock, acting: As, records: Records,
    place: Path, own_server: Server, said: Callable[[], str], record_property: Any,
) -> None:  # fmt: skip
    sealed(given, records)
    assert backups.backup(asked(folder=place / "data", keep=30), given) == 0
    assert keys.main(["backup", str(place / "wrapped")], given) == 0
    before, held = records.state(), set(given.checkpoints_at.glob("*.checkpoint"))
    with acting("ngo") as work:
        work.record(Act.SEARCH, note="after the backup")
        work.commit()
    sealed(given, records)
    [dump], [wrapped] = (place / "data").glob("*.dump"), (place / "wrapped").iterdir()
    assert (dump.stat().st_mode & 0o077, wrapped.stat().st_mode & 0o077) == (0, 0)
    said()

    assert backups.bring_back(asked(file=dump), elsewhere) == 1, "a signed head says that something is lost"
    assert "what happened after the backup is lost" in said()
    there = with_roles(elsewhere)
    assert keys.main(["restore", str(wrapped), "--yes"], there) == 0, said()
    look = Records(own_server.url("nrm"))
    after = look.state()
    assert {name for name in before if before[name] != after[name]} == {"ledger.checkpoint"}, (
        "counts transactions"
    )
    assert look.values(HEADS) == records.values(HEADS)[:-1]
    assert "Irina" in read(there, clock, told_sheltered)

    without = there.model_copy(update={"key_file": place / "keys" / "lost.json"})
    with pytest.raises(SystemExit, match="The keys cannot be reached, so nothing is started"):
        read(without, clock, told_sheltered)
    KeyFile.create(place / "keys" / "another.json")
    with pytest.raises(Problem):
        read(there.model_copy(update={"key_file": place / "keys" / "another.json"}), clock, told_sheltered)

    with pytest.raises(OlderThanItsHeads, match="nrm ledger restored"):
        seal_once(there)
    assert backups.restored(asked(), there) == 0
    assert "1 signed heads were set aside" in said()
    sealed(there, look)
    assert set(given.checkpoints_at.glob("*.checkpoint")) > held
    assert len(look.values("SELECT body FROM ledger.event WHERE body ~ 'ledger restored'")) == 1
    assert backups.restored(asked(), there) == 2
    look.close()
    rows = sum(count for count, _digest in after.values())
    record_property(
        "G16", f"{len(after)} tables, {rows} rows: all digests equal; without the key 0 fields and a refusal"
    )


def sealed(given: Settings, records: Records) -> None:
    """Seal all; an open transaction of another worker holds it up."""
    for _look in range(int(PATIENCE / 0.02)):
        seal_once(given)
        if records.values(UNSEALED) == [0]:
            return
        BREATH.wait(0.02)
    raise AssertionError("events are never sealed")


@pytest.fixture
def second_database(own_server: Server) -> Iterator[str]:
    own_server.create_database("another")
    yield own_server.url("another")
    own_server.drop_database("another")


def test_what_is_not_whole_is_not_brought_back(  # noqa: PLR0917
    given: Settings,
    elsewhere: Settings,
    place: Path,
    second_database: str,
    said: Callable[[], str],
    clock: HeldClock,
) -> None:
    dump = backups.back_up(given.database_url or "", place / "data", clock.now())
    manifest = dump.with_suffix(".json")
    whole, listed = dump.read_bytes(), manifest.read_text()
    assert backups.bring_back(asked(file=dump), given) == 2
    assert "restore into an empty one" in said()
    dump.write_bytes(whole[:-100])
    assert backups.bring_back(asked(file=dump), elsewhere) == 2
    assert "no whole backup" in said()
    dump.write_bytes(whole)
    manifest.unlink()
    assert backups.bring_back(asked(file=dump), elsewhere) == 2
    assert "no whole backup" in said()
    other = json.loads(listed)
    other["tables"]["public.organisation"][0] += 1
    manifest.write_text(json.dumps(other))
    assert (
        backups.bring_back(asked(file=dump), elsewhere.model_copy(update={"database_url": second_database}))
        == 2
    )
    assert "not as it was: public.organisation" in said()
    assert backups.discard_old(dump.parent, clock.now() + timedelta(days=30), timedelta(days=30)) == []
    assert backups.discard_old(dump.parent, clock.now() + timedelta(days=31), timedelta(days=30)) == [dump]
    assert list(dump.parent.iterdir()) == []

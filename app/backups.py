"""Backups of all but the wrapped keys, and bringing them back: `nrm backup`, `nrm restore`, `nrm ledger restored`."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import file_digest
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, func, literal_column, select, table, text

from app.install import make_roles
from app.kit.clock import SystemClock
from app.running import jobs_session_maker
from app.safeguards.ledger import second
from app.safeguards.ledger.note import Checkpoint
from app.safeguards.ledger.seal import older, published
from app.safeguards.vault.backup import BackupFailed, run
from app.safeguards.words import Act
from app.settings import Settings

Asked = argparse.Namespace
FORMAT = "nrm-backup-1"
NAME = "nrm-%Y%m%dT%H%M%SZ.dump"
NAMES = """SELECT schemaname, tablename FROM pg_tables
    WHERE schemaname IN ('public', 'ledger', 'nrm') ORDER BY 1, 2"""  # the wrapped keys are backed up apart
AS_ONE_READS = ("SET LOCAL timezone TO 'UTC'", "SET LOCAL bytea_output TO 'hex'", "SET LOCAL extra_float_digits TO 1",
                "SET LOCAL datestyle TO 'ISO, YMD'", "SET LOCAL intervalstyle TO 'iso_8601'")  # fmt: skip
# The sum of the rows' digests: the same whatever the order in which a table gives them back.
DIGEST = """coalesce(sum(
    ('x' || encode(substring(sha256(convert_to(t::text, 'UTF8')) FOR 8), 'hex'))::bit(64)::bigint::numeric), 0)::text"""

# Sealing goes by the numbers of transactions, and this server counts its own: what has no leaf is ripe at once.
COUNTED_ANEW = (
    "UPDATE ledger.event AS e SET xid = 0 WHERE NOT EXISTS (SELECT FROM ledger.leaf WHERE event_id = e.id)",
    "UPDATE ledger.checkpoint SET before_xid = 0",
)


@dataclass(frozen=True)
class Restored:
    """What a restored database holds, and the signed head that says it once held more."""

    made_at: str
    rows: int
    lost: Checkpoint | None


def back_up(owner_url: str, folder: Path, now: datetime) -> Path:
    """Write a dump and beside it what stands in it, of one instant; a dump without that is none. Needs a superuser."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / now.astimezone(UTC).strftime(NAME)
    partial = path.with_suffix(".partial")
    engine = create_engine(owner_url, isolation_level="REPEATABLE READ")
    try:
        with engine.begin() as connection:
            snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
            words = ["--format=custom", "--compress=1", "--exclude-schema=keys", f"--snapshot={snapshot}"]
            run("pg_dump", owner_url, [*words, f"--file={partial}"])
            held = _tables(connection)
        said = {
            "format": FORMAT,
            "made_at": now.isoformat(),
            "dump": path.name,
            "sha256": _sha256(partial),
            "tables": held,
        }
        partial.replace(path)
        _write(_manifest(path), json.dumps(said, indent=1) + "\n")
    finally:
        engine.dispose()
        partial.unlink(missing_ok=True)
    return path


def discard_old(folder: Path, now: datetime, kept: timedelta) -> list[Path]:
    """Delete backups that are older than wished; return which."""
    oldest = (now - kept).astimezone(UTC).strftime(NAME)
    old = [
        path for path in sorted(folder.glob("nrm-*.dump")) if path.name < oldest and _manifest(path).exists()
    ]
    for path in old:
        _manifest(path).unlink()
        path.unlink()
    return old


def restore(owner_url: str, path: Path, given: Settings) -> Restored:
    """Fill an empty database from a backup, and compare every table with what stood there. Needs a superuser.

    Raises `BackupFailed`; then nothing was written. The wrapped keys follow with `nrm keys restore`.
    """
    said = _checked(path)
    engine = create_engine(owner_url)
    try:
        with engine.begin() as connection:
            if found := _tables(connection):
                raise BackupFailed(f"this database holds {len(found)} tables: restore into an empty one")
        make_roles(owner_url, given.state / "keys" / "roles.json")
        name = f"--dbname={engine.url.database}"
        run("pg_restore", owner_url, [name, "--single-transaction", "--exit-on-error", str(path)])
        with engine.begin() as connection:
            held = _tables(connection)
            connection.execute(text("ANALYZE"))
        other = sorted(
            name for name in {**said["tables"], **held} if said["tables"].get(name) != held.get(name)
        )
        if other:
            raise BackupFailed(
                f"not as it was: {', '.join(other)}. Drop this database and take another backup"
            )
        with engine.begin() as connection:
            for statement in COUNTED_ANEW:
                connection.execute(text(statement))
        return Restored(
            said["made_at"], sum(rows for rows, _digest in held.values()), _lost(owner_url, given)
        )
    finally:
        engine.dispose()


def say_restored(given: Settings) -> str:
    """Write on the ledger that it was restored from an older backup, and put the heads that it lost aside.

    Safe to repeat: what the second place lacks afterwards is only what was put aside.
    """
    with jobs_session_maker(given, "keys")() as work:
        head = second.newest(given.checkpoints_at, published(given.checkpoints_at))
        size = work.session.execute(text("SELECT coalesce(max(size), 0) FROM ledger.checkpoint")).scalar_one()
        if head is None or head.size <= size:
            raise BackupFailed("the ledger holds every head that was signed: nothing was lost")
        work.record(Act.ALARM, reason="ledger restored", signed=head.size, root=head.root.hex(), held=size)
        work.commit()
        work.keys.engine.dispose()
    moved = second.set_aside(given.checkpoints_at, size)
    return (
        f"On the ledger: events {size} to {head.size - 1} are lost. {len(moved)} signed heads were set aside."
    )


def _lost(owner_url: str, given: Settings) -> Checkpoint | None:
    """Return the signed head of the second place that the restored ledger does not hold."""
    if not given.checkpoints_at.is_dir() or not any(given.checkpoints_at.glob(second.HEADS)):
        return None
    engine = create_engine(owner_url)
    with engine.connect() as connection:
        found = older(connection, given.checkpoints_at, published(given.checkpoints_at))
    engine.dispose()
    return found


def _tables(connection: Connection) -> dict[str, list[Any]]:
    """Return of every table how many rows it has, and their digest."""
    for statement in AS_ONE_READS:
        connection.execute(text(statement))
    held = {}
    for schema, name in connection.execute(text(NAMES)):
        rows = table(name, schema=schema).alias("t")
        counted: Any = select(func.count(), literal_column(DIGEST)).select_from(rows)
        held[f"{schema}.{name}"] = list(connection.execute(counted).one())
    return held


def _checked(path: Path) -> dict[str, Any]:
    """Return what stands in a backup, if the file is the one that was written."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        said: dict[str, Any] = json.loads(_manifest(path).read_text("utf-8"))
        if said["format"] == FORMAT and said["sha256"] == _sha256(path):
            return said
    raise BackupFailed(
        f"{path} is no whole backup: it, or {_manifest(path).name} beside it, is missing or damaged"
    )


def _manifest(path: Path) -> Path:
    return path.with_suffix(".json")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _write(path: Path, content: str) -> None:
    """Write a file whole or not at all."""
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def backup(asked: Asked, given: Settings) -> int:
    """Do `nrm backup`."""
    now = SystemClock().now()
    with _said() as said:
        path = back_up(_owner(given), asked.folder, now)
        old = discard_old(asked.folder, now, timedelta(days=asked.keep)) if asked.keep else []
        sys.stdout.write(f"{path} written; {len(old)} older ones deleted\n")
    return said.code


def bring_back(asked: Asked, given: Settings) -> int:
    """Do `nrm restore`; return 1 where a signed head says that something is lost."""
    with _said() as said:
        done = restore(_owner(given), asked.file, given)
        sys.stdout.write(
            f"{done.rows} rows of {done.made_at}, each table as it was. Now: nrm keys restore, nrm migrate.\n"
        )
        if done.lost:
            said.code = 1
            sys.stderr.write(
                f"The second place has a signed head over {done.lost.size} events, and this ledger does not hold it: "
                "what happened after the backup is lost. Nothing is sealed until you say so: nrm ledger restored.\n"
            )
    return said.code


def restored(_asked: Asked, given: Settings) -> int:
    """Do `nrm ledger restored`."""
    with _said() as said:
        sys.stdout.write(say_restored(given) + "\n")
    return said.code


@dataclass
class _Outcome:
    code: int = 0


@contextmanager
def _said() -> Iterator[_Outcome]:
    """Say what stopped a command."""
    outcome = _Outcome()
    try:
        yield outcome
    except BackupFailed as fault:
        sys.stderr.write(f"Stopped: {fault}.\n")
        outcome.code = 2


def _owner(given: Settings) -> str:
    if not given.database_url:
        raise BackupFailed("NRM_DATABASE_URL is not set: backup and restore need a superuser of the database")
    return given.database_url

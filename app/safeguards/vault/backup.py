"""Backups of the wrapped keys, apart from all else, and thrown away in time: an old copy would undo an erasure."""

import os
import re
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from app.kit.pgbinaries import Binaries, NoPostgres, find_binaries, surroundings

KEPT = timedelta(days=30)  # at most; a setting may make it less
NAME = "nrm-keys-%Y%m%dT%H%M%SZ.dump"
NAMED = re.compile(r"nrm-keys-\d{8}T\d{6}Z\.dump")
MISSING = """SELECT count(*) FROM (SELECT DISTINCT key_id FROM part) AS named
    WHERE NOT EXISTS (SELECT FROM keys.wrapped_key AS held WHERE held.id = named.key_id)"""


class BackupFailed(Exception):
    """PostgreSQL's own program said no; what it said is told."""


def dump(keys_url: str, folder: Path, now: datetime) -> Path:
    """Write the wrapped keys into a new file of mode 0600, with the rights of their own role."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / now.astimezone(UTC).strftime(NAME)
    run("pg_dump", keys_url, ["--format=custom", "--schema=keys", f"--file={path}"])
    return path


def discard_old(folder: Path, now: datetime, kept: timedelta = KEPT) -> list[Path]:
    """Delete the backups that are older than may be; return which."""
    if kept > KEPT:
        raise BackupFailed(
            f"backups of wrapped keys are kept {KEPT.days} days at most: an erasure is void before"
        )
    old = [
        path for path in sorted(folder.iterdir()) if NAMED.fullmatch(path.name) and now - _made(path) > kept
    ]
    for path in old:
        path.unlink()
    return old


def restore(owner_url: str, path: Path) -> None:
    """Put the wrapped keys back as the file has them; whoever calls this repeats the erasures afterwards."""
    words = ["--clean", "--if-exists", "--single-transaction", "--exit-on-error", "--no-owner", str(path)]
    run("pg_restore", owner_url, [f"--dbname={make_url(owner_url).database}", *words])


def missing(owner_url: str) -> int:
    """Return how many keys the sealed parts name that are nowhere: those were made after the file was written."""
    engine = create_engine(owner_url)
    with engine.begin() as connection:
        found = connection.execute(text(MISSING)).scalar_one()
    engine.dispose()
    return int(found)


def _made(path: Path) -> datetime:
    return datetime.strptime(path.name, NAME).replace(tzinfo=UTC)


def fitting(url: str) -> Binaries:
    """Return the programs of the server's own version: an older server refuses what a newer one's tell it to set."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            major = int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10000
        return find_binaries(major)
    except (
        NoPostgres,
        DBAPIError,
    ):  # it is on another machine; or does not answer, and the program itself says why
        return find_binaries()
    finally:
        engine.dispose()


def run(program: str, url: str, words: Sequence[str]) -> None:
    """Run one of PostgreSQL's programs; the password goes through its surroundings, never on its command line."""
    to = make_url(url)
    host, port = to.query.get("host", to.host), to.query.get("port", to.port)
    given = {
        "PGHOST": host,
        "PGPORT": port,
        "PGUSER": to.username,
        "PGPASSWORD": to.password,
        "PGDATABASE": to.database,
    }
    where = {name: str(value) for name, value in given.items() if value}
    done = subprocess.run(  # noqa: S603 -- our own words
        [str(fitting(url).folder / program), *words],
        env={**surroundings(), **where}, umask=0o077, capture_output=True, text=True, check=False,
        cwd=os.sep, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode:
        raise BackupFailed(f"{program} failed: {done.stderr.strip()[-500:]}")

"""An installation of its own for the benchmarks: a PostgreSQL that waits for the disk, people, cases."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, create_engine

from app import install
from app.accounts.sessions import identify
from app.demo import country
from app.demo.acting import as_persona, as_system
from app.kit.clock import SystemClock
from app.kit.database import make_engine
from app.kit.postgres import Server
from app.safeguards.vault.chosen import keys_of
from app.settings import Settings
from app.web.door import Runtime

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / "var" / "benchmarks"


@cache
def server() -> Server:
    """Return the PostgreSQL of the benchmarks; it is as safe against a crash as an installation's."""
    return Server(PLACE / "postgres", fast=False).start()


@contextmanager
def installation() -> Iterator[Settings]:
    """Make an installation with the demonstration country's people; drop its database afterwards."""
    name = f"benchmark_{os.getpid()}"
    for left in server().databases():
        if left.startswith("benchmark_"):
            server().drop_database(left)
    server().create_database(name)
    try:
        given = _settings(name)
        shutil.rmtree(given.checkpoints_at, ignore_errors=True)  # heads of an installation that is gone
        install.make_secrets(given)
        with running(given) as runtime:
            _settle(runtime)
        yield given
    finally:
        server().drop_database(name)


def _settings(database: str) -> Settings:
    urls = install.prepare(server().url(database), PLACE / "roles.json")
    return Settings(
        database_url=urls.owner, app_database_url=urls.app, keys_database_url=urls.keys,
        jobs_database_url=urls.jobs, state=PLACE / "state", origin="http://localhost:8000", threads=4,
        # One reader stands for all of them.
        unwraps_per_minute=100_000_000, requests_per_minute=100_000_000, acts_per_minute=100_000_000,
        quota_times=1_000_000,
    )  # fmt: skip


@contextmanager
def running(given: Settings) -> Iterator[Runtime]:
    """Keep what a process of the service keeps, and close it."""
    assert given.app_database_url
    assert given.keys_database_url
    keys = keys_of(given, pool_size=2)
    engine = make_engine(given.app_database_url, pool_size=given.threads)
    yield Runtime(engine, keys, SystemClock(), identify)
    engine.dispose()
    keys.engine.dispose()


@contextmanager
def owner(given: Settings) -> Iterator[Engine]:
    """Connect as the owner, for the peers that the service is compared with."""
    assert given.database_url
    engine = create_engine(given.database_url)
    yield engine
    engine.dispose()


def _settle(runtime: Runtime) -> None:
    with as_system(runtime) as work:
        country.settle(work)
        work.commit()
    with as_persona(runtime, "shelter") as work:
        country.furnish(work)
        work.commit()

"""An installation needs no superuser: the owner of the tables, made as the README says, can do it all."""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from app.install import prepare
from app.kit.pgbinaries import NoPostgres, find_binaries
from app.kit.postgres import Server

README = Path(__file__).resolve().parents[2] / "deploy" / "README.md"


def majors() -> list[int]:
    """The oldest version that is supported and the newest, as far as they are here."""
    found = {find_binaries().major}
    with suppress(NoPostgres):
        found.add(find_binaries(15).major)
    return sorted(found)


@pytest.mark.parametrize("major", majors())
def test_an_owner_who_is_no_superuser_prepares_the_database(major: int, tmp_path: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix="nrm-test-"))
    folder.chmod(0o755)
    with Server(folder / "postgres", fast=True, major=major) as server:
        for command in (
            "create role nrm_owner login createrole password 'secret'",
            "create role nrm_policy nologin noinherit",
            "grant nrm_policy to nrm_owner",
            "create database nrm owner nrm_owner template template0",
        ):
            with psycopg.connect(
                server.url("postgres").replace("+psycopg", ""), autocommit=True
            ) as connection:
                connection.execute(command)
        owner = server.url("nrm", "nrm_owner", "secret")
        prepare(owner, tmp_path / "roles.json")
        again = prepare(owner, tmp_path / "roles.json")  # a second time changes nothing and fails at nothing
        engine = create_engine(again.app)
        with engine.connect() as connection:
            assert connection.execute(text("select current_user")).scalar() == "nrm_app"
            owned = text("select count(*) from pg_class where relowner = 'nrm_app'::regrole")
            assert connection.execute(owned).scalar() == 0
        engine.dispose()
        engine = create_engine(
            owner
        )  # row-level security binds the owner too, but for sealing anew, on the ledger
        with engine.connect() as connection:
            named = text("select tablename from pg_policies where 'nrm_owner' = any (roles) order by 1")
            assert connection.execute(named).scalars().all() == [
                "event",
                "known_check",
                "part",
                "search_entry",
            ]
            connection.execute(text('insert into ledger.event (body) values (\'{"act": "key"}\')'))
        engine.dispose()
    shutil.rmtree(folder)


def test_the_readme_names_the_same_steps() -> None:
    text = README.read_text()
    for step in (
        "createuser --createrole",
        "create role nrm_policy nologin noinherit",
        "grant nrm_policy to nrm_owner",
    ):
        assert step in text

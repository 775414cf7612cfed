"""An installation needs no superuser: the owner of the tables, made as the README says, can do it all."""

import os
import pwd
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text

from app.install import Urls, make_roles, make_secrets, prepare
from app.kit.pgbinaries import NoPostgres, find_binaries
from app.kit.postgres import Server
from app.renewing import ROLES, main
from app.safeguards.vault.backup import fitting
from app.safeguards.vault.private import create_private
from app.settings import Settings

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
        assert fitting(owner).major == major  # what dumps and restores is of the version that is dumped
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
        _renews_its_passwords(server, owner, again, tmp_path)
    shutil.rmtree(folder)


def _renews_its_passwords(server: Server, owner: str, urls: Urls, folder: Path) -> None:
    """By an owner without a password, whom the database knows by who asks; the old passwords open nothing any more."""
    data = next(server.folder.rglob("pg_hba.conf"))
    data.write_text("local all nrm_owner peer map=nrm\n" + data.read_text())
    with (data.parent / "pg_ident.conf").open("a") as file:
        file.write(f"nrm {pwd.getpwuid(os.getuid()).pw_name} nrm_owner\n")
    with psycopg.connect(server.url("postgres").replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("select pg_reload_conf()")
    sealed = folder / "opened"
    sealed.mkdir(mode=0o700)
    kept = '# the mail server\nNRM_SMTP_PASSWORD=p=ss "word"\n'
    create_private(
        sealed / "web.env",
        f"NRM_APP_DATABASE_URL={urls.app}\nNRM_KEYS_DATABASE_URL={urls.keys}\n".encode(),
        "x",
    )
    more = f"NRM_JOBS_DATABASE_URL={urls.jobs}\nNRM_RETAIN_DATABASE_URL={urls.retain}\n"
    create_private(sealed / "jobs.env", more.encode(), "x")
    known = make_url(owner).set(password=None).render_as_string()
    given = Settings(database_url=known)
    assert main(["renew", str(sealed)], given) == 2  # a role without a line: nothing is changed
    assert _lets_in(urls.app)
    create_private(sealed / "send.env", f"{kept}NRM_SEND_DATABASE_URL={urls.send}\n".encode(), "x")
    assert main(["renew", str(sealed)], given) == 0
    written = "".join(path.read_text() for path in sorted(sealed.iterdir()))
    assert kept in written
    fresh = dict(line.split("=", 1) for line in written.splitlines() if "_URL=" in line)
    assert len(fresh) == len(ROLES)
    for name, before in zip(ROLES, (urls.app, urls.keys, urls.jobs, urls.send, urls.retain), strict=True):
        assert not _lets_in(before), name
        assert _lets_in(fresh[name]), name
    make_roles(known, folder / "roles.json")  # a new version is installed: what is renewed is left alone
    assert _lets_in(fresh["NRM_APP_DATABASE_URL"])
    until = text(
        "select rolname from pg_roles where rolvaliduntil between now() and now() + interval '3 days'"
    )
    engine = create_engine(known)
    with engine.begin() as connection:
        assert sorted(connection.execute(until).scalars()) == sorted(ROLES.values())
        connection.execute(text("alter role nrm_app valid until '2026-01-01'"))
    engine.dispose()
    assert not _lets_in(fresh["NRM_APP_DATABASE_URL"])  # it ended by itself


def _lets_in(url: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(url.replace("+psycopg", "")):
        return True
    return False


def test_the_readme_names_the_same_steps() -> None:
    text = README.read_text()
    for step in (
        "createuser --createrole",
        "create role nrm_policy nologin noinherit",
        "grant nrm_policy to nrm_owner",
    ):
        assert step in text


def test_who_migrates_again_need_not_be_able_to_open_the_keys(tmp_path: Path) -> None:
    """Root migrates a new version; the keys are the service's own, and are refused to anybody else."""
    given = Settings(state=tmp_path)
    make_secrets(given)
    for path in (given.keys_at, given.signing_at, given.second_signing_at):
        path.chmod(0o644)  # would be refused, were it opened
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    make_secrets(given)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert len(before) == 5

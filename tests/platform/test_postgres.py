"""The embedded PostgreSQL: closed to others, shared by its users, whole after a kill."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.kit.pgbinaries import NoPostgres, Runner, find_binaries, reachable_binaries, reachable_folder
from app.kit.postgres import Server, ServerFailed

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the server's user can enter; pytest's own is closed to it."""
    place = Path(tempfile.mkdtemp(prefix="nrm-test-"))
    place.chmod(0o755)
    yield place / "postgres"
    shutil.rmtree(place)


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    with Server(folder, fast=True) as started:
        yield started


def ask(server: Server, question: str, database: str = "postgres") -> str:
    with psycopg.connect(plain(server.url(database)), autocommit=True) as connection:
        found = connection.execute(question)
        row = found.fetchone() if found.description else None
        return str(row[0]) if row else ""


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg", "postgresql")


def pid(server: Server) -> int:
    running = server.postmaster.running()
    assert running
    return running.pid


def test_data_is_kept_over_a_restart(folder: Path) -> None:
    with Server(folder) as server:
        server.create_database("nrm")
        ask(server, "create table kept as select 7 as number", "nrm")
    with Server(folder) as server:
        assert server.has_database("nrm")
        assert ask(server, "select number from kept", "nrm") == "7"


def test_nothing_runs_after_the_last_user_has_left(folder: Path) -> None:
    first, second = Server(folder, fast=True).start(), Server(folder, fast=True).start()
    number = pid(first)
    assert pid(second) == number
    first.stop()
    assert ask(second, "select 1") == "1"
    second.stop()
    assert second.postmaster.running() is None
    second.stop()  # once more changes nothing


def test_starting_twice_is_one_start(server: Server) -> None:
    number = pid(server)
    server.start()
    assert pid(server) == number


def test_committed_rows_outlive_a_kill(folder: Path) -> None:
    server = Server(folder).start()
    server.create_database("nrm")
    ask(server, "create table kept as select generate_series(1, 20000)", "nrm")
    os.kill(pid(server), signal.SIGKILL)
    again = Server(folder).start()
    assert ask(again, "select count(*) from kept", "nrm") == "20000"
    server.stop()
    again.stop()
    assert again.postmaster.running() is None


def test_a_server_left_by_a_killed_application_is_taken_over(folder: Path) -> None:
    script = (
        "import os, signal; from pathlib import Path; from app.kit.postgres import Server;"
        f"Server(Path({str(folder)!r}), fast=True).start(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)
    assert said.returncode == -signal.SIGKILL
    server = Server(folder, fast=True)
    orphan = pid(server)
    server.start()
    assert pid(server) == orphan
    server.stop()
    assert server.postmaster.running() is None


def test_a_stale_file_with_the_number_of_another_process_does_no_harm(folder: Path) -> None:
    with Server(folder, fast=True) as server:
        left = (server.postmaster.data / "postmaster.pid").read_text()
    lines = left.splitlines()
    (server.postmaster.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    with Server(folder, fast=True) as server:
        assert ask(server, "select 1") == "1"


def test_the_application_ends_the_server_with_itself(folder: Path) -> None:
    script = (
        "from pathlib import Path; from app.kit.postgres import Server;"
        f"Server(Path({str(folder)!r}), fast=True).start()"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
    assert Server(folder).postmaster.running() is None


def test_no_password_no_entry(server: Server) -> None:
    for secret in ("", "password=wrong "):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"host={server.socket} port=5432 user=postgres {secret}dbname=postgres")


def test_another_local_user_does_not_even_reach_the_socket(server: Server) -> None:
    if os.geteuid() != 0:  # only root can become somebody else to try; the modes are checked below for all
        return
    stranger = pwd.getpwnam("daemon").pw_uid
    for path in ("socket", "data", "password"):
        said = subprocess.run(
            ["/bin/cat", server.folder / path], user=stranger, capture_output=True, check=False
        )
        assert b"Permission denied" in said.stderr
    script = f"import socket; socket.socket(socket.AF_UNIX).connect({str(server.socket / '.s.PGSQL.5432')!r})"
    said = subprocess.run(
        ["/usr/bin/env", "python3", "-c", script], user=stranger, capture_output=True, check=False
    )
    assert b"PermissionError" in said.stderr


def test_nothing_listens_on_tcp(server: Server) -> None:
    assert ask(server, "show listen_addresses") == ""
    number = pid(server)
    sockets = {str(each.readlink()) for each in Path(f"/proc/{number}/fd").iterdir()}
    held = {each.removeprefix("socket:[").rstrip("]") for each in sockets if each.startswith("socket:")}
    for table in ("tcp", "tcp6"):
        rows = Path(f"/proc/{number}/net/{table}").read_text().splitlines()[1:]
        assert not held & {row.split()[9] for row in rows}


def test_files_and_settings_are_closed(server: Server) -> None:
    assert (server.folder / "password").stat().st_mode & 0o777 == 0o600
    assert server.socket.stat().st_mode & 0o777 == 0o700
    assert server.postmaster.data.stat().st_mode & 0o077 == 0
    assert ask(server, "show data_checksums") == "on"
    assert ask(server, "show server_encoding") == "UTF8"
    assert ask(server, "select count(*) from pg_hba_file_rules where auth_method <> 'scram-sha-256'") == "0"


def test_speed_is_given_up_only_where_asked(folder: Path) -> None:
    with Server(folder) as server:
        assert ask(server, "show fsync") == ask(server, "show synchronous_commit") == "on"
    with Server(folder, fast=True) as server:
        assert ask(server, "show fsync") == ask(server, "show synchronous_commit") == "off"


def test_a_database_is_copied_from_a_template(server: Server) -> None:
    server.create_database("model")
    ask(server, "create table word as select 'kept' as text", "model")
    server.create_database('copy"; drop', template="model")
    assert ask(server, "select text from word", 'copy"; drop') == "kept"
    server.drop_database('copy"; drop')
    assert not server.has_database('copy"; drop')
    server.drop_database("never there")


def test_the_log_keeps_no_statement_and_no_value(server: Server) -> None:
    ask(server, "create table secret (name text primary key)")
    ask(server, "insert into secret values ('canary')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        ask(server, "insert into secret values ('canary')")
    with pytest.raises(psycopg.errors.SyntaxError):
        ask(server, "selekt 'canary'")
    assert "canary" not in (server.folder / "log").read_text()


def test_a_long_path_gets_a_short_socket() -> None:
    place = Path(tempfile.mkdtemp(prefix="nrm-test-"))
    place.chmod(0o755)
    with Server(place / ("deep" * 30), fast=True) as server:
        assert ask(server, "select 1") == "1"
        socket = server.socket
        assert socket.stat().st_mode & 0o777 == 0o700
    assert not socket.exists()
    shutil.rmtree(place)


def test_what_the_server_user_cannot_reach_is_put_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("app.kit.pgbinaries.SHARED", tmp_path / "shared")
    closed = tmp_path / "closed"
    (closed / "install" / "bin").mkdir(parents=True)
    (closed / "install" / "bin" / "postgres").touch()
    closed.chmod(0o700)
    other = Runner(uid=os.geteuid() + 1, gid=os.getegid() + 1)
    found = find_binaries()
    boxed = reachable_binaries(type(found)(closed / "install" / "bin", "18.0"), other)
    assert (boxed.folder / "postgres").exists()
    assert boxed.folder.is_relative_to(tmp_path / "shared")
    assert reachable_folder(closed / "data", other).parent == tmp_path / "shared"
    assert "cannot read" in caplog.text
    assert "cannot enter" in caplog.text


def test_a_missing_version_is_said_with_what_to_do() -> None:
    with pytest.raises(NoPostgres, match=r"PostgreSQL 9 was not found.*NRM_DATABASE_URL"):
        find_binaries(9)


def test_a_server_that_was_not_started_says_so(folder: Path) -> None:
    with pytest.raises(ServerFailed, match="call start"):
        Server(folder).url()


def test_a_start_that_fails_says_why(folder: Path) -> None:
    with Server(folder, fast=True) as server:
        data = server.postmaster.data
    (data / "postgresql.conf").write_text("nonsense = 1\n")
    with pytest.raises(ServerFailed, match="nonsense"):
        Server(folder, fast=True).start()

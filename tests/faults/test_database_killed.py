"""PostgreSQL itself is killed, and its disk is full: what was answered is there, and the service finds its way back."""

import os
import select
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.accounts.sessions import COOKIE, identify, sign_in_as
from app.demo import acting as people
from app.demo import country
from app.install import make_secrets, urls
from app.kit.clock import HeldClock
from app.kit.postgres import Server
from app.main import runtime_of
from app.settings import Settings
from app.web import csrf
from tests.doors.knocking import Records
from tests.faults.disk import HeldDisk
from tests.faults.line import PATIENCE, Line
from tests.faults.started import BREATH, Forks, Service
from tests.fixtures.service import ORIGIN

KILLED = 2
DRAFTS, DRAFT = "/api/referrals/drafts", {"type": "initial"}


@pytest.fixture
def installed(own_server: Server, forks: Forks, place: Path) -> Settings:
    """An installation on that server; whoever made its tables was killed before their commit, and run again."""
    line = Line(own_server.socket)
    given = Settings(
        database_url=line.through(own_server.url("nrm")), state=place / "state", origin=ORIGIN, processes=1,
        acts_per_minute=1_000_000,  # the hands of a test are quicker
    )  # fmt: skip
    stop = line.stop("postgres", "COMMIT", since=r"\s*CREATE TABLE")
    migrating = forks.start(given, place / "migrate.log", "migrate")
    stop.wait()
    migrating.kill()
    look = Records(own_server.url("nrm"))
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'keys', 'ledger')"
    while look.values(
        "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND xact_start IS NOT NULL"
    ) != [0]:
        BREATH.wait(0.02)
    assert look.values(tables) == [0], "half of a migration stayed"
    line.close()
    given = given.model_copy(update={"database_url": own_server.url("nrm")})
    forks.start(given, place / "migrate.log", "migrate").done()
    assert look.values(tables)[0] > 40
    look.close()
    of = urls(own_server.url("nrm"), given.state / "keys" / "roles.json")
    make_secrets(given)
    return given.model_copy(update={
        "app_database_url": of.app, "keys_database_url": of.keys, "jobs_database_url": of.jobs,
        "send_database_url": of.send,
    })  # fmt: skip


@pytest.fixture
def caseworker(installed: Settings) -> dict[str, str]:
    """What the browser of a caseworker sends with each request."""
    runtime = runtime_of(installed, HeldClock(datetime.now(UTC)))
    with people.as_system(runtime) as work:
        country.settle(work)
        work.commit()
    with people.as_system(runtime) as work:
        cookie = sign_in_as(work, people.find(work.session, "ngo").id, "passkey")
        signed = identify(work, cookie)
        work.commit()
    runtime.engine.dispose()
    runtime.keys.engine.dispose()
    assert signed
    return {"Cookie": f"{COOKIE}={cookie}", "X_CSRF_Token": csrf.token(signed.csrf_secret)}


class Writers:
    """People who write without a pause, and note what they were told is kept."""

    def __init__(self, service: Service, who: dict[str, str]) -> None:
        self.service, self.who = service, who
        self.kept: list[str] = []
        self.refused: list[int] = []
        self.over = False
        self.pool = ThreadPoolExecutor(2)
        self.writing = [self.pool.submit(self.write) for _each in range(2)]

    def write(self) -> None:
        while not self.over:
            answer = self.service.ask("POST", DRAFTS, DRAFT, **self.who)
            if answer.status_code == 201:
                self.kept.append(answer.json()["case_id"])
            else:
                self.refused.append(answer.status_code)
                assert "othing was" in answer.text, (
                    answer.text,
                    self.service.process and self.service.process.said(),
                )
                BREATH.wait(0.2)

    def until(self, more: int) -> None:
        """Let them write on until so many more were kept."""
        wanted = len(self.kept) + more
        for _look in count():
            if len(self.kept) >= wanted:
                return
            assert _look < PATIENCE / 0.02, self.refused
            BREATH.wait(0.02)

    def refused_more(self, than: int) -> None:
        """Wait until more were refused."""
        for _look in range(int(PATIENCE / 0.02)):
            if len(self.refused) > than:
                return
            BREATH.wait(0.02)
        raise AssertionError("nobody was refused")

    def stop(self) -> None:
        self.over = True
        for each in self.writing:
            each.result(PATIENCE)
        self.pool.shutdown()


def processes(server: Server) -> list[int]:
    """The server's process and its children."""
    running = server.postmaster.running()
    assert running
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text()
    return [running.pid, *map(int, children.split())]


def kill(server: Server) -> None:
    """Kill the server, and wait until it is dead."""
    running = server.postmaster.running()
    assert running
    watched = os.pidfd_open(running.pid)
    signal.pidfd_send_signal(watched, signal.SIGKILL)
    assert select.select([watched], [], [], PATIENCE)[0]
    os.close(watched)


def gone(server: Server) -> None:
    """Wait until the server gives up, rather than go on without its disk; more is written all the while."""
    for _look in range(int(PATIENCE / 0.02)):
        if server.postmaster.running() is None:
            return
        with (
            suppress(psycopg.Error),
            psycopg.connect(server.url("nrm").replace("+psycopg", ""), autocommit=True) as connection,
        ):
            connection.execute("SELECT pg_logical_emit_message(true, 'fill', 'the disk'), pg_switch_wal()")
        BREATH.wait(0.02)
    raise AssertionError("it goes on without its disk")


class SmallDisk:
    """What the server writes ahead lies on a disk of its own, which becomes full."""

    name = "the disk of the write-ahead log"

    def __init__(self, server: Server, disk: HeldDisk, words: list[str]) -> None:
        self.server, self.disk, self.words = server, disk, words
        self.start()

    def start(self) -> None:
        """Start the server where that disk is seen, again where the children of the last one are still leaving."""
        runner, post = self.server.postmaster.runner, self.server.postmaster
        log = str(self.server.folder / "log")
        for look in range(int(PATIENCE / 0.02)):
            running = post.running()
            if running and running.ready:
                return
            if running is None and look % 25 == 0:
                self.disk.do(
                    words=self.words, log=log, user=runner.user, group=runner.group, groups=runner.groups
                )
            BREATH.wait(0.02)
        raise AssertionError((self.server.folder / "log").read_text("utf-8")[-2000:])

    def fill(self) -> None:
        self.disk.do(full=True)

    def free(self) -> None:
        """Make room, and start the server again."""
        self.disk.do(full=False)
        self.start()


class Limit:
    """Where nobody may mount a disk, no file may be written: to the server, which ignores SIGXFSZ, a disk is full."""

    name = "every file"

    def __init__(self, server: Server) -> None:
        self.server = server

    def start(self) -> None:
        """Start the server again, as systemd would."""
        self.server.postmaster.running_or_launched()

    def fill(self) -> None:
        for pid in processes(self.server):
            said = self.server.postmaster.runner.run("prlimit", "--pid", str(pid), "--fsize=0:unlimited")
            assert said.returncode == 0 or not Path(f"/proc/{pid}").exists(), said.stderr

    def free(self) -> None:
        """There is place again."""
        self.start()


@pytest.fixture
def disk(own_server: Server, installed: Settings) -> Iterator[SmallDisk | Limit]:
    """The disk of that server."""
    assert installed
    running = own_server.postmaster.running()
    assert running
    words = Path(f"/proc/{running.pid}/cmdline").read_text().rstrip("\0").split("\0")
    own_server.postmaster.halt()
    held = HeldDisk(own_server.postmaster.data / "pg_wal")
    if held.is_there:
        yield SmallDisk(own_server, held, words)
    else:
        own_server.postmaster.running_or_launched()
        yield Limit(own_server)
    own_server.stop()
    held.close()


def kept_in(server: Server) -> set[str]:
    with psycopg.connect(server.url("nrm").replace("+psycopg", "")) as connection:
        return {str(found) for (found,) in connection.execute('SELECT id FROM "case"')}


def test_a_killed_database_loses_nothing_that_was_answered(  # noqa: PLR0917
    own_server: Server, installed: Settings, caseworker: dict[str, str], forks: Forks, place: Path,
    disk: SmallDisk | Limit, record_property: Any,
) -> None:  # fmt: skip
    """Killed again and again; then its disk is full, and later has room again."""
    service = Service(forks, installed, place)
    service.up()
    writers = Writers(service, caseworker)
    for _time in range(KILLED):
        writers.until(3)
        kill(own_server)
        disk.start()
    writers.until(3)
    assert set(writers.refused) <= {503}
    refused = len(writers.refused)
    disk.fill()
    gone(own_server)
    writers.refused_more(refused)
    kept = len(writers.kept)
    disk.free()
    writers.until(3)
    writers.stop()
    service.kill()
    assert set(writers.refused) <= {503}
    assert set(writers.kept) <= kept_in(own_server), "what was answered is lost"
    record_property("G15", f"database killed {KILLED} times, {disk.name} full once: 0 of {len(writers.kept)} answered"
                    f" writes lost ({kept} before it was full), {len(writers.refused)} refused with 503")  # fmt: skip

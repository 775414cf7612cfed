"""PostgreSQL itself is killed, and its disk is full: what was answered is there, and the service finds its way back."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
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
from tests.faults.line import PATIENCE, Line
from tests.faults.started import BREATH, Forks, Service
from tests.fixtures.service import ORIGIN

DRAFTS, DRAFT = "/api/referrals/drafts", {"type": "initial"}


@pytest.fixture
def installed(own_server: Server, forks: Forks, place: Path) -> Settings:
    """An installation on that server; whoever made its tables was killed before their commit, and run again."""
    line = Line(own_server.socket)
    given = Settings(
        database_url=line.through(own_server.url("nrm")), state=place / "state", origin=ORIGIN, processes=1
    )
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

    def stop(self) -> None:
        self.over = True
        for each in self.writing:
            each.result(PATIENCE)
        self.pool.shutdown()


def answered_again(server: Server) -> None:
    """Start the server again, as systemd would."""
    server.postmaster.running_or_launched()


def processes(server: Server) -> list[int]:
    """The server's process and its children."""
    running = server.postmaster.running()
    assert running
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text()
    return [running.pid, *map(int, children.split())]


def fill_the_disk(server: Server) -> None:
    """Let the server write no file any more: it ignores SIGXFSZ, so that such a limit is a full disk to it."""
    for pid in processes(server):
        said = server.postmaster.runner.run("prlimit", "--pid", str(pid), "--fsize=0:unlimited")
        assert said.returncode == 0 or not Path(f"/proc/{pid}").exists(), said.stderr


def kept_in(server: Server) -> set[str]:
    with psycopg.connect(server.url("nrm").replace("+psycopg", "")) as connection:
        return {str(found) for (found,) in connection.execute('SELECT id FROM "case"')}


def test_a_killed_database_and_a_full_disk_lose_nothing_that_was_answered(  # noqa: PLR0917
    own_server: Server,
    installed: Settings,
    caseworker: dict[str, str],
    forks: Forks,
    place: Path,
    record_property: Any,
) -> None:
    service = Service(forks, installed, place)
    service.up()
    writers = Writers(service, caseworker)
    for _time in range(2):
        writers.until(3)
        running = own_server.postmaster.running()
        assert running
        os.kill(running.pid, signal.SIGKILL)
        answered_again(own_server)
    writers.until(3)
    assert set(writers.refused) <= {503}
    fill_the_disk(own_server)
    refused = len(writers.refused)
    while len(writers.refused) == refused:
        BREATH.wait(0.02)
    kept = len(writers.kept)
    while own_server.postmaster.running() is not None:
        BREATH.wait(0.02)  # it gives up, rather than go on without its disk
    answered_again(own_server)  # there is place again
    writers.until(3)
    writers.stop()
    service.kill()
    assert set(writers.refused) <= {503}
    assert set(writers.kept) <= kept_in(own_server), "what was answered is lost"
    record_property("G15", f"database killed twice, its disk full once: 0 of {len(writers.kept)} answered writes lost"
                    f" ({kept} before the disk was full), {len(writers.refused)} refused with 503")  # fmt: skip

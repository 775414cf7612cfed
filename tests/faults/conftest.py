"""An installation of which any part can be killed at any moment, and what must be true afterwards."""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url

from app.accounts.sessions import COOKIE, identify, sign_in_as
from app.demo import acting as people
from app.kit.clock import HeldClock
from app.kit.postgres import Server
from app.oversight import service as oversight
from app.safeguards.ledger.verify import verify
from app.safeguards.vault.signing import Signer
from app.sealing import seal_once
from app.settings import Settings
from app.web import csrf
from app.web.door import Runtime
from tests.doors.conftest import records
from tests.doors.knocking import Records
from tests.faults.line import PATIENCE, Line
from tests.faults.started import BREATH, Forks, Service, forks

__all__ = ["forks", "records"]
UNSEALED = "SELECT count(*) FROM ledger.event WHERE id NOT IN (SELECT event_id FROM ledger.leaf)"
SignedIn = Callable[[str], dict[str, str]]


@pytest.fixture(scope="session", name="forks")
def _forks() -> Iterator[Forks]:
    with forks() as made:
        yield made


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    """The line from our processes to the database."""
    made = Line(server.socket)
    yield made
    made.close()


@pytest.fixture
def lined(given: Settings, line: Line) -> Settings:
    """The settings of this test's installation, with every process on that line."""
    urls = {
        name: line.through(url) for name, url in given.model_dump().items() if name.endswith("database_url")
    }
    return given.model_copy(update={**urls, "processes": 1})


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the server's user can enter; pytest's own is closed to it."""
    folder = Path(tempfile.mkdtemp(prefix="nrm-faults-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def own_server(place: Path) -> Iterator[Server]:
    """A server that waits for its disk, as an installation's does; a test may kill it."""
    server = Server(place / "postgres").start()
    server.create_database("nrm")
    yield server
    server.stop()


@pytest.fixture
def off(clock: HeldClock) -> float:
    """By how many seconds the clocks of processes are set, so that it is the hour of the story there too."""
    return (clock.now() - datetime.now(UTC)).total_seconds()


@pytest.fixture
def service(forks: Forks, lined: Settings, tmp_path: Path, off: float) -> Iterator[Service]:
    """The serving process, up; what it said holds nothing of anybody."""
    made = Service(forks, lined, tmp_path, off)
    made.up()
    yield made
    forks.end()
    made.asking.shutdown()
    assert made.process
    assert not re.search("Irina|Codreanu|Quince", made.process.said())


@pytest.fixture
def signed_in(runtime: Runtime, clock: HeldClock, off: float) -> SignedIn:
    """What the browser of a persona sends with each request."""

    def entered(key: str) -> dict[str, str]:
        clock.at = datetime.now(UTC) + timedelta(seconds=off)  # as late as it is to the processes by now
        with people.as_system(runtime) as work:
            cookie = sign_in_as(work, people.find(work.session, key).id, "passkey")
            signed = identify(work, cookie)
            work.commit()
        assert signed is not None
        return {"Cookie": f"{COOKIE}={cookie}", "X_CSRF_Token": csrf.token(signed.csrf_secret)}

    return entered


@pytest.fixture
def settled(records: Records, given: Settings) -> Callable[..., None]:
    """Wait until the database knows that whoever was killed is gone, and has undone what was open."""
    asked = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
        " AND xact_start IS NOT NULL AND usename LIKE %s"
    )
    name = make_url(given.database_url or "").database

    def wait(role: str = "nrm_%") -> None:
        for _look in range(int(PATIENCE / 0.02)):
            if records.values(asked, name, role) == [0]:
                return
            BREATH.wait(0.02)
        raise AssertionError("a transaction of somebody dead is still open")

    return wait


@pytest.fixture
def ledger_is_whole(given: Settings, runtime: Runtime, records: Records, tmp_path: Path) -> Callable[[], int]:
    """Seal, export and verify: every event is there, and every head of the second place is one of the ledger's."""

    def whole() -> int:
        for _look in range(int(PATIENCE / 0.02)):  # an open transaction of another worker holds sealing up
            seal_once(given)
            if records.values(UNSEALED) == [0]:
                break
            BREATH.wait(0.02)
        with people.as_persona(runtime, "auditor") as work:
            text = "".join(oversight.export_ledger(work, given))
        path = tmp_path / "ledger.jsonl"
        path.write_text(text, "utf-8")
        key = Signer.load(given.signing_at).public
        for head in sorted(given.checkpoints_at.glob("*.checkpoint")):
            report = verify(path, key, head.read_text("utf-8"))
            assert report.ok, (head.name, report.lines("en"))
        return report.leaves

    return whole

"""Timers and commands are killed in the middle: what was committed stays, the rest is done by the next run, once."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope
from sqlalchemy import text

from app.safeguards.vault.keyfile import KeyFile
from app.safeguards.words import Act, Role
from app.settings import Settings
from app.web.door import Runtime
from tests.doors.knocking import Records
from tests.faults.line import PATIENCE, Line, Stop
from tests.faults.started import BREATH, Forks, Process
from tests.fixtures.service import As, Told
from tests.fixtures.slate import Slate
from tests.notices.servers import AnyPort

DAYS = timedelta(days=40).total_seconds()
Start = Callable[..., Process]


@pytest.fixture
def own_keys(lined: Settings, tmp_path: Path) -> Settings:
    """The same installation with a key file that only this test has."""
    (tmp_path / "own").mkdir(mode=0o700)
    shutil.copy2(lined.keys_at, tmp_path / "own" / "kek.json")
    return lined.model_copy(update={"key_file": tmp_path / "own" / "kek.json"})


@pytest.fixture
def start(forks: Forks, own_keys: Settings, tmp_path: Path, off: float) -> Iterator[Start]:
    """Start a command of this installation, some seconds later than the story."""

    def started(*words: str, later: float = 0, **more: Any) -> Process:
        given = more.pop("given", own_keys)
        log = tmp_path / f"{words[0]}-{len(list(tmp_path.glob('*.log')))}.log"
        return forks.start(given, log, *words, clock=off + later, **more)

    yield started
    forks.end()


def brought_to(stop: Stop, start: Callable[[], Process]) -> Process:
    """Return the process that stands there; one that found nothing to do yet is started again."""
    for _again in range(100):
        process = start()
        for _look in range(int(PATIENCE / 0.02)):
            if stop.reached.is_set():
                return process
            if not process.runs():
                process.ended()
                break
            BREATH.wait(0.02)
    raise AssertionError("it never came there")


def counts(records: Records) -> dict[str, int]:
    """How many rows a sweep has left in each table that it writes to."""
    asked = {
        "ended": "SELECT count(*) FROM deadline WHERE look_at IS NULL",
        "overdue": "SELECT count(*) FROM deadline WHERE overdue_at IS NOT NULL",
        "notices": "SELECT count(*) FROM notice", "steps": "SELECT count(*) FROM step",
        "messages": "SELECT count(*) FROM outgoing", "events": "SELECT count(*) FROM ledger.event",
    }  # fmt: skip
    return {name: records.values(query)[0] for name, query in asked.items()}


def test_a_sweep_that_is_killed_goes_on_and_does_nothing_twice(  # noqa: PLR0917
    told_sheltered: Told, records: Records, line: Line, start: Start, slate: Slate,
    settled: Callable[..., None], record_property: Any,
) -> None:  # fmt: skip
    """Compared with what one that nobody kills leaves behind, from the same beginning."""
    before, kept = counts(records), slate.kept()
    start("sweep", later=DAYS).done()
    whole = counts(records)
    slate._put_back(kept)
    records.close()
    records._line = None  # it was cut
    assert counts(records) == before
    stop = line.stop("nrm_jobs", "COMMIT", nth=2)
    swept = start("sweep", later=DAYS)
    stop.wait()
    swept.kill()
    settled()
    between = counts(records)
    assert before["overdue"] < between["overdue"] < whole["overdue"]
    start("sweep", later=DAYS).done()
    assert counts(records) == whole
    assert "0 clocks dealt with" in start("sweep", later=DAYS).done()
    assert counts(records) == whole
    done, left = between["overdue"] - before["overdue"], whole["overdue"] - between["overdue"]
    record_property(
        "G15", f"a sweep killed after {done} clock of {done + left}: the next does the others, none twice"
    )


def test_sealing_that_is_killed_signs_no_two_histories(  # noqa: PLR0917
    told_sheltered: Told, given: Settings, line: Line, start: Start, acting: As, records: Records,
    settled: Callable[..., None], ledger_is_whole: Callable[[], int],
) -> None:  # fmt: skip
    """Before the commit, with somebody who took an earlier number and commits later; then after it."""
    ledger_is_whole()
    with acting("ngo") as slow, acting("social") as quick:
        quick.session.execute(text("SELECT pg_current_xact_id()"))
        slow.record(Act.SEARCH, note="took the earlier number")
        quick.record(Act.SEARCH, note="committed first")
        quick.commit()
        stop = line.stop("nrm_jobs", "COMMIT", since="INSERT INTO ledger.checkpoint")
        brought_to(stop, lambda: start("seal")).kill()
        settled("nrm_jobs")
        slow.commit()
    ledger_is_whole()  # holds every head that ever reached the second place
    with acting("ngo") as work:
        work.record(Act.SEARCH)
        work.commit()
    stop = line.stop("nrm_jobs", "COMMIT", after=True, since="INSERT INTO ledger.checkpoint")
    brought_to(stop, lambda: start("seal")).kill()
    heads = len(list(given.checkpoints_at.glob("*.checkpoint")))
    assert heads == records.values("SELECT count(*) FROM ledger.checkpoint")[0] - 1
    start("seal").done()
    assert len(list(given.checkpoints_at.glob("*.checkpoint"))) == heads + 1
    ledger_is_whole()


def test_a_full_disk_in_the_second_place_leaves_no_torn_head(  # noqa: PLR0917
    given: Settings, start: Start, acting: As, records: Records, ledger_is_whole: Callable[[], int],
    record_property: Any,
) -> None:  # fmt: skip
    ledger_is_whole()
    with acting("ngo") as work:
        work.record(Act.SEARCH)
        work.commit()
    held = {path.name: path.read_bytes() for path in given.checkpoints_at.iterdir()}
    signed = records.values("SELECT count(*) FROM ledger.checkpoint")
    while records.values("SELECT count(*) FROM ledger.checkpoint") == signed:
        process = start("seal", full=given.checkpoints_at)
        code = process.ended()
    record_property(
        "G15", f"{process.said().partition(' is full')[0]} of the second place full: no torn head"
    )
    assert code != 0, "a unit that fails calls the alarm"
    assert {path.name: path.read_bytes() for path in given.checkpoints_at.iterdir()} == held
    start("seal").done()
    assert (
        len(list(given.checkpoints_at.glob("*.checkpoint")))
        == records.values("SELECT count(*) FROM ledger.checkpoint")[0]
    )
    ledger_is_whole()


class Slow:
    """A mail server that has not said yes yet, or says it."""

    def __init__(self) -> None:
        self.says_yes = False
        self.asked: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802 -- its name
        content = bytes(envelope.content or b"")
        self.asked.append(
            next(each for each in content.decode().splitlines() if each.startswith("Message-ID"))
        )
        if not self.says_yes:
            await asyncio.get_running_loop().create_future()  # until the line is cut
        return "250 OK"


@pytest.fixture
def mail() -> Iterator[tuple[Slow, int]]:
    server = Slow()
    controller = AnyPort(server, hostname="127.0.0.1", port=0)
    controller.start()
    yield server, controller.port
    controller.stop()


def test_a_message_is_never_lost_with_its_sender(  # noqa: PLR0917
    told_sheltered: Told, mail: tuple[Slow, int], own_keys: Settings, start: Start, line: Line, records: Records,
    acting: As, settled: Callable[..., None],
) -> None:  # fmt: skip
    """Killed before the mail server was asked, before its answer, and after its answer."""
    from app.demo.acting import find
    from app.notices import service as notices

    post, port = mail
    posts = {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_security": "none",
        "smtp_sender": "post@service.example",
    }
    sending = own_keys.model_copy(update=posts)
    with acting("police") as work:
        ngo = find(work.session, "ngo").organisation_id
        notices.alert(
            work, told_sheltered.about, "Something", role=Role.NGO, organisation_id=ngo, urgent=True
        )
        work.commit()
    records.do("DELETE FROM outgoing WHERE id <> (SELECT max(id::text)::uuid FROM outgoing)")
    records.do("UPDATE outgoing SET not_before = queued_at")

    def state() -> list[Any]:
        return records.values("SELECT (attempts, sent_at IS NOT NULL)::text FROM outgoing")

    stop = line.stop("nrm_send", "COMMIT", after=True, since="UPDATE outgoing")
    sender = start("send", given=sending, later=60 * 11)
    stop.wait()
    sender.kill()
    assert (state(), post.asked) == (["(1,f)"], [])
    sender = start("send", given=sending, later=60 * 20)
    while not post.asked:
        BREATH.wait(0.02)
    sender.kill()
    settled()
    assert state() == ["(2,f)"]
    post.says_yes = True
    stop = line.stop("nrm_send", "COMMIT", nth=2, since="UPDATE outgoing")
    sender = start("send", given=sending, later=60 * 60)
    stop.wait()
    sender.kill()
    settled()
    assert state() == ["(3,f)"]
    assert "1 messages sent" in start("send", given=sending, later=60 * 180).done()
    assert state() == ["(4,t)"]
    assert len(post.asked) == 3
    assert len(set(post.asked)) == 1, "whoever gets it twice can tell that it is the same"
    assert "0 messages sent" in start("send", given=sending, later=60 * 999).done()


def test_keys_outlive_whoever_rotates_or_destroys_them(  # noqa: PLR0917
    told_sheltered: Told, own_keys: Settings, start: Start, line: Line, records: Records, runtime: Runtime, acting: As,
    settled: Callable[..., None], ledger_is_whole: Callable[[], int],
) -> None:  # fmt: skip
    """A rotation killed before the first batch is kept and after the last; an erasure before and while it is done."""
    from app.casework.queries import case_page

    def readable() -> bool:
        runtime.keys.provider, runtime.keys._open = KeyFile(own_keys.keys_at), type(runtime.keys._open)()
        with acting("ngo") as work:
            return "Irina" in str(case_page(work, told_sheltered.about, "en"))

    for number, after in enumerate((False, True)):
        stop = line.stop("nrm_keys", "COMMIT", after=after, since="UPDATE keys.wrapped_key")
        rotating = start("keys", "rotate")
        stop.wait()
        rotating.kill()
        settled()
        said = records.values(
            "SELECT DISTINCT get_byte(wrapped, 4) FROM keys.wrapped_key WHERE wrapped IS NOT NULL"
        )
        assert said == [2 if after else 1], number
        assert readable()
    assert "Went on with epoch 2" in start("keys", "rotate").done()
    start("keys", "destroy-old", "--yes").done()
    assert readable()
    shred = ("keys", "shred", str(told_sheltered.about), "--basis", "person_asked", "--yes")
    live = f"SELECT count(*) FROM keys.wrapped_key WHERE case_id = '{told_sheltered.about}' AND wrapped IS NOT NULL"
    stop = line.stop("nrm_jobs", "COMMIT", after=True, since="INSERT INTO erasure")
    erasing = start(*shred)
    stop.wait()
    erasing.kill()
    settled()
    assert records.values(live)[0] > 0
    stop = line.stop("nrm_keys", "UPDATE keys.wrapped_key")
    sweeping = start("sweep")  # it carries out what was decided, and is killed at it
    stop.wait()
    sweeping.kill()
    settled()
    assert records.values(live)[0] > 0
    assert not readable(), "closed by the list already"
    start("sweep").done()
    assert records.values(live) == [0]
    start("seal").done()
    assert len(list(own_keys.checkpoints_at.glob("*.erasure"))) == 1
    ledger_is_whole()

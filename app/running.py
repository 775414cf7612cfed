"""Starting the service: for a newcomer with a demonstration country, or on an installation that was prepared."""

import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

import uvicorn
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import sessionmaker

from app.install import Urls, make_secrets, prepare
from app.jobs.integrity import accept, check
from app.jobs.resting import rest
from app.jobs.send import send
from app.jobs.sweep import sweep
from app.jobs.unsent import end_unsent
from app.jobs.upkeep import upkeep
from app.kit.clock import HeldClock, SystemClock
from app.kit.database import make_engine
from app.kit.postgres import Server
from app.notices.message import Post
from app.notices.posts import posts_of
from app.safeguards.access import system_actor
from app.safeguards.erasing import carry_out
from app.safeguards.models import LedgerWritten
from app.safeguards.vault.chosen import keys_of
from app.safeguards.work import Work
from app.sealing import seal_once
from app.serving import LOOPBACK
from app.settings import Settings

DATABASE = "nrm_demonstration"
EVERY = 10.0  # seconds between two rounds of sealing and sweeping in `nrm run`
COMPARED_EVERY = 12  # rounds: every two minutes


def run(given: Settings, *, port: int, host: str = "127.0.0.1") -> int:
    """Start all on this machine; a database that is given is used without any demonstration."""
    make_secrets(given)
    if given.database_url:
        urls = prepare(given.database_url, given.state / "keys" / "roles.json")
        return _serve_here(_with(given, urls, port), host=host, port=port, demonstration=False)
    refuse_beyond_loopback(host)
    with Server(given.state / "postgres") as server:
        fresh = not server.has_database(DATABASE)
        if fresh:
            server.create_database(DATABASE)
        owner = server.url(DATABASE)
        mark(owner, fresh=fresh)
        here = _with(given, prepare(owner, given.state / "keys" / "roles.json"), port)
        if not fresh:
            _note_what_stood(here)
        _fill(here)
        return _serve_here(here, host=host, port=port, demonstration=True)


def _note_what_stood(given: Settings) -> None:
    """Take a demonstration of before rows were noted (ADR 0045) as it stands."""
    open_work = jobs_session_maker(given, "integrity")
    with open_work() as work:
        noted = work.session.scalar(select(LedgerWritten.id).limit(1))
    if noted is None:
        accept(open_work, given.checkpoints_at)


def _fill(given: Settings) -> None:
    """Let the demonstration's stories happen some days ago."""
    from app.demo.country import beginning, fill  # noqa: PLC0415 -- in earnest, none of it is even read
    from app.main import runtime_of  # noqa: PLC0415 -- the timers, every minute, need none of the pages

    clock = HeldClock(beginning(SystemClock().now()))
    runtime = runtime_of(given, clock)
    fill(runtime, clock)
    runtime.engine.dispose()
    runtime.keys.engine.dispose()


def refuse_beyond_loopback(host: str) -> None:
    """Refuse to show a demonstration, in which anybody can be anybody, to another machine."""
    if host not in LOOPBACK:
        raise SystemExit(
            f"A demonstration opens on loopback only, not on {host}. Give a database to serve for real."
        )


def mark(owner: str, *, fresh: bool) -> None:
    """Mark a database as a demonstration when it is made, and refuse one that was not."""
    engine = create_engine(owner)
    with engine.begin() as connection:
        if fresh:
            connection.execute(text("CREATE SCHEMA demonstration"))
        elif not connection.execute(text("SELECT to_regnamespace('demonstration') IS NOT NULL")).scalar():
            raise SystemExit("This database was not made for a demonstration, so none is started on it.")
    engine.dispose()


def _with(given: Settings, urls: Urls, port: int) -> Settings:
    return given.model_copy(
        update={
            "database_url": urls.owner,
            "app_database_url": urls.app,
            "keys_database_url": urls.keys,
            "jobs_database_url": urls.jobs,
            "send_database_url": urls.send,
            "retain_database_url": urls.retain,
            "origin": os.environ.get("NRM_ORIGIN", f"http://localhost:{port}"),
        }
    )


def _serve_here(given: Settings, *, host: str, port: int, demonstration: bool) -> int:
    from app.main import create_app  # noqa: PLC0415 -- the timers, every minute, need none of the pages

    app = create_app(given, demonstration=demonstration)
    if not demonstration:
        from app.accounts.first import first_invitation_text  # noqa: PLC0415

        sys.stdout.write(first_invitation_text(app.state.runtime, given.origin))
    stop = threading.Event()
    rounds = threading.Thread(target=_rounds, args=(given, posts_of(given), stop), daemon=True)
    rounds.start()
    sys.stdout.write(f"\n  Open {given.origin}   (Ctrl-C stops everything)\n\n")
    sys.stdout.flush()
    try:
        uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, access_log=False)
    finally:
        stop.set()
        rounds.join(5)
    return 0


def _rounds(given: Settings, posts: Mapping[str, Post], stop: threading.Event) -> None:
    """Seal, sweep and send again and again, as the timers do in an installation."""
    open_work, send_work = jobs_session_maker(given), send_session_maker(given)
    comparing, rounds = jobs_session_maker(given, "integrity"), 0
    while not stop.is_set():
        try:
            seal_once(given)
            if rounds % COMPARED_EVERY == 0:
                check(comparing, given.checkpoints_at)
            rounds += 1
            sweep(open_work)
            upkeep(open_work)
            rest(open_work)
            end_unsent(open_work)
            with open_work() as work:
                carry_out(work)
                work.commit()
            if posts:
                send(send_work, posts)
        except Exception as failure:  # noqa: BLE001 -- one failed round must not end all later ones
            sys.stderr.write(f"a round of sealing, sweeping and sending failed: {type(failure).__name__}\n")
        stop.wait(EVERY)


def jobs_session_maker(
    given: Settings, purpose: str = "deadlines"
) -> Callable[[], AbstractContextManager[Work]]:
    """Return how a timer opens its Work: as the system actor, over the timers' role."""
    return _session_maker(given, given.jobs_database_url, purpose)


def owner_session_maker(given: Settings, purpose: str) -> Callable[[], AbstractContextManager[Work]]:
    """Return how a command opens its Work as the owner of the tables, for what no role of the service may do."""
    if not given.database_url:
        raise ValueError(
            "set NRM_DATABASE_URL: no role of the service may do this, only the owner of the tables"
        )
    return _session_maker(given, given.database_url, purpose)


def send_session_maker(given: Settings) -> Callable[[], AbstractContextManager[Work]]:
    """Return how the sender opens its Work: as the system actor, over a role that can do nothing else."""
    return _session_maker(given, given.send_database_url, "messages")


def _session_maker(
    given: Settings, url: str | None, purpose: str
) -> Callable[[], AbstractContextManager[Work]]:
    if not (url and given.keys_database_url):
        raise SystemExit("Set the database address of this timer, and NRM_KEYS_DATABASE_URL.")
    sessions = sessionmaker(make_engine(url, pool_size=1), expire_on_commit=False)
    keys = keys_of(given, pool_size=1)

    @contextmanager
    def open_work() -> Iterator[Work]:
        with sessions() as session:
            yield Work(system_actor(), purpose, session, SystemClock(), keys).begin()

    return open_work

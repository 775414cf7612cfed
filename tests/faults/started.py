"""Processes of an installation, as its units start them, in the hands of a test that kills them."""

import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from app.settings import Settings
from tests.faults.line import PATIENCE
from tests.fixtures.service import ORIGIN

ROOT = Path(__file__).resolve().parents[2]
BREATH = threading.Event()  # never set: waiting for it is a pause between two looks


@contextmanager
def forks() -> Iterator["Forks"]:
    """Start what starts processes; end it, and whoever is left, afterwards."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.forking"], cwd=ROOT, text=True, bufsize=1,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as child:  # fmt: skip
        made = Forks(child)
        yield made
        made.end()
        assert child.stdin
        child.stdin.close()


@dataclass
class Forks:
    """Starts `nrm` processes."""

    child: "subprocess.Popen[str]"
    running: list["Process"] = field(default_factory=list)

    def start(
        self, given: Settings, log: Path, *words: str, clock: float = 0, full: Path | None = None
    ) -> "Process":  # fmt: skip
        """Start `nrm` with those words under those settings."""
        said = given.model_dump(exclude_none=True)
        env = {f"NRM_{name.upper()}": str(value) for name, value in said.items()}
        pid = self.ask(words=words, env=env, log=str(log), clock=clock, full=full and str(full))
        process = Process(pid, log, self)
        self.running.append(process)
        return process

    def end(self) -> None:
        """Kill whoever still runs."""
        for process in list(self.running):
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
            process.ended()

    def ask(self, **about: Any) -> int:
        """Ask for a process, or how one ended."""
        assert self.child.stdin
        assert self.child.stdout
        self.child.stdin.write(json.dumps(about) + "\n")
        return int(self.child.stdout.readline())


@dataclass
class Process:
    """One process."""

    pid: int
    log: Path
    by: Forks

    def kill(self) -> None:
        """Kill it, as a power cut would: it hears nothing of it."""
        os.kill(self.pid, signal.SIGKILL)
        assert self.ended() == -signal.SIGKILL

    def ended(self) -> int:
        """Wait until it has ended; return how."""
        watched = os.pidfd_open(self.pid)
        try:
            ready, _w, _x = select.select([watched], [], [], PATIENCE)
        finally:
            os.close(watched)
        assert ready, f"it does not end: {self.said()}"
        self.by.running.remove(self)
        return self.by.ask(ended=self.pid)

    def runs(self) -> bool:
        """Say whether it has not ended yet."""
        watched = os.pidfd_open(self.pid)
        ready, _w, _x = select.select([watched], [], [], 0)
        os.close(watched)
        return not ready

    def done(self) -> str:
        """Wait until it has done its work; return what it said."""
        code = self.ended()
        assert code == 0, (code, self.said())
        return self.said()

    def said(self) -> str:
        """Return all that it and those before it wrote."""
        return self.log.read_text("utf-8") if self.log.exists() else ""


@dataclass
class Service:
    """The serving process: what systemd would start again is started again by `up`."""

    forks: Forks
    given: Settings
    folder: Path
    clock: float = 0
    port: int = 0
    process: Process | None = None
    slowest: float = 0.0  # seconds until it answered again
    asking: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))

    def up(self) -> float:
        """Start it; return after how many seconds it answered."""
        self.port, began = free_port(), time.monotonic()
        words = ("serve", "--port", str(self.port))
        self.process = self.forks.start(self.given, self.folder / "serve.log", *words, clock=self.clock)
        self.wait_for("/api/session", 401, 200)
        took = time.monotonic() - began
        self.slowest = max(self.slowest, took)
        return took

    def wait_for(self, path: str, *statuses: int, **headers: str) -> None:
        """Wait until it answers so."""
        until, last = time.monotonic() + PATIENCE, None
        while time.monotonic() < until:
            with suppress(OSError, httpx.TransportError, http.client.HTTPException):
                last = self.ask("GET", path, **headers)
                if last.status_code in statuses:
                    return
            BREATH.wait(0.02)
        raise AssertionError((path, last and last.text[:500], self.process and self.process.said()[-2000:]))

    def kill(self) -> None:
        """Kill it."""
        assert self.process
        self.process.kill()

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Ask over the network."""
        said = {name.replace("_", "-"): value for name, value in headers.items()} | {"Host": HOST}
        where = f"http://127.0.0.1:{self.port}{path}"
        with httpx.Client(
            transport=httpx.HTTPTransport(verify=False), trust_env=False, timeout=PATIENCE
        ) as client:
            return client.request(
                method, where, json=body, headers=said
            )  # nothing encrypted: no authorities are read

    def asked(self, method: str, path: str, body: Any = None, **headers: str) -> "Future[httpx.Response]":
        """Ask, and do not wait for the answer."""
        return self.asking.submit(self.ask, method, path, body, **headers)


HOST = ORIGIN.removeprefix("https://")


def unanswered(asked: "Future[httpx.Response]") -> None:
    """Whoever asked heard nothing at all."""
    failure = asked.exception(PATIENCE)
    assert isinstance(failure, httpx.TransportError), failure or asked.result().text


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

"""Processes that serve, as an installation has them, each on a port of its own, so that load is shared evenly."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from app.settings import Settings

PATIENCE = 180.0  # seconds


@dataclass(frozen=True)
class Served:
    """Processes of one application."""

    ports: tuple[int, ...]
    pids: tuple[int, ...]


@contextmanager
def serving(factory: str, given: Settings, processes: int, **more: str) -> Iterator[Served]:
    """Serve an application in that many processes; stop them afterwards."""
    ports = tuple(free_port() for _process in range(processes))
    children = [_spawn(factory, port, {**environment(given), **more}) for port in ports]
    try:
        for port, child in zip(ports, children, strict=True):
            wait_for(port, child)
        yield Served(ports, tuple(child.pid for child in children))
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(20)


def environment(given: Settings) -> dict[str, str]:
    """Return the settings as a process reads them."""
    said = given.model_dump(exclude_none=True)
    return {**os.environ, **{f"NRM_{name.upper()}": str(value) for name, value in said.items()}}


def _spawn(factory: str, port: int, around: dict[str, str]) -> subprocess.Popen[bytes]:
    words = [
        sys.executable, "-m", "uvicorn", factory, "--factory", "--port", str(port), "--no-server-header",
        "--no-access-log", "--log-level", "warning",
    ]  # fmt: skip
    return subprocess.Popen(words, env=around)


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, child: "subprocess.Popen[bytes]", path: str = "/static/icon.svg") -> float:
    """Wait until a process answers; return when that was."""
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        if child.poll() is not None:
            raise SystemExit(f"The process that should serve port {port} ended with {child.returncode}.")
        with suppress(OSError, http.client.HTTPException):
            answer(port, path)
            return time.perf_counter()
        time.sleep(0.02)
    raise SystemExit(f"Nothing served on port {port} within {PATIENCE:.0f} s.")


def answer(port: int, path: str, cookie: str = "") -> tuple[int, bytes]:
    """Return status and body of one page."""
    connection = http.client.HTTPConnection("localhost", port, timeout=30)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    got = connection.getresponse()
    body = got.read()
    connection.close()
    return got.status, body


def resident(pid: int) -> float:
    """Return the resident size of a process in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def processor(pids: Iterable[int]) -> float:
    """Return the seconds of CPU that those processes have had."""
    ticks = 0
    for pid in pids:
        with suppress(FileNotFoundError):  # a session of the database that has ended
            fields = Path(f"/proc/{pid}/stat").read_text("ascii", errors="replace").rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """Return the processes that a process started, such as the sessions of a database."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return [pid, *map(int, listed.split())]


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return sorted(values)[len(values) // 2]

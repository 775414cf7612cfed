"""Starts `nrm` processes quickly: everything is imported once, and each process is a fork that runs the command.

Reads a line of JSON for each process from its input, and answers with its number; asked for how one ended, it says so.
`clock` sets the clock of that machine, by so many seconds; `full` is a folder on a disk that is full.
"""

import json
import os
import resource
import sys
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app import asvs, keys, main, running  # noqa: F401 -- so that a fork has them already
from app.cli import main as nrm
from app.install import make_secrets
from app.kit.clock import SystemClock
from app.settings import Settings
from tests.faults.disk import Disk

NOWHERE = "postgresql+psycopg://nobody@/nowhere"


def warm() -> None:
    """Build the application once and forget it: what it keeps of its parts is there for every fork."""
    with TemporaryDirectory() as folder:
        given = Settings(state=Path(folder), app_database_url=NOWHERE, keys_database_url=NOWHERE)
        make_secrets(given)
        main.create_app(given)


def serve() -> None:
    """Do what is asked until the input ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        said = ended(asked["ended"]) if "ended" in asked else started(asked)
        sys.stdout.write(f"{said}\n")
        sys.stdout.flush()


def ended(pid: int) -> int:
    """Return how a process ended; a negative number is the signal."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def started(asked: dict[str, Any]) -> int:
    """Fork; return the number of the process that runs the command."""
    pid = os.fork()
    if pid == 0:
        os._exit(become(asked))
    return pid


def become(asked: dict[str, Any]) -> int:
    """Be the process: its surroundings, its output, its clock; then the command."""
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(asked["env"])
    if asked["clock"]:
        set_clock(timedelta(seconds=asked["clock"]))
    disk = full(Path(asked["full"])) if asked["full"] else None
    try:
        return nrm(asked["words"])
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(end.code + "\n")
        return end.code if isinstance(end.code, int) else 1
    finally:
        if disk:
            disk.keep()
        sys.stdout.flush()
        sys.stderr.flush()


def full(folder: Path) -> Disk | None:
    """Let no byte be written into a folder any more; where nobody may mount a disk, no file may become long instead."""
    disk = Disk.mounted(folder, 0)
    if disk:
        disk.fill()
    else:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
    sys.stdout.write(f"{'a disk' if disk else 'a limit'} is full: {folder}\n")
    return disk


def set_clock(by: timedelta) -> None:
    """Let the machine's clock be off by so much."""
    real = SystemClock.now

    def now(self: SystemClock) -> datetime:
        return real(self) + by

    SystemClock.now = now  # type: ignore[method-assign]


if __name__ == "__main__":
    warm()
    serve()

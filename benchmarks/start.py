"""How long `nrm run` takes to a served page, first and from what an earlier start left; and what imports take."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from app.settings import Settings
from benchmarks.figures import Figure
from benchmarks.installation import PLACE, ROOT
from benchmarks.serving import free_port, wait_for

STATE = PLACE / "run"
TIMES = 3


def measure(given: Settings) -> Iterator[Figure]:  # noqa: ARG001 -- every part is measured alike
    """Yield the seconds of a first and of later starts of the demonstration, and of importing the application."""
    shutil.rmtree(STATE, ignore_errors=True)
    yield Figure("`nrm run` to a served page: the first start, which makes all", _start(), "s", digits=1)
    later = sorted(_start() for _time in range(TIMES))
    yield Figure("`nrm run` to a served page: later starts", later[TIMES // 2], "s", 5, limit=True, digits=1)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    imports = sorted(_imported() for _time in range(TIMES))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    yield Figure("importing the application", imports[TIMES // 2], "s", 3, limit=True, digits=1)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    yield Figure("importing the application, CPU with Python's own start", spent / TIMES, "s", digits=1)


def _start() -> float:
    """Start the demonstration, wait for its first page, stop it as Ctrl-C does."""
    port = free_port()
    around = {name: value for name, value in os.environ.items() if not name.startswith("NRM_")}
    began = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "run", "--port", str(port)],
        env={**around, "NRM_STATE": str(STATE)}, cwd=ROOT, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        return wait_for(port, child, "/sign-in") - began
    finally:
        child.send_signal(signal.SIGINT)
        child.wait(60)
        assert not Path(STATE / "postgres" / "data" / "postmaster.pid").exists(), (
            "the database was left running"
        )


def _imported() -> float:
    """Return the seconds that a new Python takes to start and import the application."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import app.main"], check=True, cwd=ROOT)
    return time.perf_counter() - began

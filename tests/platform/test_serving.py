"""The processes that serve: systemd is told when they answer, and one that cannot start ends the start."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT

SERVE = (
    "import sys; from app.serving import serve; from app.settings import Settings; "
    "sys.exit(serve(Settings(processes=int(sys.argv[2])), host='127.0.0.1', port=0, factory=sys.argv[1]))"
)
SOON = 60


def serving(factory: str, place: Path, processes: int) -> subprocess.Popen[str]:
    """Start the service as systemd does, over an application that is quickly made."""
    return subprocess.Popen(
        [sys.executable, "-P", "-c", SERVE, f"tests.platform.plain:{factory}", str(processes)], cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "NOTIFY_SOCKET": str(place)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("processes", [1, 2])
def test_systemd_is_told_that_all_answer_and_that_they_still_do(tmp_path: Path, processes: int) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(tmp_path / "notify"))
        told.settimeout(SOON)
        service = serving("answering", tmp_path / "notify", processes)
        assert [told.recv(64), told.recv(64)] == [b"READY=1", b"WATCHDOG=1"]
        service.send_signal(signal.SIGTERM)
        said = service.communicate(timeout=SOON)[1]
    assert service.returncode == (-signal.SIGTERM if processes == 1 else 0), said
    assert "Application startup complete" in said
    assert "Finished server process" in said


@pytest.mark.parametrize("processes", [1, 2])
def test_a_service_that_cannot_start_ends_and_says_why_once_for_each_process(
    tmp_path: Path, processes: int
) -> None:
    """It was tried for ever before, while systemd took it for a service that runs."""
    service = serving("refusing", tmp_path / "nobody", processes)
    said = service.communicate(timeout=SOON)[1]
    assert service.returncode == 1
    assert 1 <= said.count("there is no key file") <= processes

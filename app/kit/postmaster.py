"""One PostgreSQL process over one folder: made, launched, found again after a crash, halted."""

import logging
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from psycopg import pq

from app.kit.pgbinaries import (
    Binaries,
    find_binaries,
    reachable_binaries,
    reachable_folder,
    runner_for,
    surroundings,
)

log = logging.getLogger("nrm.postgres")

SUPERUSER = "postgres"
PORT = 5432  # names the socket; nothing listens on TCP
LONGEST_SOCKET = 107 - len(f"/.s.PGSQL.{PORT}")
PATIENCE = 30.0  # seconds until a start or a stop is given up
LARGEST_LOG = 5_000_000  # bytes

# What goes wrong for a moment while the children of a killed server are still leaving.
PASSING = ("pre-existing shared memory block", "lock file")

ALWAYS = {
    "listen_addresses": "",
    "max_connections": "100",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # No statement, parameter or row in the log: it would be a second place where data could be read.
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_min_messages": "log",  # above errors: an error's own text may quote a value
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
}


class ServerFailed(RuntimeError):
    """The embedded PostgreSQL would not start or stop; the text says why and where its log is."""


@dataclass(frozen=True)
class Running:
    """A server process of the folder: its number, where its socket is, whether it serves yet."""

    pid: int
    socket: Path
    ready: bool


class Postmaster:
    """The PostgreSQL process of one folder; whoever calls it makes sure to be the only one who does."""

    def __init__(self, folder: Path, *, fast: bool, major: int | None) -> None:
        self.runner = runner_for(folder / "data")
        self.folder = reachable_folder(folder, self.runner)
        self.data = self.folder / "data"
        self.fast = fast
        self.major = major

    def settle(self) -> None:
        """Make the folder: one's own; only data and socket belong to the user that runs PostgreSQL."""
        for above in [each for each in reversed(self.folder.parents) if not each.exists()]:
            above.mkdir(exist_ok=True)
            above.chmod(0o755)  # whatever the umask: the user that runs PostgreSQL must pass
        self.folder.mkdir(exist_ok=True)
        if self.folder.stat().st_uid != os.geteuid():
            raise ServerFailed(f"{self.folder} belongs to another user: give another folder, or remove it.")
        self.folder.chmod(0o711 if self.runner.other else 0o700)

    def password(self) -> str:
        """Return the superuser's password."""
        return (self.folder / "password").read_text(encoding="ascii").strip()

    def running_or_launched(self) -> Running:
        """Return the server that runs here, launching it (and first making its data) where none does."""
        began = time.monotonic()
        if not (self.data / "PG_VERSION").exists():
            self._initialise(reachable_binaries(find_binaries(self.major), self.runner))
        running = self._settled()
        if running is None:
            running = self._launch()
            log.info("PostgreSQL started in %.2f s in %s", time.monotonic() - began, self.folder)
        return running

    def running(self) -> Running | None:
        """Return the server process of this folder, or nothing when only its file was left behind."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            pid = int(lines[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        if str(self.data) not in _command_line(pid):
            return None  # the server was killed, and another process may have its number by now
        ready = len(lines) >= 8 and lines[7].strip() == "ready"
        return Running(pid, Path(lines[4]) if len(lines) > 4 else Path(), ready)

    def halt(self) -> None:
        """End all sessions, write everything, stop; nothing happens when no server runs here."""
        found = self.running()
        if not found:
            return
        os.kill(found.pid, signal.SIGINT)
        for _moment in _moments():
            with suppress(ChildProcessError):
                os.waitpid(found.pid, os.WNOHANG)  # so that a child of ours does not stay as a zombie
            if not _command_line(found.pid):
                break
        else:
            raise ServerFailed(f"PostgreSQL (process {found.pid}) in {self.folder} did not stop.")
        if found.socket.parent != self.folder:
            with suppress(OSError):
                found.socket.rmdir()

    def _initialise(self, binaries: Binaries) -> None:
        partial = self.folder / "data.partial"
        shutil.rmtree(partial, ignore_errors=True)  # left by a start that was killed
        partial.mkdir()
        self.runner.own(partial, 0o700)
        password = self.folder / "password"
        password.touch(mode=0o600)
        self.runner.own(password, 0o600)
        password.write_text(secrets.token_urlsafe(32) + "\n", encoding="ascii")
        said = self.runner.run(binaries.folder / "initdb", *self._options(binaries, partial, password))
        if said.returncode:
            raise ServerFailed(
                f"initdb failed in {self.folder}: {said.stderr.strip() or said.stdout.strip()}"
            )
        partial.rename(self.data)  # so that data is either whole or not there

    def _options(self, binaries: Binaries, data: Path, password: Path) -> list[str]:
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        return [
            f"--pgdata={data}",
            f"--username={SUPERUSER}",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--data-checksums",
            "--encoding=UTF8",
            *(builtin if binaries.major >= 17 else ["--locale=C.UTF-8"]),
            *(["--no-sync"] if self.fast else []),
        ]

    def _settled(self) -> Running | None:
        """Return the server once it is ready, or nothing once none is left."""
        for _moment in _moments():
            found = self.running()
            if found is None or (found.ready and _answers(found)):
                return found
        raise ServerFailed(
            f"The PostgreSQL in {self.folder} neither gets ready nor ends; see its file `log`."
        )

    def _launch(self) -> Running:
        major = int((self.data / "PG_VERSION").read_text(encoding="ascii"))
        binaries = reachable_binaries(find_binaries(major), self.runner)
        socket = self._socket_folder()
        for _moment in _moments(every=0.1):
            (self.data / "postmaster.pid").unlink(missing_ok=True)  # nobody is behind it: see `_settled`
            found = self._attempt(binaries, socket)
            if found:
                return found
        raise ServerFailed(f"PostgreSQL did not start in {self.folder}: {self._last_words()}")

    def _attempt(self, binaries: Binaries, socket: Path) -> Running | None:
        """Start the server once; nothing when it only has to wait until the last one's children are gone."""
        child = self._spawn(binaries, socket)
        for _moment in _moments():
            found = self.running()
            if found and found.ready and found.pid == child.pid:
                return found
            if child.poll() is not None:
                break
        words = self._last_words()
        if child.poll() is not None and any(cause in words for cause in PASSING):
            return None
        raise ServerFailed(f"PostgreSQL did not start in {self.folder}: {words}")

    def _spawn(self, binaries: Binaries, socket: Path) -> subprocess.Popen[bytes]:
        settings = {**ALWAYS, **(FAST if self.fast else {}), "unix_socket_directories": str(socket)}
        options = [word for name, text in settings.items() for word in ("-c", f"{name}={text}")]
        with self._open_log() as output:
            return subprocess.Popen(  # noqa: S603 -- the words are paths and options of our own
                [str(binaries.folder / "postgres"), "-D", str(self.data), "-p", str(PORT), *options],
                user=self.runner.user,
                group=self.runner.group,
                extra_groups=self.runner.groups,
                env=surroundings(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # so that Ctrl-C reaches the application first
            )

    def _socket_folder(self) -> Path:
        """Return a folder for the socket: beside the data, or elsewhere where that path would be too long."""
        place = self.folder / "socket"
        if len(os.fsencode(place)) > LONGEST_SOCKET:
            place = Path(tempfile.mkdtemp(prefix="nrm-pg-"))
        place.mkdir(exist_ok=True)
        self.runner.own(place, 0o700)
        for stale in place.glob(".s.PGSQL.*"):
            stale.unlink()
        return place

    def _open_log(self) -> IO[bytes]:
        path = self.folder / "log"
        grown = path.exists() and path.stat().st_size > LARGEST_LOG
        return path.open("wb" if grown else "ab")

    def _last_words(self) -> str:
        path = self.folder / "log"
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
        return " / ".join(lines[-4:])


def _moments(every: float = 0.005) -> Iterator[None]:
    """Yield again and again, with a short rest between, until patience ends."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        yield
        time.sleep(every)


def _answers(found: Running) -> bool:
    """Tell whether a server answers; one that was killed a moment ago still stands in its file."""
    return pq.PGconn.ping(f"host='{found.socket}' port={PORT}".encode()) == pq.Ping.OK


def _command_line(pid: int) -> str:
    """Return the command line of a process, empty when there is none."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except OSError:
            return ""
    said = subprocess.run(  # noqa: S603 -- a number
        ["/bin/ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True, check=False
    )
    return said.stdout

"""An embedded PostgreSQL for `make run` and for tests: started, shared by its users, stopped by the last one.

The box of binaries brings a starter of its own, which trusts every local user and outlives a crash: not used.
"""

import atexit
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from urllib.parse import quote

import psycopg
from psycopg import sql

from app.kit.postmaster import PORT, SUPERUSER, Postmaster, ServerFailed

__all__ = ["Server", "ServerFailed"]


class Server:
    """An embedded PostgreSQL in one folder, which any number of processes may share.

    `fast` gives up safety against a crash, for tests. `major` asks for a certain version for new data.
    """

    def __init__(self, folder: Path, *, fast: bool = False, major: int | None = None) -> None:
        self.postmaster = Postmaster(folder.absolute(), fast=fast, major=major)
        self.folder = self.postmaster.folder
        self._socket: Path | None = None
        self._users: IO[bytes] | None = None

    def start(self) -> Self:
        """Start the server, or join the one that already runs in this folder."""
        if self._users:
            return self
        self.postmaster.settle()
        with self._turn():
            self._users = (self.folder / "users").open("ab")
            fcntl.flock(self._users, fcntl.LOCK_SH)
            try:
                self._socket = self.postmaster.running_or_launched().socket
            except BaseException:
                self._leave()
                raise
        atexit.register(self.stop)
        return self

    def stop(self) -> None:
        """Leave the server, and stop it if nobody else uses it; nothing happens when it was never started."""
        if not self._users:
            return
        atexit.unregister(self.stop)
        with self._turn():
            try:
                if self._is_last(self._users):
                    self.postmaster.halt()
            finally:
                self._leave()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def socket(self) -> Path:
        """Return the folder of the socket, which only the server's user (and root) may enter."""
        if not self._socket:
            raise ServerFailed(f"The PostgreSQL in {self.folder} is not started: call start() first.")
        return self._socket

    def url(self, database: str = "nrm", user: str = SUPERUSER, password: str | None = None) -> str:
        """Return the SQLAlchemy URL of a database, as the superuser unless another user is named."""
        place = quote(str(self.socket), safe="")
        secret = password or (self.postmaster.password() if user == SUPERUSER else "")
        who = quote(user, safe="") + (f":{quote(secret, safe='')}" if secret else "")
        return f"postgresql+psycopg://{who}@/{quote(database, safe='')}?host={place}&port={PORT}"

    def databases(self) -> list[str]:
        """Return the names of all databases."""
        with self._connect() as connection:
            return [str(name) for (name,) in connection.execute("select datname from pg_database")]

    def has_database(self, name: str) -> bool:
        """Tell whether a database of that name exists."""
        return name in self.databases()

    def create_database(self, name: str, template: str | None = None) -> None:
        """Create an empty database, or a copy of one that nobody is connected to."""
        command = sql.SQL("create database {} template {} strategy file_copy").format(
            sql.Identifier(name), sql.Identifier(template or "template0")
        )
        with self._connect() as connection:
            connection.execute(command)

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is still connected to it; one that is not there is no error."""
        command = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        with self._connect() as connection:
            connection.execute(command)

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(
            host=str(self.socket),
            port=PORT,
            user=SUPERUSER,
            password=self.postmaster.password(),
            dbname="postgres",
            autocommit=True,
        )

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let one process at a time start or stop the server of this folder."""
        with (self.folder / "turn").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @staticmethod
    def _is_last(users: IO[bytes]) -> bool:
        """Tell whether nobody else uses the server; the kernel forgets whoever died."""
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _leave(self) -> None:
        if self._users:
            self._users.close()
        self._users = self._socket = None

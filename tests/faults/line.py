"""The line between our processes and PostgreSQL: it passes everything on, and stops where a test says.

So a process can be killed at an exact moment without a word about it in the program: it waits, as it would for a slow
database, before a statement reaches the server or after the server did it and before the process hears of it.
"""

import re
import select
import shutil
import socket
import tempfile
import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import make_url

NAME = ".s.PGSQL.5432"
PATIENCE = 120.0  # seconds until something that must happen is given up
CHUNK = 1 << 16


@dataclass
class Stop:
    """A moment: the statement of that role that begins so, the `nth` of its kind."""

    role: str
    words: str
    after: bool = False  # not before the server has it, but when the server has done it
    nth: int = 1
    since: str = ""  # counts only from this statement of the role on
    reached: threading.Event = field(default_factory=threading.Event)

    def meets(self, role: str, statement: str) -> bool:
        """Say whether this is the moment."""
        if self.since and role == self.role and re.match(self.since, statement, re.IGNORECASE):
            self.since = ""
        if (
            self.since
            or role != self.role
            or self.nth == 0
            or not re.match(self.words, statement, re.IGNORECASE)
        ):
            return False
        self.nth -= 1
        return self.nth == 0

    def wait(self, about: "str | Future[httpx.Response]" = "") -> None:
        """Wait until a process stands there."""
        if not self.reached.wait(PATIENCE):
            said = about if isinstance(about, str) else about.result(PATIENCE).text
            raise AssertionError(f"nobody came to {self.words!r} of {self.role}: {said}")


class Line:
    """A socket in a folder of its own, in front of the server's."""

    def __init__(self, server: Path) -> None:
        self.server = server / NAME
        self.folder = Path(tempfile.mkdtemp(prefix="nrm-line-"))
        self.said: list[str] = []  # every statement of our processes, for a test that looks for its moment
        self._stop: Stop | None = None
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self.folder / NAME))
        self._listening.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(
        self, role: str, words: str, *, after: bool = False, nth: int = 1, since: str = ""
    ) -> Stop:  # fmt: skip
        """Stop the next process that comes to this moment; it never goes on from there."""
        self._stop = Stop(role, words, after, nth, since)
        return self._stop

    def through(self, url: str) -> str:
        """Return the address that leads through here."""
        here = make_url(url).update_query_dict({"host": str(self.folder)})
        return here.render_as_string(hide_password=False)

    def close(self) -> None:
        """Take no more connections."""
        self._listening.close()
        shutil.rmtree(self.folder)

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                process, _address = self._listening.accept()
                threading.Thread(target=self._carry, args=(process,), daemon=True).start()

    def _carry(self, process: socket.socket) -> None:
        with process, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(str(self.server))
            _Talk(self, process, server).carry()

    def asked(self, role: str, statement: str) -> Stop | None:
        """Note a statement; return the moment, if this is it."""
        self.said.append(f"{role}: {statement}")
        return self._stop if self._stop and self._stop.meets(role, statement) else None


@dataclass
class _Talk:
    """One connection: reads what is asked, message by message, and passes it on."""

    line: Line
    process: socket.socket
    server: socket.socket
    role: str = ""
    asked: bytearray = field(default_factory=bytearray)
    statements: dict[bytes, str] = field(default_factory=dict)

    def carry(self) -> None:
        """Pass on both ways until one side leaves or the moment has come."""
        while True:
            ready, _w, _x = select.select([self.process, self.server], [], [])
            if self.server in ready:
                answer = self.server.recv(CHUNK)
                if not answer:
                    return
                self.process.sendall(answer)
            if self.process in ready:
                more = self.process.recv(CHUNK)
                if not more:
                    return
                self.asked += more
                if not self._pass_on():
                    return

    def _pass_on(self) -> bool:
        """Send on all whole messages; False once the process stands where it is to be killed."""
        while message := self._message():
            stop = self.line.asked(self.role, said) if (said := self._said(message)) else None
            if stop is not None and not stop.after:
                self._hold(stop)
                return False
            self.server.sendall(message)
            if stop is not None:
                self.server.sendall(self.asked)
                self._until_ready()
                self._hold(stop)
                return False
        return True

    def _message(self) -> bytes:
        """Return the next whole message; the first of a connection bears no letter."""
        at = 1 if self.role else 0
        if len(self.asked) < at + 4:
            return b""
        end = at + int.from_bytes(self.asked[at : at + 4], "big")
        if len(self.asked) < end:
            return b""
        message = bytes(self.asked[:end])
        del self.asked[:end]
        if not self.role:
            words = message[8:].split(b"\0")
            self.role = dict(zip(words[::2], words[1::2], strict=False)).get(b"user", b"?").decode()
            return message
        return message

    def _said(self, message: bytes) -> str:
        """Return the statement that this message has the server do."""
        kind, body = message[:1], message[5:]
        if kind == b"Q":
            return body.rstrip(b"\0").decode()
        if kind == b"P":
            name, statement = body.split(b"\0")[:2]
            self.statements[name] = statement.decode()
        if kind == b"B":
            return self.statements[body.split(b"\0")[1]]
        return ""

    def _until_ready(self) -> None:
        """Read the server's answer to its end, and keep it."""
        answer = bytearray()
        while True:
            more = self.server.recv(CHUNK)
            assert more, "the server left"
            answer += more
            while len(answer) >= 5 and len(answer) >= (end := 1 + int.from_bytes(answer[1:5], "big")):
                if answer[:1] == b"Z":
                    return
                del answer[:end]

    def _hold(self, stop: Stop) -> None:
        """Let the process stand there until it is gone; then the server hears that it is."""
        stop.reached.set()
        while self.process.recv(CHUNK):
            pass

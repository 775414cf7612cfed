"""Load from a process of its own: so many clients, each asks for the next page as soon as it has the last.

It imports nothing of the service, so that starting it takes no time from what it measures.
"""

import json
import selectors
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def load(  # noqa: PLR0913 -- whom, what, as whom, how many, how long; all named at the call
    ports: Sequence[int], paths: Sequence[str], cookie: str = "", *, clients: int = 16,
    seconds: float = 0.0, requests: int = 0, rate: float = 0.0,
) -> float:  # fmt: skip
    """Ask for those pages in turn, so long or so often; return requests a second. What is not a 200 ends it.

    `rate` asks for so many a second and no more, as far as a client is free.
    """
    asked = {
        "ports": list(ports), "paths": list(paths), "cookie": cookie, "clients": clients, "seconds": seconds,
        "requests": requests, "rate": rate,
    }  # fmt: skip
    said = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"], input=json.dumps(asked), capture_output=True, text=True,
        check=False, cwd=ROOT,
    )  # fmt: skip
    if said.returncode:
        raise SystemExit(f"The load was not answered as it should be: {said.stderr[-1500:]}")
    return float(json.loads(said.stdout))


@dataclass
class Client:
    """One connection that is kept open."""

    socket: socket.socket
    got: bytearray = field(default_factory=bytearray)
    wanted: int = 0  # bytes of the answer, once its head is read

    def ask(self, path: str, cookie: str) -> None:
        """Send a request."""
        self.got, self.wanted = bytearray(), 0
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nCookie: {cookie}\r\n\r\n".encode()
        )

    def read(self) -> bool:
        """Take what has arrived; say whether the answer is whole."""
        self.got += self.socket.recv(262_144)
        if not self.wanted and (end := self.got.find(b"\r\n\r\n")) >= 0:
            head = self.got[:end].lower()
            if not head.startswith(b"http/1.1 200"):
                raise RuntimeError(self.got[:400].decode(errors="replace"))
            at = head.index(b"content-length: ") + 16
            self.wanted = end + 4 + int(head[at:].split(b"\r\n", 1)[0])
        return bool(self.wanted) and len(self.got) >= self.wanted


def main(asked: dict[str, Any]) -> float:
    """Drive all clients from one thread; return requests a second."""
    ports, paths, chosen = cycle(asked["ports"]), cycle(asked["paths"]), selectors.DefaultSelector()
    rate, began, sent, done, idle = asked["rate"], time.perf_counter(), 0, 0, deque[Client]()
    for _client in range(asked["clients"]):
        client = Client(socket.create_connection(("127.0.0.1", next(ports))))
        chosen.register(client.socket, selectors.EVENT_READ, client)
        idle.append(client)
    while not _over(asked, done, spent := time.perf_counter() - began):
        while idle and (not rate or sent < spent * rate):
            idle.popleft().ask(next(paths), asked["cookie"])
            sent += 1
        for key, _events in chosen.select(0.2 / rate if rate else None):
            if key.data.read():
                done += 1
                idle.append(key.data)
    return done / spent


def _over(asked: dict[str, Any], done: int, spent: float) -> bool:
    return bool(done >= asked["requests"] if asked["requests"] else spent >= asked["seconds"])


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(json.load(sys.stdin))))

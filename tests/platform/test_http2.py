"""The shipped proxies speak HTTP/2 strictly: nothing of one connection goes in or out, and no header holds another."""

import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer

import pytest
from hpack import Decoder

from tests.platform.test_deploy import DEPLOY, certificate

HOST = "nrm.example.org"
OF_ONE_CONNECTION = ("transfer-encoding", "connection", "keep-alive", "proxy-connection", "upgrade")
HEADERS, RESET, SETTINGS, GOAWAY = 1, 3, 4, 7
Headers = list[tuple[bytes, bytes]]


class Behind(BaseHTTPRequestHandler):
    """The service behind the proxy: it answers with headers of its own connection, and notes who came through."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.came.append({name.lower(): value for name, value in self.headers.items()})  # type: ignore[attr-defined]
        self.send_response(200)
        for name, value in (
            ("Connection", "keep-alive"),
            ("Keep-Alive", "timeout=5"),
            ("Proxy-Connection", "keep-alive"),
            ("Upgrade", "h2c"),
            ("Transfer-Encoding", "chunked"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"2\r\nok\r\n0\r\n\r\n")

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose path is short enough for sockets, and open to the proxy's own user."""
    path = Path(tempfile.mkdtemp(prefix="nrm-h2-"))
    path.chmod(0o755)
    certificate(path)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def came(folder: Path) -> Iterator[list[dict[str, str]]]:
    """Everything that reaches the service."""
    server = ThreadingUnixStreamServer(str(folder / "behind"), Behind)
    (folder / "behind").chmod(0o777)
    server.came = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server.came  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


def nginx(folder: Path) -> list[str] | None:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    text = (DEPLOY / "proxy" / "nginx.conf").read_text()
    for shipped, here in {
        "user www-data;": "",
        "/etc/nginx/tls": str(folder),
        "/var/log/nginx/error.log": f"{folder}/error.log",
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "listen 443 ssl": f"listen unix:{folder}/front ssl",
        "listen 80 default_server": f"listen unix:{folder}/clear",
        "http://127.0.0.1:8000": f"http://unix:{folder}/behind:",
    }.items():
        assert shipped in text
        text = text.replace(shipped, here)
    (folder / "nginx.conf").write_text(text)
    return (
        [program, "-p", str(folder), "-c", f"{folder}/nginx.conf", "-g", "daemon off;"] if program else None
    )


def caddy(folder: Path) -> list[str] | None:
    program = shutil.which("caddy")
    text = (DEPLOY / "proxy" / "Caddyfile").read_text()
    keys = f"tls {folder}/fullchain.pem {folder}/privkey.pem"
    for shipped, here in {
        "admin off": "admin off\n\tauto_https off",
        f"http://{HOST} {{": f"http://{HOST} {{\n\tbind unix/{folder}/clear",
        f"\n{HOST} {{": f"\nhttps://{HOST} {{\n\tbind unix/{folder}/front\n\t{keys}",
        "127.0.0.1:8000": f"unix/{folder}/behind",
    }.items():
        assert shipped in text
        text = text.replace(shipped, here)
    (folder / "Caddyfile").write_text(text)
    return [program, "run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"] if program else None


@contextmanager
def running(words: list[str], folder: Path) -> Iterator[None]:
    """Start a proxy and wait until it listens."""
    home = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(words, env=home, stdout=said, stderr=said)
        try:
            pause = threading.Event()
            while not listens(folder / "front"):
                assert process.poll() is None, (folder / "said").read_text()
                pause.wait(0.02)
            yield
        finally:
            process.terminate()
            process.wait()


def listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line, suppress(OSError):
        line.connect(str(path))
        return True
    return False


def frame(kind: int, flags: int, stream: int, body: bytes) -> bytes:
    return len(body).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + body


def literal(name: bytes, value: bytes) -> bytes:
    """A header as it is: a library would refuse to send what these tests send."""
    return b"\0" + bytes((len(name),)) + name + bytes((len(value),)) + value


def ask(folder: Path, *more: tuple[bytes, bytes]) -> dict[str, str] | None:
    """Send one request over HTTP/2; return the headers of the answer, or None where the stream was cut off."""
    context = ssl.create_default_context(cafile=folder / "fullchain.pem")
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it signs itself
    context.set_alpn_protocols(["h2"])
    said: Headers = [
        (b":method", b"GET"),
        (b":scheme", b"https"),
        (b":authority", HOST.encode()),
        (b":path", b"/"),
        *more,
    ]
    with socket.socket(socket.AF_UNIX) as raw:
        raw.settimeout(30)
        raw.connect(str(folder / "front"))
        with context.wrap_socket(raw, server_hostname=HOST) as line:
            assert line.selected_alpn_protocol() == "h2"
            block = b"".join(literal(*each) for each in said)
            line.sendall(
                b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(SETTINGS, 0, 0, b"") + frame(HEADERS, 5, 1, block)
            )
            return answer(line.makefile("rb").read)


def answer(read: Callable[[int], bytes]) -> dict[str, str] | None:
    while head := read(9):
        kind, body = head[3], read(int.from_bytes(head[:3], "big"))
        if kind in {RESET, GOAWAY}:
            return None
        if kind == HEADERS:
            return {str(name): str(value) for name, value in Decoder().decode(body)}
    return None


@pytest.mark.parametrize("proxy", [nginx, caddy])
def test_http_2_carries_nothing_of_one_connection_and_no_line_ends(
    proxy: Callable[[Path], list[str] | None], folder: Path, came: list[dict[str, str]]
) -> None:
    """Where the proxies are; the machine that decides has both."""
    if not (words := proxy(folder)):
        return
    with running(words, folder):
        right = ask(folder, (b"x-fine", b"yes"), (b"te", b"trailers"))
        assert right is not None
        assert right[":status"] == "200"
        assert not set(OF_ONE_CONNECTION) & right.keys()  # of what the service said about its own line
        assert [each["x-fine"] for each in came] == ["yes"]
        for name in OF_ONE_CONNECTION:
            refused = ask(folder, (name.encode(), b"chunked"))
            assert refused is None or refused[":status"] == "400", name
        refused = ask(folder, (b"te", b"gzip"))
        assert refused is None or refused[":status"] == "400"
        for header in (
            (b"x-a", b"b\r\nx-forged: 1"), (b"x-a", b"b\nx-forged: 1"), (b"x-a", b"b\rx-forged: 1"),
            (b"x-a\r\nx-forged", b"1"), (b"x-a\nx-forged", b"1"), (b"x-a\rx-forged", b"1"),
            (b"cookie", b"a=b\r\nx-forged: 1"),
        ):  # fmt: skip
            refused = ask(folder, header)
            assert refused is None or refused[":status"] == "400", header
        assert len(came) == 1  # nothing of all that went on to the service

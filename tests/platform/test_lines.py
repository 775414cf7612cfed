"""What goes over a line: nothing unencrypted leaves the machine, and no request hides behind another."""

import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn

from app.kit.database import make_engine
from app.serving import serve
from app.settings import Settings
from app.web.guards import BodyLimit

FAR = "postgresql+psycopg://nrm_app:x@db.example.org/nrm"


@pytest.mark.parametrize(
    "url",
    [
        FAR, f"{FAR}?sslmode=require", "postgresql+psycopg://nrm_app:x@/nrm?host=10.0.0.7",
        "postgresql+psycopg://nrm_app:x@/nrm?host=/run/postgresql,db.example.org",
        "postgresql+psycopg://nrm_app:x@/nrm?host=/run/postgresql&host=db.example.org",
    ],
)  # fmt: skip
def test_a_database_elsewhere_is_reached_by_checked_tls_alone(url: str) -> None:
    with pytest.raises(SystemExit, match="sslmode=verify-full"):
        make_engine(url)


def test_a_database_here_needs_none() -> None:
    for host in ("127.0.0.1", "localhost", ""):
        make_engine(FAR.replace("db.example.org", host)).dispose()
    for rest in ("db.example.org/nrm?sslmode=verify-full", "/nrm?host=/run/postgresql"):
        make_engine(f"postgresql+psycopg://nrm_app:x@{rest}").dispose()


def test_the_service_itself_listens_to_this_machine_only() -> None:
    with pytest.raises(SystemExit, match=r"not on 0\.0\.0\.0"):
        serve(Settings(), host="0.0.0.0", port=8000)


@pytest.fixture
def line() -> Iterator[tuple[str, int]]:
    """The server as we run it, before an application that tells which requests reached it."""

    async def telling(scope, receive, send):
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        said = f"[{scope['method']} {scope['path']} {len(body)}]".encode()
        heads = [(b"content-length", str(len(said)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": heads})
        await send({"type": "http.response.body", "body": said})

    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(BodyLimit(telling), log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        yield listening.getsockname()
        server.should_exit = True
        thread.join()


def said(line: tuple[str, int], sent: bytes) -> bytes:
    """Everything that is answered until the server closes, or until we have said all."""
    with socket.create_connection(line, timeout=60) as spoken:
        spoken.sendall(sent)
        spoken.shutdown(socket.SHUT_WR)
        heard = b""
        while more := spoken.recv(65536):
            heard += more
    return heard


HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /seen HTTP/1.1\r\nHost: x\r\n"
CONTRADICTING = {
    "both ways to say how long it is": b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "the other way round": b"Transfer-Encoding: chunked\r\nContent-Length: 40\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 0\r\nContent-Length: 34\r\n\r\n",
    "a length with a sign": b"Content-Length: +0\r\n\r\n",
    "a length in sixteens": b"Content-Length: 0x0\r\n\r\n",
    "an unknown way": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a way that is not the last": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "a space before the colon": b"Content-Length : 0\r\nTransfer-Encoding : chunked\r\n\r\n",
    "a part of no length": b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
}


@pytest.mark.parametrize("how", CONTRADICTING)
def test_no_request_hides_behind_one_that_contradicts_itself(line: tuple[str, int], how: str) -> None:
    heard = said(line, POST + CONTRADICTING[how] + HIDDEN)
    assert b"/hidden" not in heard, heard
    assert b"200" not in heard.partition(b"\r\n")[0], heard


def test_two_honest_requests_on_one_line_are_both_heard(line: tuple[str, int]) -> None:
    heard = said(line, POST + b"Content-Length: 3\r\n\r\nabc" + HIDDEN)
    assert b"[POST /seen 3]" in heard
    assert b"[GET /hidden 0]" in heard

"""A mail server and a gateway of short messages on this machine, and what each was given."""

import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult


@dataclass
class Taken:
    """What a real server was given."""

    port: int = 0
    mails: list[Any] = field(default_factory=list)
    secured: list[bool] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    answer: str = "250 OK"  # to each recipient
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    status: int = 202

    async def handle_RCPT(  # noqa: N802 -- the server asks for this name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 -- as above
        self.mails.append(envelope)
        self.secured.append(session.ssl is not None)
        return "250 OK"


class AnyPort(Controller):
    """A mail server on whichever port is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mail_server(certificate: Path) -> Iterator[Taken]:
    """A mail server that asks for encryption and a password."""
    taken = Taken()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def known(_server: SMTP, _session: Any, _envelope: Any, _kind: str, given: Any) -> AuthResult:
        taken.users.append(given.login.decode())
        return AuthResult(success=given.password == b"let me in", handled=False)

    controller = AnyPort(
        taken, hostname="127.0.0.1", port=0, tls_context=context, require_starttls=True,
        authenticator=known, auth_required=True, server_hostname="mail.example",
    )  # fmt: skip
    controller.start()
    taken.port = controller.port
    yield taken
    controller.stop()


@pytest.fixture
def gateway() -> Iterator[Taken]:
    """A gateway of short messages."""
    taken = Taken()

    class Asked(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            taken.headers.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(taken.status)
            if taken.status == 307:
                self.send_header("Location", f"http://127.0.0.1:{taken.port}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *given: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Asked)
    taken.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield taken
    server.shutdown()
    thread.join()
    server.server_close()

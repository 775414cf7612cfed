"""The `nrm forward` command: what happened goes to another system, which whoever breaks into this one cannot reach.

Of each event of the ledger: who, which kind of act, when, why it was refused; its place in the tree and its hash. Never
a case, a record or a field: whoever watches for attacks need not know of whom the service speaks. Places are counted
through, and signed heads go along, so that the other system sees what is missing or was changed later.
"""

import json
import socket
import ssl
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kit.database import make_engine
from app.safeguards.models import LedgerCheckpoint, LedgerEvent, LedgerLeaf
from app.safeguards.words import Act
from app.settings import Settings, settings

BATCH = 500  # events of one connection
PATIENCE = 20.0  # seconds for each answer
TOLD = (
    "id", "at", "act", "actor", "role", "organisation", "authenticator", "to_user", "reason", "door", "kind", "by",
    "what",
)  # fmt: skip
AUDIT = 13 * 8  # RFC 5424, 6.2.1: facility "log audit"; the severity is added
SEVERITY = {Act.ALARM.value: 1, Act.REFUSE.value: 4}
NOTICE = 5


@dataclass(frozen=True)
class Receiver:
    """The other system: it speaks RFC 5425, proves who it is, and asks for our certificate."""

    host: str
    port: int
    certificate: Path
    ca_file: Path | None = None

    def take(self, lines: Sequence[str]) -> None:
        """Hand lines over; raises OSError unless the other side closed the connection as one that had them all."""
        context = ssl.create_default_context(cafile=self.ca_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.certificate)
        with socket.create_connection((self.host, self.port), timeout=PATIENCE) as raw:
            line = _Line(raw, context, self.host)
            line.do(line.tls.do_handshake)
            line.do(lambda: line.tls.write(b"".join(map(_framed, lines))))
            line.end()


class _Line:
    """TLS over a socket, which can say that it has said all, and then hear whether the other side had it.

    A socket of the library cannot: with TLS 1.3 it takes a refusal of our certificate for a farewell.
    """

    def __init__(self, raw: socket.socket, context: ssl.SSLContext, host: str) -> None:
        self.raw, self.incoming, self.outgoing = raw, ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_hostname=host)

    def do(self, act: Callable[[], Any]) -> None:
        """Do something, and give it what it waits for."""
        while True:
            try:
                act()
            except ssl.SSLWantReadError:
                self.raw.sendall(self.outgoing.read())
                said = self.raw.recv(65536)
                if said:
                    self.incoming.write(said)
                else:
                    self.incoming.write_eof()
            else:
                self.raw.sendall(self.outgoing.read())
                return

    def end(self) -> None:
        """Say farewell and wait for the other's, which comes after all was read; an alert instead is an error."""
        with suppress(ssl.SSLWantReadError):
            self.tls.unwrap()
        with suppress(ssl.SSLZeroReturnError):
            self.do(lambda: self.tls.read(1))


def _framed(line: str) -> bytes:
    said = line.encode()
    return f"{len(said)} ".encode() + said


def main(_arguments: Sequence[str], given: Settings | None = None) -> int:
    """Send what is new; return 0 when it is there, 1 when it is not."""
    given = given or settings()
    if not given.log_host:
        sys.stdout.write("No other system is named (NRM_LOG_HOST): nothing is sent.\n")
        return 0
    if not (given.log_certificate_file and given.jobs_database_url):
        raise SystemExit("Set NRM_LOG_CERTIFICATE_FILE and NRM_JOBS_DATABASE_URL.")
    receiver = Receiver(given.log_host, given.log_port, given.log_certificate_file, given.log_ca_file)
    try:
        sent = forward(given.jobs_database_url, receiver, given.state / "forwarded")
    except OSError as fault:
        sys.stderr.write(f"Nothing more was taken: {type(fault).__name__}. It is sent again the next time.\n")
        return 1
    sys.stdout.write(f"{sent} events sent\n")
    return 0


def forward(jobs_url: str, receiver: Receiver, cursor: Path) -> int:
    """Send every sealed event that was not sent, in the order of the tree, each at least once; return how many."""
    engine, sent = make_engine(jobs_url, pool_size=1), 0
    try:
        while True:
            after = int(cursor.read_text("utf-8")) if cursor.exists() else 0
            with Session(engine) as session:
                rows = session.execute(_sealed(after)).all()
                lines = [*map(_event, rows), *_head(session, after)]
            if not rows:
                return sent
            receiver.take(lines)
            fresh = cursor.with_name(f"{cursor.name}.next")
            fresh.write_text(str(rows[-1].position + 1), "utf-8")
            fresh.replace(cursor)
            sent += len(rows)
    finally:
        engine.dispose()


def _sealed(after: int) -> Any:
    """Select leaves, and of each its event as long as its text is kept."""
    columns = (LedgerLeaf.position, LedgerLeaf.hash, LedgerEvent.body)
    query = select(*columns).outerjoin(LedgerEvent, LedgerEvent.id == LedgerLeaf.event_id)
    return query.where(LedgerLeaf.position >= after).order_by(LedgerLeaf.position).limit(BATCH)


def _event(row: Any) -> str:
    body = json.loads(row.body) if row.body else {}
    said = {"position": row.position, "hash": row.hash.hex()} | {
        name: body[name] for name in TOLD if name in body
    }
    return _line(body.get("at"), str(body.get("act", "erased")), said)


def _head(session: Session, after: int) -> Iterator[str]:
    last = select(LedgerCheckpoint).order_by(LedgerCheckpoint.size.desc()).limit(1)
    for head in session.scalars(last.where(LedgerCheckpoint.size > after)):
        yield _line(head.at.isoformat(), "head", {"size": head.size, "note": head.note})


def _line(at: str | None, kind: str, said: dict[str, Any]) -> str:
    """Return a message of RFC 5424: when, of which program, of which kind, and JSON."""
    severity = AUDIT + SEVERITY.get(kind, NOTICE)
    return f"<{severity}>1 {at or '-'} - nrm - {kind} - {json.dumps(said, sort_keys=True)}"

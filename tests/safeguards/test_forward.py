"""Sending what happened to another system: over TLS that both sides check, whole, in order, and of no case."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app import forwarding
from app.sealing import seal_once
from tests.fixtures.tls import certified

Frames = list[dict]


class Collector:
    """A receiver of RFC 5425 on this machine, which asks for a certificate; it can hang up without a word."""

    def __init__(self, certificate: Path) -> None:
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(certificate))
        self.context.load_cert_chain(certificate)
        self.context.verify_mode = ssl.CERT_REQUIRED
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.lines: list[str] = []
        self.rude = self.stopped = False
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self) -> None:
        while not self.stopped:
            raw, _from = self.listening.accept()
            with raw, suppress(OSError):  # somebody whom it does not know, or who goes away
                self._one(raw)

    def _one(self, raw: socket.socket) -> None:
        raw.settimeout(30)
        with self.context.wrap_socket(raw, server_side=True) as line:
            taken = b""
            while not self.rude and (more := line.recv(65536)):
                taken += more
            if not self.rude:
                self.lines += framed(taken)
                line.unwrap()

    def stop(self) -> None:
        self.stopped = True
        with socket.create_connection(("127.0.0.1", self.port)):
            pass  # hangs up before saying anything
        self.thread.join()
        self.listening.close()


def framed(taken: bytes) -> Iterator[str]:
    """The lines within: each after its length."""
    while taken:
        length, _sign, rest = taken.partition(b" ")
        yield rest[: int(length)].decode()
        taken = rest[int(length) :]


@pytest.fixture
def collector(certificate: Path) -> Iterator[Collector]:
    made = Collector(certificate)
    yield made
    made.stop()


def said(lines: list[str], kind: str | None = None) -> Frames:
    parted = [each.split(" ", 7) for each in lines]
    return [json.loads(each[7]) | {"severity": each[0]} for each in parted if kind in {None, each[5]}]


def test_what_happened_is_sent_whole_in_order_and_of_no_case(  # noqa: PLR0917 -- fixtures
    given, sealed_record, collector, certificate, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(forwarding, "BATCH", 5)
    seal_once(given)
    there = {"log_host": "127.0.0.1", "log_port": collector.port, "log_certificate_file": certificate}
    here = given.model_copy(update={**there, "log_ca_file": certificate, "state": tmp_path})
    engine = create_engine(given.database_url)
    with engine.connect() as connection:
        tree = text("SELECT position, encode(hash, 'hex') FROM ledger.leaf ORDER BY position")
        leaves = connection.execute(tree).all()
        cases = connection.execute(text('SELECT id::text FROM "case"')).scalars().all()
    engine.dispose()

    collector.rude = True  # nothing is taken for sent that the other side did not confirm
    assert forwarding.main([], here) == 1
    assert not (tmp_path / "forwarded").exists()
    collector.rude = False
    assert forwarding.main([], here) == 0
    events = [each for each in said(collector.lines) if "position" in each]
    assert [(each["position"], each["hash"]) for each in events] == [tuple(each) for each in leaves]
    assert len(events) > 10  # several connections
    told = "\n".join(collector.lines)
    assert cases
    assert not [case for case in cases if case in told]
    assert not {"case", "records", "fields", "categories", "justification"} & {
        name for each in events for name in each
    }
    (*_before, last) = said(collector.lines, "head")
    assert last["size"] == len(leaves)
    assert given.origin in last["note"]

    count = len(collector.lines)
    assert forwarding.main([], here) == 0  # nothing is new
    assert len(collector.lines) == count
    assert forwarding.main([], given) == 0  # nobody is named
    assert "nothing is sent" in capsys.readouterr().out


def test_it_is_sent_to_nobody_else_and_taken_from_nobody_else(
    given, sealed_record, collector, certificate, tmp_path
):
    seal_once(given)
    stranger = certified(tmp_path)
    there = {"log_host": "127.0.0.1", "log_port": collector.port, "state": tmp_path}
    ours = {"log_certificate_file": certificate, "log_ca_file": stranger}
    assert forwarding.main([], given.model_copy(update={**there, **ours})) == 1  # not whom we trust
    theirs = {"log_certificate_file": stranger, "log_ca_file": certificate}
    assert (
        forwarding.main([], given.model_copy(update={**there, **theirs})) == 1
    )  # we are not whom they trust
    assert collector.lines == []
    assert not (tmp_path / "forwarded").exists()

"""What is sent to a key service, to the letter, and what becomes of each answer that it may give."""

import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.safeguards.vault import transit
from app.safeguards.vault.cipher import Unreadable
from app.safeguards.vault.provider import Bare, KeysOutOfReach, Wrapped, bound, secret_of
from app.safeguards.vault.transit import Place, TransitKeys

ID, KEY, PATIENCE = UUID(int=1), bytes(range(32)), 30
EPOCHS = {"latest_version": 3, "min_decryption_version": 2, "min_available_version": 1}


class Service:
    """Says what a test tells it to say, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, bytes]] = []
        self.asked: list[tuple[str, str, dict[str, str], Any]] = []
        self.url = ""

    def say(self, *answers: Any) -> None:
        """Say these next: a mapping as the data of an answer, or a status, or a status and bytes."""
        for each in answers:
            if isinstance(each, dict):
                self.answers.append((200, json.dumps({"data": each}).encode()))
            else:
                self.answers.append(each if isinstance(each, tuple) else (each, b""))


@contextmanager
def serving() -> Iterator[Service]:
    service = Service()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {
                name: self.headers[name] for name in ("X-Vault-Token", "X-Vault-Request", "Content-Type")
            }
            service.asked.append((self.command, self.path, headers, json.loads(content) if content else None))
            status, said = service.answers.pop(0)
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_said: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Door)
    service.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as found:
        yield found


@pytest.fixture
def keys(service: Service, tmp_path: Path) -> TransitKeys:
    token = tmp_path / "token"
    token.touch(0o600)
    token.write_text(" s.token\n")
    service.say(EPOCHS)
    made = TransitKeys(Place(f"{service.url}/behind/", token, "a/key", "a/root", "a mount", None, PATIENCE))
    assert service.asked == [("GET", "/behind/v1/a%20mount/keys/a%2Fkey", HEADERS, None)]
    service.asked.clear()
    return made


HEADERS = {"X-Vault-Token": "s.token", "X-Vault-Request": "true", "Content-Type": "application/json"}


def coded(content: bytes) -> str:
    return b64encode(content).decode()


def test_what_is_asked_for_and_what_is_made_of_the_answer(keys: TransitKeys, service: Service) -> None:
    service.say(
        {"batch_results": [{"ciphertext": f"vault:v3:{coded(b'sealed')}"}, {"ciphertext": "vault:v12:AAAA"}]}
    )
    wrapped = keys.wrap_many([Bare(ID, KEY, b"c"), Bare(UUID(int=2), KEY, b"d")])
    assert wrapped == [b"\3\0\0\0\3sealed", b"\3\0\0\0\x0c\0\0\0"]
    service.say({"batch_results": [{"plaintext": coded(KEY)}]})
    assert keys.unwrap_many([Wrapped(ID, wrapped[0], b"c")]) == [KEY]
    assert keys.unwrap_many([]) == []
    service.say({"hmac": f"vault:v1:{coded(bytes(range(40)))}"})
    assert keys.secret("search") == bytes(range(32))
    service.say({}, EPOCHS)
    assert keys.advance() == 3
    service.say(EPOCHS, 204, EPOCHS, EPOCHS, {}, {**EPOCHS, "min_decryption_version": 1}, EPOCHS)
    keys.raise_minimum(3)
    assert keys.destroy_old() == (1,)
    assert keys.destroy_old() == ()
    door, bind = (
        "/behind/v1/a%20mount/",
        [bound(b"\3", UUID(int=each), said) for each, said in ((1, b"c"), (2, b"d"))],
    )
    sent = [{"plaintext": coded(KEY), "associated_data": coded(each)} for each in bind]
    asked = [{"ciphertext": f"vault:v3:{coded(b'sealed')}", "associated_data": coded(bind[0])}]
    key = ("GET", f"{door}keys/a%2Fkey", None)
    assert all(headers == HEADERS for _method, _path, headers, _said in service.asked)
    assert [(method, path, said) for method, path, _headers, said in service.asked] == [
        ("POST", f"{door}encrypt/a%2Fkey", {"batch_input": sent}),
        ("POST", f"{door}decrypt/a%2Fkey", {"batch_input": asked}),
        ("POST", f"{door}hmac/a%2Froot/sha2-256", {"input": coded(secret_of("search")), "key_version": 1}),
        ("POST", f"{door}keys/a%2Fkey/rotate", {}),
        key, key,
        ("POST", f"{door}keys/a%2Fkey/config", {"min_decryption_version": 3, "min_encryption_version": 3}),
        key, key,
        ("POST", f"{door}keys/a%2Fkey/trim", {"min_available_version": 2}),
        key, key,
    ]  # fmt: skip
    assert b64decode(sent[0]["associated_data"]) == bind[0]


@pytest.mark.parametrize(
    ("said", "epochs", "minimum"),
    [
        (EPOCHS, (1, 2, 3), 2),
        ({**EPOCHS, "min_available_version": 2}, (2, 3), 2),
        ({**EPOCHS, "min_available_version": 0}, (1, 2, 3), 2),
        ({"latest_version": "1", "min_decryption_version": "0"}, (1,), 1),
        ({**EPOCHS, "min_available_version": None, "min_decryption_version": 1}, (1, 2, 3), 1),
    ],
)
def test_the_epochs_are_those_that_the_service_still_has(
    keys: TransitKeys, service: Service, said: dict[str, Any], epochs: tuple[int, ...], minimum: int
) -> None:
    service.say(said, said)
    assert (keys.epochs, keys.minimum) == (epochs, minimum)


@pytest.mark.parametrize(
    "answer",
    [
        {"batch_results": []}, {"batch_results": None}, {},
        {"batch_results": [{"plaintext": coded(KEY)}, {"plaintext": coded(KEY)}]},
        {"batch_results": [{"plaintext": coded(KEY), "error": "no"}]},
        {"batch_results": [{"plaintext": coded(KEY[1:])}]}, {"batch_results": [{"plaintext": coded(KEY + b"x")}]},
        400,
    ],
)  # fmt: skip
def test_what_is_no_answer_to_each_key_opens_none(keys: TransitKeys, service: Service, answer: Any) -> None:
    service.say(answer)
    with pytest.raises(Unreadable):
        keys.unwrap_many([Wrapped(ID, b"\3\0\0\0\3sealed", b"c")])


def test_what_another_keeper_wrapped_is_not_even_sent(keys: TransitKeys, service: Service) -> None:
    for wrapped in (b"\1\0\0\0\3sealed", b"\3\0\0\0\3", b"\3", b""):
        with pytest.raises(Unreadable):
            keys.unwrap_many([Wrapped(ID, wrapped, b"c")])
    assert service.asked == []


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (400, "the key service refuses keys/a%2Fkey with 400."),
        (300, "the key service refuses keys/a%2Fkey with 300."),
        (503, "the key service refuses keys/a%2Fkey with 503."),
        ((200, b"{"), "the key service answers with something else."),
        ((200, b"{}"), "the key service answers with something else."),
        ((200, b"[]"), "the key service answers with something else."),
        ((200, b'{"data":7}'), "the key service answers with something else."),
    ],
)  # fmt: skip
def test_a_service_in_trouble_is_out_of_reach(
    keys: TransitKeys, service: Service, answer: Any, told: str
) -> None:
    service.say(answer)
    with pytest.raises(KeysOutOfReach) as caught:
        keys.epochs  # noqa: B018 -- asked for
    assert str(caught.value) == f"{service.url.removeprefix('http://')}: {told}"


def test_an_answer_without_end_or_without_keys_is_out_of_reach(
    keys: TransitKeys, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = service.url.removeprefix("http://")
    whole = json.dumps({"data": EPOCHS}).encode()
    monkeypatch.setattr(transit, "LONGEST", len(whole))
    service.say((200, whole), (200, whole + b" "))
    assert keys.epoch == 3
    with pytest.raises(KeysOutOfReach) as caught:
        keys.epochs  # noqa: B018
    assert str(caught.value) == f"{host}: the key service does not answer (TimeoutError)."
    monkeypatch.undo()
    service.say({**EPOCHS, "more": "x" * 200_000})  # which comes in several pieces
    assert keys.epoch == 3
    service.say({"latest_version": 0})
    with pytest.raises(KeysOutOfReach) as caught:
        TransitKeys(keys.place)
    assert str(caught.value) == f"{host}: the key 'a/key' has no version."
    service.say(EPOCHS)
    with pytest.raises(ValueError, match="no epoch 4"):
        keys.raise_minimum(4)
    service.say(EPOCHS)
    with pytest.raises(ValueError, match="epoch 2 and only rises"):
        keys.raise_minimum(1)


def test_keys_go_in_the_clear_to_this_machine_alone(keys: TransitKeys) -> None:
    for host in ("127.0.0.1", "[::1]", "localhost"):
        assert replace(keys.place, url=f"http://{host}:8200").host == f"{host}:8200"
    assert replace(keys.place, url="https://keys.example.org").host == "keys.example.org"
    for wrong in ("http://keys.example.org", "ftp://127.0.0.1", "127.0.0.1:8200"):
        with pytest.raises(KeysOutOfReach) as caught:
            replace(keys.place, url=wrong)
        assert (
            str(caught.value) == f"NRM_TRANSIT_URL must begin with https ({wrong}): data keys go through it."
        )

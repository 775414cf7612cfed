"""A hardware module in software, and a key service over HTTP that keeps to the contract of Vault's transit engine."""

import json
import os
import secrets
import shutil
import ssl
import subprocess
import threading
from base64 import b64decode, b64encode
from contextlib import contextmanager
from dataclasses import dataclass, field
from hmac import digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.safeguards.vault.hardware import Module

LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "1234"


def soft_module(folder: Path) -> Module:
    """Make an empty token in SoftHSM. The library reads its configuration when it is first loaded in a process."""
    assert LIBRARY.exists(), "SoftHSM is missing: apt-get install softhsm2"
    if "SOFTHSM2_CONF" not in os.environ:
        (folder / "tokens").mkdir()
        settings = f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
        (folder / "softhsm2.conf").write_text(settings)
        os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    program = shutil.which("softhsm2-util")
    assert program
    label = f"nrm-{secrets.token_hex(4)}"
    words = ["--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "5678"]
    subprocess.run([program, *words], check=True, capture_output=True)
    return Module(LIBRARY, label, PIN)


def emptied(module: Module) -> Module:
    """A module lists its tokens once in a process, so that one token serves all tests, each time empty."""
    for key in list(module.open().get_objects()):
        key.destroy()
    return module


class Refusal(Exception):
    def __init__(self, status: int) -> None:
        self.status = status


@dataclass
class Transit:
    """The engine: one key for encryption with its versions, one for HMAC; what Vault documents and OpenBao does."""

    token: str = "s.service"
    versions: dict[int, bytes] = field(default_factory=lambda: {1: secrets.token_bytes(32)})
    root: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    minimum: int = 1
    available: int = 0
    calls: list[str] = field(default_factory=list)
    before: Any = lambda _path: None  # what a test lets happen before an answer

    def answer(self, method: str, path: str, token: str | None, said: dict[str, Any]) -> dict[str, Any]:
        if token != self.token:
            raise Refusal(403)
        self.calls.append(path)
        self.before(path)
        doors = {
            ("GET", "keys/nrm-kek"): self._read, ("POST", "encrypt/nrm-kek"): self._encrypt,
            ("POST", "decrypt/nrm-kek"): self._decrypt, ("POST", "hmac/nrm-root/sha2-256"): self._hmac,
            ("POST", "keys/nrm-kek/rotate"): self._rotate, ("POST", "keys/nrm-kek/config"): self._config,
            ("POST", "keys/nrm-kek/trim"): self._trim,
        }  # fmt: skip
        if (method, path) not in doors:
            raise Refusal(404)
        return doors[method, path](said)

    def _read(self, _said: Any) -> dict[str, Any]:
        return {
            "latest_version": max(self.versions), "min_decryption_version": self.minimum,
            "min_available_version": self.available, "type": "aes256-gcm96", "exportable": False,
        }  # fmt: skip

    def _encrypt(self, said: Any) -> dict[str, Any]:
        latest, found = max(self.versions), []
        self._require_few(said)
        for item in said["batch_input"]:
            nonce = secrets.token_bytes(12)
            aad = b64decode(item["associated_data"])
            sealed = AESGCM(self.versions[latest]).encrypt(nonce, b64decode(item["plaintext"]), aad)
            found.append({"ciphertext": f"vault:v{latest}:{b64encode(nonce + sealed).decode()}"})
        return {"batch_results": found}

    def _decrypt(self, said: Any) -> dict[str, Any]:
        self._require_few(said)
        found = [self._one(item) for item in said["batch_input"]]
        if any("error" in each for each in found):
            raise Refusal(400)
        return {"batch_results": found}

    @staticmethod
    def _require_few(said: Any) -> None:
        """Refuse a batch with nothing in it, and a body of more texts than OpenBao reads."""
        if not said["batch_input"] or 1 + sum(2 * len(item) for item in said["batch_input"]) > 1000:
            raise Refusal(400)

    def _one(self, item: dict[str, str]) -> dict[str, str]:
        _vault, version, sealed = item["ciphertext"].split(":")
        number = int(version[1:]) or 1  # as the real one does
        key, content = self.versions.get(number), b64decode(sealed)
        if key is None or number < self.minimum:
            return {"error": "ciphertext or signature version is disallowed by policy (too old)"}
        try:
            opened = AESGCM(key).decrypt(content[:12], content[12:], b64decode(item["associated_data"]))
        except (InvalidTag, ValueError):
            return {"error": "cipher: message authentication failed"}
        return {"plaintext": b64encode(opened).decode()}

    def _hmac(self, said: Any) -> dict[str, Any]:
        made = digest(self.root, b64decode(said["input"]), "sha256")
        return {"hmac": f"vault:v{said['key_version']}:{b64encode(made).decode()}"}

    def _rotate(self, _said: Any) -> dict[str, Any]:
        self.versions[max(self.versions) + 1] = secrets.token_bytes(32)
        return {}

    def _config(self, said: Any) -> dict[str, Any]:
        self.minimum = said["min_decryption_version"]
        return {}

    def _trim(self, said: Any) -> dict[str, Any]:
        self.available = said["min_available_version"]
        self.versions = {version: key for version, key in self.versions.items() if version >= self.available}
        return {}


@contextmanager
def served(engine: Transit, tls: ssl.SSLContext | None = None):
    """Serve the engine on loopback; give its address."""

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._do({})

        def do_POST(self) -> None:
            self._do(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _do(self, said: dict[str, Any]) -> None:
            try:
                path = self.path.removeprefix("/v1/transit/")
                found = engine.answer(self.command, path, self.headers.get("X-Vault-Token"), said)
                self._send(200, {"data": found})
            except Refusal as refusal:
                self._send(refusal.status, {"errors": ["no"]})

        def _send(self, status: int, said: dict[str, Any]) -> None:
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_said: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_said: Any) -> None:
            """A client that gave up is no matter."""

    server = Server(("127.0.0.1", 0), Door)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

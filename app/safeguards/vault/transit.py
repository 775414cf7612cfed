"""Key-encryption keys in a Vault or OpenBao server: its transit engine wraps and unwraps over HTTP."""

import json
import ssl
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from app.safeguards.vault.cipher import KEY, Unreadable
from app.safeguards.vault.private import SecretFileFault, read_private
from app.safeguards.vault.provider import (
    BY_SERVICE,
    HEAD,
    Bare,
    KeysOutOfReach,
    Wrapped,
    bound,
    epoch_of,
    head,
    require_data_key,
    require_later,
    require_opened,
    secret_of,
)

LOOPBACK = ("127.0.0.1", "::1", "localhost")
LONGEST = 4 << 20  # bytes of an answer
LONGEST_TOKEN = 4000  # bytes that a header may have everywhere
AT_ONCE = 200  # keys in one call: OpenBao refuses a body of more than 1,000 texts, and each key has four
REFUSED = 400  # the service's answer to what it did not wrap; 403, 429 and 5xx are its own trouble


@dataclass(frozen=True)
class Place:
    """Where the service is, and as whom it is asked. The token's file is read at each call: tokens are renewed."""

    url: str
    token_file: Path
    key: str = "nrm-kek"
    root: str = "nrm-root"
    mount: str = "transit"
    ca_file: Path | None = None
    timeout: float = 2.0  # seconds for a whole call, from connecting to the last byte

    def __post_init__(self) -> None:
        """Refuse an address through which keys would go in the clear."""
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise KeysOutOfReach(
                f"NRM_TRANSIT_URL must begin with https ({self.url}): data keys go through it."
            )

    @property
    def host(self) -> str:
        """Return how messages name the service."""
        return urlsplit(self.url).netloc


@dataclass
class TransitKeys:
    """The provider over a key service; many keys are one call."""

    place: Place
    _tls: ssl.SSLContext | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Ask the service for the key's epochs; raises `KeysOutOfReach`, which says what is missing."""
        if urlsplit(self.place.url).scheme == "https":
            try:
                self._tls = ssl.create_default_context(cafile=self.place.ca_file)
            except OSError as failure:
                raise KeysOutOfReach(
                    f"{self.place.ca_file} holds no certificate that can be read ({type(failure).__name__}): "
                    "check NRM_TRANSIT_CA_FILE."
                ) from None
        if not self.epochs:
            raise KeysOutOfReach(f"{self.place.host}: the key {self.place.key!r} has no version.")

    @property
    def epoch(self) -> int:
        """Return the epoch in which keys are wrapped now: the latest version of the service's key."""
        return int(self._key()["latest_version"])

    @property
    def epochs(self) -> tuple[int, ...]:
        """Return the epochs whose keys still exist, oldest first."""
        return _epochs(self._key())

    @property
    def minimum(self) -> int:
        """Return the oldest epoch that is still unwrapped."""
        return _minimum(self._key())

    def wrap_many(self, keys: Sequence[Bare]) -> list[bytes]:
        """Return data keys wrapped under the present epoch, bound to id and context; two hundred in one call."""
        asked = [
            {"plaintext": _text(require_data_key(key.data_key)), "associated_data": _context(key)}
            for key in keys
        ]
        return [_kept(each["ciphertext"]) for each in self._in_batches("encrypt", asked)]

    def unwrap_many(self, keys: Sequence[Wrapped]) -> list[bytes]:
        """Return data keys in the order asked, two hundred in one call; raises `Unreadable` if one of them fails."""
        asked = [{"ciphertext": _sent(key.wrapped), "associated_data": _context(key)} for key in keys]
        return [require_opened(b64decode(each["plaintext"])) for each in self._in_batches("decrypt", asked)]

    def secret(self, name: str) -> bytes:
        """Return 32 bytes that belong to this installation and this name; the same at every call."""
        asked = {"input": _text(secret_of(name)), "key_version": 1}  # its key is never rotated
        path = f"hmac/{quote(self.place.root, safe='')}/sha2-256"
        said = self._ask("POST", path, asked)["hmac"]
        return b64decode(str(said).split(":", 2)[2])[:KEY]

    def advance(self) -> int:
        """Begin a new epoch and return it; older wrapped keys stay readable."""
        self._ask("POST", f"keys/{self._name}/rotate", {})
        return self.epoch

    def raise_minimum(self, epoch: int) -> None:
        """Unwrap nothing any more that an earlier epoch wrapped; the service still holds its key.

        The service itself would take a lower one too, and open again what was closed.
        """
        said = self._key()
        require_later(epoch, _epochs(said), _minimum(said))
        asked = {"min_decryption_version": epoch, "min_encryption_version": epoch}
        self._ask("POST", f"keys/{self._name}/config", asked)

    def destroy_old(self) -> tuple[int, ...]:
        """Let the service destroy the keys of all epochs below the minimum; return which they were."""
        minimum = self.minimum
        gone = tuple(epoch for epoch in self.epochs if epoch < minimum)
        if gone:
            self._ask("POST", f"keys/{self._name}/trim", {"min_available_version": minimum})
        return gone

    @property
    def _name(self) -> str:
        return quote(self.place.key, safe="")

    def _key(self) -> dict[str, Any]:
        return self._ask("GET", f"keys/{self._name}", None)

    def _in_batches(self, act: str, asked: Sequence[dict[str, str]]) -> Iterator[dict[str, Any]]:
        """Yield the answers in their order; one that failed fails all."""
        for at in range(0, len(asked), AT_ONCE):
            batch = asked[at : at + AT_ONCE]
            said = self._ask("POST", f"{act}/{self._name}", {"batch_input": batch})
            found = said.get("batch_results") or []
            if len(found) != len(batch) or any(each.get("error") for each in found):
                raise Unreadable
            yield from found

    def _ask(self, method: str, path: str, content: dict[str, Any] | None) -> dict[str, Any]:
        """Call the service once, within the time; return the answer's data."""
        try:
            status, text = self._exchange(method, f"/v1/{quote(self.place.mount)}/{path}", content)
        except (OSError, HTTPException, SecretFileFault) as failure:
            raise KeysOutOfReach(
                f"{self.place.host}: the key service does not answer ({type(failure).__name__})."
            ) from None
        if status == REFUSED and path.startswith("decrypt/"):
            raise Unreadable
        if not 200 <= status < 300:
            raise KeysOutOfReach(f"{self.place.host}: the key service refuses {path} with {status}.")
        try:
            return dict(json.loads(text)["data"]) if text else {}
        except (ValueError, KeyError, TypeError):
            raise KeysOutOfReach(f"{self.place.host}: the key service answers with something else.") from None

    def _exchange(self, method: str, path: str, content: dict[str, Any] | None) -> tuple[int, bytes]:
        token = read_private(self.place.token_file, "token of the key service").decode().strip()
        if len(token) > LONGEST_TOKEN:
            raise KeysOutOfReach(f"{self.place.token_file}: this is no token, it is too long to be sent.")
        headers = {"X-Vault-Token": token, "X-Vault-Request": "true", "Content-Type": "application/json"}
        until = time.monotonic() + self.place.timeout
        connection = self._connection()
        try:
            body = None if content is None else json.dumps(content)
            connection.request(method, urlsplit(self.place.url).path.rstrip("/") + path, body, headers)
            answer = connection.getresponse()
            return answer.status, self._whole(answer, connection, until)
        finally:
            connection.close()

    def _connection(self) -> HTTPConnection:
        parts = urlsplit(self.place.url)
        host = parts.hostname or ""
        if self._tls:
            return HTTPSConnection(host, parts.port, timeout=self.place.timeout, context=self._tls)
        return HTTPConnection(host, parts.port, timeout=self.place.timeout)

    @staticmethod
    def _whole(answer: HTTPResponse, connection: HTTPConnection, until: float) -> bytes:
        """Read an answer to its end, within the time: who sends a byte a second does not hold us up."""
        found = bytearray()
        while True:
            left = until - time.monotonic()
            if left <= 0 or len(found) > LONGEST:
                raise TimeoutError
            if connection.sock:
                connection.sock.settimeout(left)
            more = answer.read1(65536)
            if not more:
                return bytes(found)
            found += more


def _epochs(said: Mapping[str, Any]) -> tuple[int, ...]:
    first = max(int(said.get("min_available_version") or 0), 1)
    return tuple(range(first, int(said["latest_version"]) + 1))


def _minimum(said: Mapping[str, Any]) -> int:
    return max(int(said["min_decryption_version"]), 1)


def _text(content: bytes) -> str:
    return b64encode(content).decode()


def _context(key: Bare | Wrapped) -> str:
    """Return what the service authenticates with the key; the epoch is its own affair."""
    return _text(bound(BY_SERVICE, key.key_id, key.context))


def _kept(said: str) -> bytes:
    """Return the service's "vault:v3:..." as it is kept here."""
    _name, version, sealed = said.split(":", 2)
    return head(BY_SERVICE, int(version[1:])) + b64decode(sealed)


def _sent(wrapped: bytes) -> str:
    """Return a kept key as the service wants it."""
    if wrapped[:1] != BY_SERVICE or len(wrapped) <= HEAD or not epoch_of(wrapped):
        raise Unreadable  # the service would take epoch 0 for the first
    return f"vault:v{epoch_of(wrapped)}:{_text(wrapped[HEAD:])}"

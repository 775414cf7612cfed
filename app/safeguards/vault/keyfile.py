"""Key-encryption keys in a file of mode 0600, outside the database and outside its backups."""

import base64
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.safeguards.canonical import canonical
from app.safeguards.vault.cipher import KEY, NONCE, TAG, Unreadable, decrypt, encrypt
from app.safeguards.vault.private import (
    SecretFileFault,
    create_private,
    held,
    read_private,
    replace_private,
)
from app.safeguards.vault.provider import (
    BY_FILE,
    HEAD,
    Bare,
    KeysOutOfReach,
    Wrapped,
    bound,
    epoch_of,
    head,
    require_data_key,
    require_later,
    secret_of,
)

WHAT = "key file"
FORMAT = "nrm-keys-1"
OPENING = HEAD + NONCE


@dataclass(frozen=True)
class Keys:
    """What the file holds: the key-encryption key of each epoch, and the root of all derived secrets."""

    epochs: Mapping[int, bytes]
    root: bytes
    minimum: int = 1  # an epoch below it opens nothing, though its key may still be here

    def opens(self, epoch: int) -> bool:
        """Tell whether keys of that epoch are unwrapped."""
        return epoch >= self.minimum and epoch in self.epochs

    @classmethod
    def parse(cls, content: bytes, path: Path) -> Self:
        """Read the file's content; raises `SecretFileFault` without ever quoting it."""
        try:
            said = json.loads(content)
            epochs = {int(epoch): _decoded(key) for epoch, key in said["epochs"].items()}
            root, minimum = _decoded(said["root"]), said.get("minimum", 1)
            sound = said["format"] == FORMAT and min(epochs) >= 1 and max(epochs) < 1 << 32
            sound = sound and isinstance(minimum, int) and 1 <= minimum <= max(epochs)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            sound = False
        if not sound:
            raise SecretFileFault(f"{path}: the {WHAT} is damaged; restore it from its backup.")
        return cls(epochs, root, minimum)

    def written(self) -> bytes:
        """Return the content of the file."""
        said = {
            "format": FORMAT, "minimum": self.minimum, "root": base64.b64encode(self.root).decode(),
            "epochs": {str(epoch): base64.b64encode(key).decode() for epoch, key in self.epochs.items()},
        }  # fmt: skip
        return canonical(said).encode() + b"\n"

    def __repr__(self) -> str:
        return f"Keys(epochs={sorted(self.epochs)})"


class KeyFile:
    """The default provider of keys. The file is read again when it changed, and nothing is opened once it is gone."""

    def __init__(self, path: Path | str) -> None:
        """Read the file; raises `SecretFileFault`, which says what is wrong with it and what to do."""
        self.path = Path(path)
        self._seen = self._stamp()
        self._held = self._read()

    @classmethod
    def create(cls, path: Path | str) -> Self:
        """Make a key file with a first epoch; one that exists is never overwritten."""
        keys = Keys({1: secrets.token_bytes(KEY)}, secrets.token_bytes(KEY))
        create_private(Path(path), keys.written(), WHAT)
        return cls(path)

    @property
    def epoch(self) -> int:
        """Return the epoch in which keys are wrapped now."""
        return max(self._keys.epochs)

    @property
    def epochs(self) -> tuple[int, ...]:
        """Return the epochs whose keys still exist, oldest first."""
        return tuple(sorted(self._keys.epochs))

    @property
    def minimum(self) -> int:
        """Return the oldest epoch that is still unwrapped."""
        return self._keys.minimum

    def wrap_many(self, keys: Sequence[Bare]) -> list[bytes]:
        """Return data keys wrapped under the present epoch, bound to id and context."""
        ring = self._keys
        epoch = max(ring.epochs)
        return [self._wrap(ring.epochs[epoch], head(BY_FILE, epoch), key) for key in keys]

    @staticmethod
    def _wrap(key: bytes, begins: bytes, bare: Bare) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        plain = require_data_key(bare.data_key)
        return begins + nonce + encrypt(key, nonce, plain, bound(begins, bare.key_id, bare.context))

    def unwrap_many(self, keys: Sequence[Wrapped]) -> list[bytes]:
        """Return data keys in the order asked; raises `Unreadable` if one of them fails."""
        ring = self._keys
        return [self._unwrap(ring, key) for key in keys]

    @staticmethod
    def _unwrap(ring: Keys, asked: Wrapped) -> bytes:
        wrapped = asked.wrapped
        epoch = epoch_of(wrapped)
        if len(wrapped) != OPENING + KEY + TAG or wrapped[:1] != BY_FILE or not ring.opens(epoch):
            raise Unreadable
        begins, nonce = wrapped[:HEAD], wrapped[HEAD:OPENING]
        return decrypt(
            ring.epochs[epoch], nonce, wrapped[OPENING:], bound(begins, asked.key_id, asked.context)
        )

    def secret(self, name: str) -> bytes:
        """Return 32 bytes that belong to this installation and this name; the same at every call."""
        return HKDF(SHA256(), KEY, salt=None, info=secret_of(name)).derive(self._keys.root)

    def advance(self) -> int:
        """Begin a new epoch and return it; older wrapped keys stay readable."""
        with held(self.path):
            keys = self._read()
            epoch = max(keys.epochs) + 1
            self._rewrite(replace(keys, epochs={**keys.epochs, epoch: secrets.token_bytes(KEY)}))
        return epoch

    def raise_minimum(self, epoch: int) -> None:
        """Unwrap nothing any more that an earlier epoch wrapped; its key is still in the file."""
        with held(self.path):
            keys = self._read()
            require_later(epoch, keys.epochs, keys.minimum)
            self._rewrite(replace(keys, minimum=epoch))

    def destroy_old(self) -> tuple[int, ...]:
        """Destroy the keys of all epochs below the minimum, for ever; return which they were."""
        with held(self.path):
            keys = self._read()
            rest = {each: key for each, key in keys.epochs.items() if each >= keys.minimum}
            gone = tuple(sorted(keys.epochs.keys() - rest.keys()))
            self._rewrite(replace(keys, epochs=rest))
        return gone

    @property
    def _keys(self) -> Keys:
        """Return what the file holds now; raises `KeysOutOfReach` when it was taken away."""
        try:
            seen = self._stamp()
            if seen != self._seen:
                self._held = self._read()
                self._seen = seen
        except SecretFileFault as fault:
            raise KeysOutOfReach(str(fault)) from None
        return self._held

    def _stamp(self) -> tuple[int, int]:
        """Return what changes whenever the file is replaced."""
        try:
            status = self.path.stat()
        except OSError:
            raise SecretFileFault(f"{self.path}: there is no {WHAT}. Create it, or restore it.") from None
        return status.st_ino, status.st_mtime_ns

    def _read(self) -> Keys:
        """Return what the file holds now."""
        return Keys.parse(read_private(self.path, WHAT), self.path)

    def _rewrite(self, keys: Keys) -> None:
        """Put these keys in place of the old ones."""
        replace_private(self.path, keys.written(), WHAT)

    def __repr__(self) -> str:
        return f"KeyFile({self.path}, epoch {max(self._held.epochs)})"


def _decoded(text: str) -> bytes:
    """Return a key written in base64."""
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY:
        raise ValueError
    return key

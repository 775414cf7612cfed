"""Key-encryption keys in a file of mode 0600, outside the database and outside its backups."""

import base64
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.safeguards.canonical import canonical, packed
from app.safeguards.vault.cipher import KEY, NONCE, TAG, Unreadable, decrypt, encrypt
from app.safeguards.vault.private import (
    SecretFileFault,
    create_private,
    held,
    read_private,
    replace_private,
)
from app.safeguards.vault.provider import Wrapped

WHAT = "key file"
FORMAT = "nrm-keys-1"
WRAP_FORMAT = b"\1"  # then four bytes of epoch, 12 of nonce, the ciphertext with its tag
WRAP_LABEL = b"nrm wrap 1"
SECRET_LABEL = b"nrm secret 1"
OPENING = len(WRAP_FORMAT) + 4 + NONCE


@dataclass(frozen=True)
class Keys:
    """What the file holds: the key-encryption key of each epoch, and the root of all derived secrets."""

    epochs: Mapping[int, bytes]
    root: bytes

    @classmethod
    def parse(cls, content: bytes, path: Path) -> Self:
        """Read the file's content; raises `SecretFileFault` without ever quoting it."""
        try:
            said = json.loads(content)
            epochs = {int(epoch): _decoded(key) for epoch, key in said["epochs"].items()}
            root = _decoded(said["root"])
            sound = said["format"] == FORMAT and min(epochs) >= 1 and max(epochs) < 1 << 32
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            sound = False
        if not sound:
            raise SecretFileFault(f"{path}: the {WHAT} is damaged; restore it from its backup.")
        return cls(epochs, root)

    def written(self) -> bytes:
        """Return the content of the file."""
        keys = {str(epoch): base64.b64encode(key).decode() for epoch, key in self.epochs.items()}
        text = canonical({"format": FORMAT, "epochs": keys, "root": base64.b64encode(self.root).decode()})
        return text.encode() + b"\n"

    def __repr__(self) -> str:
        return f"Keys(epochs={sorted(self.epochs)})"


class KeyFile:
    """The default provider of keys; what an epoch wrapped can be opened until that epoch is dropped."""

    def __init__(self, path: Path | str) -> None:
        """Read the file; raises `SecretFileFault`, which says what is wrong with it and what to do."""
        self.path = Path(path)
        self._keys = self._read()

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
        """Return the epochs that can still be opened, oldest first."""
        return tuple(sorted(self._keys.epochs))

    def wrap(self, key_id: UUID, data_key: bytes, context: bytes) -> bytes:
        """Return the data key wrapped under the present epoch, bound to its id and context."""
        if len(data_key) != KEY:
            raise ValueError(f"a data key has {KEY} bytes, this one {len(data_key)}")
        epoch = self.epoch
        head = WRAP_FORMAT + epoch.to_bytes(4, "big")
        nonce = secrets.token_bytes(NONCE)
        key = self._keys.epochs[epoch]
        return head + nonce + encrypt(key, nonce, data_key, _bound(head, key_id, context))

    def unwrap(self, key_id: UUID, wrapped: bytes, context: bytes) -> bytes:
        """Return the data key, or raise `Unreadable`."""
        if len(wrapped) != OPENING + KEY + TAG or wrapped[:1] != WRAP_FORMAT:
            raise Unreadable
        head, nonce = wrapped[:5], wrapped[5:OPENING]
        key = self._key(int.from_bytes(head[1:], "big"))
        return decrypt(key, nonce, wrapped[OPENING:], _bound(head, key_id, context))

    def unwrap_many(self, keys: Sequence[Wrapped]) -> list[bytes]:
        """Return data keys in the order asked; raises `Unreadable` if one of them fails."""
        return [self.unwrap(*key) for key in keys]

    def secret(self, name: str) -> bytes:
        """Return 32 bytes that belong to this installation and this name; the same at every call."""
        kdf = HKDF(SHA256(), KEY, salt=None, info=packed(SECRET_LABEL, name.encode()))
        return kdf.derive(self._keys.root)

    def advance(self) -> int:
        """Begin a new epoch and return it; older wrapped keys stay readable until their epoch is dropped."""
        with held(self.path):
            keys = self._read()
            epoch = max(keys.epochs) + 1
            self._rewrite(Keys({**keys.epochs, epoch: secrets.token_bytes(KEY)}, keys.root))
        return epoch

    def drop(self, epoch: int) -> None:
        """Destroy the key of a past epoch: what is still wrapped under it can never be opened again."""
        with held(self.path):
            keys = self._read()
            if epoch >= max(keys.epochs):
                raise ValueError("the present epoch cannot be dropped: begin a new one and rewrap first")
            rest = {each: key for each, key in keys.epochs.items() if each != epoch}
            self._rewrite(Keys(rest, keys.root))

    def _key(self, epoch: int) -> bytes:
        """Return the key of an epoch; another process may have begun it since the file was read."""
        if epoch > self.epoch:
            self._keys = self._read()
        try:
            return self._keys.epochs[epoch]
        except KeyError:
            raise Unreadable from None

    def _read(self) -> Keys:
        """Return what the file holds now."""
        return Keys.parse(read_private(self.path, WHAT), self.path)

    def _rewrite(self, keys: Keys) -> None:
        """Put these keys in place of the old ones."""
        replace_private(self.path, keys.written(), WHAT)
        self._keys = keys

    def __repr__(self) -> str:
        return f"KeyFile({self.path}, epoch {self.epoch})"


def _bound(head: bytes, key_id: UUID, context: bytes) -> bytes:
    """Return the bytes that a wrapped key is bound to."""
    return packed(WRAP_LABEL, head, key_id.bytes, context)


def _decoded(text: str) -> bytes:
    """Return a key written in base64."""
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY:
        raise ValueError
    return key

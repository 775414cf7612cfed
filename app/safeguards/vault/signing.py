"""Ed25519: what the service signs, and how anybody checks it."""

from pathlib import Path
from typing import ClassVar, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app.safeguards.vault.private import SecretFileFault, create_private, read_private


class KeptKey:
    """A private key that signs, kept in a file of its own."""

    WHAT: ClassVar[str]
    KIND: ClassVar[type[Ed25519PrivateKey | MLDSA44PrivateKey]]

    def __init__(self, key: Ed25519PrivateKey | MLDSA44PrivateKey) -> None:
        self._key = key

    @classmethod
    def create(cls, path: Path | str) -> Self:
        """Make a new key; one that exists is never overwritten."""
        key = cls.KIND.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        create_private(Path(path), pem, cls.WHAT)
        return cls(key)

    @classmethod
    def load(cls, path: Path | str) -> Self:
        """Read the key; raises `SecretFileFault`, which says what is wrong and what to do."""
        pem = read_private(Path(path), cls.WHAT)
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError):
            key = None
        if not isinstance(key, cls.KIND):
            raise SecretFileFault(f"{path}: the {cls.WHAT} is damaged; restore it from its backup.")
        return cls(key)

    @property
    def public(self) -> bytes:
        """Return the bytes of the public key."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the bytes of the signature."""
        return self._key.sign(message)


class Signer(KeptKey):
    """The private key of the ledger."""

    WHAT, KIND = "signing key", Ed25519PrivateKey


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether the holder of the key signed the message; a malformed key or signature is a no."""
    return signed_by(Ed25519PublicKey, public, message, signature)


def signed_by(
    kind: type[Ed25519PublicKey | MLDSA44PublicKey], public: bytes, message: bytes, signature: bytes
) -> bool:
    """Tell the same for a key of this kind."""
    try:
        kind.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True

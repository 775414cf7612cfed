"""Ed25519: what the service signs, and how anybody checks it."""

from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app.safeguards.vault.private import SecretFileFault, create_private, read_private

WHAT = "signing key"


class Signer:
    """The private key of the ledger, kept in a file of its own."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def create(cls, path: Path | str) -> Self:
        """Make a new signing key; one that exists is never overwritten."""
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        create_private(Path(path), pem, WHAT)
        return cls(key)

    @classmethod
    def load(cls, path: Path | str) -> Self:
        """Read the signing key; raises `SecretFileFault`, which says what is wrong and what to do."""
        pem = read_private(Path(path), WHAT)
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError):
            key = None
        if not isinstance(key, Ed25519PrivateKey):
            raise SecretFileFault(f"{path}: the {WHAT} is damaged; restore it from its backup.")
        return cls(key)

    @property
    def public(self) -> bytes:
        """Return the 32 bytes of the public key."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the signature."""
        return self._key.sign(message)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether the holder of the key signed the message; a malformed key or signature is a no."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True

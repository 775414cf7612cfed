"""ML-DSA-44 (FIPS 204): a second signature, which no quantum computer forges."""

from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app.safeguards.vault.private import SecretFileFault, create_private, read_private

WHAT = "second signing key"
PUBLIC, SIGNATURE = 1312, 2420  # bytes


class LatticeSigner:
    """The second private key of the ledger, kept in a file of its own."""

    def __init__(self, key: MLDSA44PrivateKey) -> None:
        self._key = key

    @classmethod
    def create(cls, path: Path | str) -> Self:
        """Make a new key; one that exists is never overwritten."""
        key = MLDSA44PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        create_private(Path(path), pem, WHAT)
        return cls(key)

    @classmethod
    def load(cls, path: Path | str) -> Self:
        """Read the key; raises `SecretFileFault`, which says what is wrong and what to do."""
        pem = read_private(Path(path), WHAT)
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError):
            key = None
        if not isinstance(key, MLDSA44PrivateKey):
            raise SecretFileFault(f"{path}: the {WHAT} is damaged; restore it from its backup.")
        return cls(key)

    @property
    def public(self) -> bytes:
        """Return the bytes of the public key."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the bytes of the signature."""
        return self._key.sign(message)


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether the holder of the key signed the message; a malformed key or signature is a no."""
    try:
        MLDSA44PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True

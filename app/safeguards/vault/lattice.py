"""ML-DSA-44 (FIPS 204): a second signature, which no quantum computer forges."""

from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from app.safeguards.vault.signing import KeptKey, signed_by

PUBLIC, SIGNATURE = 1312, 2420  # bytes


class LatticeSigner(KeptKey):
    """The second private key of the ledger."""

    WHAT, KIND = "second signing key", MLDSA44PrivateKey


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether the holder of the second key signed the message; a malformed one is a no."""
    return signed_by(MLDSA44PublicKey, public, message, signature)

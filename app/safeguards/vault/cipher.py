"""AES-256-GCM-SIV (RFC 8452) and ChaCha20-Poly1305 (RFC 8439), proven at import; the one error of every failure."""

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV, ChaCha20Poly1305

NONCE = 12  # bytes
KEY = 32  # bytes
TAG = 16  # bytes
SUNSCREEN = (  # the text of the vector in RFC 8439, 2.8.2
    b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future,"
    b" sunscreen would be it."
)

MISSING = (
    "This Python cannot do AES-GCM-SIV, without which no record can be sealed or opened. "
    "Install the `cryptography` wheel from the package index (pip install --only-binary :all: cryptography): "
    "a distribution's own package is often built on an OpenSSL older than 3.2, which lacks it."
)


class Unreadable(Exception):
    """Sealed data that cannot be opened; by design the same for damage, a wrong key, a wrong context."""

    def __init__(self) -> None:
        super().__init__("sealed data cannot be opened")


def encrypt(key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
    """Return ciphertext and tag; `bound` is authenticated but not contained."""
    return AESGCMSIV(key).encrypt(nonce, plain, bound)


def decrypt(key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    """Return the plaintext, or raise `Unreadable`."""
    try:
        return AESGCMSIV(key).decrypt(nonce, sealed, bound)
    except (InvalidTag, ValueError):
        raise Unreadable from None


def encrypt_chacha(key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
    """Return ciphertext and tag of the other cipher; a nonce may serve a key once only."""
    return ChaCha20Poly1305(key).encrypt(nonce, plain, bound)


def decrypt_chacha(key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    """Return the plaintext, or raise `Unreadable`."""
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, sealed, bound)
    except (InvalidTag, ValueError):
        raise Unreadable from None


def prove() -> None:
    """Raise `RuntimeError`, saying what to do, unless a known answer of RFC 8452 (C.2) comes out right."""
    key, nonce = b"\x01" + bytes(31), b"\x03" + bytes(11)
    answer = bytes.fromhex("c2ef328e5c71c83b843122130f7364b761e0b97427e3df28")
    try:
        right = encrypt(key, nonce, b"\x01" + bytes(7), b"") == answer
    except UnsupportedAlgorithm:
        raise RuntimeError(MISSING) from None
    if not right:
        raise RuntimeError("AES-GCM-SIV gives a wrong answer to the vector of RFC 8452: do not start")
    key, nonce, bound = (
        bytes(range(0x80, 0xA0)),
        bytes.fromhex("070000004041424344454647"),
        "50515253c0c1c2c3c4c5c6c7",
    )
    if (
        encrypt_chacha(key, nonce, SUNSCREEN, bytes.fromhex(bound))[-TAG:].hex()
        != "1ae10b594f09e26a7e902ecbd0600691"
    ):
        raise RuntimeError("ChaCha20-Poly1305 gives a wrong answer to the vector of RFC 8439: do not start")


prove()

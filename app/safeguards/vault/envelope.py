"""An envelope holds the fields of one category of one record: padded, sealed, bound to its place."""

import hmac
import json
import secrets
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from app.safeguards.canonical import canonical, packed
from app.safeguards.vault.cipher import (
    KEY,
    NONCE,
    TAG,
    Unreadable,
    decrypt,
    decrypt_chacha,
    encrypt,
    encrypt_chacha,
)  # fmt: skip

__all__ = ["FORMS", "Context", "Unreadable", "open_", "seal", "size_class"]

# One byte format, one byte algorithm, nonce, 32 commitment, then ciphertext with tag. Subkey and commitment are each
# one block of HKDF-Expand: HMAC of the data key over label and nonce. The commitment covers the context too: neither
# cipher alone keeps one ciphertext from being made that opens under two keys.
Cipher = Callable[[bytes, bytes, bytes, bytes], bytes]
HEAD = 2  # bytes
COMMITMENT = 32
# What is bound is `packed`, put together by hand because every opening asks for it: these lengths never change.
OF_16, OF_8 = (16).to_bytes(4), (8).to_bytes(4)


class Form(NamedTuple):
    """How an envelope is made; a form that was ever released is read for ever."""

    head: bytes
    nonce: int
    opening: int  # bytes before the ciphertext
    hashed: str  # the hash under HMAC
    sealing: bytes
    committing: bytes
    encrypt: Cipher
    decrypt: Cipher

    def derive(self, key: bytes, nonce: bytes, bound: bytes) -> tuple[bytes, bytes]:
        """Return the subkey of an envelope, and the commitment to key, nonce and context."""
        subkey = hmac.digest(key, self.sealing + nonce + b"\1", self.hashed)[:KEY]
        return subkey, hmac.digest(key, self.committing + nonce + bound + b"\1", self.hashed)[:COMMITMENT]


def _form(number: int, algorithm: int, nonce: int, hashed: str, *ciphers: Cipher) -> Form:
    label = f"nrm envelope {number} ".encode()
    encrypt_, decrypt_ = ciphers
    return Form(
        bytes((number, algorithm)), nonce, HEAD + nonce + COMMITMENT, hashed, label + b"seal", label + b"commit",
        encrypt_, decrypt_,
    )  # fmt: skip


# 1: AES-256-GCM-SIV, HMAC-SHA-256. 2: ChaCha20-Poly1305, HMAC-SHA-512; its longer nonce makes a subkey that serves
# once, which this cipher needs.
FORMS = {
    1: _form(1, 1, NONCE, "sha256", encrypt, decrypt),
    2: _form(2, 2, 2 * NONCE, "sha512", encrypt_chacha, decrypt_chacha),
}
BY_HEAD = {form.head: form for form in FORMS.values()}
FIRST = {form.head: packed(form.head[:1], form.head[1:]) + OF_16 for form in FORMS.values()}

PREFIX = 4  # bytes that say how long the text is, before the padding
SMALLEST = 256
WRITTEN = json.JSONDecoder()
LARGEST = 32 * 1024  # above it, multiples of it


class Context(NamedTuple):
    """Where an envelope belongs; it opens nowhere else, and under no other version of its row."""

    case_id: UUID
    category: str
    record_id: UUID
    row_version: int
    key_id: UUID

    def bound(self, head: bytes) -> bytes:
        """Return the bytes that are authenticated with the ciphertext."""
        category = self.category.encode()
        return b"".join(
            (
                FIRST[head], self.key_id.bytes, OF_16, self.case_id.bytes, len(category).to_bytes(4), category,
                OF_16, self.record_id.bytes, OF_8, self.row_version.to_bytes(8),
            )
        )  # fmt: skip


def size_class(length: int) -> int:
    """Return the padded size for a text of that many bytes: powers of two from 256, then steps of 32 KiB."""
    needed = length + PREFIX
    if needed > LARGEST:
        return -(-needed // LARGEST) * LARGEST
    return max(SMALLEST, 1 << (needed - 1).bit_length())


def seal(key: bytes, fields: dict[str, Any], context: Context, form: int = 1) -> bytes:
    """Return the fields as an envelope; raises `Unwritable` for what canonical JSON cannot hold."""
    _require_key(key)
    how = FORMS[form]
    text = canonical(fields).encode()
    plain = (len(text).to_bytes(PREFIX) + text).ljust(size_class(len(text)), b"\0")
    nonce, bound = secrets.token_bytes(how.nonce), context.bound(how.head)
    subkey, commitment = how.derive(key, nonce, bound)
    return how.head + nonce + commitment + how.encrypt(subkey, nonce[-NONCE:], plain, bound)


def open_(key: bytes, envelope: bytes, context: Context) -> dict[str, Any]:
    """Return the fields, or raise `Unreadable`, which is the same for every cause."""
    _require_key(key)
    how = BY_HEAD.get(envelope[:HEAD])
    if how is None or len(envelope) < (opening := how.opening) + SMALLEST + TAG:
        raise Unreadable
    nonce, commitment = envelope[HEAD : HEAD + how.nonce], envelope[opening - COMMITMENT : opening]
    bound = context.bound(how.head)
    subkey, expected = how.derive(key, nonce, bound)
    if not hmac.compare_digest(commitment, expected):
        raise Unreadable
    return _unpadded(how.decrypt(subkey, nonce[-NONCE:], envelope[opening:], bound))


def _unpadded(plain: bytes) -> dict[str, Any]:
    """Return the fields within the padding; padding of any other shape is refused."""
    length = int.from_bytes(plain[:PREFIX])
    end = PREFIX + length
    if len(plain) != size_class(length) or plain.count(0, end) != len(plain) - end:
        raise Unreadable
    try:
        fields, read = WRITTEN.raw_decode(text := plain[PREFIX:end].decode())
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(fields, dict) or read != len(text):
        raise Unreadable
    return fields


def _require_key(key: bytes) -> None:
    """Refuse a key of another length: HMAC would pad it, and two keys could then be one."""
    if len(key) != KEY:
        raise ValueError(f"a data key has {KEY} bytes, this one {len(key)}")

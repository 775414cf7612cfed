"""An envelope holds the fields of one category of one record: padded, sealed, bound to its place."""

import hmac
import json
import secrets
from typing import Any, NamedTuple
from uuid import UUID

from app.safeguards.canonical import canonical, packed
from app.safeguards.vault.cipher import KEY, NONCE, TAG, Unreadable, decrypt, encrypt

__all__ = ["Context", "Unreadable", "open_", "seal", "size_class"]

# Format 1: one byte format, one byte algorithm, 12 nonce, 32 commitment, then ciphertext with tag.
# Subkey and commitment are each one block of HKDF-Expand: HMAC-SHA256 of the data key over label and nonce.
# The commitment covers the context too: GCM-SIV alone lets one ciphertext be made that opens under two keys.
FORMAT = 1
AES_256_GCM_SIV = 1
HEAD = bytes((FORMAT, AES_256_GCM_SIV))
COMMITMENT = 32
OPENING = len(HEAD) + NONCE + COMMITMENT
SEAL_LABEL = b"nrm envelope 1 seal"
COMMIT_LABEL = b"nrm envelope 1 commit"

# What is bound is `packed`, put together by hand because every opening asks for it: these lengths never change.
OF_16, OF_8 = (16).to_bytes(4, "big"), (8).to_bytes(4, "big")
BOUND_FIRST = packed(HEAD[:1], HEAD[1:]) + OF_16

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

    def bound(self) -> bytes:
        """Return the bytes that are authenticated with the ciphertext."""
        category = self.category.encode()
        return b"".join(
            (
                BOUND_FIRST, self.key_id.bytes, OF_16, self.case_id.bytes, len(category).to_bytes(4, "big"), category,
                OF_16, self.record_id.bytes, OF_8, self.row_version.to_bytes(8, "big"),
            )
        )  # fmt: skip


def size_class(length: int) -> int:
    """Return the padded size for a text of that many bytes: powers of two from 256, then steps of 32 KiB."""
    needed = length + PREFIX
    if needed > LARGEST:
        return -(-needed // LARGEST) * LARGEST
    return max(SMALLEST, 1 << (needed - 1).bit_length())


def seal(key: bytes, fields: dict[str, Any], context: Context) -> bytes:
    """Return the fields as an envelope; raises `Unwritable` for what canonical JSON cannot hold."""
    _require_key(key)
    text = canonical(fields).encode()
    plain = (len(text).to_bytes(PREFIX, "big") + text).ljust(size_class(len(text)), b"\0")
    nonce, bound = secrets.token_bytes(NONCE), context.bound()
    subkey, commitment = _derive(key, nonce, bound)
    return HEAD + nonce + commitment + encrypt(subkey, nonce, plain, bound)


def open_(key: bytes, envelope: bytes, context: Context) -> dict[str, Any]:
    """Return the fields, or raise `Unreadable`, which is the same for every cause."""
    _require_key(key)
    if len(envelope) < OPENING + SMALLEST + TAG or envelope[: len(HEAD)] != HEAD:
        raise Unreadable
    nonce, commitment = envelope[len(HEAD) : len(HEAD) + NONCE], envelope[OPENING - COMMITMENT : OPENING]
    bound = context.bound()
    subkey, expected = _derive(key, nonce, bound)
    if not hmac.compare_digest(commitment, expected):
        raise Unreadable
    return _unpadded(decrypt(subkey, nonce, envelope[OPENING:], bound))


def _derive(key: bytes, nonce: bytes, bound: bytes) -> tuple[bytes, bytes]:
    """Return the subkey of this envelope, and the commitment to key, nonce and context."""
    subkey = hmac.digest(key, SEAL_LABEL + nonce + b"\1", "sha256")
    return subkey, hmac.digest(key, COMMIT_LABEL + nonce + bound + b"\1", "sha256")


def _unpadded(plain: bytes) -> dict[str, Any]:
    """Return the fields within the padding; padding of any other shape is refused."""
    length = int.from_bytes(plain[:PREFIX], "big")
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

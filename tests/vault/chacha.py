"""ChaCha20-Poly1305 written from RFC 8439 alone, slow and plain, to open by another hand what ours sealed."""

import hmac
import struct

PRIME, CLAMP = (1 << 130) - 5, 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
ROUNDS = (
    (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
    (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
)  # fmt: skip


def turned(word: int, by: int) -> int:
    return ((word << by) | (word >> (32 - by))) & 0xFFFFFFFF


def block(key: bytes, counter: int, nonce: bytes) -> bytes:
    first = [
        *struct.unpack("<4I", b"expand 32-byte k"),
        *struct.unpack("<8I", key),
        counter,
        *struct.unpack("<3I", nonce),
    ]
    s = list(first)
    for _double in range(10):
        for a, b, c, d in ROUNDS:
            for left, right, mixed, by in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                s[left] = (s[left] + s[right]) & 0xFFFFFFFF
                s[mixed] = turned(s[mixed] ^ s[left], by)
    return struct.pack("<16I", *((now + before) & 0xFFFFFFFF for now, before in zip(s, first, strict=True)))


def tag(key: bytes, text: bytes) -> bytes:
    r, s, total = int.from_bytes(key[:16], "little") & CLAMP, int.from_bytes(key[16:], "little"), 0
    for start in range(0, len(text), 16):
        total = (total + int.from_bytes(text[start : start + 16] + b"\1", "little")) * r % PRIME
    return ((total + s) & ((1 << 128) - 1)).to_bytes(16, "little")


def padded(text: bytes) -> bytes:
    return text + bytes(-len(text) % 16)


def opened(key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    text, given = sealed[:-16], sealed[-16:]
    said = padded(bound) + padded(text) + struct.pack("<QQ", len(bound), len(text))
    assert hmac.compare_digest(tag(block(key, 0, nonce)[:32], said), given)
    stream = b"".join(block(key, 1 + number, nonce) for number in range(-(-len(text) // 64)))
    return bytes(a ^ b for a, b in zip(text, stream, strict=False))

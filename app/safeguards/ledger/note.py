"""Checkpoints of the ledger as signed notes, in the open formats that outside witnesses read.

Formats: C2SP signed-note and tlog-checkpoint (https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint).
"""

import base64
import re
from dataclasses import dataclass
from hashlib import sha256

from app.safeguards.vault.signing import Signer, verify

ED25519 = b"\1"  # the type of signature, as the format numbers it
SIGNATURE = re.compile(r"— (?P<name>\S+) (?P<code>[A-Za-z0-9+/]+={0,2})")
SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
LONGEST = 64 * 1024  # characters of a note
MOST_SIGNATURES = 100


class Forged(Exception):
    """A note that does not bear the signature expected, or is not written as notes are."""


@dataclass(frozen=True)
class Checkpoint:
    """What the service says of its ledger at one moment: so many leaves, and this root over them."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def key_id(name: str, public: bytes) -> bytes:
    """Return the four bytes by which a signature line names its key."""
    return sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """Return the public key in the text form that witnesses and auditors take."""
    return f"{named(name)}+{key_id(name, public).hex()}+{_base64(ED25519 + public)}"


def public_of(text: str) -> tuple[str, bytes]:
    """Return name and public key of a verifier key; raises `Forged` where the text is none."""
    name, _, rest = text.strip().partition("+")
    identity, _, code = rest.partition("+")
    key = bytes_of(code)
    if key[:1] != ED25519 or len(key) != 33 or not name or identity != key_id(name, key[1:]).hex():
        raise Forged("this is no Ed25519 verifier key, or one of its characters is wrong")
    return name, key[1:]


def sign(text: str, name: str, signer: Signer) -> str:
    """Return the text as a note with one signature."""
    _check_text(text)
    code = _base64(key_id(named(name), signer.public) + signer.sign(text.encode()))
    return f"{text}\n— {name} {code}\n"


def signed_text(note: str, name: str, public: bytes) -> str:
    """Return the text of a note that bears the signature of that key; raises `Forged` otherwise."""
    text, signatures = parted(note)
    identity = key_id(name, public)
    ours = [code for signer, code in signatures if signer == name and code[:4] == identity]
    if not ours or not all(verify(public, text.encode(), code[4:]) for code in ours):
        raise Forged(f"the note does not bear the signature of {name}")
    return text


def checkpoint(origin: str, size: int, root: bytes, signer: Signer) -> str:
    """Return a signed checkpoint; its key bears the name of the origin."""
    return sign(f"{named(origin)}\n{size}\n{_base64(root)}\n", origin, signer)


def read(text: str, public: bytes) -> Checkpoint:
    """Return the checkpoint, if that key signed it under its origin's name; raises `Forged` otherwise."""
    origin = text.partition("\n")[0]
    lines = signed_text(text, origin, public)[:-1].split("\n")
    if len(lines) < 3 or not SIZE.fullmatch(lines[1]):
        raise Forged("the signed note is no checkpoint")
    root, extensions = bytes_of(lines[2]), tuple(lines[3:])
    if len(root) != 32 or not all(extensions):
        raise Forged("the signed note is no checkpoint")
    return Checkpoint(origin, int(lines[1]), root, extensions)


def parted(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return the text of a note and its signatures, as (name, bytes)."""
    if len(note) > LONGEST:
        raise Forged("the note is too long")
    text, gap, tail = note.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise Forged("the note has no signature")
    text += "\n"
    _check_text(text)
    found = [SIGNATURE.fullmatch(line) for line in tail[:-1].split("\n")]
    if not 0 < len(found) <= MOST_SIGNATURES:
        raise Forged("the note has too many signatures")
    signatures = [(match["name"], bytes_of(match["code"])) for match in found if match]
    if len(signatures) < len(found) or any(len(code) <= 4 for name, code in signatures):
        raise Forged("a signature line of the note is damaged")
    return text, signatures


def _check_text(text: str) -> None:
    """Raise unless the text can stand in a note: whole lines, no control characters, Unicode."""
    if not text.endswith("\n") or any(sign_ < " " and sign_ != "\n" for sign_ in text):
        raise Forged("the text of a note is whole lines without control characters")
    if any("\ud800" <= sign_ <= "\udfff" for sign_ in text):
        raise Forged("the text of a note is Unicode")


def named(name: str) -> str:
    """Return the name of a key, or raise: no spaces and no plus sign, by the format."""
    if not name or "+" in name or name.split() != [name] or not name.isprintable():
        raise ValueError(f"{name!r} cannot name a key: no spaces, no plus sign, not empty")
    return name


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def bytes_of(code: str) -> bytes:
    """Return what stands in base64; only the one canonical way of writing it is taken."""
    try:
        content = base64.b64decode(code, validate=True)
    except ValueError:
        raise Forged("base64 is damaged") from None
    if _base64(content) != code:
        raise Forged("base64 is not written in its canonical way")
    return content

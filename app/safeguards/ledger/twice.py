"""The second signature under a head, by ML-DSA-44: the ledger is its own cosigner.

Format: C2SP tlog-cosignature, type 0x06 (https://c2sp.org/tlog-cosignature).
"""

import base64
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from app.safeguards.ledger.note import Checkpoint, Forged, bytes_of, named, parted
from app.safeguards.vault.lattice import PUBLIC, SIGNATURE, LatticeSigner, verify

TYPE = b"\6"  # as the format numbers it
LABEL = b"subtree/v1\n\0"
STAMP = 8  # bytes of the time in seconds


@dataclass(frozen=True)
class SecondKey:
    """The name and public key of the second signature."""

    name: str
    public: bytes

    @property
    def identity(self) -> bytes:
        """Return the four bytes by which a signature line names the key."""
        return sha256(self.name.encode() + b"\n" + TYPE + self.public).digest()[:4]

    def __str__(self) -> str:
        code = base64.b64encode(TYPE + self.public).decode()
        return f"{named(self.name)}+{self.identity.hex()}+{code}"


def second_of(text: str) -> SecondKey:
    """Return the key of a verifier key; raises `Forged` where the text is none."""
    name, _plus, rest = text.strip().partition("+")
    identity, _plus, code = rest.partition("+")
    key = bytes_of(code)
    found = SecondKey(name, key[1:])
    if key[:1] != TYPE or len(found.public) != PUBLIC or not name or identity != found.identity.hex():
        raise Forged("this is no ML-DSA-44 verifier key, or one of its characters is wrong")
    return found


def line(head: Checkpoint, signer: LatticeSigner, at: datetime) -> str:
    """Return the line that goes under a head, signed in the ledger's own name."""
    key, stamp = SecondKey(head.origin, signer.public), int(at.timestamp()).to_bytes(STAMP)
    code = base64.b64encode(key.identity + stamp + signer.sign(_said(head, head.origin, stamp)))
    return f"— {named(head.origin)} {code.decode()}\n"


def bears(note: str, head: Checkpoint, key: SecondKey) -> bool:
    """Tell whether a head bears that second signature; raises `Forged` where it bears a false one."""
    for name, code in parted(note)[1]:
        if (name, code[:4]) == (key.name, key.identity):
            stamp, signature = code[4 : 4 + STAMP], code[4 + STAMP :]
            if len(signature) == SIGNATURE and verify(key.public, _said(head, key.name, stamp), signature):
                return True
            raise Forged(f"the second signature of {name} is false")
    return False


def _said(head: Checkpoint, name: str, stamp: bytes) -> bytes:
    """Return what is signed: who, when, of which log, from its first leaf to its last, and their root."""
    places = (0).to_bytes(8) + head.size.to_bytes(8)
    return LABEL + _short(name) + stamp + _short(head.origin) + places + head.root


def _short(text: str) -> bytes:
    content = text.encode()
    return len(content).to_bytes(1) + content

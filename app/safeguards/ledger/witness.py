"""Outside witnesses: somebody else signs that the ledger only ever grew, and can be asked whether it did.

Formats: C2SP tlog-witness and tlog-cosignature, version 1 (https://c2sp.org/tlog-cosignature).
"""

import base64
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from app.safeguards.ledger.merkle import verify_consistency
from app.safeguards.ledger.note import Checkpoint, Forged, bytes_of, named, parted, read
from app.safeguards.vault.signing import Signer, verify

COSIGNATURE = b"\4"  # the type of signature, as the format numbers it
STAMP = 8  # bytes of the time in seconds
LONGEST_PROOF = 63  # hashes


@dataclass(frozen=True)
class Witness:
    """Who looks on from outside: the name and the public key that go into each of their lines."""

    name: str
    public: bytes

    @property
    def identity(self) -> bytes:
        """Return the four bytes by which a signature line names the key."""
        return sha256(self.name.encode() + b"\n" + COSIGNATURE + self.public).digest()[:4]

    def __str__(self) -> str:
        code = base64.b64encode(COSIGNATURE + self.public).decode()
        return f"{named(self.name)}+{self.identity.hex()}+{code}"


def witness_of(text: str) -> Witness:
    """Return the witness of a verifier key; raises `Forged` where the text is none."""
    name, _plus, rest = text.strip().partition("+")
    identity, _plus, code = rest.partition("+")
    key = bytes_of(code)
    if key[:1] != COSIGNATURE or len(key) != 33 or not name:
        raise Forged("this is no verifier key of a witness")
    found = Witness(name, key[1:])
    if identity != found.identity.hex():
        raise Forged("one character of the verifier key is wrong")
    return found


def request(old: int, proof: Sequence[bytes], note: str) -> str:
    """Return what a witness is asked with: the size that they saw last, the proof from there, the new checkpoint."""
    lines = [f"old {old}", *(base64.b64encode(each).decode() for each in proof)]
    return "\n".join(lines) + "\n\n" + note


def cosign(asked: str, ledger: bytes, kept: str | None, signer: Signer, name: str, at: datetime) -> str:  # noqa: PLR0913, PLR0917
    """Return the checkpoint with the line of a witness, if the ledger only grew since what they kept; raises `Forged`.

    `ledger` is the public key of the ledger; `kept` the last checkpoint that this witness signed, None at first.
    """
    old, proof, note = _asked(asked)
    new = read(note, ledger)
    before = read(kept, ledger) if kept else None
    _refuse_other(before, new, old)
    if before and not verify_consistency(before.size, new.size, before.root, new.root, proof):
        raise Forged("the ledger does not contain what you signed before: its history was rewritten")
    text, _signatures = parted(note)
    stamp = int(at.timestamp()).to_bytes(STAMP)
    code = Witness(name, signer.public).identity + stamp + signer.sign(_said(text, stamp))
    return f"{note}— {named(name)} {base64.b64encode(code).decode()}\n"


def cosigned_at(note: str, witness: Witness) -> int:
    """Return when that witness cosigned the checkpoint, in seconds; raises `Forged` where they did not."""
    text, signatures = parted(note)
    for name, code in signatures:
        stamp, signature = code[4 : 4 + STAMP], code[4 + STAMP :]
        if name == witness.name and code[:4] == witness.identity and len(signature) == 64:
            if verify(witness.public, _said(text, stamp), signature):
                return int.from_bytes(stamp)
            raise Forged(f"the signature of {name} is false")
    raise Forged(f"{witness.name} did not sign")


def with_witnesses(notes: Iterable[str], second_place: Path) -> Iterator[str]:
    """Give each checkpoint with the lines that witnesses put under it."""
    lines: dict[str, list[str]] = {}
    for path in sorted(second_place.glob("*.cosigned")):
        text, gap, tail = path.read_bytes().decode().rpartition("\n\n")
        lines.setdefault(text + gap, []).extend(tail.splitlines(keepends=True)[1:])
    for each in notes:
        text, gap, _tail = each.rpartition("\n\n")
        yield each + "".join(lines.get(text + gap, ()))


def _said(text: str, stamp: bytes) -> bytes:
    return f"cosignature/v1\ntime {int.from_bytes(stamp, 'big')}\n{text}".encode()


def _asked(asked: str) -> tuple[int, list[bytes], str]:
    head, gap, note = asked.partition("\n\n")
    first, *proof = head.split("\n")
    word, _space, size = first.partition(" ")
    if not gap or word != "old" or not size.isascii() or not size.isdigit() or len(proof) > LONGEST_PROOF:
        raise Forged("this is no request to a witness")
    return int(size), [bytes_of(each) for each in proof], note


def _refuse_other(before: Checkpoint | None, new: Checkpoint, old: int) -> None:
    if before and before.origin != new.origin:
        raise Forged(f"you witness {before.origin}; this is a checkpoint of {new.origin}")
    if old != (before.size if before else 0):
        raise Forged(f"the proof begins at {old} events; you last signed {before.size if before else 0}")

"""What is wrong in one thing alone is refused, and the sentence says in which: an auditor has nothing else to go by."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.safeguards.ledger import note, twice, withheld, witness
from app.safeguards.ledger.merkle import Frontier, consistency_proof, leaf_hash, root
from app.safeguards.vault.lattice import LatticeSigner
from app.safeguards.vault.signing import Signer

NAME, ORIGIN, AT = "ledger.example", "ledger.nrm.example", datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ED25519, WITNESS, LATTICE = b"\1", b"\4", b"\6"
PUBLIC, LONG = bytes(range(32)), bytes(1312)
NO_KEY = "this is no Ed25519 verifier key, or one of its characters is wrong"
NO_SECOND = "this is no ML-DSA-44 verifier key, or one of its characters is wrong"
NO_WITNESS, ONE_CHARACTER = (
    "this is no verifier key of a witness",
    "one character of the verifier key is wrong",
)
NO_CHECKPOINT, NO_DECLARATION = "the signed note is no checkpoint", "the signed note is no declaration"
WHOLE_LINES = "the text of a note is whole lines without control characters"
LINE = f"— {NAME} {base64.b64encode(bytes(5)).decode()}\n"


def coded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def first(name: str, kind: bytes, public: bytes) -> str:
    return f"{name}+{note.key_id(name, public).hex()}+{coded(kind + public)}"


def outside(name: str, kind: bytes, public: bytes) -> str:
    return f"{name}+{witness.Witness(name, public).identity.hex()}+{coded(kind + public)}"


def second(name: str, kind: bytes, public: bytes) -> str:
    return f"{name}+{twice.SecondKey(name, public).identity.hex()}+{coded(kind + public)}"


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    return Signer.create(tmp_path_factory.mktemp("keys") / "ledger.pem")


def refused(said: str, act: Callable[..., object], *given: object) -> None:
    with pytest.raises(note.Forged) as caught:
        act(*given)
    assert str(caught.value) == said


def test_keys_of_all_three_kinds_are_refused_for_one_fault() -> None:
    assert note.public_of(first(NAME, ED25519, PUBLIC) + "\n") == (NAME, PUBLIC)
    assert witness.witness_of(outside(NAME, WITNESS, PUBLIC)) == witness.Witness(NAME, PUBLIC)
    assert twice.second_of(second(NAME, LATTICE, LONG)) == twice.SecondKey(NAME, LONG)
    for kind, public, name in (
        (WITNESS, PUBLIC, NAME),
        (ED25519, PUBLIC[:-1], NAME),
        (ED25519, PUBLIC + b"x", NAME),
        (ED25519, PUBLIC, ""),
    ):
        refused(NO_KEY, note.public_of, first(name, kind, public))
    refused(NO_KEY, note.public_of, f"{NAME}+00000000+{coded(ED25519 + PUBLIC)}")
    for kind, public, name in (
        (ED25519, PUBLIC, NAME),
        (WITNESS, PUBLIC[:-1], NAME),
        (WITNESS, PUBLIC + b"x", NAME),
    ):
        refused(NO_WITNESS, witness.witness_of, outside(name, kind, public))
    nobody = witness.Witness("", PUBLIC).identity.hex()
    refused(NO_WITNESS, witness.witness_of, f"+{nobody}+{coded(WITNESS + PUBLIC)}")
    refused(ONE_CHARACTER, witness.witness_of, f"{NAME}+00000000+{coded(WITNESS + PUBLIC)}")
    for kind, public, name in (
        (ED25519, LONG, NAME),
        (LATTICE, LONG[:-1], NAME),
        (LATTICE, LONG + b"x", NAME),
    ):
        refused(NO_SECOND, twice.second_of, second(name, kind, public))
    nobody = twice.SecondKey("", LONG).identity.hex()
    refused(NO_SECOND, twice.second_of, f"+{nobody}+{coded(LATTICE + LONG)}")
    refused(NO_SECOND, twice.second_of, f"{NAME}+00000000+{coded(LATTICE + LONG)}")


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("the note is too long", "x" * (64 * 1024 - 1) + "\n\n"),
        ("the note has no signature", "text\n"),
        ("the note has no signature", "text\n" + LINE),
        ("the note has no signature", "text\n\n" + LINE[:-1]),
        ("the note has too many signatures", "text\n\n" + LINE * 101),
        ("a signature line of the note is damaged", "text\n\n" + LINE + "and more\n"),
        ("a signature line of the note is damaged", f"text\n\n— {NAME} {coded(bytes(4))}\n"),
        ("base64 is damaged", f"text\n\n— {NAME} AAAAA\n"),
        ("base64 is not written in its canonical way", f"text\n\n— {NAME} AAAAAB==\n"),
        (WHOLE_LINES, "te\x1fxt\n\n" + LINE),
        ("the text of a note is Unicode", "te\ud800xt\n\n" + LINE),
    ],
)
def test_a_note_is_refused_for_one_fault(said: str, text: str) -> None:
    refused(said, note.parted, text)


def test_a_note_is_read_up_to_its_limits() -> None:
    assert note.parted("a text\n\n" + LINE) == ("a text\n", [(NAME, bytes(5))])
    assert note.parted("two\n\nparts\n\n" + LINE)[0] == "two\n\nparts\n"
    assert note.parted("\ud7ff \ue000\n\n" + LINE)[0] == "\ud7ff \ue000\n"
    assert len(note.parted("text\n\n" + LINE * 100)[1]) == 100
    longest = "x" * (64 * 1024 - len(LINE) - 2) + "\n\n" + LINE
    assert note.parted(longest)[0] == longest.partition("\n")[0] + "\n"
    refused("the text of a note is Unicode", note.parted, "te\udfffxt\n\n" + LINE)
    refused("the note is too long", note.parted, "x" + longest)


def test_what_is_signed_and_no_checkpoint_or_no_declaration_says_so(signer: Signer) -> None:
    whole, declared = coded(bytes(32)), ORIGIN + withheld.WITHHELD
    for text in (
        f"{NAME}\n7\n",
        f"{NAME}\n07\n{whole}\n",
        f"{NAME}\n7\nAAAA\n",
        f"{NAME}\n7\n{whole}\n\nmore\n",
    ):
        refused(NO_CHECKPOINT, note.read, note.sign(text, NAME, signer), signer.public)
    refused(WHOLE_LINES, note.sign, "half a line", NAME, signer)
    refused(
        f"the note does not bear the signature of {NAME}",
        note.signed_text,
        note.sign("text\n", "else.example", signer),
        NAME,
        signer.public,
    )
    for text in (
        f"{declared}\n7\n{whole}\n",
        f"{declared}\n7\n{whole}\n2026-01-01\nmore\n",
        f"{ORIGIN}\n7\n{whole}\n2026-01-01\n",
        f"{declared}\n07\n{whole}\n2026-01-01\n",
        f"{declared}\n7\n{whole}\n1 January\n",
    ):
        refused(NO_DECLARATION, withheld.read, note.sign(text, ORIGIN, signer), ORIGIN, signer.public)
    found = withheld.Declaration(7, bytes(32), "2026-01-01")
    assert withheld.read(withheld.declare(found, ORIGIN, signer), ORIGIN, signer.public) == found


@pytest.mark.parametrize(
    ("event", "note_in_it"),
    [
        ('{"declaration":"a note"}', "a note"),
        ('{"declaration":7}', None),
        ('{"what":"\\"declaration\\""}', None),
        ('["declaration"]', None),
        ("{}", None),
    ],
)
def test_an_event_declares_only_where_it_bears_a_note(event: str, note_in_it: str | None) -> None:
    assert withheld.declared(event) == note_in_it


def test_what_a_witness_is_asked_is_refused_for_one_fault(signer: Signer, tmp_path: Path) -> None:
    hashes = [leaf_hash(str(each).encode()) for each in range(9)]
    head = note.checkpoint(ORIGIN, 9, root(hashes), signer)
    kept = note.checkpoint(ORIGIN, 8, root(hashes[:8]), signer)
    cosigner = Signer.create(tmp_path / "witness")

    def cosigned(asked: str, kept: str | None = None) -> str:
        return witness.cosign(asked, signer.public, kept, cosigner, NAME, AT)

    for asked in ("old 0", f"new 0\n\n{head}", f"old\n\n{head}", f"old ²\n\n{head}", f"old x\n\n{head}"):
        refused("this is no request to a witness", cosigned, asked)
    proof = consistency_proof(8, hashes)
    assert cosigned(witness.request(8, proof, head), kept).startswith(head)
    refused("this is no request to a witness", cosigned, witness.request(0, [bytes(32)] * 64, head))
    assert cosigned(witness.request(0, [bytes(32)] * 63, head)).startswith(head)
    refused(
        "the ledger does not contain what you signed before: its history was rewritten",
        cosigned,
        witness.request(8, proof[:-1], head),
        kept,
    )
    refused(
        "the proof begins at 7 events; you last signed 8",
        cosigned,
        witness.request(7, proof, head),
        kept,
    )
    refused("the proof begins at 7 events; you last signed 0", cosigned, witness.request(7, proof, head))
    other = note.checkpoint("else.example", 8, root(hashes[:8]), signer)
    refused(
        f"you witness else.example; this is a checkpoint of {ORIGIN}",
        cosigned,
        witness.request(8, proof, head),
        other,
    )
    line = cosigned(witness.request(0, [], head)).splitlines(keepends=True)[-1]
    asked_of = witness.Witness(NAME, cosigner.public)
    refused(f"{NAME} did not sign", witness.cosigned_at, head, asked_of)
    refused(f"the signature of {NAME} is false", witness.cosigned_at, kept + line, asked_of)


def test_a_second_signature_is_looked_for_among_all_and_a_false_one_named(
    tmp_path: Path, signer: Signer
) -> None:
    lattice, head = LatticeSigner.create(tmp_path / "second"), note.Checkpoint(ORIGIN, 9, bytes(32))
    key, signed = twice.SecondKey(ORIGIN, lattice.public), note.checkpoint(ORIGIN, 9, bytes(32), signer)
    other = note.Checkpoint("else.example", 9, bytes(32))
    between = twice.line(other, lattice, AT)
    assert twice.bears(signed + between + twice.line(head, lattice, AT), head, key)
    assert not twice.bears(signed + between, head, key)
    false = f"— {ORIGIN} {coded(key.identity + bytes(8 + 2420))}\n"
    refused(f"the second signature of {ORIGIN} is false", twice.bears, signed + false, head, key)


def test_bytes_that_are_no_frontier_are_refused() -> None:
    frontier = Frontier()
    for each in range(7):
        frontier.append(leaf_hash(bytes([each])))
    assert Frontier.load(frontier.dump()) == frontier
    assert Frontier.load(bytes(8)) == Frontier()
    for kept in (b"", bytes(7), frontier.dump()[:-1], frontier.dump() + b"x", bytes(9), b"\0" * 7 + b"\1"):
        with pytest.raises(ValueError, match=r"^these bytes are no frontier of a tree$"):
            Frontier.load(kept)

"""A witness outside signs what only grew, and nothing else."""

import base64
from datetime import UTC, datetime

import pytest

from app.safeguards.ledger.merkle import consistency_proof, leaf_hash, root
from app.safeguards.ledger.note import Forged, checkpoint, read
from app.safeguards.ledger.witness import COSIGNATURE, Witness, cosign, cosigned_at, request, witness_of
from app.safeguards.vault.signing import Signer

ORIGIN = "ledger.nrm.example"
HASHES = [leaf_hash(f"event {number}".encode()) for number in range(40)]
OTHER = [leaf_hash(f"other {number}".encode()) for number in range(40)]
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NAME = "ombudsperson.example"


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    return Signer.create(tmp_path_factory.mktemp("keys") / "ledger.pem")


@pytest.fixture(scope="module")
def signer(tmp_path_factory):
    return Signer.create(tmp_path_factory.mktemp("keys") / "witness.pem")


def head(ledger, size, hashes=HASHES, origin=ORIGIN):
    return checkpoint(origin, size, root(hashes[:size]), ledger)


def asked(ledger, old, size, hashes=HASHES):
    proof = consistency_proof(old, hashes[:size]) if old else []
    return request(old, proof, head(ledger, size, hashes))


@pytest.mark.parametrize(("old", "size"), [(0, 1), (1, 2), (7, 8), (8, 13), (13, 40), (40, 40)])
def test_what_only_grew_is_signed_and_anybody_can_check_it(ledger, signer, old, size):
    kept = head(ledger, old) if old else None
    note = cosign(asked(ledger, old, size), ledger.public, kept, signer, NAME, AT)
    assert note.startswith(head(ledger, size))
    assert cosigned_at(note, Witness(NAME, signer.public)) == int(AT.timestamp())
    assert read(note, ledger.public).size == size  # the signature of the ledger itself still stands


@pytest.mark.parametrize(("old", "size"), [(7, 8), (8, 13), (13, 40), (40, 40)])
def test_a_history_that_was_rewritten_is_not_signed(ledger, signer, old, size):
    with pytest.raises(Forged, match="rewritten"):
        cosign(asked(ledger, old, size, OTHER), ledger.public, head(ledger, old), signer, NAME, AT)


def test_a_ledger_that_grew_smaller_is_not_signed(ledger, signer):
    with pytest.raises(Forged, match="rewritten"):
        cosign(request(13, [], head(ledger, 8)), ledger.public, head(ledger, 13), signer, NAME, AT)


def test_a_witness_who_signed_before_does_not_begin_anew(ledger, signer):
    with pytest.raises(Forged, match="you last signed 13"):
        cosign(asked(ledger, 0, 20, OTHER), ledger.public, head(ledger, 13), signer, NAME, AT)


def test_another_ledger_or_key_is_not_signed(ledger, signer):
    elsewhere = request(8, [], head(ledger, 8, origin="elsewhere.example"))
    with pytest.raises(Forged, match="you witness"):
        cosign(elsewhere, ledger.public, head(ledger, 8), signer, NAME, AT)
    with pytest.raises(Forged, match="does not bear"):
        cosign(asked(ledger, 0, 8), signer.public, None, signer, NAME, AT)


@pytest.mark.parametrize(
    "text", ["", "old 3", "old x\n\n", "new 3\n\nnote", "old 3\n!!\n\nnote", "old -1\n\nnote"]
)
def test_what_is_no_request_is_refused(ledger, signer, text):
    with pytest.raises(Forged):
        cosign(text, ledger.public, None, signer, NAME, AT)


def test_a_cosignature_holds_for_its_checkpoint_its_time_and_its_key_alone(ledger, signer):
    witness = Witness(NAME, signer.public)
    line = cosign(asked(ledger, 0, 8), ledger.public, None, signer, NAME, AT).splitlines(keepends=True)[-1]
    code = base64.b64decode(line.split(" ")[2])
    later = code[:4] + (int(AT.timestamp()) + 1).to_bytes(8, "big") + code[12:]
    for note in (
        head(ledger, 9) + line,
        head(ledger, 8) + f"— {NAME} {base64.b64encode(later).decode()}\n",
        head(ledger, 8) + f"— {NAME} {base64.b64encode(code[:-1]).decode()}\n",
        head(ledger, 8),
    ):
        with pytest.raises(Forged):
            cosigned_at(note, witness)
    with pytest.raises(Forged):
        cosigned_at(head(ledger, 8) + line, Witness(NAME, ledger.public))


def test_the_line_is_what_the_open_format_says(ledger, signer):
    """By tlog-cosignature: key id, eight bytes of time, and a signature over time and the note's text."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    line = cosign(asked(ledger, 0, 8), ledger.public, None, signer, NAME, AT).splitlines(keepends=True)[-1]
    code = base64.b64decode(line.split(" ")[2])
    text = head(ledger, 8).partition("\n\n")[0] + "\n"
    message = b"cosignature/v1\ntime 1772442000\n" + text.encode()
    Ed25519PublicKey.from_public_bytes(signer.public).verify(code[12:], message)
    assert code[4:12] == (1772442000).to_bytes(8, "big")


def test_a_verifier_key_is_read_as_it_was_written(signer):
    witness = Witness(NAME, signer.public)
    assert witness_of(str(witness)) == witness
    assert base64.b64decode(str(witness).split("+", 2)[2])[:1] == COSIGNATURE
    for wrong in (str(witness)[:-6] + "AAAAA=", str(witness).replace("ombuds", "umbods"), "x+y+z", ""):
        with pytest.raises(Forged):
            witness_of(wrong)

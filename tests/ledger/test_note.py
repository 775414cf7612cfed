import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.safeguards.ledger.note import (
    Checkpoint,
    Forged,
    checkpoint,
    key_id,
    public_of,
    read,
    sign,
    signed_text,
    verifier_key,
)

ORIGIN = "ledger.nrm.example"
ROOT = bytes(range(32))
# Published with the format's first implementation.
KNOWN_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
KNOWN_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
KNOWN_LINE = (
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_the_published_note_is_read():
    name, public = public_of(KNOWN_KEY)
    assert signed_text(f"{KNOWN_TEXT}\n{KNOWN_LINE}", name, public) == KNOWN_TEXT
    assert verifier_key(name, public) == KNOWN_KEY


def test_a_checkpoint_is_written_as_the_format_says(signer):
    note = checkpoint(ORIGIN, 1234, ROOT, signer)
    text, _, line = note.partition("\n\n")
    assert text == f"{ORIGIN}\n1234\n{base64.b64encode(ROOT).decode()}"
    assert line.startswith(f"— {ORIGIN} ")
    assert line.endswith("\n")
    code = base64.b64decode(line.split(" ")[2])
    assert code == key_id(ORIGIN, signer.public) + signer.sign(f"{text}\n".encode())
    assert read(note, signer.public) == Checkpoint(ORIGIN, 1234, ROOT)


def test_the_signature_of_a_witness_beside_ours_does_no_harm(signer, other):
    note = checkpoint(ORIGIN, 7, ROOT, signer)
    text = note.partition("\n\n")[0] + "\n"
    cosigned = note + sign(text, "witness.example", other).partition("\n\n")[2]
    assert read(cosigned, signer.public).size == 7
    with pytest.raises(Forged):
        read(cosigned, other.public)


def test_extensions_are_kept(signer):
    text = f"{ORIGIN}\n7\n{base64.b64encode(ROOT).decode()}\none\ntwo\n"
    assert read(sign(text, ORIGIN, signer), signer.public).extensions == ("one", "two")


def test_another_key_or_origin_is_forged(signer, other):
    note = checkpoint(ORIGIN, 7, ROOT, signer)
    with pytest.raises(Forged):
        read(note, other.public)
    with pytest.raises(Forged):
        read(note.replace(ORIGIN, "ledger.nrm.example2", 1), signer.public)
    with pytest.raises(Forged):
        read(note.replace(ORIGIN, "elsewhere.example"), signer.public)


def test_every_changed_character_is_forged(signer):
    note = checkpoint(ORIGIN, 7, ROOT, signer)
    for place, old in enumerate(note):
        with pytest.raises(Forged):
            read(note[:place] + ("A" if old != "A" else "B") + note[place + 1 :], signer.public)
        with pytest.raises(Forged):
            read(note[:place] + note[place + 1 :], signer.public)


def test_a_wrong_signature_beside_a_right_one_of_the_same_key_is_forged(signer):
    note, later = checkpoint(ORIGIN, 7, ROOT, signer), checkpoint(ORIGIN, 8, ROOT, signer)
    with pytest.raises(Forged):
        read(note + later.partition("\n\n")[2], signer.public)


@pytest.mark.parametrize(
    "text",
    [
        "{origin}\n",
        "{origin}\n7\n",
        "{origin}\n07\n{root}\n",
        "{origin}\n-7\n{root}\n",
        "{origin}\n+7\n{root}\n",
        "{origin}\n7.0\n{root}\n",
        "{origin}\n٧\n{root}\n",
        "{origin}\n99999999999999999999\n{root}\n",
        "{origin}\n7\nAAAA\n",
        "{origin}\n7\n{root}=\n",
        "{origin}\n7\n{root}\n\nafter a gap\n",
    ],
)
def test_a_signed_note_that_is_no_checkpoint_is_refused(signer, text):
    signed = sign(text.format(origin=ORIGIN, root=base64.b64encode(ROOT).decode()), ORIGIN, signer)
    with pytest.raises(Forged):
        read(signed, signer.public)


@pytest.mark.parametrize("text", ["no newline", "tab\there\n", "return\r\n", "nul\0\n", "\ud800\n", ""])
def test_text_that_no_note_may_hold_is_not_signed(signer, text):
    with pytest.raises(Forged):
        sign(text, ORIGIN, signer)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\n"])
def test_names_that_no_key_may_bear(signer, name):
    with pytest.raises(ValueError, match="cannot name a key"):
        checkpoint(name, 1, ROOT, signer)


@given(st.text())
def test_noise_is_forged(signer, noise):
    with pytest.raises(Forged):
        read(noise, signer.public)
    with pytest.raises(Forged):
        read(f"{ORIGIN}\n7\n{noise}\n\n— {ORIGIN} {noise}\n", signer.public)


def test_a_note_too_long_or_with_too_many_signatures_is_refused(signer):
    note = checkpoint(ORIGIN, 7, ROOT, signer)
    with pytest.raises(Forged, match="too many"):
        read(note + note.partition("\n\n")[2] * 100, signer.public)
    with pytest.raises(Forged, match="too long"):
        read(note + "x" * 70_000, signer.public)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a+b",
        "a+b+c",
        KNOWN_KEY[:-1],
        KNOWN_KEY.replace("c74f", "c74e"),
        KNOWN_KEY.replace("+AR", "+BR"),
    ],
)
def test_damaged_verifier_keys_are_refused(text):
    with pytest.raises(Forged):
        public_of(text)

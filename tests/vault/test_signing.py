import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.safeguards.vault.private import SecretFileFault
from app.safeguards.vault.signing import Signer, verify


def test_what_one_process_signs_all_can_check(tmp_path):
    path = tmp_path / "ledger.pem"
    signer = Signer.create(path)
    signature = Signer.load(path).sign(b"message")
    assert verify(signer.public, b"message", signature)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(signer.public) == 32


def test_the_vector_of_rfc_8032():
    seed = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    signer = Signer(Ed25519PrivateKey.from_private_bytes(seed))
    assert signer.public.hex() == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    assert signer.sign(b"\x72").hex() == (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )


def test_every_flipped_bit_of_signature_key_and_message_is_a_no(tmp_path):
    signer = Signer.create(tmp_path / "key")
    signature = signer.sign(b"m")
    for bit in range(512):
        assert not verify(signer.public, b"m", flip(signature, bit))
    for bit in range(256):
        assert not verify(flip(signer.public, bit), b"m", signature)
    assert not verify(signer.public, b"n", signature)


@pytest.mark.parametrize(
    ("public", "signature"), [(b"", b""), (bytes(31), bytes(64)), (b"\xff" * 32, bytes(64))]
)
def test_malformed_keys_and_signatures_are_a_no(public, signature):
    assert not verify(public, b"m", signature)


def test_a_damaged_or_foreign_key_is_refused(tmp_path):
    path = tmp_path / "key"
    signer = Signer.create(path)
    with pytest.raises(SecretFileFault, match="already"):
        Signer.create(path)
    foreign = X25519PrivateKey.generate()
    pem = foreign.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for content in (b"", b"nonsense", pem):
        path.write_bytes(content)
        with pytest.raises(SecretFileFault, match="damaged"):
            Signer.load(path)
    path.chmod(0o644)
    with pytest.raises(SecretFileFault, match="chmod 600"):
        Signer.load(path)
    assert signer.public.hex() not in repr(signer)


def flip(content, bit):
    flipped = bytearray(content)
    flipped[bit // 8] ^= 1 << bit % 8
    return bytes(flipped)

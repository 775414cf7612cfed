"""What was sealed and wrapped with any format that was ever released opens for ever; and Tink reads it too."""

import hmac
import json
import struct
from pathlib import Path
from uuid import UUID

import pytest
import tink
from tink import aead, proto_keyset_format, secret_key_access
from tink.proto import aes_gcm_siv_pb2, tink_pb2

from app.safeguards.vault.cipher import encrypt
from app.safeguards.vault.envelope import FORMS, Context, open_, seal
from app.safeguards.vault.keyfile import KeyFile
from app.safeguards.vault.private import create_private
from app.safeguards.vault.provider import Wrapped
from tests.vault.chacha import opened

GOLDEN = json.loads((Path(__file__).parents[1] / "data" / "golden.json").read_text("utf-8"))
ENVELOPES = {each["name"]: each for each in GOLDEN["envelopes"]}
aead.register()


def placed(said) -> Context:
    where = said["context"]
    return Context(
        UUID(where["case_id"]), where["category"], UUID(where["record_id"]), where["row_version"], UUID(where["key_id"])
    )  # fmt: skip


def by_tink(key: bytes) -> aead.Aead:
    """AES-GCM-SIV by Google's Tink, over BoringSSL."""
    held = tink_pb2.KeyData(
        type_url="type.googleapis.com/google.crypto.tink.AesGcmSivKey",
        value=aes_gcm_siv_pb2.AesGcmSivKey(version=0, key_value=key).SerializeToString(),
        key_material_type=tink_pb2.KeyData.SYMMETRIC,
    )
    one = tink_pb2.Keyset.Key(
        key_data=held, status=tink_pb2.ENABLED, key_id=1, output_prefix_type=tink_pb2.RAW
    )
    keyset = tink_pb2.Keyset(primary_key_id=1, key=[one]).SerializeToString()
    return proto_keyset_format.parse(keyset, secret_key_access.TOKEN).primitive(aead.Aead)


def opened_by_another_hand(key: bytes, envelope: bytes, where: Context) -> dict:
    """Open an envelope from its written description alone: nothing of ours is called."""
    form, end, hashed = (1, 14, "sha256") if envelope[:2] == b"\1\1" else (2, 26, "sha512")
    nonce, commitment, sealed = envelope[2:end], envelope[end : end + 32], envelope[end + 32 :]
    parts = [
        envelope[:1], envelope[1:2], where.key_id.bytes, where.case_id.bytes, where.category.encode(),
        where.record_id.bytes, struct.pack(">Q", where.row_version),
    ]  # fmt: skip
    bound = b"".join(struct.pack(">I", len(part)) + part for part in parts)
    label = b"nrm envelope %d " % form
    assert hmac.digest(key, label + b"commit" + nonce + bound + b"\1", hashed)[:32] == commitment
    subkey = hmac.digest(key, label + b"seal" + nonce + b"\1", hashed)[:32]
    plain = (
        by_tink(subkey).decrypt(nonce + sealed, bound)
        if form == 1
        else opened(subkey, nonce[-12:], sealed, bound)
    )
    (length,) = struct.unpack(">I", plain[:4])
    assert not plain[4 + length :].strip(b"\0")
    return json.loads(plain[4 : 4 + length])


@pytest.mark.parametrize("name", ENVELOPES)
def test_golden_envelopes_open_for_ever(name, record_property):
    said = ENVELOPES[name]
    sealed, key = bytes.fromhex(said["envelope"]), bytes.fromhex(said["key"])
    assert open_(key, sealed, placed(said)) == said["fields"]
    assert opened_by_another_hand(key, sealed, placed(said)) == said["fields"]


@pytest.mark.parametrize("said", GOLDEN["wrapped"], ids=lambda said: said["name"])
def test_golden_wrapped_keys_open_for_ever(said, tmp_path):
    create_private(tmp_path / "keys", json.dumps(said["file"]).encode(), "key file")
    keys = KeyFile(tmp_path / "keys")
    wrapped = Wrapped(UUID(said["key_id"]), bytes.fromhex(said["wrapped"]), said["context"].encode())
    assert keys.unwrap_many([wrapped])[0].hex() == said["data_key"]
    assert keys.secret(said["secret"]["name"]).hex() == said["secret"]["value"]


def test_tink_and_we_agree_both_ways(record_property):
    """Lengths around every block and size class, with and without bound bytes."""
    key, rounds = bytes(range(32)), 0
    other = by_tink(key)
    for length in (0, 1, 15, 16, 17, 31, 32, 255, 256, 4096, 32_768):
        for bound in (b"", b"b" * 15, b"c" * 200):
            plain = bytes(length)
            sealed = other.encrypt(plain, bound)
            assert encrypt(key, sealed[:12], plain, bound) == sealed[12:]
            nonce = bytes([length % 251]) * 12
            assert other.decrypt(nonce + encrypt(key, nonce, plain, bound), bound) == plain
            rounds += 1
    where = Context(UUID(int=1), "HEA", UUID(int=2), 3, UUID(int=4))
    for form in FORMS:
        fresh = seal(key, {"name": "Ярослава", "notes": ["a"]}, where, form)
        assert opened_by_another_hand(key, fresh, where) == {"name": "Ярослава", "notes": ["a"]}
    with pytest.raises(tink.TinkError):
        other.decrypt(bytes(12) + bytes(16), b"")
    record_property(
        "G1", f"100 % ({rounds} texts agree with Tink both ways, {len(ENVELOPES)} golden envelopes)"
    )

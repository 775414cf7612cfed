import json
import secrets
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.safeguards.canonical import Unwritable, packed
from app.safeguards.vault import envelope as room
from app.safeguards.vault.cipher import encrypt
from app.safeguards.vault.envelope import Context, Unreadable, open_, seal, size_class

KEY = bytes(range(32))
CONTEXT = Context(UUID(int=1), "HEA", UUID(int=2), 3, UUID(int=4))
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
FIELDS = st.dictionaries(
    TEXT, st.none() | st.booleans() | st.integers(-(10**18), 10**18) | TEXT | st.lists(TEXT)
)
# Sealed once with this format; whatever changes later, these must open for ever.
GOLDEN = {
    "format-1-small": (
        (
            "0101b63f9c50108f3466fd01173322dcf046780b4ce1be68ff7d587113a243e6f20f54f7f3aec93839af77c3857e5225"
            "8195e8f70a85c49538271d527c9a9fc0d2911b465b49fdc06d7c2b438df522365718a67c75279d28fcb605273abf3889"
            "086864a9c8c10e11bbcb7ed7e1f2cd578dec7501bbb89c8a6d51ab2cde367c720632d57a89d0b380cd0e32ac32cea071"
            "92101212eab243c19d0313fa6795ced2c2de69fd5b2121d4b784b1eb5501a37015299911624eaf1b2ab71b77286e2213"
            "e4b3f9ce6dd5f563861d96a0279a7e275ab6bd7f0951052628f34396a568f8a8494931969fd733c4189ebfaffa4bf259"
            "94ff1d659efc85ebf4d0a50ea712fefba577096105f663ecb878359aef2b691ace9ff610f88983796cfb6dbacd05d6b7"
            "8e3874b696297e47af9215339c13b01c8f6e5a3f6ed1b806324f19983cf0"
        ),
        {"name": "Ярослава", "notes": ["a", "é"], "urgent": True, "age": 17, "none": None},
    ),
    "format-1-empty": (
        (
            "010142b059d9b3584f2bdeb78164592af0634b27dc82b445ca14a939a935e1318afc9b2091d80228ec2a1c4b07f90d0c"
            "d2c22ab6534a6555bc52f3837f6f9dff5824fc770684498901534bf4dcbd7ae8bdd51c5be01393770c8b19c4f5f67063"
            "d972ecfbf099db658f128b6838cd0bea3b73fbe1d6394893da65997730fdb77cad84cf1e718ae5aeb169cce7a3dacda4"
            "608a32b8485535f1a5855b34491f50e1f1cff1bb8741e20cfb1f1a23f1f856ca2e8ad99fe07a2443993bc22501708f02"
            "6728dbff76a5c19edfa8e1a5371cf348239ff7d4aff2ce7fff5992a037be5c32671d924354578d3a4a4f2ce62de27471"
            "c557115308c6d699ea70273c71de99077d93e894307feee398bd3941490a4c1a6fcd2a005391a221ab0011d8be7323a7"
            "29bc0bd81e7c47a7345c5d60c6c623d6ecb13b243efea21e1c6a88734cee"
        ),
        {},
    ),
}


def craft(plain, key=KEY, context=CONTEXT, nonce=bytes(12)):
    """Seal arbitrary plaintext correctly, as only the holder of the key could."""
    bound = context.bound()
    subkey, commitment = room._derive(key, nonce, bound)
    return room.HEAD + nonce + commitment + encrypt(subkey, nonce, plain, bound)


def refused(envelope, context=CONTEXT, key=KEY):
    with pytest.raises(Unreadable) as caught:
        open_(key, envelope, context)
    assert str(caught.value) == "sealed data cannot be opened"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@given(FIELDS)
def test_what_is_sealed_comes_back_whole(fields):
    assert open_(KEY, seal(KEY, fields, CONTEXT), CONTEXT) == fields


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_envelopes_open_for_ever(name):
    sealed, fields = GOLDEN[name]
    assert open_(KEY, bytes.fromhex(sealed), CONTEXT) == fields


def test_the_format_is_the_one_of_the_golden_envelopes():
    sealed, fields = GOLDEN["format-1-small"]
    sealed = bytes.fromhex(sealed)
    plain = packed(json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
    assert craft(plain.ljust(256, b"\0"), nonce=sealed[2:14]) == sealed


def test_the_same_fields_never_look_the_same():
    assert len({seal(KEY, {"a": 1}, CONTEXT) for _round in range(50)}) == 50


def test_every_flipped_bit_is_refused():
    whole = seal(KEY, {"diagnosis": "none of your business"}, CONTEXT)
    for bit in range(len(whole) * 8):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        refused(bytes(flipped))


def test_every_truncation_and_extension_is_refused():
    whole = seal(KEY, {"a": "b"}, CONTEXT)
    for end in range(len(whole)):
        refused(whole[:end])
    refused(whole + b"\0")
    refused(whole + whole)
    refused(whole[1:])


@pytest.mark.parametrize(
    "changed",
    [
        {"case_id": UUID(int=9)},
        {"category": "PSY"},
        {"category": "HEA\0"},
        {"record_id": UUID(int=9)},
        {"row_version": 2},
        {"row_version": 4},
        {"key_id": UUID(int=9)},
        {"case_id": UUID(int=2), "record_id": UUID(int=1)},
    ],
)
def test_an_envelope_opens_nowhere_else(changed):
    refused(seal(KEY, {"a": 1}, CONTEXT), replace(CONTEXT, **changed))


def test_parts_of_two_envelopes_do_not_mix():
    one, other = seal(KEY, {"a": 1}, CONTEXT), seal(KEY, {"a": 2}, CONTEXT)
    for cut in (14, 46, 100):
        refused(one[:cut] + other[cut:])


@given(st.binary(max_size=700))
def test_noise_is_refused(noise):
    refused(noise)
    refused(room.HEAD + noise)


def test_another_key_is_refused():
    refused(seal(KEY, {"a": 1}, CONTEXT), key=secrets.token_bytes(32))


def test_the_commitment_is_checked_before_anything_is_decrypted():
    """The cipher itself would take this one under the other key; only the commitment stands against it."""
    other, nonce, bound = secrets.token_bytes(32), bytes(12), CONTEXT.bound()
    subkey, _commitment = room._derive(other, nonce, bound)
    _subkey, commitment = room._derive(KEY, nonce, bound)
    plain = packed(b"{}").ljust(256, b"\0")
    refused(room.HEAD + nonce + commitment + encrypt(subkey, nonce, plain, bound), key=other)


@pytest.mark.parametrize(
    "plain",
    [
        packed(b"{}").ljust(512, b"\0"),
        packed(b"{}").ljust(255, b"\0"),
        packed(b"{}").ljust(256, b"\1"),
        packed(b"{}").ljust(255, b"\0") + b"\1",
        packed(b"[]").ljust(256, b"\0"),
        packed(b"null").ljust(256, b"\0"),
        packed(b"{").ljust(256, b"\0"),
        packed(b"\xff").ljust(256, b"\0"),
        b"\xff\xff\xff\xff".ljust(256, b"\0"),
        (b"\0\0\0\1" + b"{}").ljust(256, b"\0"),
        packed(b"[" * 30_000).ljust(32 * 1024, b"\0"),
    ],
)
def test_padding_and_text_of_any_other_shape_are_refused(plain):
    refused(craft(plain))


@pytest.mark.parametrize("head", [b"\0\1", b"\2\1", b"\1\0", b"\1\2"])
def test_unknown_formats_and_algorithms_are_refused(head):
    refused(head + seal(KEY, {}, CONTEXT)[2:])


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_keys_of_another_length_are_an_error_of_the_caller(length):
    with pytest.raises(ValueError, match="32 bytes"):
        seal(bytes(length), {}, CONTEXT)
    with pytest.raises(ValueError, match="32 bytes"):
        open_(bytes(length), seal(KEY, {}, CONTEXT), CONTEXT)


def test_what_cannot_be_sealed_says_so():
    with pytest.raises(Unwritable):
        seal(KEY, {"weight": 61.5}, CONTEXT)
    with pytest.raises(OverflowError):
        seal(KEY, {}, replace(CONTEXT, row_version=-1))


@given(st.integers(0, 300_000))
def test_sizes_fall_into_few_classes(length):
    size = size_class(length)
    assert size >= length + 4
    assert size in [256 << step for step in range(8)] or (size % 32_768 == 0 and size - length - 4 < 32_768)


def test_ordinary_sizes_fall_into_eight_classes():
    assert {size_class(length) for length in range(32_765)} == {256 << step for step in range(8)}
    assert size_class(252) == 256
    assert size_class(253) == 512
    assert size_class(32_764) == 32_768
    assert size_class(32_765) == 65_536


def test_the_size_tells_only_the_class():
    sizes = {len(seal(KEY, {"a": "x" * length}, CONTEXT)) for length in range(240)}
    assert len(sizes) == 1
    big = {"a": "é" * 40_000}
    assert open_(KEY, seal(KEY, big, CONTEXT), CONTEXT) == big

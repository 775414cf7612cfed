import secrets
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.safeguards.canonical import Unwritable, packed
from app.safeguards.vault import envelope as room
from app.safeguards.vault.cipher import encrypt, encrypt_chacha
from app.safeguards.vault.envelope import Context, Unreadable, open_, seal, size_class

KEY = bytes(range(32))
FORM = room.FORMS[1]
CONTEXT = Context(UUID(int=1), "HEA", UUID(int=2), 3, UUID(int=4))
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
FIELDS = st.dictionaries(
    TEXT, st.none() | st.booleans() | st.integers(-(10**18), 10**18) | TEXT | st.lists(TEXT)
)


def craft(plain, key=KEY, context=CONTEXT, nonce=bytes(12)):
    """Seal arbitrary plaintext correctly, as only the holder of the key could."""
    bound = context.bound(FORM.head)
    subkey, commitment = FORM.derive(key, nonce, bound)
    return FORM.head + nonce + commitment + encrypt(subkey, nonce, plain, bound)


def refused(envelope, context=CONTEXT, key=KEY):
    with pytest.raises(Unreadable) as caught:
        open_(key, envelope, context)
    assert str(caught.value) == "sealed data cannot be opened"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@given(FIELDS)
def test_what_is_sealed_comes_back_whole(fields):
    for form in room.FORMS:
        assert open_(KEY, seal(KEY, fields, CONTEXT, form), CONTEXT) == fields


def test_the_second_form_is_as_strict_as_the_first():
    """Another cipher, another hash, a longer nonce: everything that the first refuses, the second refuses too."""
    form, whole = room.FORMS[2], seal(KEY, {"diagnosis": "none of your business"}, CONTEXT, 2)
    assert len(whole) == form.opening + 256 + 16
    for bit in range(len(whole) * 8):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        refused(bytes(flipped))
    for end in range(len(whole)):
        refused(whole[:end])
    refused(whole + b"\0")
    refused(whole, key=bytes(32))
    for name, other in CONTEXT._asdict().items():
        refused(whole, CONTEXT._replace(**{name: {str: "PSY", int: 9}.get(type(other), UUID(int=9))}))
    refused(FORM.head + whole[2:])  # neither opens as the other
    refused(form.head + seal(KEY, {}, CONTEXT)[2:])
    nonce, bound, other = bytes(24), CONTEXT.bound(form.head), bytes(32)
    subkey, _commitment = form.derive(other, nonce, bound)
    _subkey, commitment = form.derive(KEY, nonce, bound)
    crafted = encrypt_chacha(subkey, nonce[-12:], packed(b"{}").ljust(256, b"\0"), bound)
    refused(form.head + nonce + commitment + crafted, key=other)  # the cipher alone would take it
    assert len({seal(KEY, {"a": 1}, CONTEXT, 2)[2:26] for _round in range(50)}) == 50


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
    refused(seal(KEY, {"a": 1}, CONTEXT), CONTEXT._replace(**changed))


def test_parts_of_two_envelopes_do_not_mix():
    one, other = seal(KEY, {"a": 1}, CONTEXT), seal(KEY, {"a": 2}, CONTEXT)
    for cut in (14, 46, 100):
        refused(one[:cut] + other[cut:])


@given(st.binary(max_size=700))
def test_noise_is_refused(noise):
    refused(noise)
    refused(FORM.head + noise)


def test_another_key_is_refused():
    refused(seal(KEY, {"a": 1}, CONTEXT), key=secrets.token_bytes(32))


def test_the_commitment_is_checked_before_anything_is_decrypted():
    """The cipher itself would take this one under the other key; only the commitment stands against it."""
    other, nonce, bound = secrets.token_bytes(32), bytes(12), CONTEXT.bound(FORM.head)
    subkey, _commitment = FORM.derive(other, nonce, bound)
    _subkey, commitment = FORM.derive(KEY, nonce, bound)
    plain = packed(b"{}").ljust(256, b"\0")
    refused(FORM.head + nonce + commitment + encrypt(subkey, nonce, plain, bound), key=other)


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


@pytest.mark.parametrize("head", [b"\0\1", b"\2\1", b"\1\0", b"\1\2", b"\2\2", b"\3\3", b"\1"])
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
        seal(KEY, {}, CONTEXT._replace(row_version=-1))


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

"""What every keeper of keys must do: the key file, a module behind PKCS#11, a service with a transit engine."""

import ssl
import subprocess
import sys
import threading
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pkcs11
import pytest

from app.safeguards.vault.chosen import provider_of
from app.safeguards.vault.cipher import Unreadable
from app.safeguards.vault.hardware import NAME, HardwareKeys, _objects
from app.safeguards.vault.keyfile import KeyFile
from app.safeguards.vault.provider import (
    BY_SERVICE,
    HEAD,
    Bare,
    KeyProvider,
    KeysOutOfReach,
    Wrapped,
    epoch_of,
    head,
)
from app.safeguards.vault.transit import Place, TransitKeys
from app.settings import Settings
from tests.vault.keyservers import LIBRARY, Transit, emptied, served

ID, OTHER = UUID(int=1), UUID(int=2)
PATIENCE = 30  # seconds: a machine that runs the tests may be busy
DATA_KEY = bytes(range(32))


@pytest.fixture
def token_file(tmp_path):
    path = tmp_path / "token"
    path.touch(0o600)
    path.write_text("s.service\n")
    return path


@pytest.fixture(params=["file", "hardware", "service"])
def keys(request, tmp_path):
    with ExitStack() as stack:
        if request.param == "file":
            yield KeyFile.create(tmp_path / "keys")
        elif request.param == "hardware":
            yield HardwareKeys.create(emptied(request.getfixturevalue("module")))
        else:
            url = stack.enter_context(served(Transit()))
            yield TransitKeys(Place(url, request.getfixturevalue("token_file"), timeout=PATIENCE))


def wrap(keys: KeyProvider, key_id=ID, data_key=DATA_KEY, context=b"context") -> bytes:
    return keys.wrap_many([Bare(key_id, data_key, context)])[0]


def unwrap(keys: KeyProvider, wrapped: bytes, key_id=ID, context=b"context") -> bytes:
    return keys.unwrap_many([Wrapped(key_id, wrapped, context)])[0]


def test_the_life_of_a_key(keys, record_property):
    """Wrapped, bound, rotated, refused below the minimum, destroyed."""
    wrapped = wrap(keys)
    assert DATA_KEY not in wrapped
    assert wrapped != wrap(keys)
    assert unwrap(keys, wrapped) == DATA_KEY
    many = [Bare(UUID(int=number), bytes([number] * 32), b"c") for number in range(1, 9)]
    asked = [Wrapped(bare.key_id, each, b"c") for bare, each in zip(many, keys.wrap_many(many), strict=True)]
    assert keys.unwrap_many(asked) == [bare.data_key for bare in many]
    assert keys.unwrap_many([]) == []
    with pytest.raises(ValueError, match="32 bytes"):
        wrap(keys, data_key=b"short")
    refused = [
        (wrapped, OTHER, b"context"),
        (wrapped, ID, b"contex"),
        (wrapped[:-1], ID, b"context"),
        (b"", ID, b""),
    ]
    refused += [
        (bytes([9]) + wrapped[1:], ID, b"context"),
        (wrapped[:1] + bytes(4) + wrapped[5:], ID, b"context"),
    ]
    for each, key_id, context in refused:
        with pytest.raises(Unreadable):
            unwrap(keys, each, key_id, context)
    with pytest.raises(Unreadable):
        keys.unwrap_many([*asked, asked[0]._replace(context=b"d")])
    secret = keys.secret("search")
    assert keys.advance() == keys.epoch == 2
    assert (keys.epochs, keys.minimum) == ((1, 2), 1)
    newer = wrap(keys)
    assert (epoch_of(wrapped), epoch_of(newer)) == (1, 2)
    assert unwrap(keys, wrapped) == unwrap(keys, newer) == DATA_KEY
    with pytest.raises(Unreadable):
        unwrap(keys, wrapped[:1] + newer[1:5] + wrapped[5:])
    with pytest.raises(ValueError, match="no epoch 3"):
        keys.raise_minimum(3)
    assert keys.destroy_old() == ()
    keys.raise_minimum(2)
    with pytest.raises(ValueError, match="epoch 2 and only rises: it is not put back to 1"):
        keys.raise_minimum(1)
    keys.raise_minimum(2)  # whoever says the same again breaks nothing
    assert (keys.epochs, keys.minimum) == ((1, 2), 2)
    with pytest.raises(Unreadable):
        unwrap(keys, wrapped)
    assert keys.destroy_old() == (1,)
    assert keys.epochs == (2,)
    with pytest.raises(Unreadable):
        unwrap(keys, wrapped)
    assert unwrap(keys, newer) == DATA_KEY
    assert secret == keys.secret("search")
    assert len({secret, keys.secret("accounts"), keys.secret("")}) == 3
    assert len(secret) == 32


def test_every_flipped_bit_is_refused(keys):
    wrapped = wrap(keys)
    step = 7 if isinstance(keys, TransitKeys) else 1  # over HTTP one bit of seven, and all of them over time
    for bit in range(0, len(wrapped) * 8, step):
        flipped = bytearray(wrapped)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Unreadable):
            unwrap(keys, bytes(flipped))


def test_the_module_never_gives_its_keys_away(module):
    keys = HardwareKeys.create(emptied(module))
    for label in (NAME.format(1), "nrm-root"):
        (key,) = _objects(keys._session, label)
        assert key[pkcs11.Attribute.NEVER_EXTRACTABLE]
        with pytest.raises(pkcs11.PKCS11Error):
            key[pkcs11.Attribute.VALUE]


def test_a_session_that_broke_is_opened_anew(module):
    keys = HardwareKeys.create(module)
    wrapped = wrap(keys)
    keys._session.close()
    with pytest.raises(KeysOutOfReach, match="failed"):
        unwrap(keys, wrapped)
    assert unwrap(keys, wrapped) == DATA_KEY


@pytest.mark.parametrize(
    ("changed", "said"),
    [("pin", "PinIncorrect"), ("token", "NoSuchToken"), ("library", "check the library")],
)
def test_a_module_that_does_not_open_says_what_to_check(module, changed, said):
    """In a process of its own: one process logs in once."""
    wrong = replace(module, **{changed: Path("/nowhere.so") if changed == "library" else "4321"})
    code = (
        "from pathlib import Path\nfrom app.safeguards.vault.hardware import HardwareKeys, Module\n"
        f"HardwareKeys(Module(Path({str(wrong.library)!r}), {wrong.token!r}, {wrong.pin!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    last = done.stderr.strip().splitlines()[-1]
    assert "KeysOutOfReach" in last
    assert said in last
    assert wrong.pin not in last or changed == "token"


def test_many_keys_are_one_call(token_file):
    engine = Transit()
    with served(engine) as url:
        keys = TransitKeys(Place(url, token_file, timeout=PATIENCE))
        bare = [Bare(UUID(int=number), bytes([number] * 32), b"c") for number in range(16)]
        engine.calls.clear()
        wrapped = keys.wrap_many(bare)
        keys.unwrap_many([Wrapped(each.key_id, text, b"c") for each, text in zip(bare, wrapped, strict=True)])
        assert engine.calls == ["encrypt/nrm-kek", "decrypt/nrm-kek"]


def test_more_keys_than_the_service_takes_at_once_are_several_calls(token_file):
    engine = Transit()
    with served(engine) as url:
        keys = TransitKeys(Place(url, token_file, timeout=PATIENCE))
        bare = [Bare(UUID(int=number), number.to_bytes(32), b"c") for number in range(1, 402)]
        engine.calls.clear()
        wrapped = keys.wrap_many(bare)
        asked = [Wrapped(each.key_id, text, b"c") for each, text in zip(bare, wrapped, strict=True)]
        assert keys.unwrap_many(asked) == [each.data_key for each in bare]
        assert engine.calls == ["encrypt/nrm-kek"] * 3 + ["decrypt/nrm-kek"] * 3
        assert keys.wrap_many([]) == keys.unwrap_many([]) == []
        assert len(engine.calls) == 6
        asked[-1] = Wrapped(bare[-1].key_id, wrapped[0], b"c")
        with pytest.raises(Unreadable):
            keys.unwrap_many(asked)


def test_no_epoch_is_not_the_first(token_file):
    """A service takes version 0 for 1, and what was changed would open."""
    with served(Transit()) as url:
        keys = TransitKeys(Place(url, token_file, timeout=PATIENCE))
        wrapped = wrap(keys)
        assert unwrap(keys, wrapped) == DATA_KEY
        with pytest.raises(Unreadable):
            unwrap(keys, head(BY_SERVICE, 0) + wrapped[HEAD:])


def test_a_service_that_is_slow_wrong_or_gone_is_out_of_reach(token_file):
    engine, hurry = Transit(), threading.Event()
    with served(engine) as url:
        keys = TransitKeys(Place(url, token_file, timeout=PATIENCE))
        wrapped = wrap(keys)
        engine.before = lambda _path: hurry.wait(PATIENCE)
        keys.place = replace(keys.place, timeout=0.2)
        with pytest.raises(KeysOutOfReach, match="TimeoutError"):
            unwrap(keys, wrapped)
        keys.place = replace(keys.place, timeout=PATIENCE)
        hurry.set()
        engine.before = lambda _path: None
        engine.token = "s.renewed"
        with pytest.raises(KeysOutOfReach, match="403"):
            unwrap(keys, wrapped)
        token_file.write_text("s.renewed")
        assert unwrap(keys, wrapped) == DATA_KEY
        token_file.chmod(0o644)
        with pytest.raises(KeysOutOfReach, match="SecretFileFault"):
            unwrap(keys, wrapped)
        token_file.chmod(0o600)
        token_file.write_text("s" * 4001)
        with pytest.raises(KeysOutOfReach, match="too long to be sent"):
            unwrap(keys, wrapped)
        token_file.write_text("s.renewed")
        with pytest.raises(KeysOutOfReach, match="404"):
            TransitKeys(Place(url, token_file, key="other", timeout=PATIENCE))
    with pytest.raises(KeysOutOfReach, match="ConnectionRefused"):
        unwrap(keys, wrapped)


def test_the_service_is_reached_through_tls_that_is_checked(token_file, certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with served(Transit(), context) as url:
        keys = TransitKeys(Place(url, token_file, ca_file=certificate, timeout=PATIENCE))
        assert unwrap(keys, wrap(keys)) == DATA_KEY
        with pytest.raises(KeysOutOfReach, match="SSLCertVerificationError"):
            TransitKeys(Place(url, token_file, timeout=PATIENCE))
    with pytest.raises(KeysOutOfReach, match="https"):
        Place("http://keys.example.org", token_file)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "there is no key file"),
        ({"key_provider": "pkcs11"}, "NRM_PKCS11_PIN_FILE"),
        ({"key_provider": "transit"}, "NRM_TRANSIT_TOKEN_FILE"),
        ({"key_provider": "transit", "transit_url": "https://127.0.0.1:1"}, "NRM_TRANSIT_TOKEN_FILE"),
    ],
)
def test_the_start_stops_and_says_why(tmp_path, changed, said):
    with pytest.raises(SystemExit, match=f"nothing is started.*{said}"):
        provider_of(Settings(state=tmp_path, **changed))


def test_settings_choose_the_provider(tmp_path, module, token_file):
    with pytest.raises(KeysOutOfReach, match="nrm keys create"):
        HardwareKeys(emptied(module))
    HardwareKeys.create(module)
    pin = tmp_path / "pin"
    pin.touch(0o600)
    pin.write_text("1234\n")
    chosen = provider_of(
        Settings(
            key_provider="pkcs11", pkcs11_library=LIBRARY, pkcs11_token=module.token, pkcs11_pin_file=pin
        )
    )
    assert isinstance(chosen, HardwareKeys)
    with served(Transit()) as url:
        at = {"transit_url": url, "transit_token_file": token_file, "transit_timeout": PATIENCE}
        chosen = provider_of(Settings(key_provider="transit", **at))
        assert isinstance(chosen, TransitKeys)

import json
import os
import re
import stat
from uuid import UUID

import pytest

from app.safeguards.vault.cipher import Unreadable
from app.safeguards.vault.keyfile import KeyFile, Keys
from app.safeguards.vault.private import SecretFileFault
from app.safeguards.vault.provider import Bare, KeyProvider, KeysOutOfReach, Wrapped

ID = UUID(int=1)
DATA_KEY = bytes(range(32))


def wrap(keys, key_id, data_key, context):
    return keys.wrap_many([Bare(key_id, data_key, context)])[0]


def unwrap(keys, key_id, wrapped, context):
    return keys.unwrap_many([Wrapped(key_id, wrapped, context)])[0]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys"


@pytest.fixture
def keys(path) -> KeyProvider:
    return KeyFile.create(path)


def test_what_is_wrapped_is_unwrapped_by_every_process(keys, path):
    wrapped = wrap(keys, ID, DATA_KEY, b"context")
    assert unwrap(keys, ID, wrapped, b"context") == DATA_KEY
    assert unwrap(KeyFile(path), ID, wrapped, b"context") == DATA_KEY
    assert DATA_KEY not in wrapped


def test_another_installation_cannot_unwrap(keys, tmp_path):
    other = KeyFile.create(tmp_path / "other")
    with pytest.raises(Unreadable):
        unwrap(other, ID, wrap(keys, ID, DATA_KEY, b""), b"")


def test_a_new_epoch_is_seen_by_processes_that_run_already(keys, path):
    running, old = KeyFile(path), wrap(keys, ID, DATA_KEY, b"")
    assert keys.advance() == 2
    new = wrap(keys, ID, DATA_KEY, b"")
    assert unwrap(running, ID, new, b"") == DATA_KEY
    assert unwrap(running, ID, old, b"") == DATA_KEY
    assert running.epoch == 2


def test_two_processes_that_advance_lose_no_epoch(path):
    one, other = KeyFile.create(path), KeyFile(path)
    assert (one.advance(), other.advance()) == (2, 3)
    assert KeyFile(path).epochs == (1, 2, 3)


def test_a_file_that_is_taken_away_closes_everything_at_once(keys, path):
    wrapped = wrap(keys, ID, DATA_KEY, b"")
    path.rename(path.with_name("away"))
    with pytest.raises(KeysOutOfReach, match="there is no key file"):
        unwrap(keys, ID, wrapped, b"")
    path.with_name("away").rename(path)
    assert unwrap(keys, ID, wrapped, b"") == DATA_KEY


def test_a_file_from_before_there_was_a_minimum_opens(keys, path):
    held = json.loads(path.read_text())
    del held["minimum"]
    path.write_text(json.dumps(held))
    assert KeyFile(path).minimum == 1


def test_secrets_are_lasting_distinct_and_survive_a_new_epoch(keys, path):
    secret = keys.secret("csrf")
    keys.advance()
    assert secret == keys.secret("csrf") == KeyFile(path).secret("csrf")
    assert len({secret, keys.secret("csr"), keys.secret("pseudonyms"), keys.secret("")}) == 4
    assert len(secret) == 32


def test_neither_words_nor_errors_show_a_key(keys, path):
    held = json.loads(path.read_text())
    shown = repr(keys) + repr(keys._held)
    assert held["root"] not in shown
    assert held["epochs"]["1"] not in shown
    path.write_text(path.read_text()[:-9])
    with pytest.raises(SecretFileFault) as caught:
        KeyFile(path)
    assert held["root"] not in str(caught.value)


def test_the_file_is_ours_alone_and_stays_so(keys, path):
    keys.advance()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["keys"]


def test_the_mode_does_not_hang_on_the_umask(path):
    before = os.umask(0)
    try:
        KeyFile.create(path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_exists_is_never_overwritten(keys, path):
    before = path.read_bytes()
    with pytest.raises(SecretFileFault, match="already"):
        KeyFile.create(path)
    assert path.read_bytes() == before


def test_what_a_crash_left_behind_does_not_stop_a_new_epoch(keys, path):
    path.with_name("keys.new").write_text("half")
    assert keys.advance() == 2


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o660, 0o644, 0o777])
def test_wider_permissions_are_refused_with_the_cure(keys, path, mode):
    path.chmod(mode)
    with pytest.raises(SecretFileFault, match=f"chmod 600 {re.escape(str(path))}"):
        KeyFile(path)


def test_a_missing_file_a_folder_and_a_link_are_refused(keys, path, tmp_path):
    with pytest.raises(SecretFileFault, match="there is no key file"):
        KeyFile(tmp_path / "nowhere")
    with pytest.raises(SecretFileFault, match="plain file"):
        KeyFile(tmp_path)
    (tmp_path / "link").symlink_to(path)
    with pytest.raises(SecretFileFault, match="cannot be read"):
        KeyFile(tmp_path / "link")
    with pytest.raises(SecretFileFault, match="cannot be written"):
        KeyFile.create(tmp_path / "no" / "folder")


def test_a_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(SecretFileFault, match="plain file"):
        KeyFile(tmp_path / "pipe")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"format":"nrm-keys-2","epochs":{"1":"@"},"root":"@"}',
        '{"format":"nrm-keys-1","epochs":{},"root":"@"}',
        '{"format":"nrm-keys-1","epochs":{"0":"@"},"root":"@"}',
        '{"format":"nrm-keys-1","epochs":{"4294967296":"@"},"root":"@"}',
        '{"format":"nrm-keys-1","epochs":{"one":"@"},"root":"@"}',
        '{"format":"nrm-keys-1","epochs":{"1":"AAAA"},"root":"@"}',
        '{"format":"nrm-keys-1","epochs":{"1":1},"root":"@"}',
        '{"format":"nrm-keys-1","epochs":["@"],"root":"@"}',
    ],
)
def test_a_damaged_file_is_refused(keys, path, content):
    path.write_text(content.replace("@", "A" * 43 + "="))
    with pytest.raises(SecretFileFault, match="damaged"):
        KeyFile(path)


WHOLE = {"format": "nrm-keys-1", "epochs": {"3": "A" * 43 + "=", "7": "B" * 43 + "="}, "root": "C" * 43 + "="}


@pytest.mark.parametrize(
    ("changed", "minimum"),
    [
        ({}, 1), ({"minimum": 1}, 1), ({"minimum": 7}, 7), ({"minimum": 0}, None), ({"minimum": 8}, None),
        ({"minimum": "3"}, None), ({"minimum": None}, None), ({"root": "C" * 42}, None), ({"root": None}, None),
        ({"epochs": {"1": "A" * 43 + "="}}, 1), ({"epochs": {"4294967295": "A" * 43 + "="}}, 1),
        ({"epochs": {"0": "A" * 43 + "=", "3": "A" * 43 + "="}}, None),
        ({"epochs": {"3": "A" * 43 + "=", "4294967296": "A" * 43 + "="}}, None),
        ({"epochs": {"3": "A" * 43 + "= "}}, None), ({"epochs": {"3": "A" * 44}}, None),
    ],
)  # fmt: skip
def test_a_file_is_sound_up_to_its_limits(path, changed, minimum):
    content = json.dumps({**WHOLE, **changed}).encode()
    if minimum is None:
        with pytest.raises(SecretFileFault) as caught:
            Keys.parse(content, path)
        assert str(caught.value) == f"{path}: the key file is damaged; restore it from its backup."
        return
    keys = Keys.parse(content, path)
    assert keys.minimum == minimum
    assert Keys.parse(keys.written(), path) == keys
    assert [keys.opens(each) for each in (minimum, 3, 5, 7)] == [
        each in keys.epochs and each >= minimum for each in (minimum, 3, 5, 7)
    ]


def test_a_new_epoch_and_a_new_minimum_leave_the_rest_as_it_was(keys, path):
    root, first = keys._held.root, keys._held.epochs[1]
    keys.advance()
    keys.advance()
    keys.raise_minimum(2)
    assert (keys._keys.root, keys._keys.epochs[1], keys.epochs, keys.minimum) == (root, first, (1, 2, 3), 2)
    assert len(set(keys._keys.epochs.values())) == 3
    assert keys.destroy_old() == (1,)
    assert (keys.epochs, keys.minimum, keys._keys.root) == ((2, 3), 2, root)
    assert path.read_bytes() == keys._keys.written()
    assert json.loads(path.read_bytes()).keys() == {"format", "minimum", "root", "epochs"}
    path.unlink()
    with pytest.raises(KeysOutOfReach) as caught:
        keys.epoch  # noqa: B018 -- asked for
    assert str(caught.value) == f"{path}: there is no key file. Create it, or restore it."

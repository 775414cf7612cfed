"""What is wrong with files, shares and modules is said in whole sentences, each with its cure and without a secret."""

import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from app.safeguards.vault import backup, custody, envelope, private, provider
from app.safeguards.vault.erased import Erased
from app.safeguards.vault.hardware import HardwareKeys, Module
from app.safeguards.vault.keyfile import KeyFile
from app.safeguards.vault.lattice import LatticeSigner
from app.safeguards.vault.private import SecretFileFault
from app.safeguards.vault.provider import Bare, KeysOutOfReach
from app.safeguards.vault.signing import Signer
from tests.vault.keyservers import emptied

NOW = datetime(2026, 3, 31, tzinfo=UTC)


def said(kind: type[Exception], act: Callable[..., object], *given: object) -> str:
    with pytest.raises(kind) as caught:
        act(*given)
    assert type(caught.value) is kind
    return str(caught.value)


def test_files_that_hold_secrets(tmp_path: Path) -> None:
    path, link, folder = tmp_path / "keys", tmp_path / "link", tmp_path / "folder"
    assert said(SecretFileFault, private.read_private, path, "key file") == (
        f"{path}: there is no key file. Create it, or restore it."
    )
    private.create_private(path, b"secret", "key file")
    assert private.read_private(path, "key file") == b"secret"
    assert said(SecretFileFault, private.create_private, path, b"", "PIN file") == (
        f"{path}: there is a PIN file already; move it away first."
    )
    assert said(SecretFileFault, private.create_private, folder / "keys", b"", "PIN file") == (
        f"{folder / 'keys'}: the PIN file cannot be written (No such file or directory)."
    )
    link.symlink_to(path)
    assert said(SecretFileFault, private.read_private, link, "key file") == (
        f"{link}: the key file cannot be read (Too many levels of symbolic links)."
    )
    assert said(SecretFileFault, private.create_private, link, b"", "key file") == (
        f"{link}: there is a key file already; move it away first."
    )
    folder.mkdir()
    assert said(SecretFileFault, private.read_private, folder, "key file") == (
        f"{folder}: the key file must be a plain file."
    )
    for mode in (0o604, 0o640, 0o601, 0o610):
        path.chmod(mode)
        assert said(SecretFileFault, private.read_private, path, "key file") == (
            f"{path}: others may read or change the key file (mode 0{mode:o}). Close it with: chmod 600 {path}; "
            "and think about who may have read it."
        )
    path.chmod(0o700)
    private.replace_private(path, b"new", "key file")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o600)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder", "keys", "link"]


@pytest.mark.parametrize(("signer", "what"), [(Signer, "signing key"), (LatticeSigner, "second signing key")])
def test_keys_that_sign(tmp_path: Path, signer: type[Signer] | type[LatticeSigner], what: str) -> None:
    path = tmp_path / "key"
    made = signer.create(path)
    assert signer.load(str(path)).public == made.public
    assert (
        said(SecretFileFault, signer.create, path)
        == f"{path}: there is a {what} already; move it away first."
    )
    path.write_bytes(path.read_bytes()[:-40])
    assert (
        said(SecretFileFault, signer.load, path)
        == f"{path}: the {what} is damaged; restore it from its backup."
    )
    other = LatticeSigner if signer is Signer else Signer
    path.unlink()
    other.create(path)
    assert (
        said(SecretFileFault, signer.load, path)
        == f"{path}: the {what} is damaged; restore it from its backup."
    )


def test_custody_of_the_key_file(tmp_path: Path) -> None:
    path, into = tmp_path / "kek.json", tmp_path / "into"
    KeyFile.create(path)
    assert custody.copy_of(path) == tmp_path / "kek.json.custody"
    assert not custody.renew(path)
    for threshold, shares in ((1, 3), (4, 3), (2, 17), (0, 0)):
        assert said(custody.CustodyFault, custody.split, path, threshold, shares) == (
            f"at least 2 of at most 16 people; {threshold} of {shares} does not do"
        )
    assert not custody.copy_of(path).exists()
    assert [len(custody.split(path, *each)) for each in ((2, 2), (3, 16))] == [2, 16]
    old, words = custody.split(path, 2, 3), custody.split(path, 2, 3)
    rebuild, copy = custody.rebuild, custody.copy_of(path)
    assert said(custody.CustodyFault, rebuild, copy, old[:2], into) == (
        "these shares belong together, but not to this copy"
    )
    unknown = words[1].rsplit(" ", 1)[0] + " academicx"
    assert said(custody.CustodyFault, rebuild, copy, [words[0], unknown], into) == (
        "these shares do not do: a word that is in no list"
    )
    told, begins = said(custody.CustodyFault, rebuild, copy, words[:1], into), " ".join(words[0].split()[:3])
    assert told == (  # the first three words only say to which set a share belongs
        "these shares do not do: Wrong number of mnemonics. "
        f'Expected 2 mnemonics starting with "{begins} ...", but 1 were provided.'
    )
    spoken = [f"  {words[0].upper()}\n", words[2].replace(" ", "  ")]
    rebuild(copy, spoken, into)
    assert into.read_bytes() == path.read_bytes()
    assert said(SecretFileFault, rebuild, copy, spoken, into) == (
        f"{into}: there is a key file already; move it away first."
    )
    whole = copy.read_text("utf-8")
    for damaged in ("[]", "{}", "null", whole[:-9], whole.replace("nrm-custody-1", "nrm-custody-2")):
        copy.write_text(damaged, "utf-8")
        assert said(custody.CustodyFault, rebuild, copy, words[:2], into) == (
            f"{copy}: the custody copy of the keys is damaged"
        )
    copy.write_text(whole, "utf-8")
    KeyFile(path).advance()
    assert custody.renew(path)
    rebuild(copy, words[1:], tmp_path / "renewed")
    assert KeyFile(tmp_path / "renewed").epochs == (1, 2)


def test_backups(tmp_path: Path) -> None:
    nowhere = f"postgresql+psycopg://nobody:secret@/none?host={tmp_path}&port=5432"
    told = said(backup.BackupFailed, backup.dump, nowhere, tmp_path / "new" / "folder", NOW)
    assert told.startswith("pg_dump failed: pg_dump: error: connection to server on socket")
    assert told == told.strip()
    assert "secret" not in told
    assert stat.S_IMODE((tmp_path / "new" / "folder").stat().st_mode) == 0o700
    told = said(backup.BackupFailed, backup.restore, nowhere, tmp_path / "none.dump")
    assert told.startswith("pg_restore failed: pg_restore: error: could not open input file")
    told = said(backup.BackupFailed, backup.run, "pg_dump", nowhere, ["--" + "x" * 600])
    assert len(told) == len("pg_dump failed: ") + 500
    assert said(backup.BackupFailed, backup.discard_old, tmp_path, NOW, timedelta(days=30, seconds=1)) == (
        "backups of wrapped keys are kept 30 days at most: an erasure is void before"
    )
    for name in (
        "nrm-keys-20260320T000000Z.dump",
        "nrm-keys-20260320T000001Z.dump",
        "nrm-keys-20260319T235959Z.dump",
    ):
        (tmp_path / name).touch()
    gone = backup.discard_old(tmp_path, NOW, timedelta(days=11))
    assert [each.name for each in gone] == ["nrm-keys-20260319T235959Z.dump"]
    assert not gone[0].exists()


def test_lengths_of_keys(tmp_path: Path) -> None:
    for length in (0, 31, 33):
        told = f"a data key has 32 bytes, this one {length}"
        assert said(ValueError, provider.require_data_key, bytes(length)) == told
        assert said(ValueError, envelope.seal, bytes(length), {}, _here()) == told
        assert said(ValueError, envelope.open_, bytes(length), b"", _here()) == told
        with pytest.raises(envelope.Unreadable):
            provider.require_opened(bytes(length))
    assert provider.require_opened(bytes(32)) == provider.require_data_key(bytes(32)) == bytes(32)
    keys = KeyFile.create(tmp_path / "keys")
    assert said(ValueError, keys.raise_minimum, 2) == "there is no epoch 2: begin it and rewrap first"
    assert repr(keys) == f"KeyFile({tmp_path / 'keys'}, epoch 1)"
    assert repr(keys._held) == "Keys(epochs=[1])"


def _here() -> envelope.Context:
    return envelope.Context(UUID(int=1), "HEA", UUID(int=2), 3, UUID(int=4))


def test_a_module(module: Module) -> None:
    cure = "check the library, the token's label and the PIN file."
    assert said(KeysOutOfReach, replace(module, token="nowhere").open) == (
        f"The key module {module.library} does not open the token 'nowhere' (NoSuchToken): {cure}"
    )
    wrong = replace(module, library=Path("/nowhere.so"))
    told = said(KeysOutOfReach, wrong.open)
    assert told.startswith(f"The key module /nowhere.so does not open the token {module.token!r} (")
    assert told.endswith(f"): {cure}")
    assert "NoneType" not in told
    assert repr(module) == f"Module({module.library}, {module.token})"
    assert said(KeysOutOfReach, HardwareKeys, emptied(module)) == (
        f"The token {module.token!r} holds no key of this service: make them with `nrm keys create`."
    )
    keys = HardwareKeys.create(module)
    assert HardwareKeys.create(module).epochs == keys.epochs == (1,)  # what is there stays
    secret = keys.secret("search")
    [wrapped] = keys.wrap_many([Bare(UUID(int=1), bytes(32), b"c")])
    keys._session.close()
    assert said(KeysOutOfReach, keys.secret, "search") == (
        f"The key module {module.library} failed (SessionHandleInvalid)."
    )
    assert keys.secret("search") == secret
    assert len(wrapped) == 5 + 12 + 32 + 16
    assert wrapped[:5] == b"\2\0\0\0\1"
    keys.advance()
    keys.advance()
    assert said(ValueError, keys.raise_minimum, 4) == "there is no epoch 4: begin it and rewrap first"
    keys.raise_minimum(2)
    assert said(ValueError, keys.raise_minimum, 1) == (
        "the minimum is epoch 2 and only rises: it is not put back to 1"
    )
    keys.raise_minimum(3)
    assert (keys.epoch, keys.epochs, keys.minimum) == (3, (1, 2, 3), 3)
    assert keys.destroy_old() == (1, 2)
    assert keys.epochs == (3,)
    emptied(module)


def test_the_list_of_destroyed_keys(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "list"
    erased, first, last = Erased(path), UUID(int=1), UUID(int=(1 << 128) - 1)
    assert erased.known() == {}
    erased.add({first: 1, last: (1 << 32) - 1})
    assert path.read_bytes() == bytes(15) + b"\1" + b"\0\0\0\1" + b"\xff" * 20
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o007 == 0
    erased.add({})
    assert (first in erased, last in erased, UUID(int=2) in erased) == (True, True, False)
    assert erased.forget_below(1) == 2
    assert erased.forget_below(2) == 1
    assert dict(Erased(path).known()) == dict(erased.known()) == {last: (1 << 32) - 1}
    path.unlink()
    assert (erased.known(), first in erased) == ({}, False)
    erased.add({first: 1})
    assert first in erased

"""Custody of the key file by several people, rehearsed: split, lost, rebuilt by any three of five, never by two."""

from itertools import combinations, pairwise
from uuid import UUID

import pytest
from shamir_mnemonic import combine_mnemonics

from app.keys import main
from app.safeguards.vault import custody
from app.safeguards.vault.keyfile import KeyFile
from app.safeguards.vault.private import SecretFileFault
from app.safeguards.vault.provider import Bare, Wrapped
from app.settings import Settings

ID, DATA_KEY = UUID(int=1), bytes(range(32))


@pytest.fixture
def path(tmp_path):
    KeyFile.create(tmp_path / "kek.json")
    return tmp_path / "kek.json"


def test_the_words_are_those_of_slip_39():
    """A published vector, so that custodians can use any other program that knows the standard."""
    words = (
        "duckling enlarge academic academic agency result length solution fridge kidney coal piece deal husband "
        "erode duke ajar critical decision keyboard"
    )
    assert combine_mnemonics([words], b"TREZOR").hex() == "bb54aac4b89dc868ba37d9cc21b2cece"


def test_any_three_of_five_rebuild_the_file_and_two_do_not(path, tmp_path):
    words = custody.split(path, 3, 5)
    assert len(set(words)) == 5
    for number, some in enumerate(combinations(words, 3)):
        custody.rebuild(custody.copy_of(path), some, tmp_path / f"again-{number}")
        assert (tmp_path / f"again-{number}").read_bytes() == path.read_bytes()
    for some in [*combinations(words, 2), words[:1], []]:
        with pytest.raises(custody.CustodyFault, match="these shares do not do"):
            custody.rebuild(custody.copy_of(path), some, tmp_path / "never")
    assert not (tmp_path / "never").exists()


def test_shares_of_another_split_a_slip_of_the_pen_and_a_damaged_copy_say_what_is_wrong(path, tmp_path):
    old, into = custody.split(path, 2, 3), tmp_path / "into"
    words = custody.split(path, 2, 3)
    slipped = words[1].rsplit(" ", 1)[0] + " academicx"
    for some, said in (
        (old[:2], "not to this copy"),
        ([old[0], words[1]], "do not do"),
        ([words[0], slipped], "a word that is in no list"),
        ([words[0], words[0]], "do not do"),
    ):
        with pytest.raises(custody.CustodyFault, match=said) as caught:
            custody.rebuild(custody.copy_of(path), some, into)
        secret = words[0].split()[4:]  # random words of a list in which stand words that a refusal uses too
        assert not any(f"{one} {next_}" in str(caught.value) for one, next_ in pairwise(secret))
    custody.copy_of(path).write_text("{}")
    with pytest.raises(custody.CustodyFault, match="damaged"):
        custody.rebuild(custody.copy_of(path), words[:2], into)
    for threshold, shares in ((1, 3), (4, 3), (2, 17)):
        with pytest.raises(custody.CustodyFault, match="does not do"):
            custody.split(path, threshold, shares)


def test_the_whole_rehearsal_by_command(path, tmp_path, capsys, monkeypatch):
    """As docs/keys.md has it: split, rotate, lose the file, call three people together, open what was wrapped."""
    given = Settings(key_file=path)
    assert (
        main(["split", "--threshold", "3", "--shares", "5", "--into", str(tmp_path / "shares")], given) == 0
    )
    assert "any 3 of which" in capsys.readouterr().out
    keys = KeyFile(path)
    keys.advance()
    assert custody.renew(path)
    [wrapped] = keys.wrap_many([Bare(ID, DATA_KEY, b"c")])
    path.unlink()
    shares = sorted((tmp_path / "shares").iterdir())[1:4]
    assert {each.stat().st_mode & 0o777 for each in shares} == {0o600}
    copy = str(custody.copy_of(path))
    typed = iter([each.read_text() for each in shares] + [""])
    monkeypatch.setattr("app.keys.getpass", lambda _asked: next(typed))
    assert main(["rebuild", copy, "--into", str(path)], given) == 0
    assert KeyFile(path).unwrap_many([Wrapped(ID, wrapped, b"c")]) == [DATA_KEY]
    named = [word for each in shares for word in ("--share", str(each))]
    assert main(["rebuild", copy, "--into", str(path), *named], given) == 2
    assert "there is a key file already" in capsys.readouterr().err
    assert (
        main(
            ["split", "--threshold", "3", "--shares", "5", "--into", str(tmp_path)],
            Settings(key_provider="pkcs11"),
        )
        == 2
    )


def test_who_slips_while_typing_is_told_at_once_and_enough_shares_are_enough(path, tmp_path):
    """Thirty-three words, unseen, from each of three people: nobody types them again for another's slip."""
    old, into = custody.split(path, 3, 5), tmp_path / "into"
    copy, words, said = custody.copy_of(path), custody.split(path, 3, 5), []
    slipped = f"{words[1].rsplit(' ', 1)[0]} papa"
    lines = iter(
        [words[0], slipped, f"{words[1]} zebras", words[0], old[3], words[1].upper(), words[4], "never asked"]
    )
    custody.rebuild(copy, custody.typed(copy, into, lambda _text: next(lines), said.append), into)
    assert into.read_bytes() == path.read_bytes()
    assert next(lines) == "never asked"
    causes = ("checksum", "a word that is in no list", "typed already", "of another split")
    assert all(cause in told for cause, told in zip(causes, said, strict=True))
    assert not [word for told in said for word in words[1].split()[4:] if f" {word} " in told]
    with pytest.raises(SecretFileFault, match="there is a key file already"):
        custody.typed(copy, into, next, said.append)
    with pytest.raises(SecretFileFault, match="there is no custody copy"):
        custody.typed(tmp_path / "gone", tmp_path / "new", next, said.append)

    def ended(_text):
        raise EOFError

    assert custody.typed(copy, tmp_path / "new", ended, said.append) == []

"""The files around the keys: backups thrown away in time, the list of destroyed keys, the bar on a terminal."""

import io
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest

from app.kit.progress import progress
from app.safeguards.vault import backup, ended
from app.safeguards.vault.ended import Ended
from app.safeguards.vault.erased import Erased

NOW = datetime(2026, 3, 31, tzinfo=UTC)


def test_backups_older_than_thirty_days_are_deleted_and_nothing_else(tmp_path):
    names = [
        "nrm-keys-20260228T235959Z.dump",
        "nrm-keys-20260301T000000Z.dump",
        "nrm.dump",
        "nrm-keys-x.dump",
    ]
    for name in names:
        (tmp_path / name).touch()
    assert [path.name for path in backup.discard_old(tmp_path, NOW)] == names[:1]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])
    with pytest.raises(backup.BackupFailed, match="30 days at most"):
        backup.discard_old(tmp_path, NOW, timedelta(days=31))


def test_a_backup_that_fails_says_why(tmp_path):
    with pytest.raises(backup.BackupFailed, match="pg_dump failed"):
        backup.dump(f"postgresql+psycopg://nobody@/none?host={tmp_path}&port=5432", tmp_path, NOW)


def test_the_list_of_destroyed_keys_is_seen_by_all_and_survives_a_torn_end(tmp_path):
    one, other = Erased(tmp_path / "list"), Erased(tmp_path / "list")
    first, second, third = uuid4(), uuid4(), uuid4()
    assert first not in other
    one.add({first: 1})
    assert first in other
    with (tmp_path / "list").open("ab") as file:
        file.write(second.bytes[:7])  # a crash in the middle of writing
    assert second not in one
    other.add({second: 2, third: 300})
    assert dict(one.known()) == {first: 1, second: 2, third: 300}
    assert one.forget_below(2) == 2
    other.add({first: 3})
    assert dict(one.known()) == dict(other.known()) == {second: 2, third: 300, first: 3}
    assert (tmp_path / "list").stat().st_mode & 0o777 == 0o600
    assert UUID(int=0) not in one


def test_the_list_of_what_is_over_is_seen_by_all_and_takes_back(tmp_path, monkeypatch):
    """Also where it grew too long to be held unsorted, and where a shorter list came in its place."""
    one, other = Ended(tmp_path / "list"), Ended(tmp_path / "list")
    names = [sha256(bytes([each])).digest() for each in range(9)]
    assert not one.any_of(*names)
    other.add(names[:2])
    assert [one.any_of(each) for each in names[:3]] == [True, True, False]
    with (tmp_path / "list").open("ab") as file:
        file.write(names[2][:5])  # a crash in the middle of writing
    assert not one.any_of(names[2], names[3])
    monkeypatch.setattr(ended, "MOST_FRESH", 3)
    for each in names[2:7]:
        other.add([each])
        assert one.any_of(names[8], each)
    assert len(one._fresh) <= 3
    other.forget([names[1], names[6], names[8]])
    expected = [True, False, True, True, True, True, False, False]
    for each in (one, other, Ended(tmp_path / "list")):
        assert [each.any_of(name) for name in names[:8]] == expected
    assert (tmp_path / "list").stat().st_size == 5 * 8
    assert (tmp_path / "list").stat().st_mode & 0o777 == 0o600
    (tmp_path / "list").unlink()
    assert not one.any_of(names[0])


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("kind", [io.StringIO, Terminal])
def test_a_bar_is_drawn_only_where_somebody_watches(kind):
    out = kind()
    with progress("rewrapping", out) as told:
        told(5, 10)
        told(12, 10)
        told(0, 0)
    said = out.getvalue()
    assert (said == "") is (kind is io.StringIO)
    if said:
        assert f"rewrapping [{'#' * 15}{' ' * 15}] 5/10" in said
        assert said.endswith("\n")

"""The files around the keys: backups thrown away in time, the list of destroyed keys, the bar on a terminal."""

import io
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.kit.progress import progress
from app.safeguards.vault import backup
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

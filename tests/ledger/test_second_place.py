"""The second place: files whole or absent, the newest head that is ours, witnesses' lines under the right head."""

import stat
from pathlib import Path

import pytest

from app.kit.errors import OutOfReach
from app.safeguards.ledger import second
from app.safeguards.ledger.merkle import leaf_hash
from app.safeguards.ledger.note import Checkpoint, checkpoint, public_of, verifier_key
from app.safeguards.ledger.seal import SECOND, VERIFIER, OlderThanItsHeads, publish, published
from app.safeguards.ledger.twice import SecondKey, second_of
from app.safeguards.ledger.witness import with_witnesses
from app.safeguards.vault.lattice import LatticeSigner
from app.safeguards.vault.signing import Signer

ORIGIN = "ledger.nrm.example"


def head(size: int, number: int = 0) -> Checkpoint:
    return Checkpoint(ORIGIN, size, leaf_hash(bytes([number])))


def signed(signer: Signer, of: Checkpoint) -> str:
    return checkpoint(of.origin, of.size, of.root, signer)


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_a_file_is_written_once_and_left_alone_while_it_is_the_same(tmp_path: Path) -> None:
    assert second.put(tmp_path, "name", "Zoë")
    before = (tmp_path / "name").stat()
    assert not second.put(tmp_path, "name", "Zoë")
    assert (tmp_path / "name").stat() == before
    assert second.put(tmp_path, "name", "other")
    assert (tmp_path / "name").read_bytes() == b"other"
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "inside").touch()
    with pytest.raises(OSError, match="taken"):
        second.put(tmp_path, "taken", "no file may take the place of a folder")
    with pytest.raises(FileNotFoundError):
        second.put(tmp_path / "nowhere", "name", "")
    assert names(tmp_path) == ["name", "taken"]


def test_the_newest_head_is_the_largest_that_bears_our_signature(tmp_path: Path) -> None:
    signer, other = Signer.create(tmp_path / "key"), Signer.create(tmp_path / "other")
    place = tmp_path / "heads"
    place.mkdir()
    assert second.newest(place, signer.public) is None
    for of in (head(2), head(10), head(9), head(10, 1)):
        assert not second.holds(place, of)
        assert second.keep(place, of, signed(signer, of))
        assert second.holds(place, of)
        assert not second.keep(place, of, signed(signer, of))
    assert names(place)[0] == f"{2:020d}-{head(2).root.hex()[:16]}.checkpoint"
    assert len(names(place)) == 4
    largest = max((head(10), head(10, 1)), key=lambda each: each.root)
    assert second.newest(place, signer.public) == largest
    second.keep(place, head(11), signed(other, head(11)))
    (place / f"{12:020d}-0.checkpoint").write_bytes(b"\xff")
    (place / f"{13:020d}-0.checkpoint").touch()
    assert second.newest(place, signer.public) == largest
    moved = second.set_aside(place, 9)
    assert [int(each.name[:20]) for each in moved] == [10, 10, 11, 12, 13]
    assert names(place / "set-aside") == [each.name for each in moved]
    assert stat.S_IMODE((place / "set-aside").stat().st_mode) & 0o700 == 0o700
    assert second.newest(place, signer.public) == head(9)
    assert second.set_aside(place, 9) == []
    assert [each.name for each in second.set_aside(place, 8)] == [
        f"{9:020d}-{head(9).root.hex()[:16]}.checkpoint"
    ]


def test_the_keys_that_verify_stand_beside_the_heads(tmp_path: Path) -> None:
    signer, lattice = Signer.create(tmp_path / "key"), LatticeSigner.create(tmp_path / "second")
    place = tmp_path / "heads"
    place.mkdir()
    absent = "The key that verifies the ledger is not there yet. Seal the ledger once, then try again."
    with pytest.raises(OutOfReach) as caught:
        published(place)
    assert str(caught.value) == absent
    publish(place, ORIGIN, signer.public)
    assert names(place) == [VERIFIER]
    assert (place / VERIFIER).read_text("utf-8") == verifier_key(ORIGIN, signer.public) + "\n"
    assert published(place) == signer.public == public_of((place / VERIFIER).read_text("utf-8"))[1]
    publish(place, ORIGIN, signer.public, lattice)
    assert (place / SECOND).read_text("utf-8").endswith("\n")
    assert second_of((place / SECOND).read_text("utf-8")) == SecondKey(ORIGIN, lattice.public)
    (place / VERIFIER).write_text("nonsense", "utf-8")
    with pytest.raises(OutOfReach) as caught:
        published(place)
    assert str(caught.value) == absent


def test_lines_of_witnesses_stand_under_their_head(tmp_path: Path) -> None:
    one, two, three = (f"head {each}\n\n— ledger {each}\n" for each in (1, 2, 3))
    (tmp_path / "b.cosigned").write_text(one + "— second 1\n", "utf-8")
    (tmp_path / "a.cosigned").write_text(one + "— first 1\n— also 1\n", "utf-8")
    (tmp_path / "c.cosigned").write_text(three + "— first 3\n", "utf-8")
    (tmp_path / "d.checkpoint").write_text(two + "— no witness\n", "utf-8")
    assert list(with_witnesses([one, two, three], tmp_path)) == [
        one + "— first 1\n— also 1\n— second 1\n", two, three + "— first 3\n",
    ]  # fmt: skip


def test_a_ledger_that_is_older_than_its_heads_says_what_to_do() -> None:
    older = OlderThanItsHeads(7, 9)
    assert (older.held, older.signed) == (7, 9)
    assert str(older) == (
        "The ledger in the database ends with event 7 or holds other events, but the second place has a "
        "signed head over 9. Nothing was sealed. If an older backup was restored, what happened since is lost: say "
        "so with `nrm ledger restored`. If none was, somebody changed the ledger: keep everything as it is, and call "
        "the data-protection officer."
    )

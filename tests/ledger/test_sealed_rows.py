"""What sealing, handing over and retaining write, row by row, and where each of them stops."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from app.safeguards.ledger import retain as retention
from app.safeguards.ledger import seal as sealing
from app.safeguards.ledger import second, withheld
from app.safeguards.ledger.merkle import Frontier, leaf_hash, root
from app.safeguards.ledger.note import Checkpoint, read
from app.safeguards.ledger.retain import Retained, retain
from app.safeguards.ledger.seal import OlderThanItsHeads, Sealer, hand_over, older, seal
from app.safeguards.ledger.twice import SecondKey, bears
from app.safeguards.models import LedgerCheckpoint
from app.safeguards.vault.lattice import LatticeSigner
from app.safeguards.vault.signing import Signer
from app.settings import Settings

ORIGIN, AT = "ledger.nrm.example", datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
INDIA = timezone(timedelta(hours=5, minutes=30))


class Ledger:
    """An empty ledger, in one transaction that is never committed."""

    def __init__(self, session: Session, sealer: Sealer) -> None:
        self.session, self.sealer = session, sealer

    def add(self, *said: dict[str, Any]) -> list[str]:
        bodies = [json.dumps({"act": "search", "at": AT.isoformat(), **each}) for each in said]
        for each in bodies:
            self.session.execute(text("INSERT INTO ledger.event (body) VALUES (:body)"), {"body": each})
        return bodies

    def rows(self, statement: str) -> list[Any]:
        return [tuple(each) for each in self.session.execute(text(statement))]

    def heads(self) -> list[LedgerCheckpoint]:
        return list(self.session.scalars(select(LedgerCheckpoint).order_by(LedgerCheckpoint.size)))


@pytest.fixture
def ledger(given: Settings, tmp_path: Path) -> Iterator[Ledger]:
    place = tmp_path / "heads"
    place.mkdir()
    engine = create_engine(str(given.database_url))
    with Session(engine) as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        for table in ("checkpoint", "leaf", "event"):
            session.execute(text(f"DELETE FROM ledger.{table}"))
        yield Ledger(session, Sealer(Signer.create(tmp_path / "key"), ORIGIN, place))
    engine.dispose()


def hashes(bodies: list[str]) -> list[bytes]:
    return [leaf_hash(each.encode()) for each in bodies]


def test_what_is_sealed_is_leaves_a_head_and_what_the_next_one_needs(ledger: Ledger) -> None:
    signer = ledger.sealer.signer
    assert seal(ledger.session, ledger.sealer, AT) == 0
    assert ledger.heads() == []
    bodies = ledger.add({"n": 1}, {"n": "Zoë"}, {"n": 3})
    assert seal(ledger.session, ledger.sealer, AT) == 3
    assert seal(ledger.session, ledger.sealer, AT) == 0
    bodies += ledger.add({"n": 4})
    assert seal(ledger.session, ledger.sealer, AT + timedelta(hours=2)) == 1
    numbers = [each for (each,) in ledger.rows("SELECT id FROM ledger.event ORDER BY id")]
    leaves = [
        (place, number, hashed)
        for place, (number, hashed) in enumerate(zip(numbers, hashes(bodies), strict=True))
    ]
    assert ledger.rows("SELECT position, event_id, hash FROM ledger.leaf ORDER BY position") == leaves
    first, last = ledger.heads()
    for head, size, at in ((first, 3, AT), (last, 4, AT + timedelta(hours=2))):
        tree = Frontier()
        for each in hashes(bodies)[:size]:
            tree.append(each)
        assert read(head.note, signer.public) == Checkpoint(ORIGIN, size, root(hashes(bodies)[:size]))
        assert (head.size, head.at, bytes(head.frontier)) == (size, at, tree.dump())
        [(horizon,)] = ledger.rows("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        assert 0 < head.before_xid <= horizon  # others of this server may have ended since


def test_the_first_head_of_an_hour_is_signed_twice_wherever_the_clock_stands(
    ledger: Ledger, tmp_path: Path
) -> None:
    lattice = LatticeSigner.create(tmp_path / "second")
    sealer = Sealer(ledger.sealer.signer, ORIGIN, ledger.sealer.second_place, lattice)
    twice = []
    for at in (
        AT, AT + timedelta(minutes=59, seconds=59, microseconds=999_999), AT + timedelta(hours=1),
        datetime(2026, 3, 2, 15, 59, tzinfo=INDIA), datetime(2026, 3, 2, 16, 31, tzinfo=INDIA),
        AT + timedelta(days=1, hours=2),
    ):  # fmt: skip
        ledger.add({"at": at.isoformat()})
        assert seal(ledger.session, sealer, at) == 1
        head = ledger.heads()[-1]
        twice.append(
            bears(head.note, read(head.note, sealer.signer.public), SecondKey(ORIGIN, lattice.public))
        )
    assert twice == [True, False, True, False, True, True]


def test_every_head_that_the_second_place_lacks_is_handed_over_the_oldest_first(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, signer, kept = ledger.sealer.second_place, ledger.sealer.signer, list[int]()
    monkeypatch.setattr(second, "keep", _noting(second.keep, kept))
    for number in range(4):
        ledger.add({"n": number})
        seal(ledger.session, ledger.sealer, AT)
    assert older(ledger.session, place, signer.public) is None
    assert hand_over(ledger.session, ledger.sealer) == 4
    assert kept == [1, 2, 3, 4]
    assert {each.read_text("utf-8") for each in place.glob(second.HEADS)} == {
        each.note for each in ledger.heads()
    }
    assert hand_over(ledger.session, ledger.sealer) == 0
    oldest, _two, third, newest = sorted(place.glob(second.HEADS))
    for lost, found in (
        ((newest, third), 2),
        ((oldest,), 0),
    ):  # what is older than one that is there is there
        for each in lost:
            each.unlink()
        assert hand_over(ledger.session, ledger.sealer) == found
    for each in place.glob(second.HEADS):
        each.unlink()
    monkeypatch.setattr(sealing, "LOOKED_BACK", 3)
    assert hand_over(ledger.session, ledger.sealer) == 3
    assert kept[-3:] == [2, 3, 4]


def test_nothing_is_sealed_over_a_ledger_that_lost_what_was_signed(ledger: Ledger) -> None:
    place, signer = ledger.sealer.second_place, ledger.sealer.signer
    for number in range(2):
        ledger.add({"n": number})
        seal(ledger.session, ledger.sealer, AT)
    hand_over(ledger.session, ledger.sealer)
    [head] = [each for each in (read(each.note, signer.public) for each in ledger.heads()) if each.size == 2]
    ledger.add({"n": 3})
    for lost, held in (("size = 2", 1), ("true", 0)):
        ledger.session.execute(text(f"DELETE FROM ledger.checkpoint WHERE {lost}"))
        ledger.session.expire_all()
        assert older(ledger.session, place, signer.public) == head
        with pytest.raises(OlderThanItsHeads) as caught:
            seal(ledger.session, ledger.sealer, AT)
        assert (caught.value.held, caught.value.signed) == (held, 2)
    assert ledger.rows("SELECT count(*) FROM ledger.leaf") == [(2,)]


def test_what_is_old_is_declared_then_sealed_then_erased(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = datetime(1996, 3, 2, 9, 0, tzinfo=UTC)
    old = [(before - timedelta(seconds=each)).isoformat() for each in (9, 8, 7)]
    bodies = ledger.add(*({"at": each} for each in old), {"at": before.isoformat()}, {"at": old[0]})
    session, sealer = ledger.session, ledger.sealer
    assert retain(session, sealer, before, AT) == Retained(0, 0)  # nothing is under a signed head
    seal(session, sealer, AT)
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    assert retain(session, sealer, before, AT) == Retained(2, 0)
    [(said,)] = ledger.rows("SELECT body FROM ledger.event ORDER BY id DESC LIMIT 1")
    event = json.loads(said)
    note = event.pop("declaration")
    assert withheld.read(note, ORIGIN, sealer.signer.public) == withheld.Declaration(
        2, root(hashes(bodies)[:2]), "1996-03-02"
    )
    assert event.pop("id")
    assert event == {
        "v": 1, "at": AT.isoformat(), "act": "erase", "actor": "00000000-0000-0000-0000-000000000000", "role": "SYS",
        "authenticator": "timer", "purpose": "retention", "register": "ledger", "withheld": 2, "rule": "retention",
        "basis": "retention_over", "categories": [],
    }  # fmt: skip
    assert retain(session, sealer, before, AT) == Retained(1, 0)  # declared, and under no head yet
    seal(session, sealer, AT)
    assert retain(session, sealer, before, AT) == Retained(0, 3)  # the fourth is of that very moment
    left = [body for (body,) in ledger.rows("SELECT body FROM ledger.event ORDER BY id")]
    assert left[:2] == bodies[3:]
    assert len(left) == 4
    assert retain(session, sealer, before, AT) == Retained(0, 0)
    forger = Sealer(Signer.create(sealer.second_place / "forged"), ORIGIN, sealer.second_place)
    assert retain(session, forger, before + timedelta(days=1), AT) == Retained(2, 0)
    seal(session, sealer, AT)
    assert retain(session, sealer, before, AT) == Retained(
        0, 0
    )  # a declaration that is not ours erases nothing
    assert retain(session, sealer, before + timedelta(days=1), AT) == Retained(2, 0)


def _noting(keep: Any, kept: list[int]) -> Any:
    def noted(folder: Path, head: Checkpoint, signed: str) -> bool:
        kept.append(head.size)
        return bool(keep(folder, head, signed))

    return noted

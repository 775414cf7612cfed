"""Erasing: what was decided is done but for what is held, and a signed certificate of it lies in both places."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app.kit.clock import HeldClock
from app.safeguards import erasing
from app.safeguards.ledger import note
from app.safeguards.ledger.seal import Sealer
from app.safeguards.models import Erasure, LedgerEvent
from app.safeguards.vault.signing import Signer
from app.safeguards.words import Category
from app.safeguards.work import Work
from app.settings import Settings
from tests.fixtures.service import As
from tests.safeguards.told import begin

Jobs = Callable[[], AbstractContextManager[Work]]
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_a_certificate_says_what_is_gone_why_when_and_by_which_keys() -> None:
    made = Erasure(
        id=UUID(int=1), case_id=UUID(int=2), categories=["HEA", "ID"], basis="court_order", decided_at=AT,
        done_at=AT + timedelta(hours=1), destroyed=[str(UUID(int=3)), str(UUID(int=4))],
    )  # fmt: skip
    said = """certificate of erasure
service: https://casework.example
erasure: 00000000-0000-0000-0000-000000000001
case: 00000000-0000-0000-0000-000000000002
categories: HEA ID
basis: court_order
decided: 2026-03-02T09:00:00+00:00
carried out: 2026-03-02T10:00:00+00:00
"""
    keys = """key destroyed: 00000000-0000-0000-0000-000000000003
key destroyed: 00000000-0000-0000-0000-000000000004
"""
    assert erasing.certificate(made, "https://casework.example") == said + keys
    made.destroyed = None  # nothing had ever been sealed
    assert erasing.certificate(made, "https://casework.example") == said


@pytest.fixture
def decided(acting: As, clock: HeldClock, sealed_record: tuple[UUID, UUID]) -> list[UUID]:
    """Three cases: of the first one category is to go; the second is held in the meantime."""
    cases = [sealed_record[0], begin(acting)[0], begin(acting)[0]]
    spared = [each for each in Category if each is not Category.HEA]
    for case_id, kept, basis in zip(
        cases, (spared, (), ()), ("person_asked", *["court_order"] * 2), strict=True
    ):
        with acting("ngo") as work:
            work.destroy_keys(case_id, kept, basis=basis)
            work.session.commit()  # and here the process died
        clock.move(timedelta(minutes=1))
    with acting("ngo") as work:
        work.keys.hold(cases[1], "court_order", clock.now())
        assert not any(work.keys.destroyed(each, Category) for each in cases)
    clock.move(timedelta(hours=1))
    return cases


def test_what_was_decided_is_done_certified_and_told_once(
    given: Settings, acting: As, jobs: Jobs, clock: HeldClock, decided: list[UUID]
) -> None:
    first, second, third = decided
    with jobs() as work, jobs() as meanwhile:
        at_once = text("SET LOCAL lock_timeout = '1s'")
        meanwhile.session.execute(at_once)
        assert erasing.carry_out(work) == 2  # the one that is held does not keep the later one from it
        work.session.flush()
        assert erasing.carry_out(meanwhile) == 0  # two timers do not wait for one another
        work.commit()
        work.begin()
        done = {each.case_id: each for each in work.session.scalars(select(Erasure))}
        assert done[first].done_at == done[third].done_at == clock.now()
        assert (done[second].done_at, done[second].destroyed) == (None, None)
        assert done[first].destroyed == [str(each) for each in work.keys.destroyed(first, [Category.HEA])]
        assert len(done[first].destroyed or ()) == 1
        assert len(done[third].destroyed or ()) == 4
        assert erasing.carry_out(work) == 0
        work.commit()
        work.begin()
        sealer = Sealer(Signer.load(given.signing_at), given.origin, given.checkpoints_at)
        meanwhile.session.rollback()
        meanwhile.begin()
        meanwhile.session.execute(at_once)
        assert erasing.certify(work.session, sealer, clock.now()) == 2
        work.session.flush()
        assert erasing.certify(meanwhile.session, sealer, clock.now()) == 0
        work.session.commit()
        work.begin()
        assert erasing.certify(work.session, sealer, clock.now()) == 0
    with acting("auditor") as work:
        signed = erasing.certificates(work)
        assert erasing.certificates(work, first) == signed[:1]
        assert erasing.certificates(work, second) == []
        assert erasing.certificates(work, third) == signed[1:]
        says = note.signed_text(signed[0], given.origin, sealer.signer.public)
        assert says == erasing.certificate(done[first], given.origin)
        second_place = {path.name: path.read_text("utf-8") for path in given.checkpoints_at.glob("*.erasure")}
        assert second_place == {
            f"{done[each].id}.erasure": said for each, said in zip((first, third), signed, strict=True)
        }
        rows = work.session.scalars(select(LedgerEvent.body).where(LedgerEvent.act == "erase"))
        told = {event["case"]: event for event in map(json.loads, rows)}
        assert told.keys() == {str(first), str(third)}
        event = told[str(first)]
        assert event["at"] == clock.now().isoformat()
        assert (event["role"], event["purpose"], event["authenticator"]) == ("SYS", "keys", "timer")
        assert (event["categories"], event["basis"], event["keys"]) == (["HEA"], "person_asked", 1)
        assert event["certificate"] == sha256(signed[0].encode()).hexdigest()

"""An event that is deleted, changed or put in before it is a leaf of the tree is found by one run of the check."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from app.jobs.integrity import accept, check
from app.kit.errors import Refused
from app.safeguards.ledger import vouching
from app.safeguards.ledger.vouching import Voucher, digest
from app.safeguards.words import Act
from app.safeguards.work import Work
from app.sealing import seal_once
from app.settings import Settings
from tests.fixtures.service import As

Look = Callable[[], list[tuple[str, str]]]
NEWEST = "SELECT id FROM ledger.event WHERE act = 'search' ORDER BY id DESC LIMIT 1"


@pytest.fixture
def owner(given: Settings) -> Iterator[Connection]:
    """Whoever owns the database, with the triggers off."""
    engine = create_engine(str(given.database_url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SET session_replication_role = replica"))
        yield connection
    engine.dispose()


@pytest.fixture
def look(jobs: Any, given: Settings) -> Look:
    return lambda: [(each.kind, each.which) for each in check(jobs, given.checkpoints_at)]


@pytest.fixture
def act(acting: As) -> Callable[[], None]:
    """Somebody searches: an act of which nothing but its event tells."""

    def search() -> None:
        with acting("ngo") as work:
            work.record(Act.SEARCH)
            work.commit()

    return search


def body(owner: Connection, number: int) -> str:
    return str(owner.execute(text("SELECT body FROM ledger.event WHERE id = :id"), {"id": number}).scalar())


def delete(owner: Connection) -> str:
    """Delete the newest search; return how it would be named."""
    newest = owner.execute(text(NEWEST)).scalar_one()
    name = digest(body(owner, newest)).hex()
    owner.execute(text("DELETE FROM ledger.event WHERE id = :id"), {"id": newest})
    return name


def test_a_look_that_is_deleted_at_once_is_missed_when_its_process_writes_again(
    owner: Connection, look: Look, act: Callable[[], None], jobs: Any, given: Settings
) -> None:
    seal_once(given)
    act()
    act()
    assert look() == []
    first, second = delete(owner), delete(owner)
    assert look() == []  # only the process itself knows as yet
    act()
    assert look() == [("act gone", first)]
    third = delete(owner)  # whoever deletes what tells goes on for ever
    act()
    assert look() == [("act gone", third)]
    seal_once(given)
    act()
    seal_once(given)
    assert look() == [("act gone", third)], "sealed or not"
    assert len({first, second, third}) == 3
    accept(jobs, given.checkpoints_at)
    assert look() == []


def refused(work: Work) -> None:
    with work.attempt():
        work.record(Act.SEARCH)
        raise Refused


def test_what_was_undone_is_not_missed(look: Look, acting: As, act: Callable[[], None]) -> None:
    act()
    with acting("ngo") as work:
        work.record(Act.SEARCH)
        work.session.rollback()
        work.begin().record(Act.SEARCH)
        with pytest.raises(Refused):
            refused(work)
        with work.attempt():
            work.record(Act.SEARCH)
        work.commit()
        work.begin().record(Act.SEARCH)
    with ThreadPoolExecutor(4) as many:
        list(many.map(lambda _each: act(), range(8)))
    act()
    assert look() == []


def test_what_is_changed_or_put_in_before_it_is_sealed_is_found(
    owner: Connection, look: Look, act: Callable[[], None]
) -> None:
    act()
    act()
    newest = owner.execute(text(NEWEST)).scalar_one()
    said, put = body(owner, newest), "INSERT INTO ledger.event (body) VALUES (:body) RETURNING id"
    bare = {name: each for name, each in json.loads(said).items() if name not in ("vouched", "after")}
    made = [
        owner.execute(text(put), {"body": each}).scalar_one()
        for each in (said, json.dumps(bare), json.dumps({**bare, "at": 1.5, "vouched": "0"}))
    ]
    change = text("UPDATE ledger.event SET body = replace(body, 'search', 'consult') WHERE id = :id")
    act()
    owner.execute(change, {"id": newest})
    assert look() == [("act not ours", str(each)) for each in (newest, *made[1:])]
    owner.execute(text("UPDATE ledger.event SET body = :body WHERE id = :id"), {"id": newest, "body": said})
    said_now = look()
    assert said_now == [("act copied", str(made[0])), *(("act not ours", str(each)) for each in made[1:])]


def test_what_one_event_names_is_bounded_and_nothing_is_left_out(
    owner: Connection, look: Look, act: Callable[[], None], monkeypatch: pytest.MonkeyPatch, acting: As
) -> None:
    monkeypatch.setattr(vouching, "MOST_NAMED", 2)
    with acting("ngo") as work:
        for _each in range(3):
            work.record(Act.SEARCH)
        work.commit()
    last = delete(owner)
    act()
    assert look() == []
    act()
    assert look() == [("act gone", last)]


def test_nobody_draws_a_mark_without_the_key() -> None:
    ours, theirs = Voucher(bytes(32)), Voucher(bytes(31) + b"\1")
    said = ours.text({"act": "search", "v": 1})
    assert ours.read(said) == {"act": "search", "v": 1}
    assert theirs.read(said) is None
    for wrong in ("", "{}", "[]", "1", '{"vouched":"\\ud800"}', said.replace("search", "export"), said[:-1]):
        assert ours.read(wrong) is None, wrong
    assert "key" not in repr(ours)

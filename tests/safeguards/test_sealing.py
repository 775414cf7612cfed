"""Sealing: nothing that commits late is lost, heads are signed, an export verifies without the service."""

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app import sealing
from app.oversight import queries
from app.oversight import service as oversight
from app.safeguards.ledger import seal as seals
from app.safeguards.ledger.seal import Sealer, hand_over, seal
from app.safeguards.ledger.verify import verify
from app.safeguards.vault.signing import Signer
from app.safeguards.words import Act
from app.sealing import seal_once


def sealer(given) -> Sealer:
    return Sealer(Signer.load(given.signing_at), given.origin, given.checkpoints_at)


def sealed(given, clock) -> int:
    """Seal all there is."""
    engine = create_engine(given.jobs_database_url)
    with Session(engine) as session:
        count = seal(session, sealer(given), clock.now())
        session.commit()
        hand_over(session, sealer(given))
    engine.dispose()
    return count


RESTORED = (  # into another server, whose transactions are numbered from a smaller number on
    "UPDATE ledger.event SET xid = xid + 1000000000",
    "UPDATE ledger.checkpoint SET before_xid = before_xid + 1000000000",
)


def test_no_event_is_lost_nor_held_up(given, clock, acting, record_property):
    sealed(given, clock)
    with acting("ngo") as slow, acting("social") as quick:
        slow.record(Act.SEARCH, note="took its number first")
        quick.record(Act.SEARCH, note="committed first")
        quick.commit()
        assert sealed(given, clock) == 1  # whoever stays open holds up nobody
        slow.commit()
    assert sealed(given, clock) == 1
    assert sealed(given, clock) == 0
    engine = create_engine(given.database_url)
    with acting("ngo") as before, acting("ngo") as slow, acting("social") as quick:
        before.record(Act.SEARCH, note="not sealed when the backup was made")
        before.commit()
        with engine.begin() as connection:
            for statement in RESTORED:
                connection.execute(text(statement))
        slow.record(Act.SEARCH)
        quick.record(Act.SEARCH)
        quick.commit()
        assert sealed(given, clock) == 2
        slow.commit()
    assert sealed(given, clock) == 1
    with engine.begin() as connection:
        events, leaves = (
            connection.scalar(text(f"SELECT count(*) FROM ledger.{each}")) for each in ("event", "leaf")
        )
    engine.dispose()
    assert events == leaves
    record_property(
        "G11", f"late commits, a long transaction, a restored database: {events - leaves} events lost"
    )


def test_what_waited_long_is_sealed_in_pieces(given, clock, acting, monkeypatch):
    """Also what took its number first and committed last, while more was ripe than goes under one head."""
    for room in (seals, sealing):
        monkeypatch.setattr(room, "MOST", 2)
    seal_once(given)
    with acting("ngo") as slow, acting("social") as quick:
        slow.record(Act.SEARCH, note="took its number first")
        for _each in range(5):
            quick.record(Act.SEARCH)
        quick.commit()
        assert sealed(given, clock) == 2
        slow.commit()
    assert seal_once(given) == 4
    with acting("auditor") as work:
        assert queries.health(work).waiting == 0


def test_an_export_verifies_and_a_changed_one_does_not(given, clock, acting, tmp_path):
    with acting("ngo") as work:
        work.record(Act.SEARCH)
        work.commit()
    sealed(given, clock)
    with acting("auditor") as work:
        lines = list(oversight.export_ledger(work, given))
        work.commit()
    file = tmp_path / "ledger.jsonl"
    file.write_text("".join(lines), "utf-8")
    assert verify(file, Signer.load(given.signing_at).public).ok
    file.write_text("".join(lines).replace("search", "export", 1), "utf-8")
    assert not verify(file, Signer.load(given.signing_at).public).ok


def test_a_superusers_edit_is_found(server, given, clock, acting, tmp_path):
    with acting("ngo") as work:
        work.record(Act.SEARCH)
        work.commit()
    sealed(given, clock)
    engine = create_engine(given.database_url)
    with engine.begin() as connection:
        connection.execute(
            text('UPDATE ledger.event SET body = replace(body, \'"act":"search"\', \'"act":"export"\')')
        )
    engine.dispose()
    with acting("auditor") as work:
        lines = list(oversight.export_ledger(work, given))
    file = tmp_path / "ledger.jsonl"
    file.write_text("".join(lines), "utf-8")
    assert not verify(file, None).ok


def test_the_second_place_holds_each_head(given, clock, acting):
    with acting("ngo") as work:
        work.record(Act.SEARCH)
        work.commit()
    sealed(given, clock)
    with acting("auditor") as work:
        heads = {note for _size, note in queries.checkpoints(work)}
    assert heads
    assert {path.read_text("utf-8") for path in given.checkpoints_at.glob("*.checkpoint")} == heads

"""Sealing: nothing that commits late is lost, heads are signed, an export verifies without the service."""

import time

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.oversight import queries
from app.oversight import service as oversight
from app.safeguards.ledger.seal import Sealer, seal
from app.safeguards.ledger.verify import verify
from app.safeguards.vault.signing import Signer
from app.safeguards.words import Act


def sealer(given) -> Sealer:
    return Sealer(Signer.load(given.signing_at), given.origin, given.checkpoints_at)


UNSEALED = text("SELECT count(*) FROM ledger.event WHERE id NOT IN (SELECT event_id FROM ledger.leaf)")
PATIENCE = 60  # seconds


def sealed(given, clock, *, once=False) -> int:
    """Seal all there is. An open transaction in any database of the server, such as another worker's, holds it up."""
    engine = create_engine(given.jobs_database_url)
    count, until = 0, time.monotonic() + PATIENCE
    with Session(engine) as session:
        while True:
            count += seal(session, sealer(given), clock.now())
            session.commit()
            if once or not session.execute(UNSEALED).scalar_one():
                break
            assert time.monotonic() < until, "sealing was held up"
    engine.dispose()
    return count


def test_an_event_that_commits_late_is_sealed_later_and_not_lost(given, clock, acting):
    sealed(given, clock)
    with acting("ngo") as slow, acting("social") as quick:
        slow.record(Act.SEARCH, note="took its number first")
        quick.record(Act.SEARCH, note="committed first")
        quick.commit()
        assert sealed(given, clock, once=True) == 0  # an earlier transaction may still end
        slow.commit()
    assert sealed(given, clock) == 2
    assert sealed(given, clock) == 0


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

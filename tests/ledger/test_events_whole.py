"""An event says all of who, when, what and why, as one line of canonical text; what is not written undoes the act."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.kit.errors import OutOfReach
from app.safeguards.access import Actor
from app.safeguards.ledger.events import Happened, write
from app.safeguards.words import Act, Role
from app.settings import Settings

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WHO = Actor(
    UUID(int=1), Role.NGO, UUID(int=2), session_id=UUID(int=3), authenticator="passkey", cause=UUID(int=4)
)
FAILED = "The ledger cannot be written. Nothing was lost and nothing was done; try again."
FULL = Happened(
    Act.CONSULT, AT, WHO, "assistance", UUID(int=5), {"rule": "R", "note": "two\nlines", "none": None}
)


@pytest.fixture
def owner(given: Settings) -> Iterator[Session]:
    """The owner of the database, whose transaction is never committed."""
    engine = create_engine(str(given.database_url))
    with Session(engine) as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        session.execute(text("DELETE FROM ledger.event"))
        session.execute(text("SET LOCAL session_replication_role = origin"))
        yield session
    engine.dispose()


def test_all_that_is_known_is_said_and_nothing_else() -> None:
    said = json.loads(FULL.body())
    assert UUID(said.pop("id"))
    assert said == {
        "v": 1, "at": "2026-03-02T09:00:00+00:00", "act": "consult", "case": str(UUID(int=5)),
        "actor": str(UUID(int=1)), "role": "NGO", "organisation": str(UUID(int=2)), "session": str(UUID(int=3)),
        "authenticator": "passkey", "caused_by": str(UUID(int=4)), "purpose": "assistance", "rule": "R",
        "note": "two\nlines",
    }  # fmt: skip
    assert "\n" not in FULL.body()
    bare = Happened(Act.SEARCH, AT, Actor(UUID(int=1), Role.SYS, None), "deadlines", None, {})
    assert json.loads(bare.body()).keys() == {
        "v",
        "id",
        "at",
        "act",
        "actor",
        "role",
        "authenticator",
        "purpose",
    }


def test_events_are_written_each_or_the_act_is_undone(owner: Session, tmp_path: Path) -> None:
    write(owner)
    write(owner, FULL, FULL)
    bodies = [json.loads(body) for body in owner.scalars(text("SELECT body FROM ledger.event ORDER BY id"))]
    assert [each["note"] for each in bodies] == ["two\nlines"] * 2
    assert len({each["id"] for each in bodies}) == 2
    owner.execute(text(
        "CREATE FUNCTION pg_temp.swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
    ))  # fmt: skip
    owner.execute(text(
        "CREATE TRIGGER swallow BEFORE INSERT ON ledger.event FOR EACH ROW EXECUTE FUNCTION pg_temp.swallow()"
    ))  # fmt: skip
    nowhere = create_engine(f"postgresql+psycopg://nobody@/none?host={tmp_path}")
    with Session(nowhere) as unreachable:
        for session in (owner, unreachable):
            with pytest.raises(OutOfReach) as caught:
                write(session, FULL)
            assert str(caught.value) == FAILED
    nowhere.dispose()

"""A statement run on the driver is part of the session's transaction, and fails as SQLAlchemy's own do."""

from uuid import uuid4

import pytest
from sqlalchemy import Uuid, bindparam, create_engine, literal, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.kit.database import Ready

ONE = Ready(select(bindparam("id", type_=Uuid()).label("id"), literal(b"\0\xff").label("bytes")))


def test_a_ready_statement_is_one_of_the_session_and_fails_like_one(database_url):
    engine, some_id = create_engine(database_url), uuid4()
    with Session(engine) as session:
        session.execute(text("CREATE TEMPORARY TABLE kept (id int PRIMARY KEY) ON COMMIT DELETE ROWS"))
        keep = Ready(text("INSERT INTO kept VALUES (:id)"))
        assert ONE.rows(session, {"id": some_id}) == [(some_id, b"\0\xff")]
        keep.run(session, {"id": 1})
        with session.begin_nested() as attempt:
            keep.run(session, {"id": 2})
            with pytest.raises(IntegrityError):
                keep.run(session, {"id": 1})
            attempt.rollback()
        assert session.scalars(text("SELECT id FROM kept")).all() == [1]
        with create_engine(database_url).connect() as other:
            pid = session.scalar(text("SELECT pg_backend_pid()"))
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        with pytest.raises(OperationalError):
            keep.run(session, {"id": 3})
        session.rollback()
        assert ONE.rows(session, {"id": some_id}) == [(some_id, b"\0\xff")]
    engine.dispose()

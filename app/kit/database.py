"""The one declarative base, how connections to PostgreSQL are made, and statements for the hottest paths."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import ClauseElement, DateTime, Engine, MetaData, Uuid, create_engine, make_url
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

HERE = ("127.0.0.1", "::1", "localhost")


class Base(DeclarativeBase):
    """Every table of the service."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy reads it as a class attribute
        datetime: DateTime(timezone=True),
        UUID: Uuid(),
        dict[str, Any]: JSONB(),
        list[str]: JSONB(),
    }


def make_engine(url: str, *, pool_size: int = 8) -> Engine:
    """Return an engine that waits for a lock at most 5 s and for a statement at most 15 s."""
    refuse_open_line(url)
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_reset_on_return="rollback",
        hide_parameters=True,  # what is written never reaches a log through an error
        connect_args={"options": "-c lock_timeout=5000 -c statement_timeout=15000 -c timezone=UTC"},
    )


def refuse_open_line(url: str) -> None:
    """Refuse a database on another machine that is not reached by TLS, its certificate checked."""
    given = make_url(url)
    named = (given.host, given.query.get("host"))
    hosts = [each for name in named for each in ([name] if isinstance(name, str) else name or ())]
    far = [each for each in ",".join(hosts).split(",") if each and each[0] != "/" and each not in HERE]
    if far and given.query.get("sslmode") != "verify-full":
        raise SystemExit(
            f"The database on {far[0]} must be reached by TLS: add sslmode=verify-full to its address."
        )


class Ready:
    """A statement made once and run on the driver, in the session's transaction; rows come as tuples.

    For the few statements of every reading of a case: what SQLAlchemy does around them costs more than they do.
    """

    def __init__(self, statement: ClauseElement) -> None:
        dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]
        made = dialect.statement_compiler(dialect, statement)
        self._text = str(made)
        self._fixed = {name: value for name, value in made.params.items() if value is not None}

    def rows(self, session: Session, said: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it and return its rows."""
        return self._run(session, said).fetchall()

    def run(self, session: Session, said: Mapping[str, Any]) -> int:
        """Run it for what it does; return how many rows it touched."""
        return self._run(session, said).rowcount

    def _run(self, session: Session, said: Mapping[str, Any]) -> psycopg.Cursor[tuple[Any, ...]]:
        connection = session.connection()
        driver: psycopg.Connection[tuple[Any, ...]] | None = connection.connection.driver_connection
        assert driver is not None
        for hear in (
            connection.dispatch.before_cursor_execute
        ):  # whoever listens to all statements hears this one too
            hear(connection, None, self._text, said, None, False)
        try:
            done = driver.execute(self._text, {**self._fixed, **said}, binary=True)
        except psycopg.Error as failure:
            if driver.closed:
                connection.invalidate(failure)
            raise DBAPIError.instance(
                self._text, None, failure, psycopg.Error, dialect=connection.dialect
            ) from failure
        for hear in connection.dispatch.after_cursor_execute:
            hear(connection, done, self._text, said, None, False)
        return done

"""Whatever a test commits, the next begins with a database as it was: rows, counters, schema, rights, connections."""

import os
import subprocess
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Connection, Engine, event, make_url, text

from app.kit.pgbinaries import find_binaries
from app.kit.postgres import Server
from tests.fixtures import prepared
from tests.fixtures.slate import Slate

JSON = """'{"act": "x"}'"""  # so that what is drawn from the ledger's body is there
ANYTHING = {
    "uuid": "gen_random_uuid()", "text": JSON, "character varying": JSON, "jsonb": JSON, "bytea": "'x'",
    "integer": "1", "smallint": "1", "bigint": "1", "boolean": "true", "date": "current_date",
    "timestamp with time zone": "now()",
}  # fmt: skip
CHANGES = [
    "CREATE TABLE public.left_behind (id int)",
    "DROP TABLE answered CASCADE",
    'ALTER TABLE "case" DISABLE ROW LEVEL SECURITY',
    "ALTER TABLE shelter ADD COLUMN more text",
    "ALTER TABLE shelter ALTER COLUMN id SET DEFAULT gen_random_uuid()",
    "ALTER TABLE keys.wrapped_key DISABLE TRIGGER ALL",
    "CREATE INDEX ON ledger.event (act)",
    "TRUNCATE passkey",
    "REVOKE INSERT ON ledger.event FROM nrm_app",
    "GRANT UPDATE (body) ON ledger.event TO nrm_app",
    "GRANT CREATE ON SCHEMA public TO nrm_app",
    "DROP POLICY written ON ledger.event",
    "CREATE OR REPLACE FUNCTION nrm.context_role() RETURNS text LANGUAGE sql AS 'SELECT ''AUD''::text'",
    "CREATE RULE nothing AS ON UPDATE TO part DO INSTEAD NOTHING",
    "ALTER SEQUENCE ledger.event_id_seq INCREMENT BY 7",
    "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO nrm_app",
    "ALTER DATABASE {name} SET lock_timeout = 1",
    "GRANT CREATE ON DATABASE {name} TO nrm_app",
    "SELECT lo_create(0)",
    "ANALYZE alembic_version",
]


@pytest.fixture(scope="module")
def own(server: Server, template_database: str, worker_id: str) -> Iterator[Slate]:
    """A database like that of the tests, but in which any row may stand: its tables check nothing."""
    name = template_database.removesuffix("template") + f"{worker_id}_own"
    server.create_database(f"{name}_model", template=template_database)
    with line(server, f"{name}_model") as model:
        checks = "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND conrelid > 0"
        for table, check in model.execute(checks).fetchall():
            model.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{check}"')
    slate = Slate(server, name, f"{name}_model")
    yield slate
    slate.close()
    server.drop_database(f"{name}_model")


@pytest.fixture
def app_engine(own: Slate) -> Engine:
    return own.engine(prepared.urls(own.server, own.name).app)


def line(server: Server, name: str) -> psycopg.Connection[tuple[str, ...]]:
    return psycopg.connect(server.url(name).replace("+psycopg", ""), autocommit=True)


def dump(slate: Slate) -> list[str]:
    """All that the database holds, in the words and the order of PostgreSQL's own program."""
    to = make_url(slate.server.url(slate.name))
    where = [f"--host={to.query['host']}", f"--port={to.query['port']}", f"--username={to.username}"]
    done = subprocess.run(
        [find_binaries().folder / "pg_dump", *where, "--create", slate.name],
        env={**os.environ, "PGPASSWORD": str(to.password)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [
        each for each in done.stdout.splitlines() if "restrict " not in each
    ]  # a random word of each dump


def write_everywhere(own: Slate) -> None:
    """A row in every table; what counts, counts."""
    with line(own.server, own.name) as owner:
        owner.execute("SET session_replication_role = replica")
        tables = "SELECT oid, oid::regclass FROM pg_class WHERE relkind = 'r' AND oid >= 16384"
        for oid, table in owner.execute(tables).fetchall():
            columns = owner.execute(
                "SELECT quote_ident(attname), format_type(atttypid, NULL) FROM pg_attribute"
                " WHERE attrelid = %s AND attnum > 0 AND attidentity = '' AND attgenerated = ''",
                [oid],
            ).fetchall()
            names, values = (
                ", ".join(name for name, _ in columns),
                ", ".join(ANYTHING[kind] for _, kind in columns),
            )
            owner.execute(f"INSERT INTO {table} ({names}) VALUES ({values}) ON CONFLICT DO NOTHING")
            row = owner.execute(f"SELECT count(*) FROM {table}").fetchone()
            assert row, table
            assert row[0], table


def test_rows_and_counters_are_put_back(own: Slate) -> None:
    with own.at(own.bare):
        bare = dump(own)
        write_everywhere(own)
        full, kept = dump(own), own.kept()
    with own.at(own.bare):
        assert dump(own) == bare != full
    with own.at(kept):
        assert dump(own) == full
        write_everywhere(own)
    with own.at(kept):
        assert dump(own) == full


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_the_schema_is_seen(own: Slate, change: str) -> None:
    assert not own.changed()
    with own.line.transaction(force_rollback=True):
        own.line.execute(change.format(name=own.name).encode())
        assert own.changed()
    assert not own.changed()


def test_whatever_was_changed_the_database_is_made_anew(own: Slate) -> None:
    with own.at(own.bare):
        write_everywhere(own)
        bare, kept = own.bare, own.kept()
        before = dump(own)
        with line(own.server, own.name) as owner:
            for change in CHANGES:
                owner.execute(change.format(name=own.name).encode())
    with own.at(kept):
        assert dump(own) == before
    with own.at(bare):
        assert not own.changed()


def pid_of(connection: Connection) -> int:
    return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def test_connections_are_kept_and_those_who_listened_are_not(own: Slate) -> None:
    heard, url = list[str](), prepared.urls(own.server, own.name).app
    with own.at(own.bare):
        first = own.engine(url)
        event.listen(first, "before_cursor_execute", lambda _c, _cursor, said, *_more: heard.append(said))
        with first.connect() as connection:
            pid = pid_of(connection)
    heard.clear()
    with own.at(own.bare), own.engine(url).connect() as connection:
        assert pid_of(connection) == pid
    assert heard == []


def test_who_was_killed_is_connected_anew(own: Slate, app_engine: Engine) -> None:
    with own.at(own.bare), app_engine.connect() as connection:
        pid = pid_of(connection)
    with own.at(own.bare), line(own.server, own.name) as owner:
        assert owner.execute("SELECT pg_terminate_backend(%s, 5000)", [pid]).fetchone() == (True,)
    with own.at(own.bare), app_engine.connect() as connection:
        assert pid_of(connection) != pid


def test_who_is_still_in_a_transaction_is_sent_away(own: Slate, app_engine: Engine) -> None:
    with own.at(own.bare):
        stranger = line(own.server, own.name)
        stranger.execute("BEGIN; LOCK TABLE part IN ACCESS EXCLUSIVE MODE")
        left = app_engine.connect()
        left.execute(text("SELECT pg_advisory_xact_lock(1)"))
    with own.at(own.bare), app_engine.connect() as connection:
        connection.execute(text("SELECT count(*) FROM part"))
        assert connection.execute(text("SELECT pg_try_advisory_xact_lock(1)")).scalar()
    with pytest.raises(psycopg.OperationalError):
        stranger.execute("SELECT 1")
    left.invalidate()
    left.close()


def test_a_lock_of_a_session_is_not_kept(own: Slate, app_engine: Engine) -> None:
    with own.at(own.bare), app_engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(2)"))
    with own.at(own.bare), app_engine.connect() as connection:
        assert connection.execute(text("SELECT pg_try_advisory_xact_lock(2)")).scalar()


def test_a_test_has_one_beginning(own: Slate) -> None:
    with own.at(own.bare), pytest.raises(AssertionError, match="one beginning"), own.at(own.bare):
        pass

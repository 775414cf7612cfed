"""Generated documents are fresh, and every column of the live schema is classified."""

from sqlalchemy import create_engine, text

from app import papers
from app.kit.postgres import Server

KINDS = {"identifier", "code", "instant", "mark", "ciphertext", "proof", "staff", "organisation", "ledger"}
LIVE = text(
    "SELECT CASE table_schema WHEN 'public' THEN table_name ELSE table_schema || '.' || table_name END, column_name"
    " FROM information_schema.columns WHERE table_schema IN ('public', 'keys', 'ledger', 'nrm')"
    " AND table_name <> 'alembic_version'"
)


def test_every_generated_document_is_fresh():
    stale = [
        name for name, made in papers.papers().items() if (papers.DOCS / name).read_text("utf-8") != made
    ]
    assert not stale, f"run `nrm docs`: {stale}"


def test_every_column_of_the_live_schema_is_classified(server: Server, database: str):
    engine = create_engine(server.url(database))
    with engine.connect() as connection:
        live = {tuple(row) for row in connection.execute(LIVE)}
    engine.dispose()
    known = {(table, column) for table, held in papers.columns().items() for column in held}
    assert len(live) > 100
    assert live - known == set(), "columns that nobody classified"
    assert known - live == set(), "classified columns that are gone"
    assert {kind for held in papers.columns().values() for kind in held.values()} <= KINDS

"""Migrations run as the owner of the tables, never as the application."""

from alembic import context
from sqlalchemy import Connection, create_engine, text

from app.settings import settings
from app.tables import METADATA

LOCK = 20030907  # one migration at a time


def run() -> None:
    """Migrate over the connection that was handed in, or over the owner's address."""
    connection = context.config.attributes.get("connection")
    if connection is not None:
        _migrate(connection)
        return
    url = settings().database_url
    if not url:
        raise SystemExit("NRM_DATABASE_URL is not set: migrations need the owner of the tables")
    with create_engine(url).begin() as own:
        _migrate(own)


def _migrate(connection: Connection) -> None:
    connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
    context.configure(connection=connection, target_metadata=METADATA, include_schemas=True)
    with context.begin_transaction():
        context.run_migrations()


run()

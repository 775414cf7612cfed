"""The fixtures of the database: a copy for tests that roll back, another one for those that commit."""

import psycopg

from app.kit.postgres import Server


def test_a_worker_has_a_database_of_its_own(server: Server, database: str, database_url: str) -> None:
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        row = connection.execute("select current_database()").fetchone()
    assert row == (database,)
    assert server.has_database(database)


def test_a_fresh_database_is_another(database: str, fresh_database: str) -> None:
    assert database != fresh_database

"""A process keeps few threads, and a demonstration opens on loopback and on its own database only."""

import anyio.to_thread
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text

from app import running
from app.kit.postgres import Server


def test_a_process_has_as_many_worker_threads_as_its_setting_says(app):
    tokens: list[float] = []

    async def ask() -> None:
        tokens.append(anyio.to_thread.current_default_thread_limiter().total_tokens)

    with TestClient(app, base_url="https://casework.example") as client:
        assert client.portal is not None
        client.portal.call(ask)
    assert tokens == [app.state.settings.threads]


def test_a_database_that_no_demonstration_made_is_refused(server: Server, fresh_database: str):
    with pytest.raises(SystemExit, match="not made for a demonstration"):
        running.mark(server.url(fresh_database), fresh=False)


def test_a_database_that_a_demonstration_made_is_taken_again(server: Server, fresh_database: str):
    owner = server.url(fresh_database)
    running.mark(owner, fresh=True)
    running.mark(owner, fresh=False)
    engine = create_engine(owner)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT to_regnamespace('demonstration')")).scalar()
    engine.dispose()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "casework.example"])
def test_a_demonstration_opens_on_loopback_only(host):
    with pytest.raises(SystemExit, match="loopback"):
        running.refuse_beyond_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_loopback_is_where_a_demonstration_is_at_home(host):
    running.refuse_beyond_loopback(host)

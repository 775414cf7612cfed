"""What the owner of the database sees."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from app.settings import Settings


@pytest.fixture
def owner_rows(given: Settings) -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
    assert given.database_url
    engine = create_engine(given.database_url, isolation_level="AUTOCOMMIT")

    def rows(query: str, **values: Any) -> list[tuple[Any, ...]]:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query), values)]

    yield rows
    engine.dispose()

"""Who tells the story, and what is looked at besides what its people are shown."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from app.settings import Settings
from tests.fixtures.service import Enter
from tests.journey.json_hand import JsonHand


@pytest.fixture
def by_json(enter: Enter) -> JsonHand:
    """The JSON doors, with everybody's client."""
    return JsonHand(enter)


@pytest.fixture
def owner(given: Settings) -> Iterator[Engine]:
    """The database of this test as its owner sees it, past every policy."""
    assert given.database_url
    engine = create_engine(given.database_url)
    yield engine
    engine.dispose()


Events = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def events(owner: Engine) -> Events:
    """Return what the ledger says of a case, the first first."""

    def of(case: str) -> list[dict[str, Any]]:
        query = text("SELECT body FROM ledger.event WHERE case_id = :case ORDER BY id")
        with owner.connect() as connection:
            return [json.loads(body) for (body,) in connection.execute(query, {"case": case})]

    return of

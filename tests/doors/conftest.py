"""Doors: the records behind them, and the invented cases that they lead to."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from app.kit.postgres import Server
from app.settings import Settings
from tests.doors.knocking import Records, records_of
from tests.fixtures.service import Told


@pytest.fixture
def records(server: Server, given: Settings) -> Iterator[Records]:
    """The records of this test, as only the superuser of the database sees them."""
    found = records_of(server, given)
    yield found
    found.close()


@pytest.fixture
def woman(told_sheltered: Told) -> UUID:
    """The case of a woman who was referred by police, led by an NGO, and sheltered."""
    case_id: UUID = told_sheltered.about
    return case_id

"""What the tests of the safeguards begin with."""

from functools import partial
from uuid import UUID

import pytest

from app.demo.acting import as_persona
from tests.fixtures.service import Once, Told
from tests.safeguards.told import begin


@pytest.fixture(scope="session")
def told_record(once: Once) -> Told:
    return once(lambda teller: begin(partial(as_persona, teller.runtime)))


@pytest.fixture
def sealed_record(told_record: Told) -> tuple[UUID, UUID]:
    """A case that the police began and an NGO leads, and a record that its lead wrote."""
    case_id, record_id = told_record.about
    return case_id, record_id

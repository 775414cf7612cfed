"""What the tests of the safeguards begin with."""

from uuid import UUID

import pytest

from tests.fixtures.service import As
from tests.safeguards.told import begin


@pytest.fixture
def sealed_record(acting: As) -> tuple[UUID, UUID]:
    """A case that the police began and an NGO leads, and a record that its lead wrote."""
    return begin(acting)

"""A case with a lead and a house, for those who have to do with it only by their office, or in an emergency."""

from uuid import UUID

import pytest

from app.demo import stories
from app.demo.stories import Teller
from app.kit.clock import HeldClock
from app.web.door import Runtime
from tests.casework.conftest import Ledger, ledger, owner

__all__ = ["Ledger", "ledger", "owner"]


@pytest.fixture
def teller(runtime: Runtime, clock: HeldClock) -> Teller:
    return Teller(runtime, clock)


@pytest.fixture
def sheltered(teller: Teller) -> UUID:
    """A woman whom the police referred, an NGO leads, and a shelter houses."""
    return stories.sheltered(teller)

"""A case with a lead and a house, for those who have to do with it only by their office, or in an emergency."""

import pytest

from app.demo.stories import Teller
from app.kit.clock import HeldClock
from app.web.door import Runtime
from tests.casework.conftest import Ledger, ledger, owner, sheltered

__all__ = ["Ledger", "ledger", "owner", "sheltered"]


@pytest.fixture
def teller(runtime: Runtime, clock: HeldClock) -> Teller:
    return Teller(runtime, clock)

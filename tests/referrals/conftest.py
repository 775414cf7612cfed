"""A police officer at a browser, and the organisation that is asked."""

from uuid import UUID

import pytest

from tests.fixtures.service import As, Browser, Enter
from tests.referrals import made


@pytest.fixture
def police(enter: Enter) -> Browser:
    return enter("police")


@pytest.fixture
def receiver(acting: As) -> UUID:
    with acting("ngo") as work:
        return made.organisation(work)

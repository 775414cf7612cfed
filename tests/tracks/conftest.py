"""Whom the tracks on a real database are about."""

from uuid import UUID

import pytest

from app.demo.stories import Teller


@pytest.fixture
def presumed(teller: Teller) -> UUID:
    """A woman whom the police referred and an NGO leads."""
    case_id = teller.refer("police", "ngo", [{"source": "told", "signs": ["ilo.debt"]}], given_names="Ana")
    teller.act("ngo", case_id, "referral", "accept")
    return case_id

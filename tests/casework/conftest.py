"""A case that has come far, one that waits for an answer, and what the ledger says of both."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, text

from app.casework.models import CaseTrack
from app.demo import stories
from app.demo.stories import Teller
from tests.fixtures.service import Told

Ledger = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def sheltered(told_sheltered: Told) -> UUID:
    """A woman whom the police referred, an NGO leads, and a shelter houses."""
    case_id: UUID = told_sheltered.about
    return case_id


@pytest.fixture
def waiting(teller: Teller) -> UUID:
    """A referral by the police that another NGO has not answered."""
    return stories.waiting(teller)


@pytest.fixture
def ledger(owner: Engine) -> Ledger:
    """The events of a case, the earliest first; of some acts only, if named."""

    def events(case_id: UUID, *acts: str) -> list[dict[str, Any]]:
        with owner.connect() as connection:
            rows = connection.execute(text("SELECT body FROM ledger.event ORDER BY id")).scalars()
            said = [json.loads(each) for each in rows]
        return [
            each for each in said if each.get("case") == str(case_id) and (not acts or each["act"] in acts)
        ]

    return events


@pytest.fixture
def track_of(teller: Teller) -> Callable[[UUID, str], CaseTrack]:
    """The newest track of a kind, as the NGO or the police know it."""

    def found(case_id: UUID, slug: str, who: str = "ngo") -> CaseTrack:
        with stories.as_persona(teller.runtime, who) as work:
            query = select(CaseTrack).where(CaseTrack.case_id == case_id, CaseTrack.slug == slug)
            return work.session.scalars(query.order_by(CaseTrack.opened_at.desc()).limit(1)).one()

    return found

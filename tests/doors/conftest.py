"""Doors: the records behind them, and the invented cases that they lead to."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI

from app.accounts.models import Organisation, UserAccount
from app.accounts.sessions import identify, sign_in_as
from app.demo import acting
from app.kit.postgres import Server
from app.safeguards.stamps import stamp
from app.safeguards.words import Role
from app.settings import Settings
from app.web import csrf
from app.web.door import Runtime
from tests.doors.knocking import Records, records_of
from tests.fixtures.service import Browser, Told


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


@pytest.fixture
def insider(app: FastAPI, runtime: Runtime) -> Any:
    """Sign in as an invented person of any role: `insider(Role.DPO)`."""

    def entered(role: Role) -> Browser:
        with acting.as_system(runtime) as work:
            house = work.session.query(Organisation.id).filter_by(name="Audit Office").scalar()
            user = UserAccount(
                id=uuid4(), organisation_id=house, role=role.value, name="Somebody",
                email=f"{uuid4()}@demonstration.example",
                language="en", is_client=False, created_at=work.clock.now(),
            )  # fmt: skip
            stamp(work, user)
            work.session.add(user)
            work.session.flush()
            cookie = sign_in_as(work, user.id, "passkey")
            signed = identify(work, cookie)
            work.commit()
        assert signed is not None
        return Browser(app, cookie, csrf.token(signed.csrf_secret))

    return entered

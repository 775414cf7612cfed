"""Works of the accounts room on a real database; each test is rolled back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.orm import Session

from app.accounts import service
from app.accounts.models import UserAccount
from app.accounts.passkeys import Site
from app.accounts.sessions import identify, open_session
from app.kit.clock import HeldClock
from app.kit.database import make_engine
from app.safeguards.access import anonymous, system_actor
from app.safeguards.vault.keyfile import KeyFile
from app.safeguards.vault.keys import DataKeys
from app.safeguards.words import Role
from app.safeguards.work import Work
from app.tables import METADATA
from tests.fixtures.authenticator import Authenticator


@pytest.fixture(scope="session")
def owner(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
    if not inspect(engine).has_table("user_account"):
        with engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA keys"))
            connection.execute(text("CREATE SCHEMA ledger"))
            METADATA.create_all(connection)
    yield engine
    engine.dispose()


@pytest.fixture
def session(owner: Engine) -> Iterator[Session]:
    with owner.connect() as connection:
        undone = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        undone.rollback()


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def system(session: Session, clock: HeldClock, owner: Engine, tmp_path: Path) -> Work:
    keys = DataKeys(owner, KeyFile.create(tmp_path / "kek.json"))
    return Work(system_actor(), "administration", session, clock, keys).begin()


@pytest.fixture
def public(system: Work) -> Work:
    return replace(system, actor=anonymous(), purpose="sign-in").begin()


@pytest.fixture
def home(system: Work) -> UUID:
    return service.add_organisation(system, "House of Orme", "NGO", takes_referrals=True)


@pytest.fixture
def user(system: Work, home: UUID) -> UserAccount:
    made = service.add_user(system, home, Role.NGO, name="Ada Orme", email="ada@orme.example")
    return system.session.get_one(UserAccount, made)


SignIn = Callable[[UserAccount], Work]


@pytest.fixture
def signed_in(public: Work) -> SignIn:
    """A work in the name of a user who signed in this very moment."""

    def work(user: UserAccount) -> Work:
        cookie = open_session(public, user, "passkey", public.clock.now())
        found = identify(public.session, cookie, public.clock.now())
        assert found is not None
        return replace(public, actor=found.actor, purpose="administration", _standings={}).begin()

    return work


@pytest.fixture
def administrator(system: Work, signed_in: SignIn) -> Work:
    office = service.add_organisation(system, "Office", "CentralGovernmentOrganisation")
    made = service.add_user(system, office, Role.ADM, name="Kit Office", email="kit@office.example")
    return signed_in(system.session.get_one(UserAccount, made))


@pytest.fixture
def site() -> Site:
    return Site.at("https://service.example/")


@pytest.fixture
def device(site: Site) -> Authenticator:
    return Authenticator(site.origin, site.domain)

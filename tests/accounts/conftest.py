"""Works of the accounts room on a real database; each test is rolled back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts import api, pages, service
from app.accounts.first import first_invitation_text
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
from app.settings import Settings
from app.web import faults, guards
from app.web.door import Runtime
from app.web.page import STATIC
from app.web.repeats import Repeated
from tests.accounts.written_past import Scene, made
from tests.fixtures import prepared
from tests.fixtures.authenticator import Authenticator
from tests.fixtures.chromium import CHROMIUM
from tests.fixtures.reader import ORIGIN, Reader
from tests.fixtures.slate import Slate

collect_ignore = [] if CHROMIUM.exists() else ["test_passkey_browser.py"]


@pytest.fixture(scope="session")
def owner(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url)
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
        found = identify(public, cookie)
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
    return Site.at(f"{ORIGIN}/")


@pytest.fixture
def device(site: Site) -> Authenticator:
    return Authenticator(site.origin, site.domain)


@pytest.fixture(scope="session")
def rooms() -> Iterator[FastAPI]:
    """The doors of accounts, made once a worker; all requests of its browsers run in one loop."""
    app = _doors_at(ORIGIN)
    with start_blocking_portal() as app.state.portal:
        yield app


@pytest.fixture
def opened(
    rooms: FastAPI, slate: Slate, fresh_database: str, clock: HeldClock, tmp_path: Path
) -> Callable[[str], FastAPI]:
    """Open the doors of accounts at an address, over the application's role, on a database of one test."""
    urls = prepared.urls(slate.server, fresh_database)
    keys = DataKeys(slate.engine(urls.keys), KeyFile.create(tmp_path / "kek.json"))
    runtime = Runtime(slate.engine(urls.app), keys, clock, identify)

    def at(origin: str) -> FastAPI:
        app = rooms if origin == ORIGIN else _doors_at(origin)
        app.state.settings, app.state.runtime = Settings(origin=origin), runtime
        return app

    return at


def _doors_at(origin: str) -> FastAPI:
    app = FastAPI()
    app.mount("/static", StaticFiles(directory=STATIC))
    for room in (pages, api):
        app.include_router(room.router)
    faults.install(app)
    app.add_exception_handler(Repeated, lambda _request, found: found.response)
    guards.install(app, origin)
    return app


@pytest.fixture
def doors(opened: Callable[[str], FastAPI]) -> FastAPI:
    return opened(ORIGIN)


@pytest.fixture
def reader(doors: FastAPI) -> Reader:
    """A browser that nobody has signed in with."""
    return Reader(doors)


@pytest.fixture
def ruler(doors: FastAPI) -> Reader:
    """The browser of the first administrator."""
    reader = Reader(doors)
    link = first_invitation_text(doors.state.runtime, ORIGIN).split()[-1]
    assert reader.accept(link.split("#")[1]).status_code == 200
    return reader


@pytest.fixture
def scene(  # noqa: PLR0917 -- what it is made of
    public: Work, system: Work, user: UserAccount, administrator: Work, site: Site, device: Authenticator
) -> Scene:
    """`user` is Ada, who has a passkey; Eve was invited with the device of another person."""
    return made(public, system, user, administrator, site, device)

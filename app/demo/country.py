"""Filling the demonstration country through the services, never by raw inserts; done once."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.models import UserAccount
from app.demo.people import HOUSES, PERSONAS, Persona, mail
from app.safeguards.access import Actor, system_actor
from app.safeguards.work import Work
from app.safeguards.words import Role
from app.settings import Settings
from app.shelters import service as shelters
from app.web.door import Runtime


def fill(settings: Settings) -> None:
    """Make organisations, people, shelters, unless they are there already."""
    from app.main import runtime_of  # noqa: PLC0415 -- the application lies above this floor

    runtime = runtime_of(settings)
    with as_system(runtime) as work:
        if work.session.scalar(select(UserAccount.id).limit(1)):
            return
        settle(work)
        work.commit()
    with as_persona(runtime, "shelter") as work:
        furnish(work)
        work.commit()
    runtime.engine.dispose()
    runtime.keys.engine.dispose()


def settle(work: Work) -> dict[str, UUID]:
    """Add every organisation and persona; return the users' ids by key."""
    houses = {
        each.key: accounts.add_organisation(work, each.name, each.kind, takes_referrals=each.takes_referrals)
        for each in HOUSES
    }
    return {
        each.key: accounts.add_user(
            work, houses[each.house], each.role, name=each.name, email=mail(each), language=each.language
        )
        for each in PERSONAS
    }


def furnish(work: Work) -> None:
    """Add the houses of the shelter worker, with places."""
    assert work.actor.organisation_id is not None
    for number, (women, men, children) in enumerate(((True, False, True), (False, True, False)), start=1):
        house = shelters.add_shelter(
            work, organisation_id=work.actor.organisation_id, region="north" if number == 1 else "south", women=women, men=men, children=children,
            accessible=number == 1, pets=False, security_level="high" if number == 1 else "ordinary",
        )  # fmt: skip
        for sleeps in (1, 1, 2):
            shelters.add_place(work, house, sleeps=sleeps)


def find(session: Session, key: str) -> UserAccount:
    """Return the account of a persona."""
    persona = persona_of(key)
    return session.scalars(select(UserAccount).where(UserAccount.email == mail(persona))).one()


def persona_of(key: str) -> Persona:
    """Return the persona of that key."""
    return next(each for each in PERSONAS if each.key == key)


@contextmanager
def as_system(runtime: Runtime) -> Iterator[Work]:
    """Open a Work of the service itself."""
    with Session(runtime.engine, expire_on_commit=False) as session:
        yield Work(system_actor(), "demonstration", session, runtime.clock, runtime.keys).begin()


@contextmanager
def as_persona(runtime: Runtime, key: str, purpose: str = "demonstration") -> Iterator[Work]:
    """Open a Work in the name of a persona."""
    with Session(runtime.engine, expire_on_commit=False) as session:
        user = find(session, key)
        actor = Actor(
            user.id, Role(user.role), user.organisation_id, user.name, user.language, authenticator="demonstration"
        )
        yield Work(actor, purpose, session, runtime.clock, runtime.keys).begin()

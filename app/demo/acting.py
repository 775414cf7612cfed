"""Acting in the name of the demonstration's people."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import UserAccount
from app.demo.people import PERSONAS, Persona, mail
from app.safeguards.access import Actor, system_actor
from app.safeguards.words import Role
from app.safeguards.work import Work
from app.web.door import Runtime


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
            user.id,
            Role(user.role),
            user.organisation_id,
            user.name,
            user.language,
            authenticator="demonstration",
        )
        yield Work(actor, purpose, session, runtime.clock, runtime.keys).begin()

"""Filling the demonstration country through the services, never by raw inserts; done once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.models import UserAccount
from app.demo.acting import as_persona, as_system
from app.demo.people import HOUSES, PERSONAS, mail
from app.demo.stories import ZONE, Teller
from app.demo.telling import tell
from app.kit.clock import HeldClock
from app.safeguards.work import Work
from app.shelters import addresses
from app.shelters import service as shelters
from app.shelters.forms import HouseAddress
from app.web.door import Runtime

AGO = timedelta(days=7)  # the stories began so long ago,
MORNING = 9  # at this hour,
PACE = timedelta(minutes=5)  # and their people take their time


def beginning(now: datetime) -> datetime:
    """Return when the stories begin: in the morning, a week before."""
    day = (now - AGO).astimezone(ZoneInfo(ZONE))
    return day.replace(hour=MORNING, minute=0, second=0, microsecond=0).astimezone(UTC)


def fill(runtime: Runtime, clock: HeldClock) -> None:
    """Make organisations, people, shelters and cases, unless they are there; the clock is the runtime's."""
    with as_system(runtime) as work:
        if work.session.scalar(select(UserAccount.id).limit(1)):
            return
        settle(work)
        work.commit()
    with as_persona(runtime, "shelter") as work:
        furnish(work)
        work.commit()
    tell(Teller(runtime, clock, PACE))


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
            work, organisation_id=work.actor.organisation_id, region="north" if number == 1 else "south",
            women=women, men=men, children=children,
            accessible=number == 1, pets=False, security_level="high" if number == 1 else "ordinary",
        )  # fmt: skip
        street = "Quince Lane 4" if number == 1 else "Mill Row 19"
        addresses.record_address(
            work, house, HouseAddress(address=f"{street}, Northfield", telephone="+43 1 5550 017")
        )
        for sleeps in (1, 1, 2):
            shelters.add_place(work, house, sleeps=sleeps)

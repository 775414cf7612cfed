"""Where a walk begins: an invented world, a country whose law holds, somebody who has opened a file."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from app.profiles.profile import codes, load
from app.safeguards.words import Relation, Role
from tests.walks.made_case import MadeCase
from tests.walks.made_effects import DOES
from tests.walks.made_world import Somebody, World
from tests.walks.themes import THEMES
from tests.walks.walk import Walk

BEGINS = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SENDERS = (Role.POL, Role.NGO, Role.SOC, Role.LAB, Role.HOT)


def made_world() -> World:
    """Return a world: an organisation with three people for each role, and a second one of NGOs and shelters."""
    by = Random(34)
    roles = [each for each in Role if each not in (Role.SYS, Role.VIC)]
    houses = [UUID(int=by.getrandbits(128)) for _number in range(len(roles) + 2)]
    staffed = [(role, house) for role, house in zip(roles, houses, strict=False) for _number in range(3)]
    staffed += [(role, houses[-2]) for role in (Role.NGO, Role.SHE)]
    people = tuple(Somebody(UUID(int=by.getrandbits(128)), role, house) for role, house in staffed)
    shelters = dict.fromkeys(each.organisation_id for each in people if each.role is Role.SHE)
    places = {UUID(int=by.getrandbits(128)): house for house in shelters for _number in range(3)}
    receiving = dict.fromkeys(each.organisation_id for each in people if each.role in (Role.NGO, Role.SOC))
    return World(people, tuple(dict.fromkeys(house for _role, house in staffed)), tuple(receiving), places)


def begun(world: World, seed: int) -> Walk:
    """Return a walk at its beginning: somebody has opened a file, under the law of some country."""
    by = Random(seed)
    begins = BEGINS + timedelta(hours=by.randint(0, 9000))
    case = MadeCase(world, by, begins, load(by.choice(codes())), does=DOES)
    sender = by.choice([each for each in world.people if each.role in SENDERS])
    case.grant(Relation.REFERRER, sender.role, sender.organisation_id, sender.id, None)
    return Walk(case, THEMES[seed % len(THEMES)])

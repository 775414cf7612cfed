"""Some hundreds of steps on PostgreSQL: engine, clocks, team, loans and ledger do what the law in memory does."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from random import Random

import pytest
from sqlalchemy import Engine, create_engine, text

from app.accounts import service as accounts
from app.cases import service as cases
from app.demo.acting import as_system
from app.kit.clock import HeldClock
from app.profiles.profile import codes, load
from app.safeguards.access import Actor
from app.safeguards.words import Relation, Role
from app.safeguards.work import Work
from app.settings import Settings
from app.web.door import Runtime
from tests.walks.beginning import BEGINS, SENDERS
from tests.walks.in_database import DatabaseWalk, world_of
from tests.walks.made_case import MadeCase
from tests.walks.made_effects import DOES
from tests.walks.made_world import World
from tests.walks.themes import THEMES

Jobs = Callable[[], AbstractContextManager[Work]]
WALKS = int(os.environ.get("NRM_DATABASE_WALKS", "0"))  # so many by command, each time others
MOVES = 45
CAME_LATER = (Role.HEA, Role.LEG, Role.DPO, Role.BIP, Role.CON, Role.HOT, Role.CAU, Role.SUP, Role.NGO)


@pytest.fixture
def world(runtime: Runtime, clock: HeldClock, given: Settings) -> World:
    """The demonstration's people, and some of each role that it lacks."""
    assert given.database_url
    with as_system(runtime) as work:
        for role in CAME_LATER:
            house = accounts.add_organisation(
                work, f"House of {role}", "NGO", takes_referrals=role is Role.NGO
            )
            for number in range(2):
                accounts.add_user(work, house, role, name="Somebody", email=f"{role}{number}@walk.example")
        work.commit()
    engine = create_engine(given.database_url)
    found = world_of(engine)
    engine.dispose()
    return found


def test_the_database_does_what_the_law_says(
    world: World, runtime: Runtime, given: Settings, jobs: Jobs
) -> None:
    assert given.database_url
    owner = create_engine(given.database_url)
    by = Random(None if WALKS else 27)
    steps = 0
    for number in range(WALKS or 7):
        walk = _begun(world, by.getrandbits(30) // 7 * 7 + number, runtime, owner, jobs)
        try:
            for _turn in range(MOVES):
                walk.move(by.getrandbits(32))
        except Exception as error:
            error.add_note("\n".join(walk.diary))
            raise
        steps += sum(walk.steps.values())
        world = world_of(owner)  # without the places that this case has
    owner.dispose()
    assert steps >= 150


def _begun(world: World, seed: int, runtime: Runtime, owner: Engine, jobs: Jobs) -> DatabaseWalk:
    by = Random(seed)
    sender = by.choice([each for each in world.people if each.role in SENDERS])
    profile = load(by.choice(codes()))
    assert isinstance(runtime.clock, HeldClock)
    runtime.clock.at = max(BEGINS, runtime.clock.at)
    case = MadeCase(world, by, runtime.clock.at, profile, does=DOES)
    case.grant(Relation.REFERRER, sender.role, sender.organisation_id, sender.id, None)
    walk = DatabaseWalk(
        case, THEMES[seed % len(THEMES)], runtime=runtime, owner=owner, jobs=jobs, case_id=sender.id
    )
    with walk._work(Actor(sender.id, sender.role, sender.organisation_id)) as work:
        walk.case_id = cases.begin_case(work)
        work.commit()
    with owner.begin() as connection:
        connection.execute(
            text('UPDATE "case" SET profile_code = :code, profile_version = :version WHERE id = :case'),
            {"code": profile.code, "version": profile.version, "case": walk.case_id},
        )
    return walk

"""Finding a person again: 10,000 people with names in three scripts, each question as another office would write it."""

import os
import random
import time
from collections.abc import Iterator
from uuid import UUID

from app.cases.forms import Search
from app.cases.likeness import SUGGESTED
from app.cases.search import search
from app.demo.acting import as_persona
from app.kit.values import PartialDate
from app.running import jobs_session_maker
from app.safeguards import finding, rationing
from app.safeguards.vault import index
from app.safeguards.words import Category
from app.safeguards.work import Work
from app.settings import Settings
from app.web.door import Runtime
from benchmarks.cases import enter
from benchmarks.figures import Figure
from benchmarks.installation import owner, running
from benchmarks.register import Register, traits
from benchmarks.three_scripts import Someone, again, population

PEOPLE = int(os.environ.get("NRM_BENCH_PEOPLE", "10000"))
ASKED = 1_500
TIMED = 300
AT_ONCE = 100  # people entered in one transaction
OWN = 200  # cases of the caseworker who searches; nobody carries more


def measure(given: Settings) -> Iterator[Figure]:
    """Yield what is found, in memory with the service's own functions; then the time that it takes on a database."""
    people, chance = population(PEOPLE), random.Random(7)
    register = Register.of(people)
    asked = [again(people[each], chance) for each in chance.sample(range(PEOPLE), min(ASKED, PEOPLE))]
    strangers = [again(each, chance) for each in population(ASKED, seed=99, first=PEOPLE)]
    yield from _found(register, people, asked)
    yield from _unfound(register, strangers)
    yield from _timed(given, people, [each for each in asked if traits(each).enough][:TIMED])


def _found(register: Register, people: list[Someone], asked: list[Someone]) -> Iterator[Figure]:
    ranks = [[number for _share, number in register.scored(each)] for each in asked]
    pairs = list(zip(asked, ranks, strict=True))
    where = f"{PEOPLE:,} people in three scripts"
    yield Figure(
        f"{where}: among the 20 opened", _share(each.number in found for each, found in pairs), "%", 98.0
    )
    yield Figure(
        f"{where}: among the first five", _share(each.number in found[:5] for each, found in pairs), "%", 97.0
    )
    told = _share(each.number in register.known(each) for each in asked)
    yield Figure(f"{where}: known elsewhere, said without opening", told, "%")
    as_written = {(each.name, each.born) for each in people}
    yield Figure(
        "for comparison, same name and same date", _share((e.name, e.born) in as_written for e in asked), "%"
    )


def _unfound(register: Register, strangers: list[Someone]) -> Iterator[Figure]:
    quiet = _share(all(share < SUGGESTED for share, _number in register.scored(each)) for each in strangers)
    yield Figure("new people: none is called very alike", quiet, "%", 97.4)
    yield Figure(
        "new people: none is said to be known elsewhere",
        _share(not register.known(e) for e in strangers),
        "%",
        97.0,
    )


def _share(said: Iterator[bool]) -> float:
    counted = list(said)
    return sum(counted) / len(counted) * 100


def _timed(given: Settings, people: list[Someone], asked: list[Someone]) -> Iterator[Figure]:
    for each in ("search", "known"):
        rationing.QUOTAS[each]["default"] = rationing.Quota(10**9, 10**9)
    with running(given) as runtime, owner(given) as engine:
        with engine.begin() as connection:  # entering so many people is not what is timed
            name = connection.exec_driver_sql("SELECT current_database()").scalar()
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit TO off")
        mine = {each.number for each in asked[: OWN // 2]}
        theirs = [each for each in people if each.number not in mine]
        for first in range(0, len(theirs), AT_ONCE):
            enter(runtime, "ngo2", theirs[first : first + AT_ONCE])
            with engine.begin() as connection:  # nobody carries thousands of cases
                connection.exec_driver_sql("DELETE FROM team_member")
        own = enter(runtime, "ngo", [each for each in people if each.number in mine])
        with jobs_session_maker(given)() as work:
            index.replan(work.session, work.keys, work.commit)
        with engine.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
        yield from _figures(runtime, own, asked)


def _figures(runtime: Runtime, own: list[UUID], asked: list[Someone]) -> Iterator[Figure]:
    with as_persona(runtime, "ngo") as work:
        spent = [_of(work, lambda each=each: search(work, _form(each))) for each in asked]  # type: ignore[misc]
        yield Figure(f"search among {len(own)} own cases, p95", _p95(spent), "ms", 50.0, limit=True)
        checks = [
            _of(work, lambda each=each: finding.known_elsewhere(work, own[0], _question(work, each)))
            for each in asked
        ]  # type: ignore[misc]
        yield Figure(f"known elsewhere, of {PEOPLE:,} people, p95", _p95(checks), "ms", 50.0, limit=True)


def _of(work: Work, act: object) -> float:
    assert callable(act)
    began = time.perf_counter()
    act()
    work.session.connection()
    return (time.perf_counter() - began) * 1000


def _p95(spent: list[float]) -> float:
    return sorted(spent)[int(len(spent) * 0.95)]


def _form(person: Someone) -> Search:
    year, month, day = person.born
    born = PartialDate(year=year, month=month, day=day) if any(person.born) else None
    return Search(name=person.name, born_on=born)


def _question(work: Work, person: Someone) -> finding.Question:
    return finding.of_traits(work, {Category.ID: traits(person)})

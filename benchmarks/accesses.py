"""How much of what is opened in the demonstration country an act, a task or something asked explains.

Everybody opens every case on their list of work, once a day for a week, as its clocks and answers go on. Beside them
one office was given a place on every team where it has nothing to do: what its people open must all be found.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import UserAccount
from app.cases.models import Case, Person
from app.casework.queries import case_page
from app.casework.worklist import worklist
from app.demo import telling
from app.demo.acting import as_persona
from app.demo.people import PERSONAS
from app.demo.stories import Teller
from app.kit.clock import HeldClock, SystemClock
from app.oversight import accesses
from app.safeguards import access
from app.safeguards.words import Relation
from app.safeguards.work import Work
from app.settings import Settings
from app.web.door import Runtime
from benchmarks.figures import Figure
from benchmarks.installation import running

DAYS = 7
CURIOUS = "ngo2"  # a stranger to most cases


def measure(given: Settings) -> Iterator[Figure]:
    """Yield the share that is explained, and what of the looks without a task is found."""
    clock = HeldClock(SystemClock().now() - timedelta(days=30))
    with running(given) as made:
        runtime = replace(made, clock=clock)
        telling.tell(Teller(runtime, clock))
        for _day in range(DAYS):
            clock.move(timedelta(days=1))
            for persona in PERSONAS:
                _open_all(runtime, persona.key)
        total, explained = _counted(runtime)
        yield Figure("openings in the demonstration country", total, digits=0)
        yield Figure("of them explained", 100 * explained / total, "%", 90.0, digits=1)
        own = _open_all(runtime, CURIOUS)
        before = _unexplained(runtime)
        looked = _looks_around(runtime, own)
        found = _unexplained(runtime) - before
        yield Figure(
            "of the looks of an office without any task: found", 100 * found / looked, "%", 100.0, digits=1
        )


def _open_all(runtime: Runtime, key: str) -> set[UUID]:
    """Let a persona open what is on their list of work; return those cases."""
    with as_persona(runtime, key, "assistance") as work:
        found = worklist(work)
        cases = {each.id for each in found.cases} | {
            each.case_id for each in (*found.to_answer, *found.missing)
        }
        for case_id in sorted(cases):
            case_page(work, case_id)
        work.commit()
    return cases


def _looks_around(runtime: Runtime, own: set[UUID]) -> int:
    """Give an office a place on every team but its own, and open those cases; return how many they are."""
    with as_persona(runtime, "auditor") as work:
        cases = set(work.session.scalars(select(Case.id))) - own
    with as_persona(runtime, CURIOUS) as work:
        organisation_id = work.actor.organisation_id
        assert organisation_id is not None
        for case_id in cases:
            access.grant(
                work, case_id, Relation.ASSIGNED, role=work.actor.role, organisation_id=organisation_id
            )
        work.commit()
    with as_persona(runtime, CURIOUS, "assistance") as work:
        opened = sum(bool(work.reveal(case_id, records).parts) for case_id, records in _people(work, cases))
        work.commit()
    return opened


def _people(work: Work, cases: set[UUID]) -> list[tuple[UUID, list[UUID]]]:
    rows = work.session.execute(select(Person.case_id, Person.id).where(Person.case_id.in_(cases)))
    return [(row.case_id, [row.id]) for row in rows]


def _unexplained(runtime: Runtime) -> int:
    total, explained = _counted(runtime)
    return total - explained


def _counted(runtime: Runtime) -> tuple[int, int]:
    """Return how many openings there were in all organisations, and how many of them are explained."""
    total = explained = 0
    with as_persona(runtime, "supervisor") as work:
        houses = list(work.session.scalars(select(UserAccount.organisation_id).distinct()))
    for house in houses:
        with as_persona(runtime, "supervisor") as work:
            work.actor = replace(work.actor, organisation_id=house)  # each has a supervisor here
            report = accesses.report(work.begin(), accesses.MOST_DAYS)
        total, explained = total + report.total, explained + report.explained
    return total, explained

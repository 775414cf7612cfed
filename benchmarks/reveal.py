"""What it costs to open 60 fields in 8 categories: the matrix, the select, the keys, the opening, the event.

It is CPU of the serving thread, so that neither the database nor the disk is in it, of the quietest round.
"""

import time
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any
from uuid import UUID

from pydantic import create_model
from sqlalchemy import select

from app.cases import service as cases
from app.cases.models import Person
from app.demo.acting import as_persona
from app.kit.ids import new_id
from app.safeguards import access
from app.safeguards.fields import Form, asked
from app.safeguards.listing import reveal_each
from app.safeguards.words import Category, Relation, Role
from app.safeguards.work import Work
from app.settings import Settings
from app.web.door import Runtime
from benchmarks.cases import enter
from benchmarks.figures import Figure
from benchmarks.installation import running
from benchmarks.three_scripts import population

FIELDS = 60
CATEGORIES = (
    Category.ID, Category.CON, Category.LOC, Category.NAT, Category.FAM, Category.EXP, Category.LAB, Category.SVC,
)  # fmt: skip
TIMES = 200
ROUNDS = 9
LISTED = 50
NAMES = tuple(zip((f"field_{number:02d}" for number in range(FIELDS)), cycle(CATEGORIES), strict=False))


def measure(given: Settings) -> Iterator[Figure]:
    """Yield the CPU of one `reveal`, with the keys in memory and with one call to the key service."""
    with running(given) as runtime:
        case_id, record_id = kept(runtime)
        with as_persona(runtime, "ngo", "casework") as work:
            seen = work.reveal(case_id, [record_id])
            assert len(seen.of(record_id)) == FIELDS
            assert len({part.category for part in seen.parts}) == len(CATEGORIES)
            yield from _figures(work, case_id, record_id)
        listed = enter(runtime, "ngo", population(LISTED))
        with as_persona(runtime, "ngo", "casework") as work:
            yield _list(work, listed)


def _figures(work: Work, case_id: UUID, record_id: UUID) -> Iterator[Figure]:
    def cached() -> None:
        work.reveal(case_id, [record_id])

    def fetched() -> None:
        work.keys._open.clear()  # noqa: SLF001 -- as after half a minute
        work.reveal(case_id, [record_id])

    def first() -> None:
        work.forget_standing(case_id)
        work.reveal(case_id, [record_id])

    where = f"reveal, {FIELDS} fields in {len(CATEGORIES)} categories, CPU"
    yield Figure(f"{where}: keys in memory", _cpu(cached), "ms", 0.5, limit=True, digits=3)
    yield Figure(
        f"{where}: the first of a request, which reads the team and its stamps", _cpu(first), "ms", digits=3
    )
    yield Figure(f"{where}: with one call to the key service", _cpu(fetched), "ms", digits=3)
    one = _cpu(lambda: work.session.connection().exec_driver_sql("SELECT 1").all())
    yield Figure("for comparison, `SELECT 1` through SQLAlchemy and psycopg, CPU", one, "ms", digits=3)


def _list(work: Work, listed: list[UUID]) -> Figure:
    query = select(Person.case_id, Person.id).where(Person.case_id.in_(listed))
    records = {case_id: [record_id] for case_id, record_id in work.session.execute(query)}

    def opened() -> None:
        work._standings.clear()  # noqa: SLF001 -- as at the next request
        assert len(reveal_each(work, records, [Category.ID])) == LISTED

    return Figure(f"a list of {LISTED} cases with names, CPU", _cpu(opened, 15), "ms", 5.0, limit=True)


def _cpu(act: Callable[[], object], times: int = TIMES) -> float:
    """Return the milliseconds of CPU that one call takes."""
    rounds = []
    for _round in range(ROUNDS):
        began = time.thread_time()
        for _time in range(times):
            act()
        rounds.append((time.thread_time() - began) / times * 1000)
    return min(rounds)


def sixty() -> type[Form]:
    """Return a form of 60 fields in 8 categories."""
    fields: dict[str, Any] = {
        name: (str | None, asked(category, "Field", default=None)) for name, category in NAMES
    }
    return create_model("Sixty", __base__=Form, **fields)


def kept(runtime: Runtime) -> tuple[UUID, UUID]:
    """Keep a record of 60 fields in a case that the police began and an NGO leads; return both ids."""
    record_id = new_id()
    with as_persona(runtime, "police") as work, as_persona(runtime, "ngo") as lead:
        case_id = cases.begin_case(work)
        assert lead.actor.organisation_id
        access.grant(
            work, case_id, Relation.LEAD, role=Role.NGO, organisation_id=lead.actor.organisation_id,
            user_id=lead.actor.user_id,
        )  # fmt: skip
        values = {name: f"An answer of ordinary length to {name}" for name, _category in NAMES}
        work.seal(case_id, "benchmark", record_id, values, sixty())
        work.commit()
    return case_id, record_id

"""The floor: the same rows and page by the same stack, with plain columns and no safeguard at all.

There is no sign-in, no context for row-level security, no matrix, no sealing and no ledger. `/bare` is lower still:
it reads the rows and fills the template, but the words and the steps on offer were worked out beforehand.
"""

import json
from collections.abc import AsyncIterator, Collection, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any
from uuid import UUID

import anyio.to_thread
from fastapi import Depends, FastAPI, Request
from fastapi.responses import Response
from sqlalchemy import Engine, bindparam, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.accounts.models import Organisation, UserAccount
from app.cases.models import Case, Person
from app.casework.models import CaseStep, CaseTrack
from app.casework.queries import case_page
from app.casework.shown import CasePage
from app.deadlines.models import RunningDeadline
from app.demo.acting import find
from app.kit.clock import SystemClock
from app.kit.database import make_engine
from app.safeguards import ties
from app.safeguards.access import Actor
from app.safeguards.matrix import Decision, Standing
from app.safeguards.models import Share, TeamMember
from app.safeguards.vault.parts import Opened
from app.safeguards.words import Category, Level, Relation, Role
from app.safeguards.work import Revealed, Work
from app.settings import settings
from app.web.door import Runtime
from app.web.page import render
from app.web.turns import turn
from benchmarks.cases import READER

LEAD = Standing(frozenset({Relation.LEAD}))
ALL = Decision(allowed=True, level=Level.WRITE, minimised=False, rule="")
LEVELS = dict.fromkeys(Category, Level.WRITE)
PREPARED: dict[UUID, CasePage] = {}

TABLES = (
    "CREATE SCHEMA peer",
    """CREATE TABLE peer.part (record_id uuid, category text, record_type text, row_version int, fields jsonb,
         PRIMARY KEY (record_id, category))""",
)
KEEP = text(
    "INSERT INTO peer.part VALUES (:record_id, :category, :record_type, :row_version, :fields)"
).bindparams(bindparam("fields", type_=JSONB))
PLAIN = text("SELECT * FROM peer.part WHERE record_id = ANY(CAST(:records AS uuid[]))").columns(fields=JSONB)


@dataclass
class OpenWork(Work):
    """A Work in which everything is open and nothing is recorded."""

    def begin(self) -> "OpenWork":
        """Open the transaction and tell the database nothing."""
        return self

    def standing(self, case_id: UUID) -> Standing:  # noqa: ARG002
        """Let everybody coordinate every case."""
        return LEAD

    def member(self, case_id: UUID) -> Standing:  # noqa: ARG002
        """Let everybody coordinate every case."""
        return LEAD

    def may(self, case_id: UUID, category: Category, act: str = "read", *, own: bool = False) -> Decision:  # noqa: ARG002
        """Allow it."""
        return ALL

    def reveal(self, case_id: UUID, records: Iterable[UUID]) -> Revealed:  # noqa: ARG002
        """Return what lies in plain columns."""
        return Revealed(LEVELS, tuple(_plain(self.session, list(records))))


def _plain(session: Session, records: list[UUID]) -> Iterator[Opened]:
    wanted = "{" + ",".join(map(str, records)) + "}"
    for row in session.connection().execute(PLAIN, {"records": wanted}):
        yield Opened(
            row.record_type, row.record_id, Category(row.category), row.row_version, False, row.fields
        )


def keep_plain(engine: Engine, kept: Collection[Opened]) -> None:
    """Put opened parts into plain columns."""
    rows = [
        {
            "record_id": part.record_id, "category": part.category.value, "record_type": part.record_type,
            "row_version": part.row_version, "fields": part.fields,
        }
        for part in kept
    ]  # fmt: skip
    with engine.begin() as connection:
        for statement in TABLES:
            connection.execute(text(statement))
        connection.execute(KEEP, rows)


def application() -> FastAPI:
    """Return the application of one process of the floor; it connects as the owner, so that no policy is asked."""
    given = settings()
    assert given.database_url
    ties.vouched = lambda *_row: True  # type: ignore[assignment]  # no row is proved either
    app = FastAPI(lifespan=_few_threads)
    app.state.settings, app.state.demonstration = given, False
    engine = make_engine(given.database_url, pool_size=given.threads)
    app.state.runtime = Runtime(engine, None, SystemClock(), None)  # type: ignore[arg-type]
    app.add_api_route("/cases/{case_id}", case)
    app.add_api_route("/bare/{case_id}", bare)
    return app


@asynccontextmanager
async def _few_threads(app: FastAPI) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = app.state.settings.threads
    yield


@cache
def _actor(engine: Engine) -> Actor:
    with Session(engine) as session:
        user = find(session, READER)
        return Actor(user.id, Role(user.role), user.organisation_id, user.name, user.language)


def open_work(
    request: Request, _turn: Annotated[None, Depends(turn, scope="function")]
) -> Iterator[OpenWork]:
    """Give the endpoint a Work that is neither bound nor recorded; there is nothing to commit."""
    engine = request.app.state.runtime.engine
    with Session(engine, expire_on_commit=False) as session:
        request.state.actor = actor = _actor(engine)
        request.state.csrf = "0" * 43
        yield OpenWork(actor, "casework", session, SystemClock(), None)  # type: ignore[arg-type]


Open = Annotated[OpenWork, Depends(open_work, scope="function")]


def case(request: Request, work: Open, case_id: UUID) -> Response:
    """Show the same page of the same case."""
    return render(request, "casework/case.html", page=case_page(work, case_id, "en"), done=None)


def bare(request: Request, work: Open, case_id: UUID) -> Response:
    """Read the same rows and fill the same template; the page's words were worked out once."""
    rows = _rows(work.session, case_id)
    assert rows["part"]
    return render(request, "casework/case.html", page=_prepared(work, case_id), done=None)


def _prepared(work: OpenWork, case_id: UUID) -> CasePage:
    if case_id not in PREPARED:
        PREPARED[case_id] = case_page(work, case_id, "en")
    return PREPARED[case_id]


def _rows(session: Session, case_id: UUID) -> dict[str, Any]:
    """Return the rows of the page, a query for each table."""
    found: dict[str, Any] = {"case": session.get(Case, case_id)}
    for model in (CaseTrack, CaseStep, TeamMember, Share, RunningDeadline, Person):
        found[model.__tablename__] = session.scalars(select(model).where(model.case_id == case_id)).all()
    found["organisation"] = session.execute(select(Organisation.id, Organisation.name)).all()
    users = [each.user_id for each in found["team_member"] if each.user_id]
    found["user"] = session.scalars(select(UserAccount).where(UserAccount.id.in_(users))).all()
    records = [each.id for each in (*found["person"], *found["step"])]
    found["part"] = [json.dumps(part.fields) for part in _plain(session, records)]
    return found

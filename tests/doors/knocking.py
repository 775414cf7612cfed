"""Knocking at every door: which there are, addresses that could be true, and what a knock left behind."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import make_url
from starlette.routing import Mount

from app.kit.postgres import Server
from app.safeguards.doors import ACCESS, Entry
from app.settings import Settings

SAFE = ("GET", "HEAD")
PARTS = {
    "slug": "report",
    "section": "report",
    "step": "accept",
}  # parts of an address that are no identifiers
# Written whatever comes of a request: who knocked where, and that a session is in use.
LEFT_BEHIND = ("ledger.event", "public.sign_in_session", "public.asking")


@dataclass(frozen=True)
class Knock:
    """One door and one method of it."""

    name: str
    method: str
    path: str

    @property
    def entry(self) -> Entry:
        return ACCESS.entries[self.name]

    @property
    def is_json(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def is_step(self) -> bool:
        return self.name.startswith(("api.step.", "api.open."))

    def at(self, **known: Any) -> str:
        """An address: the identifiers that are known, and for the others some that nothing has."""
        path = self.path
        for part in {each.split("}")[0] for each in self.path.split("{")[1:]}:
            path = path.replace(f"{{{part}}}", str(known.get(part) or PARTS.get(part) or uuid4()))
        return path


def doors(app: FastAPI) -> list[Knock]:
    """Every door of the application; what is mounted holds files."""
    found = [
        Knock(context.name, method, context.path)
        for context in iter_route_contexts(app.routes)
        if not isinstance(context.route, Mount) and context.name != "openapi"
        for method in sorted((context.methods or set()) - {"HEAD"})
    ]
    assert len(found) > 50, "the walk over the routes is broken"
    return found


class Records:
    """The records of one test's database, as only its superuser sees them."""

    def __init__(self, url: str) -> None:
        self.url = url.replace("+psycopg", "")
        self._line: psycopg.Connection[Any] | None = None

    def line(self) -> psycopg.Connection[Any]:
        """The one line to the database; tests look often."""
        if self._line is None:
            self._line = psycopg.connect(self.url, autocommit=True)
        return self._line

    def close(self) -> None:
        if self._line is not None:
            self._line.close()

    def do(self, statement: str) -> None:
        self.line().execute(statement)  # type: ignore[call-overload]

    def values(self, query: str, *given: Any) -> list[Any]:
        """The first column of a query."""
        return [row[0] for row in self.line().execute(query, given)]  # type: ignore[call-overload]

    def state(self, *but: str) -> dict[str, tuple[int, str]]:
        """Count and digest of every table, but some; equal states mean that nothing was written."""
        query = (
            "SELECT schemaname || '.' || quote_ident(tablename) FROM pg_tables"
            " WHERE schemaname IN ('public', 'keys', 'ledger')"
        )
        return {each: self._digest(each) for each in self.values(query) if each not in (*LEFT_BEHIND, *but)}

    def _digest(self, table: str) -> tuple[int, str]:
        query = f"SELECT count(*), coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM {table} t"
        row = self.line().execute(query).fetchone()  # type: ignore[call-overload]
        assert row is not None
        return row[0], row[1]

    def acts(self, case_id: UUID | str | None = None) -> list[str]:
        """The acts on the ledger, of one case or of all, in the order in which they were written."""
        where = "" if case_id is None else f"WHERE case_id = '{case_id}'"
        return self.values(f"SELECT act FROM ledger.event {where} ORDER BY id")


def records_of(server: Server, given: Settings) -> Records:
    assert given.database_url
    return Records(server.url(str(make_url(given.database_url).database)))


def without_its_number(answer: Any) -> tuple[int, dict[str, str], str]:
    """An answer apart from the numbers of the request and of its forms, and from the address that was asked."""
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    body = answer.text.replace(answer.url.path, "").replace(answer.headers["x-request-id"], "")
    return answer.status_code, headers, re.sub(r'(name="(csrf|idempotency_key)" value=)"[^"]*"', r"\1", body)

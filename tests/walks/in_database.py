"""The same walk through the real engine: what happens in memory must happen in the database, no more and no less."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from app.casework import service as engine
from app.jobs.sweep import sweep
from app.kit.clock import HeldClock
from app.kit.errors import Fault, Invalid, NotAllowed, Refused, Unknown
from app.procedure.refusal import NOT_MINE, NOT_NOW
from app.safeguards import access
from app.safeguards.access import Actor, system_actor
from app.safeguards.words import Category, Relation, Role
from app.safeguards.work import Work
from app.web.door import Runtime
from tests.walks.made_case import Moved, Rejected
from tests.walks.made_world import Row, Somebody, World
from tests.walks.walk import Act, Walk, Wrong
from tests.walks.ways import as_actor

STRANGER = Fault("Page not found", rule=NOT_MINE)  # to a stranger there is no such case
TRACKS_NOW = "SELECT id, slug, state, version, marks FROM track WHERE case_id = :case ORDER BY opened_at, id"
CLOCKS_NOW = """SELECT track_id, name, due_at, overdue_at IS NOT NULL FROM deadline
    WHERE case_id = :case AND ended_at IS NULL"""
TEAM_NOW = """SELECT relation, role, organisation_id, user_id, until_at FROM team_member
    WHERE case_id = :case AND (until_at IS NULL OR until_at > :now)"""
LENT_NOW = """SELECT track_id, purpose, basis, organisation_id, category, until_at FROM share
    WHERE case_id = :case AND ended_at IS NULL AND (until_at IS NULL OR until_at > :now)"""
PLACE_NOW = """SELECT (SELECT id FROM shelter_place WHERE held_for = :case),
    (SELECT place_id FROM shelter_stay WHERE case_id = :case AND until_at IS NULL),
    (SELECT age_class FROM "case" WHERE id = :case)"""
EVENTS = "SELECT id, body FROM ledger.event WHERE id > :last ORDER BY id"


@dataclass
class DatabaseWalk(Walk):
    """A walk whose every move is made twice: in memory, and by the engine on PostgreSQL."""

    runtime: Runtime = field(kw_only=True)
    owner: Engine = field(kw_only=True)
    jobs: Callable[[], Any] = field(kw_only=True)
    case_id: UUID = field(kw_only=True)
    last: int = 0  # the ledger's event up to which all is counted

    def move(self, number: int) -> None:
        if not self.case.shredded:  # a file without keys is at its end
            super().move(number)

    def perform(self, act: Act) -> list[Moved]:
        """Take the step in both, and compare."""
        self._set_clock()
        try:
            taken = super().perform(act)
        except Rejected as no:
            self._must_be_refused(act, no.faults)
            raise
        said = self._engine(act)
        if said:
            raise Wrong(f"{self._told(act)} is refused by the engine alone: {said}")
        self.agree(taken)
        return taken

    def sweep(self) -> None:
        self._set_clock()
        counted = len(self.case.moved)
        super().sweep()
        swept = sweep(self.jobs)
        if swept.failed:
            raise Wrong(f"the sweep failed at {swept.failed}")
        self.agree(self.case.moved[counted:])

    def enrol(self, who: Somebody, relation: Relation, until: datetime | None) -> None:
        super().enrol(who, relation, until)
        self._set_clock()
        with self._work(system_actor()) as work:
            access.grant(
                work, self.case_id, relation, role=who.role, organisation_id=who.organisation_id, user_id=who.id,
                until=until,
            )  # fmt: skip
            work.commit()
        self.agree([])

    def _set_clock(self) -> None:
        assert isinstance(self.runtime.clock, HeldClock)
        self.runtime.clock.at = self.case.now

    def _must_be_refused(self, act: Act, faults: tuple[Fault, ...]) -> None:
        said = self._engine(act)
        if said == (STRANGER,) and {fault.rule for fault in faults} & {NOT_MINE, NOT_NOW}:
            return
        if _named(said) != _named(faults):
            raise Wrong(f"{self._told(act)}: in memory {faults}, by the engine {said}")

    def _engine(self, act: Act) -> tuple[Fault, ...]:
        """Let the engine take the step; return what it has against it."""
        who = Actor(act.who.id, act.who.role, act.who.organisation_id, authenticator="demonstration")
        with self._work(who) as work:
            try:
                if act.track_id is None:
                    engine.open_track(work, self.case_id, act.track.slug, act.step.name, act.form)
                else:
                    engine.take_step(work, act.track_id, act.step.name, act.form)
            except (Refused, NotAllowed, Invalid) as problem:
                return problem.faults
            except Unknown:
                opens = act.track_id is None and not act.step.from_
                if opens and self.case.relations(as_actor(act.who)):
                    raise
                return (STRANGER,)
            work.commit()
        return ()

    @contextmanager
    def _work(self, who: Actor) -> Iterator[Work]:
        with Session(self.runtime.engine, expire_on_commit=False) as session:
            yield Work(who, "walk", session, self.runtime.clock, self.runtime.keys).begin()

    # Comparing.

    def agree(self, taken: list[Moved]) -> None:
        """Raise Wrong where database and memory differ, or where the ledger has not one event for each act."""
        with self.owner.connect() as connection:
            self._adopt(connection)
            for what, here, there in self._both(connection):
                if here != there:
                    raise Wrong(
                        f"{what}: in memory {_only(here, there)}, in the database {_only(there, here)}"
                    )
            told = [
                (each["slug"], each["step"]) for each in self._events(connection) if each["act"] == "step"
            ]
        done = [(each.track.slug, each.step.name) for each in taken]
        if told != done:
            raise Wrong(f"the ledger tells {told}, and {done} was done")

    def _events(self, connection: Connection) -> Iterator[dict[str, Any]]:
        for number, body in connection.execute(text(EVENTS), {"last": self.last}):
            self.last = number
            event = json.loads(body)
            if event.get("case") == str(self.case_id):
                yield event

    def _adopt(self, connection: Connection) -> None:
        """Give what was opened in memory the identifiers that the database gave it."""
        rows = connection.execute(text(TRACKS_NOW), {"case": self.case_id}).all()
        held = {row.id for row in rows}
        mine = [each for each in self.case.tracks.values() if each.id not in held]
        news = [row for row in rows if row.id not in self.case.tracks]
        renamed: dict[UUID, UUID] = {}
        for each in mine:
            found = next(
                (row for row in news if row.slug == each.slug and row.id not in renamed.values()), None
            )
            if found is None:
                raise Wrong(f"{each.slug} was opened in memory alone")
            renamed[each.id] = found.id
        if len(news) != len(renamed):
            raise Wrong(
                f"{[row.slug for row in news]} were opened in the database, {[m.slug for m in mine]} in memory"
            )
        if renamed:
            self.case.rename(renamed)

    def _both(self, connection: Connection) -> Iterator[tuple[str, Any, Any]]:
        asked = {"case": self.case_id, "now": self.case.now}
        tracks = connection.execute(text(TRACKS_NOW), asked).all()
        case = self.case
        yield (
            "tracks",
            {(each.id, each.state, each.version) for each in case.tracks.values()},
            {(row.id, row.state, row.version) for row in tracks},
        )
        yield (
            "marks",
            {
                (each.id, name, str(value))
                for each in case.tracks.values()
                for name, value in each.marks.items()
            },
            {(row.id, name, str(value)) for row in tracks for name, value in row.marks.items()},
        )
        yield (
            "clocks",
            {(each.track_id, each.name, each.due, each.overdue) for each in case.clocks},
            {tuple(row) for row in connection.execute(text(CLOCKS_NOW), asked)},
        )
        yield (
            "team",
            {row for row in case.team if row.until is None or row.until > case.now},
            {
                Row(Relation(row[0]), Role(row[1]), *row[2:])
                for row in connection.execute(text(TEAM_NOW), asked)
            },
        )
        lent = Counter(tuple(row) for row in connection.execute(text(LENT_NOW), asked))
        yield "loans", set(self._lent()), {(*row[:4], Category(row[4]), row[5]) for row in lent}
        place = tuple(connection.execute(text(PLACE_NOW), asked).one())
        yield "place and age", (case.held, case.stays, case.age_class), place

    def _lent(self) -> Iterator[tuple[Any, ...]]:
        for each in self.case.loans:
            if each.until is None or each.until > self.case.now:
                for category in each.categories:
                    yield (
                        each.track_id, each.purpose, each.basis, each.recipient_organisation_id, category, each.until,
                    )  # fmt: skip


def _named(faults: tuple[Fault, ...]) -> set[tuple[str | None, str | None]]:
    return {(fault.rule, fault.field) for fault in faults}


def _only(these: Any, those: Any) -> Any:
    return these - those if isinstance(these, set) else these


def world_of(owner: Engine) -> World:
    """Return the people, organisations and free places that stand in a database."""
    with owner.connect() as connection:
        people = connection.execute(text("SELECT id, role, organisation_id FROM user_account ORDER BY email"))
        houses = connection.execute(
            text("SELECT id, takes_referrals FROM organisation ORDER BY region IS NOT NULL, created_at, id")
        ).all()
        places = connection.execute(
            text("SELECT p.id, s.organisation_id FROM shelter_place p JOIN shelter s ON s.id = p.shelter_id"
                 " WHERE p.state = 'free' ORDER BY p.code")
        ).all()  # fmt: skip
        return World(
            tuple(Somebody(row[0], Role(row[1]), row[2]) for row in people),
            tuple(row[0] for row in houses),
            tuple(row[0] for row in houses if row[1]),
            {row[0]: row[1] for row in places},
        )

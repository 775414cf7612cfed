"""Real rows of teams, loans, conflicts and parts: the program, its statement and the database agree on every one."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from hashlib import md5
from itertools import product
from uuid import UUID, uuid5

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.safeguards.access import Actor
from app.safeguards.matrix import BY_OFFICE, decide
from app.safeguards.models import Barring, Share, TeamMember
from app.safeguards.opening import decisions
from app.safeguards.stamps import stamp
from app.safeguards.vault.parts import NEWEST
from app.safeguards.words import Category, Relation, Role
from app.safeguards.work import Work
from tests.matrix.shapes import ALL, NONE, ROLES, standings

SPACE = UUID("9b1c6b1e-0000-4000-8000-000000000000")
OURS, THEIRS = uuid5(SPACE, "ours"), uuid5(SPACE, "theirs")
USERS = {role: uuid5(SPACE, role) for role in ROLES}
TIMED = {Relation.OVERSIGHT, Relation.EMERGENCY}
HOUR = timedelta(hours=1)
LIVE, OVER, TO_COME = (-HOUR, None), (-HOUR, timedelta(0)), (timedelta(microseconds=1), None)
ENDED = ["team over", "team to come", "another's team", "loan taken back", "loan over", "loan to others"]
ALIKE = ["desk", "another desk", "barred organisation", "barred no more", "reason beside the point"]


def shapes():
    """Every standing, and what must come to the same as another one: case -> (how it is written, what it comes to)."""
    plain = [(f"standing {number}", each) for number, each in enumerate(standings())]
    found = {uuid5(SPACE, name): (name, each) for name, each in plain}
    sample = next(each for _name, each in plain if each.relations == {Relation.LEAD} and each.lent == ALL)
    return found | {uuid5(SPACE, name): (name, sample) for name in (*ENDED, *ALIKE)}


SHAPES = shapes()


class Rows:
    """What is written for one case, so that it ties each role's person to it as its shape says."""

    def __init__(self, work, case_id):
        self.work, self.case_id, self.now = work, case_id, work.clock.now()
        self.name, self.held = SHAPES[case_id]

    def team(self):
        span = {"team over": OVER, "team to come": TO_COME}.get(self.name, LIVE)
        organisation = THEIRS if self.name == "another desk" else OURS
        for role, relation in product(ROLES, self.held.relations):
            user = UUID(int=7) if self.name == "another's team" else USERS[role]
            yield TeamMember(
                id=uuid5(self.case_id, f"{role}{relation}"), case_id=self.case_id, role=role.value,
                relation=relation.value, organisation_id=organisation, user_id=None if "desk" in self.name else user,
                reasoned=(self.held.timed_reason and relation in TIMED) or self.name == "reason beside the point",
                categories=sorted(each.value for each in self.held.emergency) if relation == Relation.EMERGENCY else [],
                granted_by=UUID(int=0), from_at=self.now + span[0],
                until_at=None if span[1] is None else self.now + span[1],
            )  # fmt: skip

    def loans(self):
        for category in sorted(self.held.lent):
            yield Share(
                id=uuid5(self.case_id, f"loan {category}"), case_id=self.case_id, category=category.value, purpose="x",
                organisation_id=THEIRS if self.name == "loan to others" else OURS, basis="consent",
                track_id=self.case_id, from_at=self.now - HOUR,
                until_at=self.now if self.name == "loan over" else None,
                ended_at=self.now if self.name == "loan taken back" else None,
            )  # fmt: skip

    def bars(self):
        unit, lifted = self.name == "barred organisation", self.name == "barred no more"
        if not (self.held.barred or unit or lifted):
            return
        for role in ROLES[: 1 if unit else None]:
            yield Barring(
                id=uuid5(self.case_id, f"bar {role}"), case_id=self.case_id, user_id=None if unit else USERS[role],
                organisation_id=OURS if unit else None, ground="suspect", declared_by=UUID(int=7),
                from_at=self.now - HOUR, lifting_by=UUID(int=8) if lifted else None,
                ended_by=UUID(int=9) if lifted else None, ended_at=self.now if lifted else None,
            )  # fmt: skip


def written(given, runtime, clock):
    """Write all rows, past every policy, and return the connection of the superuser that did."""
    owner = create_engine(given.database_url)
    with Session(owner) as session:
        work = Work(Actor(UUID(int=0), Role.SYS, None), "test", session, clock.still(), runtime.keys)
        session.execute(
            text("SET session_replication_role = replica")
        )  # no foreign keys: only these rows matter
        for case_id in SHAPES:
            rows = Rows(work, case_id)
            made = [*rows.team(), *rows.loans(), *rows.bars()]
            stamp(work, *made)
            session.add_all(made)
        session.flush()
        ids = {"cases": [str(each) for each in SHAPES], "ours": str(OURS), "theirs": str(THEIRS)}
        session.execute(
            CASES, {**ids, "dark": [str(c) for c, (_n, held) in SHAPES.items() if held.asylum_open]}
        )
        session.execute(PARTS, {**ids, "roles": ROLES, "categories": list(Category)})
        session.commit()
    return owner


CASES = text(
    'WITH made AS (INSERT INTO "case" (id, reference, profile_code, profile_version, created_at, created_by)'
    " SELECT id, id::text, 'coe-floor', 1, now(), id FROM unnest(cast(:cases AS uuid[])) AS id)"
    " INSERT INTO track (id, case_id, slug, declaration_version, state, version, marks, opened_at, entered_at)"
    " SELECT id, id, 'asylum_claim', 1, 'lodged', 1, '{}', now(), now() FROM unnest(cast(:dark AS uuid[])) AS id"
)
# Each role of our organisation wrote one record in each case, in every category; so did an NGO that is not ours.
PARTS = text(
    "INSERT INTO part (id, case_id, record_type, record_id, category, row_version, author_user_id,"
    " author_organisation_id, author_role, key_id, envelope, sealed_at)"
    " SELECT gen_random_uuid(), c.id, 'step:x:y', md5(c.id::text || a.role || a.house)::uuid, k.category, 1, c.id,"
    " cast(a.house AS uuid), a.role, c.id, '', now()"
    " FROM unnest(cast(:cases AS uuid[])) AS c (id), unnest(cast(:categories AS text[])) AS k (category),"
    " (SELECT role, :ours AS house FROM unnest(cast(:roles AS text[])) AS role"
    "  UNION ALL SELECT 'NGO', :theirs) AS a"
)
SEEN = text(  # of one's own, and of two others: another role, and one's role in another organisation
    "SELECT case_id, category, author_organisation_id = cast(:ours AS uuid) AND author_role = :role AS own, count(*)"
    " FROM part WHERE author_role IN (:role, :other) GROUP BY 1, 2, 3"
)
EXIST = text('SELECT id FROM "case" WHERE id = ANY (cast(:cases AS uuid[]))')


def comes_to(case_id):
    """Return the standing that a case gives, as it was meant."""
    name, held = SHAPES[case_id]
    if name in {"team over", "team to come", "another's team", "another desk"}:
        return replace(held, relations=frozenset(), lent=NONE)
    if name in {"loan taken back", "loan over", "loan to others"}:
        return replace(held, lent=NONE)
    return replace(held, relations=frozenset(), barred=True) if name == "barred organisation" else held


def read(role, standing):
    """Return what may be read of what others wrote and of one's own: (category, own)."""
    return {
        (category, own)
        for category, own in product(Category, (False, True))
        if decide.__wrapped__(role, category, "read", standing, own).allowed
    }


def exists(role, case_id):
    """Say whether somebody may know that there is such a case."""
    name, held = SHAPES[case_id]
    standing = comes_to(case_id)
    if standing.barred:
        return False
    if role is Role.SUP and held.relations - TIMED:
        return name not in {"team over", "team to come", "another desk"}
    return role in BY_OFFICE or bool(standing.relations and not (role is Role.CON and standing.asylum_open))


def other(role):
    return Role.POL if role is Role.NGO else Role.NGO


def by_database(session, role):
    """Return what the database alone lets somebody read: case -> (category, own)."""
    found = defaultdict(set)
    asked = {"ours": str(OURS), "role": role, "other": other(role)}
    for case_id, category, own, count in session.execute(SEEN, asked):
        assert count == (1 if own else 2), (role, SHAPES[case_id], category, own, count)
        found[case_id].add((Category(category), own))
    return found


def by_statement(session, role, case_id, standing):
    """Return what the statement of the program selects where no policy narrows it."""
    foreign, own = decisions(role, standing)
    houses = {(role, OURS), (other(role), OURS), (Role.NGO, THEIRS)}
    records = {md5(f"{case_id}{who}{house}".encode()).hexdigest() for who, house in houses}
    asked = {
        "case_id": case_id, "records": ",".join(records), "foreign": ",".join(foreign.open),
        "own": ",".join(own.open), "organisation_id": OURS, "role": role.value,
    }  # fmt: skip
    return {(Category(row[1]), row[-1]) for row in NEWEST.rows(session, asked)}


def test_the_program_its_statement_and_the_database_agree_on_every_row(
    given, runtime, clock, record_property
):
    owner, compared = written(given, runtime, clock), 0
    with Session(owner) as past, Session(runtime.engine) as app:
        for role in ROLES:
            actor = Actor(USERS[role], role, OURS)
            alone = Work(actor, "test", past, clock.still(), runtime.keys)
            alone.meet(SHAPES)
            Work(actor, "test", app, clock, runtime.keys).begin()
            seen = by_database(app, role)
            known = set(app.scalars(EXIST, {"cases": [str(each) for each in SHAPES]}))
            stated = {}
            for case_id in SHAPES:
                standing, meant = alone.standing(case_id), comes_to(case_id)
                allowed = read(role, standing)
                assert allowed == read(role, meant), (role, SHAPES[case_id], standing)
                assert seen[case_id] == allowed, (role, SHAPES[case_id], seen[case_id] ^ allowed)
                assert (case_id in known) == exists(role, case_id), (role, SHAPES[case_id])
                key = tuple(column.open for column in decisions(role, standing))
                if key not in stated:
                    stated[key] = by_statement(past, role, case_id, standing)
                assert stated[key] == allowed, (role, SHAPES[case_id], stated[key] ^ allowed)
                compared += 2 * len(Category)
            app.rollback()
    owner.dispose()
    record_property(
        "G13",
        f"the program, its statement and row-level security agree on {compared:,} of {compared:,} rows",
    )

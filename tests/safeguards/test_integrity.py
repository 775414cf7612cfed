"""What an administrator of the database writes past the service is found by one run of the check: a catalogue."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, select, text

from app.deadlines import service as deadlines
from app.jobs.integrity import FOUND, Unacceptable, accept, check
from app.safeguards import access
from app.safeguards.ledger.notes import NOTED
from app.safeguards.ledger.seal import VERIFIER
from app.safeguards.models import LedgerEvent
from app.safeguards.words import Relation
from app.sealing import seal_once
from app.settings import Settings
from app.tables import METADATA
from tests.fixtures.service import As, Told

# What lives for minutes, is made anew from sealed parts, or bears a signature of its own.
NOT_NOTED = {
    "account_news", "answered", "api_token", "asking", "attempt", "challenge", "held_text", "oidc_flow", "outgoing",
    "sign_in_session", "search_entry", "search_plan", "search_token", "erasure",
}  # fmt: skip


def row(table: str, place: int = 0) -> str:
    """One row of a table, in the order in which they were written."""
    name = table.strip('"')
    noted = f"SELECT row_id FROM ledger.written WHERE of_table = '{name}' AND was IS NULL"
    return f"{table}.id = ({noted} ORDER BY id OFFSET {place} LIMIT 1)"


def copied(table: str, place: int, **other: str) -> str:
    """A statement that puts a row in again under another identifier, stamp and all."""
    said = ", ".join(f"'{name}', {value}" for name, value in {"id": "gen_random_uuid()", **other}.items())
    new = f"to_jsonb({table}) || jsonb_build_object({said})"
    made = f"(jsonb_populate_record(NULL::{table}, {new})).*"
    return f"INSERT INTO {table} SELECT {made} FROM {table} WHERE {row(table, place)}"


def changed(table: str, place: int, what: str) -> str:
    """A statement that changes a row."""
    return f"UPDATE {table} SET {what} WHERE {row(table, place)}"


def deleted(table: str, place: int) -> str:
    """A statement that deletes a row."""
    return f"DELETE FROM {table} WHERE {row(table, place)}"


OTHER = f"SELECT envelope FROM part AS part WHERE {row('part', 2)}"
CATALOGUE = {  # what is done -> in which table, how
    "edits a sealed part": ("part", changed("part", 0, "envelope = envelope || '\\x00'")),
    "rolls a sealed part back": ("part", changed("part", 1, f"envelope = ({OTHER})")),
    "copies a sealed part": ("part", copied("part", 3, row_version="9", record_id="gen_random_uuid()")),
    "deletes a sealed part": ("part", deleted("part", 4)),
    "says that somebody else wrote a part": ("part", changed("part", 5, "author_user_id = gen_random_uuid()")),
    "sets the state of a track": ("track", changed("track", 0, "state = 'closed'")),
    "sets a mark of a track": ("track", changed("track", 1, 'marks = marks || \'{"scope":"everything"}\'')),
    "sets the version of a track back": ("track", changed("track", 2, "version = version - 1")),
    "rewrites a step": ("step", changed("step", 0, "actor_id = gen_random_uuid()")),
    "deletes a step": ("step", deleted("step", 1)),
    "puts a step in": ("step", copied("step", 2, number="99")),
    "puts a clock off": ("deadline", changed("deadline", 0, "due_at = due_at + interval '9 years'")),
    "ends a clock": ("deadline", changed("deadline", 1, "ended_at = now(), look_at = NULL")),
    "lends for longer": ("share", changed("share", 0, "until_at = now() + interval '9 years'")),
    "takes a loan away": ("share", deleted("share", 1)),
    "joins a team by a copy": ("team_member", copied("team_member", 0)),
    "deletes a row of a team": ("team_member", deleted("team_member", 1)),
    "takes an adult for a child": ('"case"', changed('"case"', 0, "age_class = 'child'")),
    "sets the record of a person forward": ("person", changed("person", 0, "row_version = row_version + 1")),
    "renames an organisation": ("organisation", changed("organisation", 0, "name = 'Other'")),
    "lets an organisation take referrals": (
        "organisation", changed("organisation", 1, "takes_referrals = NOT takes_referrals"),
    ),
    "closes an account": ("user_account", changed("user_account", 0, "disabled_at = now()")),
    "settles a notice": ("notice", changed("notice", 0, "done_at = now()")),
    "deletes a notice": ("notice", deleted("notice", 1)),
    "renames a place": ("shelter_place", changed("shelter_place", 0, "code = code || '!'")),
    "lets a house take pets": ("shelter", changed("shelter", 0, "pets = NOT pets")),
}  # fmt: skip


class Owner:
    """Whoever owns the database: no policy holds, and the service is not asked."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def write(self, statement: str, *, triggers: bool = False, **said: Any) -> list[Any]:
        """Write past the service, with the triggers or without."""
        self.connection.execute(text(f"SET session_replication_role = {'origin' if triggers else 'replica'}"))
        done = self.connection.execute(text(statement), said)
        return list(done.scalars()) if done.returns_rows else [done.rowcount]


@pytest.fixture
def owner(given: Settings, told_sheltered: Told) -> Iterator[Owner]:
    """The owner, in a console of their own."""
    engine = create_engine(str(given.database_url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield Owner(connection)
    engine.dispose()


Look = Callable[[], set[tuple[str, str, str]]]


@pytest.fixture
def look(jobs: Any, given: Settings) -> Look:
    """One run of the check: what is found, of which table, of which row."""

    def run() -> set[tuple[str, str, str]]:
        return {(each.kind, each.of_table, each.which) for each in check(jobs, given.checkpoints_at)}

    return run


def test_what_the_service_wrote_is_not_found_and_all_else_is_by_one_run(
    given: Settings, owner: Owner, look: Look, acting: As, record_property: Callable[[str, str], None]
) -> None:
    """Half of the catalogue is done as in a console, half with the triggers switched off."""
    seal_once(given)
    assert look() == set()
    done = {}
    for number, (wrote, (table, statement)) in enumerate(CATALOGUE.items()):
        rows = owner.write(f"{statement} RETURNING {table}.id", triggers=number % 2 == 0)
        assert rows, wrote
        done[wrote] = {(table.strip('"'), str(each)) for each in rows}
    found = look()
    missed = [wrote for wrote, rows in done.items() if not rows <= {each[1:] for each in found}]
    record_property(
        "G12", f"{len(done) - len(missed)} of {len(done)} writes to data found by one run of the check"
    )
    assert not missed
    assert {each[1:] for each in found} == set().union(*done.values()), "and nothing else"
    assert look() == found
    with acting("auditor") as work:
        alarms = work.session.scalars(select(LedgerEvent.body).where(LedgerEvent.act == "alarm"))
        told = [json.loads(body)["which"] for body in alarms if '"by":"integrity"' in body]
        assert sorted(told) == sorted(which for _kind, _table, which in found), "each of them once"
    called = owner.write("SELECT DISTINCT role FROM notice WHERE kind = :kind", kind=FOUND)
    assert set(called) == {"SUP", "AUD", "DPO", "ADM"}


NOTED_AS_IT_STANDS = (
    "INSERT INTO ledger.written (act, of_table, row_id, was, became)"
    " SELECT :act, 'track', row_id, noted, stands FROM nrm.differing('{track}', 9) WHERE row_id = :row"
)
NOTE_CORRECTED = (
    "UPDATE ledger.written AS w SET became = d.stands FROM nrm.differing('{track}', 9) AS d WHERE w.row_id = d.row_id"
    " AND d.row_id = :row AND w.became = d.noted RETURNING act"
)
WRITTEN = "FROM ledger.event WHERE act = 'write' AND body LIKE '%\"of\"\\:' || :act || ',%'"


def test_whoever_rewrites_the_notes_and_the_ledger_with_them_is_found(
    given: Settings, owner: Owner, look: Look, jobs: Any, told_sheltered: Told
) -> None:
    """They know how it works; they lack the key of the marks and that of the ledger."""
    write = owner.write
    [lead] = write(
        "SELECT to_jsonb(t)::text FROM team_member AS t WHERE relation = 'lead' AND until_at IS NULL"
    )
    with jobs() as work:
        access.end(work, told_sheltered.about, [Relation.LEAD])
        work.commit()
    seal_once(given)
    assert look() == set()
    acts = write("SELECT DISTINCT act FROM ledger.written WHERE of_table = 'step' ORDER BY act")
    tracks = write("SELECT row_id FROM ledger.written WHERE of_table = 'track' AND was IS NULL ORDER BY id")
    [clock] = write("SELECT row_id FROM ledger.written WHERE of_table = 'deadline' ORDER BY id LIMIT 1")
    [last] = write("SELECT max(act) FROM ledger.written")

    # The lead of the case comes back with the stamp of then; that it ended, notes and event, is deleted.
    write("DELETE FROM team_member WHERE id = CAST(CAST(:row AS jsonb) ->> 'id' AS uuid)", row=lead)
    write(
        "INSERT INTO team_member SELECT * FROM jsonb_populate_record(NULL::team_member, CAST(:row AS jsonb))",
        row=lead,
    )
    write("DELETE FROM ledger.written WHERE act = :act", act=last)
    [gone] = write(f"DELETE {WRITTEN} RETURNING id", act=last)
    [ended] = write("SELECT position FROM ledger.leaf WHERE event_id = :id", id=gone)
    # A state with a note of its own and the event of another act; one noted under an act that was; one note corrected.
    for track in tracks[:3]:
        write("UPDATE track SET state = 'closed' WHERE id = :row", row=track)
    write(NOTED_AS_IT_STANDS, act=10**6, row=tracks[0])
    copied = f"SELECT regexp_replace(body, '\"of\"\\:[0-9]+', '\"of\"\\:1000000') {WRITTEN}"
    write(f"INSERT INTO ledger.event (body) {copied}", act=acts[0])
    write(NOTED_AS_IT_STANDS, act=acts[1], row=tracks[1])
    [corrected] = write(NOTE_CORRECTED, row=tracks[2])
    # A clock that the service wrote again after somebody had put it off.
    write("UPDATE deadline SET due_at = due_at + interval '9 years' WHERE id = :row", row=clock)
    with jobs() as work:
        deadlines.mark_overdue(work, clock)
        work.commit()
    # The sum of an act put in again, the notes of another deleted.
    write(f"INSERT INTO ledger.event (body) SELECT body {WRITTEN}", act=acts[2])
    write("DELETE FROM ledger.written WHERE act = :act", act=acts[3])
    # The text of an event, and of another with its hash in the tree.
    of_leaf = "(SELECT event_id FROM ledger.leaf WHERE position = :at)"
    for place in (0, 1):
        write(f"UPDATE ledger.event SET body = body || ' ' WHERE id = {of_leaf}", at=place)
    fitting = (
        "sha256('\\x00'\\:\\:bytea || convert_to(body, 'UTF8')) FROM ledger.event AS e WHERE e.id = event_id"
    )
    write(f"UPDATE ledger.leaf SET hash = {fitting} AND position = 1")

    whole = len(write("SELECT position FROM ledger.leaf"))
    assert look() >= {
        ("event gone", "ledger", str(ended)), ("notes changed", "ledger", str(10**6)),
        ("notes changed", "ledger", str(acts[1])), ("notes changed", "ledger", str(corrected)),
        ("row changed before", "deadline", str(clock)), ("act twice", "ledger", str(acts[2])),
        ("notes gone", "ledger", str(acts[3])), ("event changed", "ledger", "0"),
        ("tree changed", "ledger", str(whole)),
    }  # fmt: skip


def test_what_somebody_answers_for_is_found_no_more_and_is_on_the_ledger(
    given: Settings, owner: Owner, look: Look, jobs: Any
) -> None:
    """As after an upgrade of a database in which nothing was noted, or after a repair."""
    seal_once(given)
    owner.write("DELETE FROM ledger.written WHERE of_table = 'step'")
    repaired = owner.write(f"{changed('track', 0, 'marks = marks')} RETURNING id")
    repaired += owner.write(f"{changed('track', 1, 'version = version + 1')} RETURNING id", triggers=True)
    assert look()
    with jobs() as work:
        ended = work.keys.ended
    [closed] = owner.write(
        "SELECT stamp FROM user_account LIMIT 1"
    )  # over, says the list: the database is a backup's
    ended.add([closed, bytes(32)])
    accept(jobs, given.checkpoints_at)
    assert not ended.any_of(closed)
    assert ended.any_of(bytes(32))
    assert look() == set()
    owner.write(f"{changed('track', 0, 'version = version + 1')} RETURNING id")
    assert look() == {("row changed", "track", str(repaired[0]))}
    accepted = owner.write("SELECT count(*) FROM ledger.event WHERE act = 'alarm' AND body LIKE '%accepted%'")
    assert accepted == [1]
    owner.write("UPDATE ledger.leaf SET hash = sha256('') WHERE position = 1")
    with pytest.raises(Unacceptable):
        accept(jobs, given.checkpoints_at)


def test_a_tree_without_its_heads_and_a_second_place_without_its_key_are_found(
    given: Settings, owner: Owner, look: Look
) -> None:
    assert look() == set()  # nothing was sealed yet
    seal_once(given)
    assert look() == set()
    (given.checkpoints_at / VERIFIER).rename(given.checkpoints_at / "moved")
    assert look() == {("second place gone", "ledger", "key")}
    (given.checkpoints_at / "moved").rename(given.checkpoints_at / VERIFIER)
    owner.write("UPDATE ledger.checkpoint SET note = note || ' '")
    assert {kind for kind, _table, _which in look()} == {"head forged"}
    owner.write("DELETE FROM ledger.checkpoint")
    assert look() == {("tree changed", "ledger", "0")}


def test_every_table_is_noted_or_it_is_said_why_not() -> None:
    assert {each.name for each in METADATA.tables.values() if each.schema is None} == NOT_NOTED | set(NOTED)

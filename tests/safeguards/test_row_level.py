"""Row-level security: the application's role owns nothing, and without a context it sees nothing."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.cases import service as cases
from app.cases.models import Case
from app.safeguards import access
from app.safeguards.models import Part, TeamMember
from app.safeguards.words import Relation, Role
from tests.fixtures.service import As

APP = Path(__file__).resolve().parents[2] / "app"

OF_A_CASE = (
    "case",
    "person",
    "track",
    "step",
    "deadline",
    "share",
    "team_member",
    "notice",
    "shelter_stay",
    "part",
    "erasure",
    "barring",
)


@pytest.fixture
def case_id(acting: As):
    with acting("police") as work:
        made = cases.begin_case(work)
        work.commit()
    return made


def test_the_application_owns_nothing_and_passes_no_policy(given):
    engine = create_engine(given.app_database_url)
    with engine.connect() as connection:
        owned = connection.execute(
            text(
                "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = 'nrm_app')"
            )
        ).scalar()
        row = connection.execute(
            text(
                "SELECT rolsuper, rolbypassrls, rolcreaterole, rolinherit FROM pg_roles WHERE rolname = 'nrm_app'"
            )
        ).one()
        secured = text(
            "SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relname = ANY(:names)"
        )
        forced = {row.relname: row[1] for row in connection.execute(secured, {"names": list(OF_A_CASE)})}
    engine.dispose()
    assert owned == 0
    assert not any(row)
    assert forced == dict.fromkeys(OF_A_CASE, True)


def test_without_a_context_nothing_is_seen(given, case_id):
    engine = create_engine(given.app_database_url)
    with engine.connect() as connection:
        seen = {
            name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar() for name in OF_A_CASE
        }
    engine.dispose()
    assert seen == dict.fromkeys(OF_A_CASE, 0)


def test_a_context_does_not_outlive_its_transaction(runtime, acting, case_id):
    with acting("police") as work:
        assert work.session.get(Case, case_id) is not None
        work.session.commit()
        assert work.session.scalars(select(Case.id)).all() == []


@pytest.mark.parametrize("way", ["get", "core", "text", "relationship"])
def test_a_stranger_sees_nothing_by_any_way(acting, case_id, way):
    with acting("ngo2") as work:
        found = {
            "get": lambda: work.session.get(Case, case_id),
            "core": lambda: work.session.execute(select(Case.__table__).where(Case.id == case_id)).first(),
            "text": lambda: work.session.execute(text("SELECT * FROM team_member")).first(),
            "relationship": lambda: work.session.execute(
                select(Part.id).join(TeamMember, TeamMember.case_id == Part.case_id)
            ).first(),
        }[way]()
    assert found is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger.event SET body = '{}'",
        "DELETE FROM ledger.event",
        "INSERT INTO ledger.leaf VALUES (0, 0, '')",
        "DELETE FROM step",
        "UPDATE step SET name = 'x'",
        "UPDATE part SET envelope = ''",
        "SELECT * FROM keys.wrapped_key",
        "DROP TABLE part",
        "ALTER TABLE part DISABLE ROW LEVEL SECURITY",
        "SET ROLE nrm_policy",
    ],
)
def test_the_application_is_refused(given, statement):
    engine = create_engine(given.app_database_url)
    with (
        engine.connect() as connection,
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
    ):
        connection.execute(text(statement))
    engine.dispose()


def test_the_role_of_keys_sees_only_wrapped_keys(given):
    engine = create_engine(given.keys_database_url)
    with engine.connect() as connection:
        connection.execute(text("SELECT * FROM keys.wrapped_key"))
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text('SELECT * FROM public."case"'))
    engine.dispose()


def test_timers_cannot_read_sealed_parts(given):
    engine = create_engine(given.jobs_database_url)
    with Session(engine) as session, pytest.raises(ProgrammingError, match="permission denied"):
        session.scalars(select(Part)).first()
    engine.dispose()


def test_a_part_is_not_written_into_somebody_elses_case(acting, case_id):
    with acting("ngo2") as work, pytest.raises(ProgrammingError, match="row-level security"):
        work.session.execute(
            text(
                "INSERT INTO part (id, case_id, record_type, record_id, category, row_version, author_user_id,"
                " author_role, key_id, envelope, sealed_at)"
                " VALUES (:id, :case, 'person', :id, 'ID', 1, :me, 'NGO', :id, '', now())"
            ),
            {"id": uuid4(), "case": case_id, "me": work.actor.user_id},
        )


def test_a_supervisor_loses_sight_of_what_the_organisation_declined(acting, case_id):
    with acting("police") as work, acting("ngo") as ngo:
        house = ngo.actor.organisation_id
        access.grant(work, case_id, Relation.RECIPIENT, role=Role.NGO, organisation_id=house)
        work.commit()
    with acting("supervisor") as work:
        assert work.session.get(Case, case_id) is not None
    with acting("police") as work:
        access.end(work, case_id, [Relation.RECIPIENT], organisation_id=house)
        work.commit()
    with acting("supervisor") as work:
        assert work.session.get(Case, case_id) is None


TOLD = {  # what runs past the policies, and the little that it tells
    "asylum_open": "whether asylum is open in a case that one names",
    "awaited": "of which role something was awaited in cases that one names, and when, to the auditor",
    "barred_cases": "from which cases one is barred",
    "broken_glass": "what one's own emergencies opened",
    "cases_of_my_organisation": "which cases a supervisor oversees",
    "differing": "which rows do not stand as they were noted, as digests, to the timers",
    "emergency_case": "which case a reference names, to who may break the glass",
    "emergency_suspended": "whether one's right to break the glass rests",
    "held_cases": "which cases are under a legal hold, to whoever erases old events",
    "is_case": "whether there is a case of a number, for the ledger's account of a refusal",
    "kept": "which categories hold anything, to the team and by office",
    "lent": "whether a category is lent to one's organisation",
    "my_cases": "one's cases",
    "note_as_it_stands": "nothing; it notes digests, of which somebody says that they are right",
    "tied": "one's cases",
    "tied_as": "one's cases, by relation",
    "tied_by_more_than_asking": "one's cases that one was not only asked to take",
    "timed": "one's cases that one opened with a reason",
    "versions": "how many versions a record has, not what they say",
    "written": "what this transaction wrote, as one digest",
}
PAST = text(
    "SELECT c.relname AS name FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace"
    " WHERE c.relkind IN ('v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND EXISTS ("
    "  SELECT FROM unnest(cast(:roles AS text[])) AS r WHERE has_any_column_privilege(r, c.oid, 'SELECT'))"
    " UNION ALL SELECT p.proname FROM pg_proc AS p JOIN pg_roles AS o ON o.oid = p.proowner"
    "  JOIN pg_namespace AS n ON n.oid = p.pronamespace"
    " WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND EXISTS ("
    "   SELECT FROM unnest(cast(:roles AS text[])) AS r WHERE has_function_privilege(r, p.oid, 'EXECUTE'))"
    "  AND NOT (n.nspname = 'nrm' AND o.rolname = 'nrm_policy' AND NOT o.rolsuper AND NOT o.rolbypassrls"
    "   AND p.proconfig = ARRAY['search_path=pg_catalog'] AND p.proname = ANY (cast(:told AS text[])))"
)


def past_the_policies(connection):
    """Return every view and function by which a role of the service could read past row-level security."""
    asked = {"roles": ["nrm_app", "nrm_jobs", "nrm_send", "nrm_retain"], "told": list(TOLD)}
    return set(connection.execute(PAST, asked).scalars())


def test_what_goes_round_the_policies_is_seen_in_the_catalogue_and_is_not_there(acting, given, case_id):
    """A view and a function of a superuser give a stranger the case; the catalogue names both."""
    owner = create_engine(given.database_url)
    with owner.begin() as connection:
        assert past_the_policies(connection) == set()
        live = text("SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'nrm'::regnamespace")
        assert set(connection.execute(live).scalars()) == set(TOLD)
        for made in (
            'CREATE VIEW report AS SELECT id FROM "case"',
            "CREATE FUNCTION quick() RETURNS SETOF uuid LANGUAGE sql SECURITY DEFINER AS 'SELECT id FROM \"case\"'",
            "GRANT SELECT ON report TO nrm_app",
        ):
            connection.execute(text(made))
        assert past_the_policies(connection) == {"report", "quick"}
    with acting("ngo2") as work:
        assert work.session.scalars(text("SELECT id FROM report")).all() == [case_id]
        assert work.session.scalars(text("SELECT quick()")).all() == [case_id]
        assert work.session.scalars(text('SELECT id FROM "case"')).all() == []
    with owner.begin() as connection:
        connection.execute(text("DROP VIEW report"))
        connection.execute(text("DROP FUNCTION quick()"))
    owner.dispose()


def test_a_loaded_object_is_not_asked_for_again_so_each_request_has_a_session_of_its_own(acting, case_id):
    with acting("police") as work:
        loaded = work.session.get(Case, case_id)
        access.end(work, case_id, list(Relation))
        work.commit()
        work.begin()
        assert work.session.get(Case, case_id) is loaded  # the hole: no statement, no policy
        assert work.session.scalars(select(Case)).all() == []
        assert not work.standing(case_id).relations  # the decision is made anew
    with acting("police") as work:
        assert work.session.get(Case, case_id) is None


def test_a_setting_for_the_connection_would_outlive_its_transaction_so_none_is_made(runtime, acting, case_id):
    with acting("police") as work:
        me = str(work.actor.user_id)
    leaking = text("SELECT set_config('nrm.user', :me, false), set_config('nrm.role', 'POL', false)")
    with runtime.engine.connect() as connection:
        connection.execute(leaking, {"me": me})
        connection.commit()
        assert connection.scalars(text('SELECT id FROM "case"')).all() == [case_id]  # the hole
        connection.execute(text("RESET ALL"))
        connection.commit()
    settings = re.findall(r"set_config\(([^)]*)\)", "".join(each.read_text() for each in APP.rglob("*.py")))
    assert len(settings) >= 6
    assert [each for each in settings if not each.endswith("true")] == []

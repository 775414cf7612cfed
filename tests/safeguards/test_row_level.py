"""Row-level security: the application's role owns nothing, and without a context it sees nothing."""

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

"""Work: nothing is opened unrecorded, and nobody opens more than the matrix gives."""

import json
from uuid import UUID

import pytest
from sqlalchemy import create_engine, select, text

from app.kit.errors import NotAllowed, OutOfReach, Refused, Unknown
from app.kit.ids import new_id
from app.safeguards import access
from app.safeguards.models import LedgerEvent, Part
from app.safeguards.words import Act, Category, Level, Relation, Role
from app.safeguards.work import Work
from app.shelters.models import Shelter
from tests.fixtures.service import As
from tests.safeguards.told import VALUES, begin, write


def events(work: Work, act: Act, case_id: UUID) -> list[dict]:
    query = select(LedgerEvent.body).where(LedgerEvent.act == act.value, LedgerEvent.case_id == case_id)
    return [json.loads(body) for body in work.session.scalars(query.order_by(LedgerEvent.id))]


def looked(acting: As, case_id: UUID) -> list[dict]:
    with acting("auditor") as work:
        return events(work, Act.CONSULT, case_id)


def test_the_lead_reads_all_of_it_in_one_event_that_names_the_fields(acting, sealed_record):
    case_id, record_id = sealed_record
    with acting("ngo") as work:
        assert work.reveal(case_id, [record_id]).of(record_id) == VALUES
        work.commit()
    [event] = looked(acting, case_id)
    assert event["fields"]["ID"] == ["name", "nickname"]
    assert {"LOC", "EXP", "HEA"} & set(event["categories"]) == {"LOC", "EXP", "HEA"}
    assert "Amara" not in json.dumps(event)


def test_the_police_see_that_it_exists_and_nothing_of_it(acting, sealed_record):
    case_id, record_id = sealed_record
    with acting("police") as work:
        seen = work.reveal(case_id, [record_id])
        work.commit()
    assert seen.of(record_id) == {}
    assert seen.levels[Category.LOC] is Level.NOTHING
    assert looked(acting, case_id) == []


def test_what_is_lent_is_read_until_it_ends(acting, sealed_record):
    case_id, record_id = sealed_record
    consent = new_id()
    with acting("ngo") as work, acting("police") as police:
        access.share(
            work,
            case_id,
            organisation_id=police.actor.organisation_id,
            categories=[Category.ID, Category.LOC],
            purpose="share_police",
            basis="consent",
            track_id=consent,
            until=None,
        )
        work.commit()
    with acting("police") as work:
        assert work.reveal(case_id, [record_id]).of(record_id) == {"name": "Amara", "nickname": "Ama"}
    with acting("ngo") as work:
        access.end_shares(work, case_id, consent)
        work.commit()
    with acting("police") as work:
        assert work.reveal(case_id, [record_id]).of(record_id) == {}


def test_a_shelter_reads_the_minimised_subset(acting, sealed_record):
    case_id, record_id = sealed_record
    with acting("ngo") as work, acting("shelter") as shelter:
        access.grant(
            work,
            case_id,
            Relation.SHELTER,
            role=Role.SHE,
            organisation_id=shelter.actor.organisation_id,
            user_id=shelter.actor.user_id,
        )
        work.commit()
    with acting("shelter") as work:
        write(work, case_id, own_id := new_id(), {"name": "Amara Bello", "nickname": "Ama"})
        seen = work.reveal(case_id, [record_id, own_id])
        assert seen.of(record_id) == {"name": "Amara", "street": "Quince Lane 4"}
        assert seen.of(own_id) == {
            "name": "Amara Bello",
            "nickname": "Ama",
        }  # what one wrote comes back whole
        work.commit()
    [event] = looked(acting, case_id)
    assert event["rules"] == {
        "HEA": "SHE.HEA=Rm", "ID": "SHE.ID=Rm; own contribution", "LOC": "SHE.LOC=Wa",
    }  # fmt: skip


def test_a_stranger_gets_the_answer_of_a_case_that_is_not(acting, sealed_record):
    case_id, record_id = sealed_record
    with acting("ngo2") as work:
        with pytest.raises(Unknown):
            work.reveal(case_id, [record_id])
        with pytest.raises(Unknown):
            work.reveal(new_id(), [record_id])


def test_a_row_of_the_team_that_has_ended_opens_nothing(acting, sealed_record):
    case_id, record_id = sealed_record
    with acting("ngo") as work:
        access.end(work, case_id, [Relation.LEAD])
        work.commit()
    with acting("ngo") as work, pytest.raises(Unknown):
        work.reveal(case_id, [record_id])


def test_no_event_no_data(given, acting, sealed_record):
    case_id, record_id = sealed_record
    engine = create_engine(given.database_url)
    with engine.begin() as connection:
        connection.execute(text("REVOKE INSERT ON ledger.event FROM nrm_app"))
    try:
        with acting("ngo") as work, pytest.raises(OutOfReach):
            work.reveal(case_id, [record_id])
    finally:
        with engine.begin() as connection:
            connection.execute(text("GRANT INSERT ON ledger.event TO nrm_app"))
        engine.dispose()


def test_destroyed_keys_leave_only_ciphertext(acting, sealed_record):
    case_id, record_id = sealed_record
    with acting("ngo") as work:
        assert work.keys.destroy(case_id, work.clock.now()) == 4
        assert work.reveal(case_id, [record_id]).of(record_id) == {}


def test_nothing_of_what_was_told_lies_in_the_database(given, sealed_record):
    engine = create_engine(given.database_url)
    tables = text(
        "SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables"
        " WHERE table_schema IN ('public', 'ledger', 'keys')"
    )
    with engine.connect() as connection:
        for table in connection.scalars(tables).all():
            rows = connection.scalars(text(f"SELECT t::text FROM {table} t")).all()
            assert not [
                row for row in rows for said in VALUES.values() if said in row or said.encode().hex() in row
            ]
    engine.dispose()


def test_a_change_is_a_new_version_and_the_old_one_stays(acting, sealed_record):
    case_id, record_id = sealed_record
    with acting("ngo") as work:
        write(work, case_id, record_id, {"name": "Amara Bello"})
        work.commit()
        versions = select(Part.row_version).where(Part.record_id == record_id, Part.category == "ID")
        work.begin()
        assert sorted(work.session.scalars(versions)) == [1, 2]
        assert work.reveal(case_id, [record_id]).of(record_id)["name"] == "Amara Bello"


def test_an_act_that_fails_destroys_no_keys(acting, sealed_record):
    case_id, record_id = sealed_record
    with acting("ngo") as work:
        work.destroy_keys(case_id)
        work.session.rollback()
    with acting("ngo") as work:
        with pytest.raises(Refused):
            _destroyed_and_then_refused(work, case_id)
        work.commit()  # as a page does that shows the refusal
        work.begin()
        assert work.reveal(case_id, [record_id]).of(record_id) == VALUES
        work.destroy_keys(case_id)
        work.commit()
        work.begin()
        assert work.reveal(case_id, [record_id]).of(record_id) == {}


def test_the_address_of_a_house_is_opened_by_its_staff_alone_and_told(acting):
    with acting("shelter") as work:
        houses = work.session.scalars(
            select(Shelter.id).where(Shelter.organisation_id == work.actor.organisation_id)
        )
        house = next(
            each for each in houses if work.reveal_house(each).get("address", "").startswith("Quince")
        )
        assert work.reveal_house(new_id()) == {}
        work.commit()
    with acting("shelter") as work:
        opened = work.reveal_house(house)
        assert opened == {"address": "Quince Lane 4, Northfield", "telephone": "+43 1 5550 017"}
        work.commit()
    with acting("ngo") as work, pytest.raises(NotAllowed, match="Only the staff of a house") as refused:
        work.reveal_house(house)
    assert [fault.rule for fault in refused.value.faults] == ["INV-12"]
    with acting("auditor") as work:
        query = select(LedgerEvent.body).where(LedgerEvent.act == "consult").order_by(LedgerEvent.id.desc())
        event = json.loads(work.session.scalars(query).first())
    assert (event["register"], event["shelter"], event["categories"]) == ("shelter", str(house), ["LOC"])
    assert event["rules"] == {"LOC": "INV-12"}
    assert event["fields"] == {"LOC": ["address", "telephone"]}
    assert "case" not in event


def test_stated_reasons_are_opened_for_those_who_judge_them(acting):
    said: dict[UUID, tuple[UUID, str]] = {}
    for words in ("He follows her.", "She called and is followed."):
        case_id, record_id = begin(acting)
        with acting("ngo") as work:
            work.record(Act.GRANT, case_id=case_id, justification=words, relation="lead")
            work.commit()
        with acting("auditor") as work:
            reason = next(
                each["justification"] for each in events(work, Act.GRANT, case_id) if "justification" in each
            )
        said[UUID(reason)] = case_id, words
    cases = {reason: case_id for reason, (case_id, _words) in said.items()}
    told = {reason: words for reason, (_case, words) in said.items()}
    for who, found in (("auditor", told), ("protector", told), ("ngo", {}), ("police", {})):
        with acting(who) as work:
            assert work.reasons(cases) == found, who
            assert work.reasons({**cases, record_id: case_id}) == found  # what is no reason is none
            assert work.reasons({}) == {}


def _destroyed_and_then_refused(work: Work, case_id: UUID) -> None:
    with work.attempt():
        work.destroy_keys(case_id)
        raise Refused

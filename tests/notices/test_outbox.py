"""Who is queued to be told what: in the transaction of the act, without a case, without anybody who need not know."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import ProgrammingError

from app.cases import service as cases
from app.cases.queries import person_line
from app.casework.forms import PersonRecord
from app.demo.acting import find
from app.kit.errors import NotAllowed, Refused, Stale, Unknown
from app.notices import service as notices
from app.notices.forms import TellPerson
from app.notices.models import Outgoing
from app.notices.telling import call_off, safe_ways, tell_person
from app.safeguards.words import Role
from tests.notices.conftest import NUMBER, SAFE


def alert(work, case_id: UUID, *, urgent: bool = False) -> None:
    """A notice to the NGO alone."""
    ngo = find(work.session, "ngo").organisation_id
    notices.alert(work, case_id, "Something", role=Role.NGO, organisation_id=ngo, urgent=urgent)


def told(owner) -> list[str]:
    """To whom mail is queued."""
    query = "SELECT email FROM outgoing JOIN user_account u ON u.id = user_id"
    with owner.connect() as connection:
        return sorted(each.partition("@")[0] for each in connection.execute(text(query)).scalars())


def say(work, case_id: UUID, **changed) -> UUID:
    version = person_line(work, case_id).row_version
    return tell_person(work, case_id, TellPerson.model_validate({**SAFE, **changed}), version)


def test_an_act_that_is_undone_tells_nobody(acting, led, owner, clear):
    with acting("ngo") as work:
        alert(work, led, urgent=True)
        work.session.rollback()
    assert told(owner) == []


def test_the_role_is_told_and_not_whoever_did_it(acting, led, owner, clear):
    with acting("police") as work:
        alert(work, led)
        work.commit()
    assert told(owner) == ["ngo"]
    with acting("ngo") as work:
        alert(work, led, urgent=True)
        work.commit()
    assert told(owner) == ["ngo"], "not for one's own act"


def test_a_notice_to_the_team_reaches_the_team_alone(acting, led, owner, clear):
    with acting("police") as work:
        notices.alert(work, led, "Something")
        work.commit()
    assert told(owner) == ["authority", "authority2", "authority3", "ngo"], (
        "who only referred has done their part"
    )


def test_many_notices_are_one_message(acting, led, owner, clear):
    with acting("police") as work:
        for _each in range(5):
            alert(work, led)
        work.commit()
    assert told(owner) == ["ngo"]


def test_what_is_urgent_does_not_wait_for_what_is_not(acting, led, owner, clear, clock):
    with acting("police") as work:
        alert(work, led)
        alert(work, led, urgent=True)
        work.commit()
        due = list(work.session.scalars(select(Outgoing.not_before).order_by(Outgoing.not_before)))
    assert due == [clock.now(), clock.now() + timedelta(minutes=10)]


def test_who_left_is_not_told(acting, led, owner, clear):
    with acting("police") as work:
        find(work.session, "ngo").disabled_at = work.clock.now()
        work.session.flush()
        alert(work, led)
        work.commit()
    assert told(owner) == []


def test_a_message_to_a_colleague_names_no_case(acting, led, owner, clear):
    with acting("police") as work:
        alert(work, led)
        work.commit()
    with owner.connect() as connection:
        row = connection.execute(text("SELECT * FROM outgoing")).mappings().one()
    assert (row["case_id"], row["envelope"], row["key_id"], row["kind"]) == (
        None,
        None,
        None,
        "something_new",
    )
    assert str(led) not in str(dict(row))


def test_the_lead_sees_the_ways_that_she_called_safe_and_the_look_is_recorded(acting, led, ledger):
    with acting("ngo") as work:
        ways, _version = safe_ways(work, led)
        work.commit()
    assert [(each.number, each.channel, each.to) for each in ways] == [
        (0, "sms", NUMBER), (1, "email", "ira@mail.example")
    ]  # fmt: skip
    assert "safe_contact" in ledger(led, "consult")[-1]["fields"]["CON"]


def test_nobody_but_the_lead_lets_her_be_told(acting, led):
    with acting("police") as work, pytest.raises(NotAllowed):
        say(work, led)
    with acting("ngo2") as work, pytest.raises(Unknown):
        tell_person(work, led, TellPerson.model_validate(SAFE), 1)


def test_where_it_goes_is_sealed_under_a_key_of_its_own(acting, led, owner, ledger, clock):
    with acting("ngo") as work:
        message_id = say(work, led)
        work.commit()
    with owner.connect() as connection:
        row = connection.execute(text("SELECT * FROM outgoing WHERE case_id IS NOT NULL")).mappings().one()
        keys = text("SELECT case_id, category FROM keys.wrapped_key WHERE id = :id")
        key = connection.execute(keys, {"id": row["key_id"]}).one()
    assert NUMBER.encode() not in bytes(row["envelope"])
    assert NUMBER not in str({name: each for name, each in row.items() if name != "envelope"})
    assert tuple(key) == (message_id, "CON")
    assert (row["not_before"], row["valid_until"]) == (clock.now(), clock.now() + timedelta(days=3))
    assert ledger(led, "collect")[-1]["message"] == str(message_id)
    assert NUMBER not in str(ledger(led))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"confirmed": "no"}, "confirmed"),
        ({"way": 2, "language": "en"}, "way"),  # she said: never
        ({"way": 3, "language": "en"}, "way"),  # somebody else's telephone
        ({"way": 4, "language": "en"}, "way"),  # no message may be left
        ({"way": 9}, "way"),
        ({"language": "en"}, "language"),  # she asked for French there
        ({"from_hour": 17, "until_hour": 9}, "until_hour"),
    ],
)
def test_what_she_did_not_confirm_is_not_queued(acting, led, changed, field):
    with acting("ngo") as work:
        with pytest.raises(Refused) as refused:
            say(work, led, **changed)
        assert [each.field for each in refused.value.faults] == [field]
        count = select(func.count()).select_from(Outgoing).where(Outgoing.case_id == led)
        assert work.session.scalar(count) == 0


def test_a_record_that_changed_meanwhile_is_read_again_first(acting, led):
    with acting("ngo") as work:
        version = person_line(work, led).row_version
        cases.correct_person(work, led, PersonRecord.model_validate({"given_names": "Ira"}), version)
        with pytest.raises(Stale):
            tell_person(work, led, TellPerson.model_validate(SAFE), version)


@pytest.mark.parametrize("age", ["child", "uncertain"])
def test_a_child_gets_no_message(acting, led, age):
    with acting("ngo") as work:
        cases.say_age_class(work, led, age)
        with pytest.raises(Refused, match="A child is told in person"):
            say(work, led)


def test_what_was_called_off_leaves_no_address_and_no_key(acting, led, owner, ledger):
    with acting("ngo") as work:
        message_id = say(work, led)
        work.commit()
    with acting("ngo") as work:
        assert call_off(work, led) == 1
        assert call_off(work, led) == 0
        work.commit()
    with owner.connect() as connection:
        row = (
            connection.execute(text("SELECT * FROM outgoing WHERE id = :id"), {"id": message_id})
            .mappings()
            .one()
        )
        wrapped = connection.execute(
            text("SELECT wrapped FROM keys.wrapped_key WHERE id = :id"), {"id": row["key_id"]}
        ).scalar()
    assert (row["envelope"], row["refusal"], wrapped) == (None, "called_off", None)
    assert ledger(led, "refuse")[-1]["rules"] == ["called_off"]


def test_the_application_cannot_read_back_where_a_message_goes(acting, led):
    with acting("ngo") as work:
        say(work, led)
        with pytest.raises(ProgrammingError, match="permission denied"):
            work.session.scalar(select(Outgoing.envelope))


def test_a_stranger_sees_no_message_to_her(acting, led):
    with acting("ngo") as work:
        say(work, led)
        work.commit()
    with acting("ngo2") as work:
        assert work.session.scalars(select(Outgoing.id).where(Outgoing.case_id.is_not(None))).all() == []


@pytest.mark.parametrize(
    "question",
    [
        "SELECT envelope FROM part", "SELECT id FROM part", 'SELECT reference FROM "case"',
        "SELECT marks FROM track", "SELECT id FROM team_member", "INSERT INTO team_member DEFAULT VALUES",
        "UPDATE track SET state = 'x'", "SELECT name FROM user_account", "SELECT body FROM ledger.event",
        "SELECT id FROM keys.wrapped_key", "SELECT id FROM sign_in_session", "SELECT kind FROM notice",
        "SELECT id FROM share", "SELECT id FROM shelter", "DELETE FROM ledger.event",
    ],
)  # fmt: skip
def test_the_sender_can_do_nothing_but_send(given, question):
    engine = create_engine(given.send_database_url)
    with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text(question))
    engine.dispose()


def test_the_timers_cannot_read_where_a_message_goes(given):
    engine = create_engine(given.jobs_database_url)
    with engine.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text("SELECT envelope FROM outgoing"))
    engine.dispose()

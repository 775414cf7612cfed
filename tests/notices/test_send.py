"""Sending: each message once, checked at the last moment, retried with patience, refused on the record."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts import news
from app.cases import service as cases
from app.casework.forms import PersonRecord
from app.cli import main
from app.jobs.send import BACK_OFF, send
from app.notices.models import Notice, Outgoing
from tests.notices.conftest import HERS, NUMBER

EVERYBODY = (
    "INSERT INTO outgoing (id, user_id, kind, channel, language, queued_at, queued_by, not_before, attempts)"
    " SELECT gen_random_uuid(), id, 'something_new', 'email', 'en', '2026-03-01', id, '2026-03-01', 0 FROM user_account"
)


def test_a_colleague_gets_one_mail_that_says_nothing(office, led, clear):
    office.alert(led)
    assert office.send() == Counter(sent=1)
    assert office.send() == Counter()
    (mail,) = office.mails.mails
    assert mail.rcpt_tos == ["ngo@demonstration.example"]
    said = mail.content.decode().replace("ngo@demonstration.example", "")
    assert not [
        word for word in (str(led), "Harbour", "Nadia", "Irina", "ngo", "demonstration") if word in said
    ]
    assert office.row()["sent_at"] == office.clock.now()


def test_what_happened_to_how_one_signs_in_is_one_mail_that_names_nothing(office, acting, clear):
    with acting("ngo") as work:
        for kind in ("failed", "passkey_added"):
            news.tell(work, work.actor.user_id, kind)
        work.commit()
    with acting("police") as work:
        news.tell(work, work.actor.user_id, "failed")
        work.session.rollback()
    assert office.send() == Counter(sent=1)
    assert office.send() == Counter()
    (mail,) = office.mails.mails
    assert mail.rcpt_tos == ["ngo@demonstration.example"]
    said = mail.content.decode().replace("ngo@demonstration.example", "")
    assert "Not you? Tell your administrator." in said
    assert not [word for word in ("Harbour", "Nadia", "ngo", "demonstration", "passkey") if word in said]


def test_she_is_told_by_the_way_and_in_the_language_that_she_confirmed(office, led, queued, ledger):
    assert office.send() == Counter(sent=1)
    (asked,) = office.texts.asked
    assert (asked["to"], asked["reference"]) == (NUMBER, str(queued))
    assert asked["text"] == "Il y a du nouveau. Connectez-vous pour le lire."
    (event,) = ledger(led, "disclose")[-1:]
    assert (event["message"], event["categories"], event["role"]) == (str(queued), ["CON"], "SYS")
    assert NUMBER not in str(ledger(led))


def test_where_it_went_is_forgotten_and_its_key_destroyed(office, queued):
    key = office.row()["key_id"]
    office.send()
    assert office.row()["envelope"] is None
    assert office.run("SELECT wrapped FROM keys.wrapped_key WHERE id = :id", id=key).scalar() is None


def test_outside_her_hours_it_waits_and_then_goes(office, queued):
    office.wait(hours=8)  # it was not sent in time: five in the afternoon is over
    assert office.send() == Counter()
    assert office.row()["attempts"] == 0
    office.wait(hours=14, minutes=59)
    assert office.send() == Counter(), "one minute before nine in Vienna"
    office.wait(minutes=1)
    assert office.send() == Counter(sent=1)


def change_contact(work, case_id):
    cases.correct_person(work, case_id, PersonRecord.model_validate({"safe_contact": HERS[1:]}), 1)


def become_child(work, case_id):
    cases.say_age_class(work, case_id, "uncertain")


def lose_key(work, case_id):
    message_id = work.session.scalar(select(Outgoing.id).where(Outgoing.case_id == case_id))
    work.keys.destroy(message_id, work.clock.now())


@pytest.mark.parametrize(
    ("happens", "why"),
    [(change_contact, "contact_changed"), (become_child, "not_adult"), (lose_key, "unreadable")],
)
@pytest.mark.usefixtures("queued")
def test_what_changed_since_she_confirmed_stops_it(office, led, ledger, happens, why):
    with office.acting("ngo") as work:
        happens(work, led)
        work.commit()
    assert office.send()["refused"] == 1
    assert not office.texts.asked
    kept = office.row()
    assert (kept["refusal"], kept["envelope"], kept["sent_at"]) == (why, None, None)
    assert ledger(led, "refuse")[-1]["rules"] == [why]


@pytest.mark.parametrize(
    ("slug", "state", "why"),
    [
        ("shelter_placement", "absent", "person_missing"),
        ("missing_person", "search", "person_missing"),
        ("case", "closed", "case_closed"),
    ],
)
@pytest.mark.usefixtures("queued")
def test_whoever_is_missing_or_gone_gets_no_message(office, slug, state, why):
    office.run("UPDATE track SET slug = :slug, state = :state WHERE slug = 'case'", slug=slug, state=state)
    assert office.send()["refused"] == 1
    assert not office.texts.asked
    assert office.row()["refusal"] == why


@pytest.mark.usefixtures("queued")
def test_a_confirmation_does_not_last(office):
    office.wait(days=3)
    assert office.send()["refused"] == 1
    assert not office.texts.asked
    assert office.row()["refusal"] == "confirmation_expired"


@pytest.mark.usefixtures("queued")
def test_who_wanted_her_told_learns_that_she_was_not(office, led):
    office.wait(days=3)
    office.send()
    with office.acting("ngo") as work:
        kinds = work.session.scalars(select(Notice.kind).where(Notice.case_id == led))
        assert any(each.startswith("A message to the person was not sent") for each in kinds)


@pytest.mark.usefixtures("queued")
def test_a_refused_number_is_refused_once(office):
    office.texts.status = 400
    assert office.send()["refused"] == 1
    assert len(office.texts.asked) == 1
    assert office.row()["refusal"] == "address_rejected"


@pytest.mark.usefixtures("queued")
def test_a_way_out_that_is_not_configured_refuses(office):
    assert send(office.sender, {})["refused"] >= 1
    assert office.row()["refusal"] == "not_configured"


def test_a_closed_way_out_is_tried_again_later_and_at_last_given_up(office, led, clear):
    office.alert(led)
    office.mails.answer = "450 Busy"
    for attempt, minutes in enumerate((*BACK_OFF, BACK_OFF[-1]), 1):
        assert office.send() == Counter(later=1)
        assert office.row()["attempts"] == attempt
        assert office.row()["not_before"] == office.clock.now() + timedelta(minutes=minutes)
        assert office.send() == Counter(), "not before its time"
        office.wait(minutes=minutes)
    assert office.send() == Counter(refused=1)
    assert office.row()["refusal"] == "gave_up"


@pytest.mark.usefixtures("queued")
def test_a_closed_way_out_holds_up_no_other(office, led):
    office.alert(led)
    office.mails.answer = "450 Busy"
    assert office.send() == Counter(later=1, sent=1)
    assert len(office.texts.asked) == 1


def test_an_account_that_was_closed_meanwhile_gets_nothing(office, led, clear):
    office.alert(led)
    office.run("UPDATE user_account SET disabled_at = now() WHERE email LIKE 'ngo@%'")
    assert office.send() == Counter(refused=1)
    assert not office.mails.mails
    assert office.row()["refusal"] == "account_closed"


@pytest.mark.usefixtures("queued")
def test_after_a_crash_nobody_sends_it_at_once_again(office):
    """A sender that died with the message in its hand: the next attempt comes after the first pause."""

    class Died(BaseException):
        pass

    class Dies:
        def deliver(self, message) -> None:
            raise Died

    with pytest.raises(Died):
        office.send(sms=Dies())
    assert office.send() == Counter()
    office.wait(minutes=BACK_OFF[0])
    assert office.send() == Counter(sent=1)
    assert len(office.texts.asked) == 1


def test_senders_at_once_send_each_message_once(office):
    office.run(EVERYBODY)
    waiting = len(office.rows())
    told: list[Counter[str]] = []
    senders = [threading.Thread(target=lambda: told.append(office.send())) for _each in range(3)]
    for each in senders:
        each.start()
    for each in senders:
        each.join()
    assert (sum(told, Counter()), len(told)) == (Counter(sent=waiting), 3)
    assert Counter(Counter(mail.rcpt_tos[0] for mail in office.mails.mails).values()) == {1: waiting}


@pytest.mark.usefixtures("queued")
def test_what_was_dealt_with_is_forgotten_after_a_month(office):
    office.send()
    office.wait(days=29)
    office.send()
    assert len(office.rows()) == 1
    office.wait(days=1)
    office.send()
    assert office.rows() == []


@pytest.mark.usefixtures("queued")
def test_her_number_is_in_no_log(office, caplog, capfd):
    office.texts.status = 503
    with caplog.at_level(0):
        assert office.send() == Counter(later=1)
    assert NUMBER not in caplog.text + "".join(capfd.readouterr())


def test_the_command_sends_and_calls_the_alarm_when_a_way_out_is_closed(
    office, configured, monkeypatch, capsys
):
    """As the timer runs it: over its own role, under the machine's clock."""
    monkeypatch.setattr("app.cli.settings", lambda: configured)
    office.run(EVERYBODY)
    waiting = len(office.rows())
    office.mails.answer = "450 Busy"
    assert main(["send"]) == 1
    assert capsys.readouterr().out == "0 messages sent, 0 refused, 1 left for later\n"
    office.mails.answer = "250 OK"
    assert main(["send"]) == 0
    assert capsys.readouterr().out == f"{waiting - 1} messages sent, 0 refused, 0 left for later\n"

"""The two ways out, against real servers: what is handed over, encrypted how, and what each refusal means."""

import socket
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.kit.i18n import LANGUAGES
from app.notices import texts
from app.notices.message import Message, Rejected, Unreachable
from app.notices.posts import posts_of
from app.notices.sms import HttpSms
from app.notices.smtp import Mail
from app.settings import Settings
from tests.notices.conftest import NUMBER
from tests.notices.servers import Taken

TELLING = (
    "traffick", "traite", "victim", "victime", "shelter", "hébergement", "case", "dossier", "police", "referral",
    "help", "aide", "nrm", "http",
)  # fmt: skip
MAIL = Message("nadia@ngo.example", "Something new", "There is something new.", "0b5f")
TEXT = replace(MAIL, to=NUMBER)


@pytest.fixture
def mail(mail_server: Taken, certificate: Path) -> Mail:
    return Mail(
        "127.0.0.1", mail_server.port, "starttls", "post@service.example", "service", "let me in", certificate
    )


@pytest.fixture
def sms(gateway: Taken) -> HttpSms:
    return HttpSms(f"http://127.0.0.1:{gateway.port}/messages", "token", "Service")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", texts.KINDS)
def test_no_text_tells_anything(kind: str, language: str) -> None:
    said = f"{texts.subject(kind, language)} {texts.body(kind, language)}".lower()
    assert not [word for word in TELLING if word in said]
    assert "{" not in said
    assert len(texts.body(kind, language)) <= 70, "one short message holds it, whatever its letters"


def test_the_two_languages_differ() -> None:
    assert texts.body("something_new", "fr") != texts.body("something_new", "en")


def test_a_mail_goes_encrypted_to_one_address_and_says_where_it_is_from(
    mail: Mail, mail_server: Taken
) -> None:
    mail.deliver(MAIL)
    (taken,) = mail_server.mails
    written = message_from_bytes(taken.content, policy=policy.default)
    assert taken.rcpt_tos == ["nadia@ngo.example"]
    assert taken.mail_from == written["From"] == "post@service.example"
    assert (written["To"], written["Subject"]) == ("nadia@ngo.example", "Something new")
    assert written["Message-ID"] == "<0b5f@service.example>"
    assert written["Auto-Submitted"] == "auto-generated"
    assert written.get_content().strip() == "There is something new."
    assert mail_server.secured == [True]
    assert mail_server.users == ["service"]


def test_the_machine_is_not_named(mail: Mail, mail_server: Taken) -> None:
    mail.deliver(MAIL)
    assert socket.gethostname().encode() not in mail_server.mails[0].content


@pytest.mark.parametrize(
    ("answer", "means"),
    [("550 No such user", Rejected), ("450 Busy", Unreachable), ("421 Closing", Unreachable)],
)
def test_an_address_refused_for_good_is_not_tried_again(
    mail: Mail, mail_server: Taken, answer: str, means: type[Exception]
) -> None:
    mail_server.answer = answer
    with pytest.raises(means) as told:
        mail.deliver(MAIL)
    assert "nadia" not in str(told.value)
    assert told.value.__cause__ is None
    assert not mail_server.mails


@pytest.mark.parametrize("to", ["a@b.example\nBcc: x@y.example", "a@b.example\r\nX: y"])
def test_an_address_cannot_smuggle_in_a_header(mail: Mail, mail_server: Taken, to: str) -> None:
    with pytest.raises(Rejected):
        mail.deliver(replace(MAIL, to=to))
    assert not mail_server.mails


def test_without_trust_in_the_server_nothing_is_said(mail: Mail, mail_server: Taken) -> None:
    with pytest.raises(Unreachable):
        replace(mail, ca_file=None).deliver(MAIL)
    assert not mail_server.mails
    assert not mail_server.users, "not even the password"


def test_a_wrong_password_or_a_closed_port_may_be_right_later(mail: Mail, mail_server: Taken) -> None:
    with pytest.raises(Unreachable):
        replace(mail, password="wrong").deliver(MAIL)
    with pytest.raises(Unreachable):
        replace(mail, port=1).deliver(MAIL)
    assert not mail_server.mails


def test_a_short_message_is_one_request(sms: HttpSms, gateway: Taken) -> None:
    sms.deliver(TEXT)
    assert gateway.asked == [
        {"to": NUMBER, "from": "Service", "text": "There is something new.", "reference": "0b5f"}
    ]
    assert gateway.headers[0]["authorization"] == "Bearer token"
    assert gateway.headers[0]["idempotency-key"] == "0b5f"


@pytest.mark.parametrize(
    ("status", "means"),
    [
        (400, Rejected),
        (422, Rejected),
        (401, Unreachable),
        (429, Unreachable),
        (500, Unreachable),
        (503, Unreachable),
    ],
)
def test_what_the_gateway_answers_decides_whether_it_is_tried_again(
    sms: HttpSms, gateway: Taken, status: int, means: type[Exception]
) -> None:
    gateway.status = status
    with pytest.raises(means):
        sms.deliver(TEXT)


def test_the_gateway_cannot_send_the_number_elsewhere(sms: HttpSms, gateway: Taken) -> None:
    gateway.status = 307
    with pytest.raises(Unreachable):
        sms.deliver(TEXT)
    assert len(gateway.asked) == 1


def test_a_gateway_that_is_not_there_may_be_there_later() -> None:
    with pytest.raises(Unreachable):
        HttpSms("http://127.0.0.1:1/").deliver(TEXT)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"smtp_host": "mail.example"}, "NRM_SMTP_SENDER"),
        (
            {"smtp_host": "mail.example", "smtp_sender": "a@b.example", "smtp_security": "none"},
            "this machine only",
        ),
        ({"sms_url": "http://gateway.example/"}, "must begin with https"),
        ({"sms_url": "ftp://127.0.0.1/"}, "must begin with https"),
    ],
)
def test_a_way_out_that_is_not_safe_is_refused_at_the_start(said: dict[str, str], why: str) -> None:
    with pytest.raises(SystemExit, match=why):
        posts_of(Settings.model_validate({"smtp_host": None, **said}))


@pytest.mark.parametrize(
    "name", ["sms_url", "sms_token", "oidc_issuer", "oidc_client_id", "oidc_client_secret", "transit_url"]
)
def test_what_is_too_long_to_be_sent_is_refused_at_the_start(name: str) -> None:
    Settings.model_validate({name: "h" * 2000})
    with pytest.raises(ValidationError, match=name):
        Settings.model_validate({name: "h" * 2001})


def test_without_settings_there_is_no_way_out() -> None:
    assert posts_of(Settings.model_validate({})) == {}

"""Real ways out: a mail server and a gateway on this machine; the sender over its own role; a case with a safe way."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from app.demo.acting import find
from app.demo.stories import Teller
from app.jobs.send import send
from app.kit.clock import HeldClock
from app.notices import service as notices
from app.notices.forms import TellPerson
from app.notices.message import Post
from app.notices.posts import posts_of
from app.notices.telling import tell_person
from app.safeguards.words import Role
from app.settings import Settings
from tests.fixtures.past_doors import OpenWork
from tests.fixtures.service import As, Once, Told
from tests.notices.servers import Taken, gateway, mail_server

__all__ = ["gateway", "mail_server"]  # fixtures that the tests here ask for

NUMBER = "+43660123456"
SAFE = {
    "way": 0, "language": "fr", "days": ["mon", "tue", "wed", "thu", "fri"], "from_hour": 9, "until_hour": 17,
    "confirmed": "yes",
}  # fmt: skip
HERS = [
    {
        "channel": "phone", "value": "+43 660 123-456", "safe": "yes", "may_leave_message": "yes",
        "language": "fr",
    },
    {"channel": "email", "value": "ira@mail.example", "safe": "yes", "may_leave_message": "yes"},
    {"channel": "email", "value": "old@mail.example", "safe": "no", "may_leave_message": "yes"},
    {
        "channel": "alternative_phone", "value": "+43660999999", "safe": "yes", "may_leave_message": "yes",
        "whose": "A neighbour",
    },
    {"channel": "phone", "value": "+43660888888", "safe": "yes", "may_leave_message": "no"},
]  # fmt: skip


@pytest.fixture
def configured(given: Settings, mail_server: Taken, gateway: Taken, certificate: Path) -> Settings:
    """The settings of an installation that has both ways out."""
    return _both(given, mail_server, gateway, certificate)


def _both(given: Settings, mail_server: Taken, gateway: Taken, certificate: Path) -> Settings:
    more = {
        "smtp_host": "127.0.0.1", "smtp_port": mail_server.port, "smtp_sender": "post@service.example",
        "smtp_user": "service", "smtp_password": "let me in", "smtp_ca_file": certificate,
        "sms_url": f"http://127.0.0.1:{gateway.port}/messages", "sms_token": "token", "sms_sender": "Service",
    }  # fmt: skip
    return Settings.model_validate({**given.model_dump(), **more})


@pytest.fixture(scope="session")
def told_led(once: Once) -> Told:
    return once(_lead)


def _lead(teller: Teller) -> UUID:
    case_id = teller.refer(
        "police",
        "ngo",
        [{"source": "told", "signs": ["ilo.violence"]}],
        given_names="Irina",
        safe_contact=HERS,
    )
    teller.act("ngo", case_id, "referral", "accept")
    return case_id


@pytest.fixture
def led(told_led: Told) -> UUID:
    """A woman whose case the NGO leads; she named ways to reach her."""
    case_id: UUID = told_led.about
    return case_id


@pytest.fixture
def clear(led: UUID, owner: Engine) -> None:
    """Nothing of the story so far waits to be sent."""
    with owner.connect() as connection:
        connection.execute(text("DELETE FROM outgoing"))


@pytest.fixture
def ledger(owner: Engine) -> Callable[..., list[dict[str, Any]]]:
    """The events of a case, the earliest first; of some acts only, if named."""

    def events(case_id: UUID, *acts: str) -> list[dict[str, Any]]:
        with owner.connect() as connection:
            rows = connection.execute(text("SELECT body FROM ledger.event ORDER BY id")).scalars()
            said = [json.loads(each) for each in rows]
        return [
            each for each in said if each.get("case") == str(case_id) and (not acts or each["act"] in acts)
        ]

    return events


@dataclass
class Office:
    """Everything around the sender: who acts, what leaves, what is kept, what time it is."""

    acting: As
    sender: OpenWork
    posts: Mapping[str, Post]
    mails: Taken
    texts: Taken
    owner: Engine
    clock: HeldClock

    def send(self, **instead: Post) -> Counter[str]:
        """Run the sender once."""
        return send(self.sender, {**self.posts, **instead})

    def rows(self) -> list[Any]:
        """Everything in the outbox."""
        with self.owner.connect() as connection:
            return list(connection.execute(text("SELECT * FROM outgoing ORDER BY queued_at, id")).mappings())

    def row(self) -> Any:
        """The only message to the person, or else the only one there is."""
        rows = self.rows()
        return next((each for each in rows if each["case_id"]), rows[0])

    def run(self, query: str, **values: Any) -> Any:
        """Ask the database as its owner."""
        with self.owner.connect() as connection:
            return connection.execute(text(query), values)

    def alert(self, case_id: UUID) -> None:
        """Let the NGO be told of something urgent."""
        with self.acting("police") as work:
            ngo = find(work.session, "ngo").organisation_id
            notices.alert(work, case_id, "Something", role=Role.NGO, organisation_id=ngo, urgent=True)
            work.commit()

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.clock.move(timedelta(**span))


@pytest.fixture
def office(  # noqa: PLR0917 -- it gathers what is around the sender
    acting: As, sender: OpenWork, configured: Settings, mail_server: Taken, gateway: Taken, owner: Engine,
    clock: HeldClock,
) -> Office:  # fmt: skip
    return Office(acting, sender, posts_of(configured), mail_server, gateway, owner, clock)


@pytest.fixture
def queued(acting: As, led: UUID, clear: None) -> UUID:
    """One message to the person of a case, none to anybody else; its id."""
    with acting("ngo") as work:
        message_id = tell_person(work, led, TellPerson.model_validate(SAFE), 1)
        work.commit()
    return message_id

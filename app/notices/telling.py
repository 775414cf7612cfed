"""Letting the person herself be told: only what she confirmed as safe, copied for one message and for three days."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.cases.queries import case_line, person_line
from app.kit.errors import Fault, Refused, Stale, Unknown
from app.kit.i18n import _
from app.kit.ids import new_id
from app.notices.forms import TellPerson
from app.notices.hours import Hours
from app.notices.models import Outgoing
from app.notices.sending import WAITING, settle_message
from app.profiles.profile import load
from app.safeguards.vault.envelope import Context, seal
from app.safeguards.vault.parts import Written
from app.safeguards.words import Act, Category, Relation
from app.safeguards.work import Work

HOLDS = timedelta(days=3)  # a confirmation; after that she is asked anew
SENT_BY = {
    "phone": "sms",
    "email": "email",
}  # what she called safe -> how it is sent; nobody else's telephone
NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
SOURCE = "CETS 197 art. 11(1)"


@dataclass(frozen=True)
class SafeWay:
    """One of the ways to reach the person that may be written to; `number` is its place in the record."""

    number: int
    channel: str
    to: str
    language: str | None
    hours: str | None


def safe_ways(work: Work, case_id: UUID) -> tuple[list[SafeWay], int]:
    """Return the ways that the person called safe for a message that stays there, and the record's version.

    Only for whoever coordinates the case: contact runs through them. The look is recorded.
    """
    may_tell(work, case_id)
    person = person_line(work, case_id)
    if person is None:
        raise Unknown
    held = work.reveal(case_id, [person.id]).of(person.id).get("safe_contact", ())
    found = (_way(number, each) for number, each in enumerate(held))
    return [each for each in found if each is not None], person.row_version


def may_tell(work: Work, case_id: UUID) -> None:
    """Refuse everybody but whoever coordinates the case; a stranger learns nothing of it."""
    work.refuse_unless(
        Relation.LEAD in work.member(case_id).relations,
        _("Only whoever coordinates the case lets the person be told."),
    )


def may_be_told(work: Work, case_id: UUID) -> bool:
    """Say whether messages can be meant for the person at all: a child is told in person."""
    return case_line(work, case_id).age_class == "adult"


def _way(number: int, said: Mapping[str, Any]) -> SafeWay | None:
    """Return a way that may be written to, or None: it must be her own, called safe, and hold a message safely."""
    channel = SENT_BY.get(said.get("channel", ""))
    to = re.sub(r"[\s().-]", "", said.get("value") or "") if channel == "sms" else (said.get("value") or "")
    written_right = (NUMBER if channel == "sms" else ADDRESS).fullmatch(to)
    hers = said.get("safe") == "yes" and said.get("may_leave_message") == "yes" and not said.get("whose")
    if channel is None or not hers or not written_right:
        return None
    return SafeWay(number, channel, to, said.get("language"), said.get("hours"))


def tell_person(work: Work, case_id: UUID, form: TellPerson, version: int) -> UUID:
    """Queue one message to the person; raises Refused with what stands against it. Return the message's id."""
    ways, held = safe_ways(work, case_id)
    if held != version:
        raise Stale(sent={"version": version}, held={"version": held})
    way = next((each for each in ways if each.number == form.way), None)
    case = case_line(work, case_id)
    hours = Hours(
        form.days, form.from_hour, form.until_hour, load(case.profile_code, case.profile_version).zone
    )
    message_id, now = new_id(), work.clock.now()
    opens = hours.opens(now)
    if faults := _against(case.age_class, way, form):
        raise Refused(*faults)
    assert way is not None
    assert opens is not None
    key_id, envelope = _copied(
        work, case_id, message_id, {"to": way.to, **vars(hours), "days": list(hours.days)}
    )
    work.session.add(
        Outgoing(
            id=message_id, case_id=case_id, kind="something_new", channel=way.channel, language=form.language,
            person_version=held, key_id=key_id, envelope=envelope, queued_at=now, queued_by=work.actor.user_id,
            not_before=opens, valid_until=now + HOLDS, attempts=0,
        )
    )  # fmt: skip
    work.session.flush()
    written = [Written(message_id, Category.CON, 1, hashlib.sha256(envelope).hexdigest(), ("hours", "to"))]
    work.record(Act.COLLECT, case_id=case_id, message=message_id, written=written, rule="safe contact")
    return message_id


def _against(age_class: str | None, way: SafeWay | None, form: TellPerson) -> list[Fault]:
    """Return every reason why the message may not be queued."""
    faults = []
    if age_class != "adult":
        faults.append(_fault(_("A child is told in person, with the guardian; no message is sent.")))
    if way is None:
        faults.append(
            _fault(_("This way is not among those that the person called safe for a message."), "way")
        )
    elif way.language not in (None, form.language):
        faults.append(_fault(_("The person asked to be written to in another language there."), "language"))
    if form.confirmed != "yes":
        faults.append(_fault(_("Nothing is sent until the person has said that it is safe."), "confirmed"))
    if form.from_hour >= form.until_hour:
        faults.append(_fault(_("The last hour is not after the first."), "until_hour"))
    return faults


def _fault(message: str, field: str | None = None) -> Fault:
    return Fault(message, field, rule="safe contact", source=SOURCE)


def _copied(work: Work, case_id: UUID, message_id: UUID, fields: dict[str, Any]) -> tuple[UUID, bytes]:
    """Seal where and when to send under a key that is this message's alone."""
    category = Category.CON
    key_id = work.keys.for_sealing(message_id, [category], work.clock.now())[category]
    key = work.keys.opened([key_id])[key_id]
    context = Context(case_id, category.value, message_id, 1, key_id)
    return key_id, seal(key, fields, context, work.keys.form)


def call_off(work: Work, case_id: UUID) -> int:
    """Refuse what still waits to be sent to the person of a case; return how many messages."""
    waiting = select(Outgoing.id).where(Outgoing.case_id == case_id, *WAITING)
    found = list(work.session.scalars(waiting.with_for_update()))
    for message_id in found:
        settle_message(work, message_id, case_id, refusal="called_off")
    return len(found)

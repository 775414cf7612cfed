"""Planting invented cases: a supervisor permits it, a colleague writes it, the ledger knows of it by a mark."""

import base64
import hmac
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import UserAccount
from app.accounts.queries import user_names, users_of
from app.cases import service as cases
from app.cases.models import Case
from app.casework import service as engine
from app.casework.forms import PersonRecord
from app.kit.errors import Fault, Invalid, Unknown
from app.kit.i18n import _
from app.oversight.planting_forms import InventedPerson
from app.safeguards import access
from app.safeguards.invented import draw, is_invented, mark
from app.safeguards.models import LedgerEvent
from app.safeguards.words import Act, Relation, Role
from app.safeguards.work import INVENTED, Work
from app.tracks.intake.referral_answers import Accept, Complete
from app.tracks.intake.referral_form import SubmitReferral
from app.tracks.intake.referral_start import CreateReferral

WRITERS = (Role.NGO, Role.SOC)  # whose cases these are: they refer, and they lead
GOOD_FOR = timedelta(hours=24)
LABEL = b"nrm invented permit 1"
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Opening:
    """That somebody opened an invented case, whose sessions ended with it."""

    who: str
    at: datetime


@dataclass(frozen=True)
class Planted:
    """An invented case, as those who watch see it."""

    case_id: UUID
    reference: str
    at: datetime
    by: str
    openings: tuple[Opening, ...]


def writers(work: Work) -> dict[UUID, str]:
    """Return the colleagues whom the actor may trust with it, by identifier."""
    house = work.actor.organisation_id
    return (
        {each: name for role in WRITERS for each, name in users_of(work, house, role).items()}
        if house
        else {}
    )


def permit(work: Work, user_id: UUID) -> str:
    """Let a colleague write invented cases for a day; return what opens the page to them alone. Nothing is stored."""
    if user_id not in writers(work):
        raise Invalid(Fault(_("Choose a colleague of your own organisation"), "user_id"))
    said = (
        user_id.bytes + work.actor.user_id.bytes + int((work.clock.now() + GOOD_FOR).timestamp()).to_bytes(8)
    )
    work.record(Act.GRANT, to_user=user_id, by="invented case permitted")
    return base64.urlsafe_b64encode(said + _sign(work, said)).decode().rstrip("=")


def permitted(work: Work, given: str) -> UUID:
    """Return who permitted the actor to write an invented case; to everybody else there is no such page."""
    try:
        raw = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4))
    except ValueError as broken:
        raise Unknown from broken
    said, signed = raw[:40], raw[40:]
    ends = int.from_bytes(said[32:])
    if not hmac.compare_digest(signed, _sign(work, said)) or UUID(bytes=said[:16]) != work.actor.user_id:
        raise Unknown
    if ends <= work.clock.now().timestamp():
        raise Unknown
    return UUID(bytes=said[16:32])


def _sign(work: Work, said: bytes) -> bytes:
    return hmac.digest(work.keys.stamping, LABEL + said, "sha256")


def plant(work: Work, given: str, form: InventedPerson) -> str:
    """Write an invented case, by the steps of any other; return its reference.

    It came as a referral that was taken and dealt with: nothing runs, nobody is told, and no authority is asked.
    """
    allowed_by, house = permitted(work, given), work.actor.organisation_id
    assert house is not None
    work.plants = draw(work.keys)
    case_id = cases.begin_case(work)
    asked = CreateReferral(type="service", receiving_organisation_id=house)
    track_id = engine.open_track(work, case_id, "referral", "create", asked).track_id
    answers = {**form.as_referral(), "receiving_organisation_id": house, "responder_name": work.actor.name}
    sent = SubmitReferral.model_validate(answers)
    engine.take_step(work, track_id, "submit", sent)
    cases.record_person(work, case_id, {name: each for name, each in sent if each}, PersonRecord)
    engine.take_step(work, track_id, "accept", Accept())
    engine.take_step(work, track_id, "complete", Complete(outcome="assisted"))
    for organisation_id in {house, form.partner_id or house}:
        for role in WRITERS:
            if users_of(work, organisation_id, role):
                access.grant(
                    work.as_system(), case_id, Relation.ASSIGNED, role=role, organisation_id=organisation_id
                )
    work.record(Act.COLLECT, register=INVENTED, mark=mark(work.keys, case_id), permitted_by=allowed_by)
    return work.session.scalars(select(Case.reference).where(Case.id == case_id)).one()


def planted(work: Work) -> list[Planted]:
    """Return the invented cases that the actor may know of: a supervisor those of the own organisation."""
    query = select(Case.id, Case.reference, Case.created_at, Case.created_by)
    if work.actor.role is Role.SUP:  # another organisation that can see one does not learn what it is
        query = query.join(UserAccount, UserAccount.id == Case.created_by)
        query = query.where(UserAccount.organisation_id == work.actor.organisation_id)
    found = [row for row in work.session.execute(query) if is_invented(work.keys, row.id)]
    work.record(Act.CONSULT, register=INVENTED)
    alarms = _alarms(work, [row.id for row in found])
    names = user_names(work, {row.created_by for row in found} | {who for _case, who, _at in alarms})
    return [
        Planted(
            row.id, row.reference, row.created_at, names[row.created_by],
            tuple(Opening(names[who], at) for case_id, who, at in alarms if case_id == row.id),
        )
        for row in sorted(found, key=lambda each: each.created_at, reverse=True)
    ]  # fmt: skip


def _alarms(work: Work, cases: Collection[UUID]) -> list[tuple[UUID, UUID, datetime]]:
    query = select(LedgerEvent.body).where(LedgerEvent.act == Act.ALARM.value, LedgerEvent.case_id.in_(cases))
    said = [json.loads(body) for body in work.session.scalars(query.order_by(LedgerEvent.id))]
    return [
        (UUID(each["case"]), UUID(each["actor"]), datetime.fromisoformat(each["at"]))
        for each in said
        if each.get("by") == INVENTED
    ]


def withdraw(work: Work, case_id: UUID) -> None:
    """Take an invented case away from everybody who could come near it; its alarm stays."""
    if case_id not in {each.case_id for each in planted(work)}:
        raise Unknown
    assert work.actor.organisation_id is not None
    access.grant(
        work, case_id, Relation.OVERSIGHT, role=work.actor.role, organisation_id=work.actor.organisation_id,
        user_id=work.actor.user_id, until=work.clock.now() + INSTANT,
    )  # fmt: skip
    access.end(work, case_id, Relation)

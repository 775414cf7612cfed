"""What those who watch are told at once, in the transaction of the act that they are told of."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from app.accounts.admission import WAITS
from app.accounts.clients import end_tokens_of
from app.accounts.queries import organisations_with
from app.accounts.sessions import end_all_of
from app.kit.i18n import _
from app.notices.models import Notice
from app.notices.service import alert
from app.safeguards import ties
from app.safeguards.models import TeamMember
from app.safeguards.words import Act, Relation, Role
from app.safeguards.work import INVENTED, SPENT, Work

OPENED = _("Somebody opened an invented case: ask why, and judge nobody before")
REACHED = _("Somebody opened, or took away, as much as may be in this time: ask why, or lift it for an hour")
NEWCOMER = _("Somebody new waits to be let in: open the account only if you know who it is for")
AN_HOUR = timedelta(hours=1)


def sound(work: Work) -> None:
    """Answer each thing that was seen, once; the door calls it before it commits."""
    seen = sorted(work.sights, key=str)
    work.sights.clear()
    for kind, about in seen:
        ANSWERS[kind](work, about)


def _invented(work: Work, case_id: UUID | None) -> None:
    """Put it on the ledger, end every session of whoever stands there, tell supervisors and auditors."""
    assert case_id is not None
    work.record(Act.ALARM, case_id=case_id, by=INVENTED)
    end_all_of(work, work.actor.user_id)
    end_tokens_of(work, work.actor.user_id)
    team = ties.rows(work, TeamMember.case_id == case_id, TeamMember.relation != Relation.OVERSIGHT.value)
    supervised = {each.organisation_id for each in team} | {work.actor.organisation_id}
    tell(work, OPENED, Role.SUP, organisations_with(work, {Role.SUP}) & supervised)
    tell(work, OPENED, Role.AUD, organisations_with(work, {Role.AUD}))


def _spent(work: Work, _about: UUID | None) -> None:
    """Put it on the ledger, and tell the supervisors of whoever it was: once an hour, however often it is tried."""
    work.record(Act.ALARM, by=SPENT)
    house = work.actor.organisation_id
    told = select(Notice.id).where(
        Notice.organisation_id == house, Notice.kind == REACHED, Notice.at > work.clock.now() - AN_HOUR
    )
    if house is not None and work.session.scalar(told.limit(1)) is None:
        tell(work, REACHED, Role.SUP, {house})


def _newcomer(work: Work, organisation_id: UUID | None) -> None:
    """Tell those who can say whether they know somebody new: the supervisors there, and the auditors."""
    assert organisation_id is not None
    tell(work, NEWCOMER, Role.SUP, {organisation_id})
    tell(work, NEWCOMER, Role.AUD, organisations_with(work, {Role.AUD}))


def tell(work: Work, kind: str, role: Role, organisations: set[UUID]) -> None:
    """Tell the people of a role in those organisations; which case it was stands on the ledger."""
    for each in sorted(organisations):
        alert(work, None, kind, role=role, organisation_id=each, urgent=True)


ANSWERS: dict[str, Callable[[Work, UUID | None], None]] = {
    INVENTED: _invented,
    SPENT: _spent,
    WAITS: _newcomer,
}

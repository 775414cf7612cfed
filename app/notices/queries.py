"""What waits for somebody's attention."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from app.notices.models import Notice, Outgoing
from app.safeguards.work import Work

MOST = 200


@dataclass(frozen=True)
class NoticeLine:
    """A notice; `kind` is a marked text without personal data."""

    id: UUID
    case_id: UUID | None
    kind: str
    urgent: bool
    at: datetime


def waiting(work: Work, my_cases: Collection[UUID]) -> list[NoticeLine]:
    """Return the notices that wait for the actor: urgent ones first, then the oldest.

    A notice to the whole organisation about a case waits only for those who are on that case.
    """
    meant = Notice.role == work.actor.role.value
    rows = work.session.scalars(
        select(Notice)
        .where(
            Notice.organisation_id == work.actor.organisation_id,
            Notice.done_at.is_(None),
            or_(Notice.role.is_(None), meant),
            or_(meant, Notice.case_id.is_(None), Notice.case_id.in_(list(my_cases))),
        )
        .order_by(Notice.urgent.desc(), Notice.at, Notice.id)
        .limit(MOST)
    )
    return [NoticeLine(each.id, each.case_id, each.kind, each.urgent, each.at) for each in rows]


def notice_is_mine(work: Work, notice_id: UUID, my_cases: Collection[UUID]) -> bool:
    """Say whether a notice waits for the actor."""
    return any(each.id == notice_id for each in waiting(work, my_cases))


@dataclass(frozen=True)
class MessageLine:
    """A message to the person: by which way, and what became of it; never where it went."""

    id: UUID
    channel: str
    state: str
    at: datetime
    refusal: str | None


def messages(work: Work, case_id: UUID) -> list[MessageLine]:
    """Return the messages to the person of a case, the newest first."""
    columns = (
        Outgoing.id, Outgoing.channel, Outgoing.sent_at, Outgoing.refused_at, Outgoing.not_before, Outgoing.refusal,
    )  # fmt: skip
    rows = work.session.execute(
        select(*columns).where(Outgoing.case_id == case_id).order_by(Outgoing.queued_at.desc(), Outgoing.id)
    )
    return [_message(*row) for row in rows]


def _message(  # noqa: PLR0913, PLR0917 -- the columns of a row
    message_id: UUID, channel: str, sent: datetime | None, refused: datetime | None, due: datetime,
    refusal: str | None,
) -> MessageLine:  # fmt: skip
    state = "sent" if sent else "refused" if refused else "waiting"
    return MessageLine(message_id, channel, state, sent or refused or due, refusal)

"""What waits for somebody's attention."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from app.notices.models import Notice
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

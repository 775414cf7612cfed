"""What of a case is lent to whom."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from app.safeguards.models import Share
from app.safeguards.words import Category
from app.safeguards.work import Work


@dataclass(frozen=True)
class Lent:
    """Categories lent to one organisation for one purpose, by one consent or legal basis."""

    track_id: UUID
    purpose: str
    basis: str
    organisation_id: UUID
    categories: tuple[Category, ...]
    until: datetime | None


def lent_now(work: Work, case_id: UUID) -> list[Lent]:
    """Return what is lent at this instant, one line for each recipient and ground."""
    rows = work.session.scalars(
        select(Share)
        .where(
            Share.case_id == case_id,
            Share.ended_at.is_(None),
            or_(Share.until_at.is_(None), Share.until_at > work.clock.now()),
        )
        .order_by(Share.from_at, Share.category)
    )
    lines: dict[tuple[UUID, UUID, str, str], list[Share]] = {}
    for row in rows:
        lines.setdefault((row.track_id, row.organisation_id, row.purpose, row.basis), []).append(row)
    return [
        Lent(
            track_id, purpose, basis, organisation_id,
            tuple(Category(each.category) for each in shares), shares[0].until_at,
        )
        for (track_id, organisation_id, purpose, basis), shares in lines.items()
    ]  # fmt: skip

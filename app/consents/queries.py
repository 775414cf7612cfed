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
    shares = select(
        Share.track_id, Share.purpose, Share.basis, Share.organisation_id, Share.category, Share.until_at
    )
    rows = work.session.execute(
        shares.where(
            Share.case_id == case_id,
            Share.ended_at.is_(None),
            or_(Share.until_at.is_(None), Share.until_at > work.clock.now()),
        ).order_by(Share.from_at, Share.category)
    )
    lines: dict[tuple[UUID, str, str, UUID, datetime | None], list[Category]] = {}
    for track_id, purpose, basis, organisation_id, category, until in rows:
        lines.setdefault((track_id, purpose, basis, organisation_id, until), []).append(Category(category))
    return [
        Lent(track_id, purpose, basis, organisation_id, tuple(categories), until)
        for (track_id, purpose, basis, organisation_id, until), categories in lines.items()
    ]

"""What lies with the data-protection officer: requests about own data, and breaches, by their legal clock."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.cases.models import Case
from app.casework.models import CaseTrack
from app.deadlines.queries import running_clocks
from app.safeguards.work import Work
from app.tracks import TRACKS

REQUEST, BREACH = "data_subject_request", "data_breach"
MOST = 200


@dataclass(frozen=True)
class Watched:
    """A request or a breach: how it stands, and by when the law wants what; nothing of whom it is about."""

    case_id: UUID
    reference: str
    track_id: UUID
    slug: str
    state: str  # marked text
    over: bool
    opened_at: datetime
    due_at: datetime | None
    due: str | None  # marked text
    overdue: bool


def watched(work: Work) -> list[Watched]:
    """Return the requests and breaches on whose team the actor is: the earliest due first, then those that are over."""
    query = (
        select(CaseTrack, Case.reference)
        .join(Case, Case.id == CaseTrack.case_id)
        .where(CaseTrack.slug.in_((REQUEST, BREACH)))
        .order_by(CaseTrack.opened_at.desc(), CaseTrack.id)
        .limit(MOST)
    )
    rows = work.session.execute(query).all()
    clocks = {
        each.track_id: each for each in reversed(running_clocks(work, {row.case_id for row, _name in rows}))
    }
    labels = {(slug, each.name): each.label for slug in (REQUEST, BREACH) for each in TRACKS[slug].deadlines}
    found = []
    for row, reference in rows:
        state, clock = TRACKS[row.slug].state(row.state), clocks.get(row.id)
        found.append(
            Watched(
                row.case_id, reference, row.id, row.slug, state.label, state.terminal, row.opened_at,
                clock.due_at if clock else None, labels.get((row.slug, clock.name)) if clock else None,
                clock.overdue if clock else False,
            )
        )  # fmt: skip
    return sorted(found, key=lambda each: (each.over, each.due_at is None, each.due_at or each.opened_at))

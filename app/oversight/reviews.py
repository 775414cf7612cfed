"""Emergency accesses that wait for their review: who, to what, why, and by when somebody must look."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.accounts.queries import organisation_names, user_names
from app.cases.models import Case
from app.casework.models import CaseStep, CaseTrack
from app.deadlines.queries import running_clocks
from app.safeguards.models import LedgerEvent
from app.safeguards.words import Act, Relation
from app.safeguards.work import Work
from app.tracks.oversight.break_glass import OPENED


@dataclass(frozen=True)
class Review:
    """One emergency access, as whoever reviews it sees it."""

    case_id: UUID
    reference: str
    track_id: UUID
    version: int
    who: str
    who_id: UUID
    role: str
    organisation: str
    at: datetime
    until: datetime
    runs: bool
    categories: tuple[str, ...]
    reason: str | None
    due_at: datetime | None
    overdue: bool


def waiting_reviews(work: Work) -> list[Review]:
    """Return the emergency accesses that wait for the actor's review, the earliest first; reading is an event."""
    query = (
        select(CaseTrack, CaseStep, Case.reference)
        .join(CaseStep, CaseStep.track_id == CaseTrack.id)
        .join(Case, Case.id == CaseTrack.case_id)
        .where(CaseTrack.slug == "break_glass", CaseTrack.state.in_(OPENED), CaseStep.name == "request")
        .order_by(CaseStep.at, CaseTrack.id)
    )
    rows = work.session.execute(query).all()
    cases = {track.case_id for track, _step, _reference in rows}
    for case_id in sorted(cases):
        work.record(Act.CONSULT, case_id=case_id, register="emergency reviews")
    due = {each.track_id: each for each in running_clocks(work, cases) if each.name == "review"}
    names = user_names(work, {step.actor_id for _track, step, _reference in rows})
    houses, reasons = organisation_names(work), _reasons(work, cases)
    return [
        Review(
            case_id=track.case_id, reference=reference, track_id=track.id, version=track.version,
            who=names[step.actor_id], who_id=step.actor_id, role=step.role,
            organisation=houses.get(step.organisation_id, "") if step.organisation_id else "", at=step.at,
            until=datetime.fromisoformat(track.marks["until"]), runs=track.state == "granted",
            categories=tuple(track.marks["scope"]), reason=reasons.get((step.actor_id, step.at)),
            due_at=due[track.id].due_at if track.id in due else None,
            overdue=track.id in due and due[track.id].overdue,
        )
        for track, step, reference in rows
    ]  # fmt: skip


def _reasons(work: Work, cases: set[UUID]) -> dict[tuple[UUID, datetime], str]:
    """Return the stated reasons by whom and when, as the ledger names them beside each grant."""
    query = select(LedgerEvent.body).where(LedgerEvent.case_id.in_(cases), LedgerEvent.act == Act.GRANT.value)
    grants = [json.loads(body) for body in work.session.scalars(query)]
    stated = [
        each
        for each in grants
        if each.get("relation") == Relation.EMERGENCY.value and each.get("justification")
    ]
    opened = work.reasons({UUID(each["justification"]): UUID(each["case"]) for each in stated})
    return {
        (UUID(each["to_user"]), datetime.fromisoformat(each["at"])): opened[UUID(each["justification"])]
        for each in stated
        if UUID(each["justification"]) in opened
    }

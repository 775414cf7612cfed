"""Emergency accesses that wait for their review: who, to what, why, and by when somebody must look."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.accounts.queries import organisation_names, user_names
from app.cases.models import Case
from app.casework.models import CaseStep, CaseTrack
from app.casework.watchers import watchers
from app.deadlines.queries import Clock, running_clocks
from app.kit.i18n import _, translate
from app.procedure.facts import StepTaken
from app.safeguards.models import LedgerEvent
from app.safeguards.words import Act, Relation, Role
from app.safeguards.work import Work
from app.tracks.oversight.reviewing import REVIEWS, RUNNING, WAITING, stands_against

GRANTED = _("You granted this yourself: others review it.")


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
    reviewed_by: str | None  # who gave the first review, where there is one
    reviewed_as: str | None
    blocked: str | None  # why the reader is not the one to review it


def waiting_reviews(work: Work, language: str | None = None) -> list[Review]:
    """Return the emergency accesses that wait for a review, the earliest first; reading is an event."""
    said_in = language or work.actor.language
    tracks = _waiting(work)
    cases = {track.case_id for track, _reference, _history in tracks}
    for case_id in sorted(cases):
        work.record(Act.CONSULT, case_id=case_id, register="emergency reviews")
    due = {each.track_id: each for each in running_clocks(work, cases) if each.name == "review"}
    watching = {case_id: watchers(work, case_id) for case_id in cases}
    names = user_names(work, {step.actor_id for _track, _reference, history in tracks for step in history})
    houses, reasons = organisation_names(work), _reasons(work, cases)
    return [
        _review(
            track, reference, history, due.get(track.id), names, houses, reasons,
            _stands_against(work, history, watching[track.case_id], said_in),
        )
        for track, reference, history in tracks
    ]  # fmt: skip


def _waiting(work: Work) -> list[tuple[CaseTrack, str, list[StepTaken]]]:
    """Return the reader's accesses, with the references of their cases and all that was done about each."""
    query = (
        select(CaseTrack, CaseStep, Case.reference)
        .join(CaseStep, CaseStep.track_id == CaseTrack.id)
        .join(Case, Case.id == CaseTrack.case_id)
        .where(CaseTrack.slug == "break_glass", CaseTrack.state.in_(WAITING))
        .order_by(CaseTrack.opened_at, CaseTrack.id, CaseStep.number)
    )
    found: dict[UUID, tuple[CaseTrack, str, list[StepTaken]]] = {}
    for track, step, reference in work.session.execute(query):
        history = found.setdefault(track.id, (track, reference, []))[2]
        history.append(
            StepTaken(
                step.name, step.from_state, step.to_state, step.actor_id, Role(step.role), step.organisation_id,
                step.at,
            )
        )  # fmt: skip
    return list(found.values())


def _stands_against(
    work: Work, history: list[StepTaken], watching: frozenset[tuple[UUID, Role]], language: str
) -> str | None:
    """Return why the reader is not the one to review it."""
    me, role = work.actor.user_id, work.actor.role
    if any(each.actor_id == me and each.name in ("request", "grant") for each in history):
        return translate(GRANTED, language)
    fault = stands_against(history, watching, me, role)
    return translate(fault.message, language) if fault else None


def _review(  # noqa: PLR0913, PLR0917 -- a row, and the names for what stands in it
    track: CaseTrack, reference: str, history: list[StepTaken], clock: Clock | None, names: dict[UUID, str],
    houses: dict[UUID, str], reasons: dict[tuple[UUID, datetime], str], blocked: str | None,
) -> Review:  # fmt: skip
    asked = history[0]
    first = next((each for each in history if each.name in REVIEWS), None)
    return Review(
        case_id=track.case_id, reference=reference, track_id=track.id, version=track.version,
        who=names[asked.actor_id], who_id=asked.actor_id, role=asked.role.value,
        organisation=houses.get(asked.organisation_id, "") if asked.organisation_id else "", at=asked.at,
        until=datetime.fromisoformat(track.marks["until"]), runs=track.state in RUNNING,
        categories=tuple(track.marks["scope"]), reason=reasons.get((asked.actor_id, asked.at)),
        due_at=clock.due_at if clock else None, overdue=clock is not None and clock.overdue,
        reviewed_by=names[first.actor_id] if first else None, reviewed_as=first.role.value if first else None,
        blocked=blocked,
    )  # fmt: skip


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

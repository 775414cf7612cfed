"""Gathering the facts that rules read: states, marks and history of the tracks, consents, standing; nothing sealed."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import or_, select

from app.cases.models import Case
from app.casework.models import CaseStep, CaseTrack
from app.kit.clock import local_day
from app.kit.errors import Unknown
from app.procedure.facts import ActorFacts, ConsentFacts, Facts, StepTaken, TrackFacts
from app.profiles.profile import load
from app.safeguards.models import Share
from app.safeguards.words import Category, Role
from app.safeguards.work import Work


def facts_of(work: Work, case_id: UUID, this: UUID | None = None) -> Facts:
    """Return the case as the rules see it; `this` is the track that a step belongs to."""
    case = work.session.get(Case, case_id)
    if case is None:
        raise Unknown
    tracks = tuple(_tracks(work, case_id))
    now, profile = work.clock.now(), load(case.profile_code)
    return Facts(
        now=now,
        today=local_day(now, profile.zone),
        profile=profile,
        age_class=case.age_class,
        actor=ActorFacts(
            work.actor.user_id, work.actor.role, work.actor.organisation_id, work.standing(case_id).relations
        ),
        tracks=tracks,
        consents=tuple(_consents(work, case_id)),
        this=next((each for each in tracks if each.id == this), None),
    )


def _tracks(work: Work, case_id: UUID) -> list[TrackFacts]:
    history: defaultdict[UUID, list[StepTaken]] = defaultdict(list)
    steps = work.session.scalars(
        select(CaseStep).where(CaseStep.case_id == case_id).order_by(CaseStep.track_id, CaseStep.number)
    )
    for step in steps:
        taken = StepTaken(
            step.name, step.from_state, step.to_state, step.actor_id, Role(step.role), step.organisation_id,
            step.at, step.id,
        )  # fmt: skip
        history[step.track_id].append(taken)
    rows = work.session.scalars(
        select(CaseTrack).where(CaseTrack.case_id == case_id).order_by(CaseTrack.opened_at, CaseTrack.id)
    )
    return [
        TrackFacts(
            row.id, row.slug, row.state, row.opened_at, row.entered_at, dict(row.marks), tuple(history[row.id]),
            row.version,
        )
        for row in rows
    ]  # fmt: skip


def _consents(work: Work, case_id: UUID) -> list[ConsentFacts]:
    now = work.clock.now()
    rows = work.session.scalars(
        select(Share).where(
            Share.case_id == case_id,
            Share.ended_at.is_(None),
            or_(Share.until_at.is_(None), Share.until_at > now),
        )
    )
    lent: defaultdict[tuple[str, UUID, str], list[Share]] = defaultdict(list)
    for row in rows:
        lent[row.purpose, row.organisation_id, row.basis].append(row)
    return [
        ConsentFacts(
            purpose,
            organisation,
            frozenset(Category(row.category) for row in group),
            group[0].until_at,
            basis,
        )
        for (purpose, organisation, basis), group in lent.items()
    ]

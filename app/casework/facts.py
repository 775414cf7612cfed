"""Gathering the facts that rules read: states, marks and history of the tracks, consents, standing; nothing sealed."""

from collections import defaultdict
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from app.accounts.queries import authorities
from app.cases.queries import CaseLine, case_line
from app.casework.models import CaseStep, CaseTrack
from app.casework.watchers import watchers
from app.consents.queries import lent_now
from app.kit.clock import local_day
from app.procedure.facts import ActorFacts, ConsentFacts, Facts, StepTaken, TrackFacts
from app.profiles.profile import load
from app.safeguards.words import Role
from app.safeguards.work import Work
from app.tracks.oversight.reviewing import WAITING

LEAVING = {("consent", "asked"), ("referral", "draft")}  # the next step may lend to whoever they name
# Columns, not records: a case page reads them all and changes none.
STEP = (
    CaseStep.track_id, CaseStep.name, CaseStep.from_state, CaseStep.to_state, CaseStep.actor_id, CaseStep.role,
    CaseStep.organisation_id, CaseStep.at, CaseStep.id,
)  # fmt: skip
TRACK = (
    CaseTrack.id, CaseTrack.slug, CaseTrack.state, CaseTrack.opened_at, CaseTrack.entered_at, CaseTrack.marks,
    CaseTrack.version,
)  # fmt: skip


def facts_of(work: Work, case_id: UUID, this: UUID | None = None, *, case: CaseLine | None = None) -> Facts:
    """Return the case as the rules see it; `this` is the track that a step belongs to; raises Unknown."""
    line = case or case_line(work, case_id)
    tracks = tuple(_tracks(work, case_id))
    now, profile = work.clock.now(), load(line.profile_code, line.profile_version)
    return Facts(
        now=now,
        today=local_day(now, profile.zone),
        profile=profile,
        age_class=line.age_class,
        actor=ActorFacts(work.actor.user_id, work.actor.role, work.actor.organisation_id, line.relations),
        tracks=tracks,
        consents=tuple(
            ConsentFacts(
                each.purpose,
                each.organisation_id,
                frozenset(each.categories),
                each.until,
                each.basis,
                each.track_id,
            )
            for each in lent_now(work, case_id)
        ),
        this=next((each for each in tracks if each.id == this), None),
        watchers=watchers(work, case_id) if any(map(_awaits_review, tracks)) else frozenset(),
        authorities=authorities(work) if any(map(_may_go_out, tracks)) else frozenset(),
    )


def _awaits_review(track: TrackFacts) -> bool:
    return track.slug == "break_glass" and track.state in WAITING


def _may_go_out(track: TrackFacts) -> bool:
    return (track.slug, track.state) in LEAVING


def after_step(facts: Facts, row: CaseTrack, taken: CaseStep) -> Facts:
    """Return the facts with a step that this transaction took; the case is locked, so nothing else can have changed."""
    step = StepTaken(
        taken.name, taken.from_state, taken.to_state, taken.actor_id, Role(taken.role), taken.organisation_id, taken.at,
        taken.id,
    )  # fmt: skip
    history = next((each.history for each in facts.tracks if each.id == row.id), ())
    this = TrackFacts(
        row.id,
        row.slug,
        row.state,
        row.opened_at,
        row.entered_at,
        dict(row.marks),
        (*history, step),
        row.version,
    )
    tracks = sorted(
        (this, *(each for each in facts.tracks if each.id != row.id)),
        key=lambda each: (each.opened_at, each.id),
    )
    return replace(facts, tracks=tuple(tracks), this=this)


def _tracks(work: Work, case_id: UUID) -> list[TrackFacts]:
    history: defaultdict[UUID, list[StepTaken]] = defaultdict(list)
    steps = select(*STEP).where(CaseStep.case_id == case_id).order_by(CaseStep.track_id, CaseStep.number)
    for track_id, name, before, after, actor_id, role, organisation_id, at, step_id in work.session.execute(
        steps
    ):
        taken = StepTaken(name, before, after, actor_id, Role(role), organisation_id, at, step_id)
        history[track_id].append(taken)
    tracks = select(*TRACK).where(CaseTrack.case_id == case_id).order_by(CaseTrack.opened_at, CaseTrack.id)
    return [
        TrackFacts(
            track_id, slug, state, opened_at, entered_at, dict(marks), tuple(history[track_id]), version
        )
        for track_id, slug, state, opened_at, entered_at, marks, version in work.session.execute(tracks)
    ]

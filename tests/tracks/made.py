"""Facts made by hand, for rules that need no database."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from app.procedure.facts import ActorFacts, Facts, StepTaken, TrackFacts
from app.profiles.profile import load
from app.safeguards.words import Relation, Role

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OURS, THEIRS = uuid4(), uuid4()


def facts(
    *,
    role: Role = Role.POL,
    relations: set[Relation] | None = None,
    age_class: str | None = "adult",
    this: TrackFacts | None = None,
    tracks: tuple[TrackFacts, ...] = (),
    organisation: UUID | None = OURS,
    user: UUID | None = None,
) -> Facts:
    actor = ActorFacts(user or uuid4(), role, organisation, frozenset(relations or {Relation.LEAD}))
    both = (*tracks, this) if this else tracks
    return Facts(NOW, NOW.date(), load(), age_class, actor, both, (), this)


def track(slug: str, state: str, *steps: str, role: Role = Role.POL, **marks: Any) -> TrackFacts:
    history = tuple(StepTaken(name, None, state, uuid4(), role, OURS, NOW) for name in steps)
    return TrackFacts(uuid4(), slug, state, NOW, NOW, marks, history)


def taken_by(held: TrackFacts, user: UUID) -> TrackFacts:
    """The same track, every step of which one person took."""
    return replace(held, history=tuple(replace(step, actor_id=user) for step in held.history))

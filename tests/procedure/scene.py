"""A case as the rules see it, moved step by step without a database."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from app.kit.clock import local_day
from app.kit.errors import Fault
from app.kit.plain import plain
from app.procedure.available import Offer, available, refusals
from app.procedure.declaration import Step, Track
from app.procedure.effects import Effect, SetMarks
from app.procedure.facts import ActorFacts, ConsentFacts, Facts, StepTaken, TrackFacts
from app.profiles.profile import Profile, load
from app.safeguards.fields import questions
from app.safeguards.words import Relation, Role
from app.tracks import TRACKS

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TIMER = ActorFacts(UUID(int=0), Role.SYS, None)


def actor(role: Role, *relations: Relation) -> ActorFacts:
    """Somebody new; without relations they work on the case."""
    return ActorFacts(uuid4(), role, uuid4(), frozenset(relations or {Relation.ASSIGNED}))


class Scene:
    """One case, its tracks and its clock."""

    law: Mapping[str, Track] = TRACKS

    def __init__(self, age_class: str | None = "adult", profile: Profile | None = None) -> None:
        self.now = MONDAY
        self.age_class = age_class
        self.profile = profile or load()
        self.tracks: dict[str, TrackFacts] = {}
        self.consents: tuple[ConsentFacts, ...] = ()

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def facts(self, who: ActorFacts = TIMER, slug: str | None = None) -> Facts:
        return Facts(
            now=self.now,
            today=local_day(self.now, self.profile.zone),
            profile=self.profile,
            age_class=self.age_class,
            actor=who,
            tracks=tuple(self.tracks.values()),
            consents=self.consents,
            this=self.tracks.get(slug) if slug else None,
        )

    def put(self, slug: str, state: str, **marks: Any) -> TrackFacts:
        """Stand a track in a state, whatever led there."""
        self.tracks[slug] = TrackFacts(uuid4(), slug, state, self.now, self.now, marks)
        return self.tracks[slug]

    def named(self, slug: str, name: str) -> Step:
        held = self.tracks.get(slug)
        return self.law[slug].step(name, held.state if held else None)

    def refused(self, slug: str, name: str, who: ActorFacts, **values: Any) -> list[Fault]:
        step = self.named(slug, name)
        form = step.form.model_validate_json(json.dumps(plain(values)))
        return refusals(self.law[slug], step, self.facts(who, slug), form)

    def offers(self, slug: str, who: ActorFacts) -> dict[str, Offer]:
        return {offer.step.name: offer for offer in available(self.law[slug], self.facts(who, slug))}

    def take(self, slug: str, name: str, who: ActorFacts, **values: Any) -> list[Effect]:
        """Take a step if nothing stands against it, and return what follows."""
        step = self.named(slug, name)
        form = step.form.model_validate_json(json.dumps(plain(values)))
        faults = refusals(self.law[slug], step, self.facts(who, slug), form)
        assert not faults, faults
        self._moved(self.law[slug], step, who, form)
        effects = list(step.then(self.facts(who, slug), form)) if step.then else []
        for effect in effects:
            if isinstance(effect, SetMarks):
                self._mark(slug, effect.values)
        return effects

    def _moved(self, track: Track, step: Step, who: ActorFacts, form: Any) -> None:
        held = self.tracks.get(track.slug)
        before = held.state if held else None
        held = held or TrackFacts(uuid4(), track.slug, step.to, self.now, self.now)
        taken = StepTaken(step.name, before, step.to, who.user_id, who.role, who.organisation_id, self.now)
        entered = held.entered_at if before == step.to else self.now
        self.tracks[track.slug] = replace(
            held, state=step.to, entered_at=entered, history=(*held.history, taken)
        )
        clear = {name for name, asked in questions(type(form)).items() if asked.clear}
        self._mark(track.slug, {name: value for name, value in form if name in clear})

    def _mark(self, slug: str, values: dict[str, Any]) -> None:
        held = self.tracks[slug]
        kept = {name: value for name, value in plain(values).items() if value is not None}
        self.tracks[slug] = replace(held, marks={**held.marks, **kept})


def rules(faults: Any) -> set[str | None]:
    """The numbers of the rules that stand against a step."""
    return {fault.rule for fault in faults}

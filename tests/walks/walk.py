"""A walk through one case: each number is a move of somebody, and after each move all that must hold is looked at.

A move follows from its number and from where the case stands, so that a walk is a list of numbers: Hypothesis draws one
number a move, which costs microseconds (a rule of its state machine costs more than the whole move), and shrinks a walk
that fails to the moves that matter, as 0 is a move in which nothing happens.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from app.kit.errors import Fault
from app.procedure.available import STANDING_BY, available, refusals
from app.procedure.declaration import Step, Track
from app.procedure.refusal import NOT_MINE, NOT_NOW
from app.safeguards.words import Relation, Role
from app.tracks import TRACKS
from tests.walks.filling import Answering, filled
from tests.walks.happened import After
from tests.walks.holding import broken
from tests.walks.made_case import TIMER, MadeCase, Moved, Rejected
from tests.walks.made_world import Somebody
from tests.walks.reckoning import last_second, reckoned
from tests.walks.themes import TURNS, Theme
from tests.walks.ways import as_actor, is_named, leaving, openings

LATEST = datetime(2060, 1, 1, tzinfo=UTC)
TRIES = 5
JUMPS = (
    timedelta(hours=2), timedelta(hours=30), timedelta(days=4), timedelta(days=15), timedelta(days=40),
    timedelta(days=200), timedelta(days=800),
)  # fmt: skip
SPEAKING = frozenset({Role.NGO, Role.SOC, Role.SHE, Role.HEA, Role.LEG, Role.GUA})  # may record her own act
Way = tuple[Track, UUID | None, Step]


class Wrong(AssertionError):
    """Something that must hold does not."""


@dataclass(frozen=True)
class Act:
    """What somebody tries: a step of a track (or the opening of one) with answers."""

    who: Somebody
    track: Track
    track_id: UUID | None
    step: Step
    form: Any = None


@dataclass
class Walk:
    """One case that is led about; `steps` counts what was taken, `tried` what was refused."""

    case: MadeCase
    theme: Theme = field(default_factory=Theme)
    moves: int = 0
    along: int = 0  # how far on the theme's path
    steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    diary: list[str] = field(default_factory=list)

    # Moving.

    def move(self, number: int) -> None:
        """Do what the number says."""
        self.moves += 1
        if number == 0:
            return
        by = Random(number << 16 | self.moves)
        self.case.random = by
        self.case.now += timedelta(minutes=by.choice((1, 7, 45)))
        roll = by.random()
        if self.theme.calm and self._on() and roll < 0.9:
            self.go(by)
        elif roll < 0.08:
            self.wait(by)
        elif roll < 0.12:
            self.sweep()
        elif roll < 0.16:
            self.join(by.choice(self.case.world.people))
        elif roll < 0.22:
            self.stray(by)
        else:
            self.go(by)

    def wait(self, by: Random) -> None:
        """Let time pass, often just until the next clock is due; then the timer comes."""
        ahead = sorted(each.due for each in self.case.clocks if each.due > self.case.now)
        if self.case.now > LATEST:
            return
        if ahead and by.random() < 0.6:
            self.case.now = ahead[0] + timedelta(seconds=by.choice((0, 1)))
        else:
            self.case.now += by.choice(JUMPS)
        self.case.now = self.case.now.replace(second=0) + timedelta(minutes=1)
        self.sweep()

    def sweep(self) -> None:
        """Let the timer deal with what is due."""
        self.look_at(self.case.sweep())
        self.diary.append(f"{self.case.now:%F %H:%M} the timer came")

    def join(self, who: Somebody) -> None:
        """Bring somebody onto the team: a colleague who works on the case, or a supervisor who looks."""
        supervises = who.role is Role.SUP
        until = self.case.now + timedelta(hours=4) if supervises else None
        relation = Relation.OVERSIGHT if supervises else Relation.ASSIGNED
        self.enrol(who, relation, until)

    def enrol(self, who: Somebody, relation: Relation, until: datetime | None) -> None:
        self.case.grant(relation, who.role, who.organisation_id, who.id, until)
        self.diary.append(f"{self.case.now:%F %H:%M} {who.role} joins as {relation}")

    def stray(self, by: Random) -> None:
        """Try any step of any track as anybody, offered or not."""
        who = by.choice(self.case.world.people)
        track_id, track = by.choice(self._places())
        self.attempt(Act(who, track, track_id, by.choice(track.steps)), by)

    def go(self, by: Random) -> None:
        """Take one of the steps that follow from where the tracks stand, as somebody whose step it is."""
        ways = list(self._ways())
        on = self._on()
        meant = [way for way in ways if on and (way[0].slug, way[2].name) == on[:2]]
        if on and meant and by.random() < (0.95 if self.theme.calm else 0.8):
            said = dict(on[2]) if len(on) > 2 else {}
            if self._try(meant[-1], by, said):
                self.along += 1
            elif self.theme.calm and by.random() < 0.2:
                self.case.now += timedelta(days=2)
            return
        self._try(by.choices(ways, [self._weight(way[0], way[2]) for way in ways])[0], by, {})

    def _on(self) -> Any:
        """Return where the walk wants to go next."""
        return self.theme.path[self.along] if self.along < len(self.theme.path) else None

    def _try(self, way: Way, by: Random, said: dict[str, Any]) -> list[Moved]:
        return self.attempt(Act(self._whose(way, by), *way), by, said)

    def _places(self) -> list[tuple[UUID | None, Track]]:
        held: list[tuple[UUID | None, Track]] = [
            (each.id, TRACKS[each.slug]) for each in self.case.tracks.values()
        ]
        return held + [(None, each) for each in TRACKS.values()]

    def _ways(self) -> Iterator[Way]:
        for held in self.case.tracks.values():
            for step in leaving(held.slug, held.state):
                yield TRACKS[held.slug], held.id, step
        for slug, step in openings():
            if not TRACKS[slug].per_case or not any(self.case.of_kind(slug)):
                yield TRACKS[slug], None, step

    def _weight(self, track: Track, step: Step) -> float:
        weight = 1 / (1 + self.steps[track.slug, step.name]) ** 2
        weight *= 4 if track.slug in self.theme.slugs else 1
        return weight * (3 if (track.slug, step.name) in TURNS else 1)

    def _whose(self, way: Way, by: Random) -> Somebody:
        """Return somebody whose step it is, if anybody is; of several, one against whom no rule stands."""
        step = way[2]
        able = [each for each in self.case.world.people if each.role in step.by or Role.VIC in step.by]
        by.shuffle(able)
        tied = [each for each in able if self._may(each, step)]
        if not tied and able and by.random() < 0.5:
            tied = [next((each for each in able if each.role in step.by), able[0])]
            self.join(tied[0])
        free = (
            each
            for each in tied[:6]
            if not refusals(way[0], step, self.case.facts(as_actor(each), way[1]), None)
        )
        return next(free, None) or by.choice(tied or self.case.world.people)

    def _may(self, who: Somebody, step: Step) -> bool:
        relations = self.case.relations(as_actor(who))
        return bool(relations and (who.role in step.by or relations & STANDING_BY))

    # Looking.

    def attempt(self, act: Act, by: Random, said: dict[str, Any] | None = None) -> list[Moved]:
        """Try a step as a person would: read what is asked, answer, and mend what is said to be wrong."""
        offered, blocked = self.offered(act)
        must: set[str] = set()
        base: dict[str, Any] = dict(said or {})
        for _turn in range(TRIES):
            form = filled(act.step.form, self._answering(by), must, base)
            if form is None:
                return []
            try:
                taken = self.perform(Act(act.who, act.track, act.track_id, act.step, form))
            except Rejected as no:
                self._judge(act, offered, blocked, no.faults)
                wrong = {fault.field.split(".")[0] for fault in no.faults if fault.field}
                if not offered or blocked or not wrong:
                    return []
                must |= wrong
                base = {
                    name: value for name, value in form if name not in wrong and name in form.model_fields_set
                }
                continue
            if not offered or blocked:
                raise Wrong(
                    f"{self._told(act)} was taken and {'was blocked' if offered else 'was not offered'}"
                )
            self.look_at(taken)
            return taken
        return []

    def perform(self, act: Act) -> list[Moved]:
        """Take the step; a walk in the database takes it there as well."""
        taken = self.case.act(as_actor(act.who), act.track.slug, act.track_id, act.step, act.form)
        self.diary.append(f"{self.case.now:%F %H:%M} {self._told(act)} {act.form!r:.300}")
        return taken

    def offered(self, act: Act) -> tuple[bool, bool]:
        """Say whether the step is offered, and blocked; what is offered and what is refused must be one."""
        facts = self.case.facts(as_actor(act.who), act.track_id)
        found = next((each for each in available(act.track, facts) if each.step is act.step), None)
        faults = refusals(act.track, act.step, facts, None)
        kinds = {fault.rule for fault in faults} & {NOT_MINE, NOT_NOW}
        if (found is not None) == bool(kinds) or (found is not None and list(found.faults) != faults):
            raise Wrong(f"{self._told(act)}: offered {found}, refused {faults}")
        return found is not None, bool(faults)

    def _judge(self, act: Act, offered: bool, blocked: bool, faults: tuple[Fault, ...]) -> None:
        for fault in faults:
            self.refused[str(fault.rule or fault.field)] += 1
            if not is_named(fault, act.step, self.case.profile):
                raise Wrong(f"{self._told(act)} is refused by no rule: {fault}")
        kinds = {fault.rule for fault in faults} & {NOT_MINE, NOT_NOW}
        if offered == bool(kinds):
            raise Wrong(f"{self._told(act)}: offered {offered} and refused by {faults}")
        if blocked and not faults:
            raise Wrong(f"{self._told(act)} is blocked by nothing")

    def look_at(self, taken: list[Moved]) -> None:
        """See that after what was done every invariant holds and every clock is right."""
        for moved in taken:
            self.steps[moved.track.slug, moved.step.name] += 1
        case = self.case.facts(TIMER)
        for moved in taken:
            who = moved.before.actor.role
            if who not in moved.step.by and not (Role.VIC in moved.step.by and who in SPEAKING):
                raise Wrong(
                    f"{moved.track.slug}.{moved.step.name} was taken by {who}, whose step it never is"
                )
            if wrong := list(broken(After(moved, case))):
                raise Wrong(f"after {moved.track.slug}.{moved.step.name} {wrong} do not hold")
        self._look_at_clocks(taken)

    def _look_at_clocks(self, taken: list[Moved]) -> None:
        for moved in taken:
            assert moved.after.this is not None
            began = moved.after.this.id
            self._look_at_begun(moved, self.case.names.get(began, began))
        for clock in self.case.clocks:
            held, declared = self.case.tracks[clock.track_id], self.case.declared(clock)
            if held.state not in declared.runs_in:
                raise Wrong(f"{held.slug}.{clock.name} runs in {held.state}")
            day = held.day(declared.at) if isinstance(declared.at, str) else None
            if day and clock.due != last_second(day, self.case.profile):
                raise Wrong(f"{held.slug}.{clock.name} is due {clock.due}, and {declared.at} is {day}")

    def _look_at_begun(self, moved: Moved, track_id: UUID) -> None:
        running = {each.name: each for each in self.case.clocks if each.track_id == track_id}
        last = self.case.tracks[track_id].history[-1]
        if last != moved.after.this.history[-1]:  # a later step of the same act has the word
            return
        for deadline in moved.track.deadlines:
            begins = moved.step.name in deadline.starts and moved.step.to in deadline.runs_in
            found = running.get(deadline.name)
            if begins and (found.due if found else None) != reckoned(deadline, moved.after):
                raise Wrong(
                    f"{moved.track.slug}.{deadline.name}: {found} is not {reckoned(deadline, moved.after)}"
                )

    def _answering(self, by: Random) -> Answering:
        world, facts = self.case.world, self.case.facts(TIMER)
        tracks: dict[str, list[UUID]] = {}
        for each in facts.tracks:
            tracks.setdefault(each.slug, []).append(each.id)
        known = {
            "organisation": list(world.organisations), "user": [each.id for each in world.people],
            "shelter_place": list(world.places), "receiving_organisation_id": list(world.receiving),
        }  # fmt: skip
        return Answering(by, facts.now, facts.today, known, tracks, self.theme.likely, by.random() < 0.4)

    def _told(self, act: Act) -> str:
        tied = sorted(self.case.relations(as_actor(act.who)))
        return f"{act.who.role} ({', '.join(tied)}): {act.track.slug}.{act.step.name}"

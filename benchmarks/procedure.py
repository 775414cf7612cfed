"""What may be done in a full case, and what it costs to take a step with everything on."""

import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle
from uuid import uuid4

from app.casework import service as engine
from app.demo.acting import as_persona
from app.demo.stories import INFORMED
from app.kit.clock import HeldClock, SystemClock
from app.procedure.available import available
from app.procedure.facts import ActorFacts, Facts, StepTaken, TrackFacts
from app.profiles.profile import load
from app.safeguards.words import Relation, Role
from app.settings import Settings
from app.tracks import TRACKS
from benchmarks.cases import READER, refer
from benchmarks.figures import Figure
from benchmarks.installation import running

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROUNDS = 200
STEPS, CASES = 120, 6


def measure(given: Settings) -> Iterator[Figure]:
    """Yield the CPU of asking what may be done on every track, and the time of a step until it is committed."""
    yield Figure(
        f"`available()` over all {len(TRACKS)} tracks of a full case, CPU", _available(), "ms", 5, limit=True
    )
    yield Figure("taking a step with everything on, median", _step(given), "ms", 25, limit=True, digits=1)


def full_case() -> Facts:
    """Return a case in which a track of every kind has come some way, as its lead sees it."""
    who = ActorFacts(uuid4(), Role.NGO, uuid4(), frozenset({Relation.LEAD}))
    tracks = tuple(
        TrackFacts(
            uuid4(), each.slug, (state := each.states[len(each.states) // 2].name), NOW, NOW, {},
            (StepTaken(each.steps[0].name, None, state, uuid4(), Role.SOC, uuid4(), NOW),), 1,
        )
        for each in TRACKS.values()
    )  # fmt: skip
    return Facts(NOW, NOW.date(), load(), "child", who, tracks)


def _available() -> float:
    facts, spent = full_case(), []
    for _round in range(ROUNDS):
        began = time.thread_time()
        for track in facts.tracks:
            available(TRACKS[track.slug], replace(facts, this=track))
            available(TRACKS[track.slug], replace(facts, this=None))
        spent.append(time.thread_time() - began)
    return statistics.median(spent) * 1000


def _step(given: Settings) -> float:
    """Return the median of asking for a consent: checks, sealing, marks, clocks, event, commit."""
    with running(given) as runtime:
        runtime.clock = HeldClock(SystemClock().now())
        cases = refer(runtime, CASES)
        form = TRACKS["consent"].step("ask").form
        spent = []
        for _number, case_id in zip(range(STEPS), cycle(cases), strict=False):
            with as_persona(runtime, READER, "casework") as work:
                asked = form.model_validate(
                    {
                        "purpose": "share_health", "recipients": [work.actor.organisation_id], "categories": ["ID"],
                        "language": "ro", "capacity_note": "Rested", **INFORMED,
                    }
                )  # fmt: skip
                began = time.perf_counter()
                engine.open_track(work, case_id, "consent", "ask", asked)
                work.commit()
                spent.append(time.perf_counter() - began)
    return statistics.median(spent) * 1000

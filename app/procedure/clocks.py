"""When a declared clock runs, when it stops, and when it is due."""

from dataclasses import dataclass
from datetime import date, datetime

from app.kit.clock import local_day
from app.procedure.declaration import Deadline, Step, Track
from app.procedure.facts import Facts
from app.procedure.span import Span, due, end_of


@dataclass(frozen=True)
class National:
    """A length of time that the profile of the country sets."""

    key: str

    def __call__(self, facts: Facts) -> Span:
        """Return the length, in the unit that stands in the profile."""
        entry = facts.profile.entry(self.key)
        return Span(entry.value, entry.unit)  # type: ignore[arg-type]  # a unit of time, or the profile is at fault


def national(key: str) -> National:
    """Return a clock's length as a number of the national profile."""
    return National(key)


def last_day(facts: Facts, key: str) -> date:
    """Return the day on which a national length that begins now is over, in the country's calendar."""
    return local_day(due(facts.now, national(key)(facts), facts.profile), facts.profile.zone)


def started_by(track: Track, step: Step) -> tuple[Deadline, ...]:
    """Return the clocks that a step starts; one that runs already begins anew."""
    return tuple(each for each in track.deadlines if step.name in each.starts and step.to in each.runs_in)


def stopped_by(track: Track, step: Step) -> tuple[Deadline, ...]:
    """Return the clocks that a step stops, by leaving their states or by name."""
    return tuple(each for each in track.deadlines if step.name in each.stops or step.to not in each.runs_in)


def due_at(deadline: Deadline, facts: Facts, started: datetime) -> datetime | None:
    """Return when a clock is due, or None where it does not apply; `facts.this` holds the step's marks."""
    if deadline.at is None:
        span = deadline.lasts(facts) if deadline.lasts else None
        return due(started, span, facts.profile) if span else None
    if isinstance(deadline.at, str):
        found = facts.this.day(deadline.at) if facts.this else None
    else:
        found = deadline.at(facts)
    if found is None or isinstance(found, datetime):
        return found
    return end_of(found, facts.profile)

"""Tracks as quiet panels, the timeline in sentences, the team with why each is on it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from app.cases.queries import Membership
from app.casework.reader import Reader
from app.casework.shown import Act, Due, Panel, Teammate, Told
from app.deadlines.queries import Clock
from app.kit.clock import local_day
from app.procedure.declaration import Deadline, Track
from app.procedure.facts import Facts, StepTaken, TrackFacts
from app.safeguards.words import Relation, Role
from app.tracks import TRACKS

# What protects comes before what administers, wherever no clock says otherwise.
ORDER = (
    "missing_person", "removal_measure", "non_punishment", "referral", "shelter_placement", "inra", "guardian",
    "age_assessment", "identification", "asylum_claim", "reflection_period", "consent", "case",
)  # fmt: skip
FIRST = "missing_person"  # whoever is missing is looked for before any clock is met
IN_SIGHT = frozenset({*ORDER[:3], "guardian", "identification", "case"})  # even where a rule alone opened it


def order_of(slug: str) -> int:
    """Return where a kind of track stands in lists."""
    return ORDER.index(slug) if slug in ORDER else len(ORDER)


def most_pressing(offered: Iterable[Act], clocks: Sequence[Clock]) -> list[Act]:
    """Return the steps: of a search first, then those whose track has a clock that is due first."""
    due_first = {each.track_id: each.due_at for each in reversed(clocks) if _presses(each)}
    late = datetime.max.replace(tzinfo=UTC)
    return sorted(
        offered, key=lambda act: (act.slug != FIRST, _due(due_first, act, late), order_of(act.slug))
    )


def _due(due_first: Mapping[UUID, datetime], act: Act, late: datetime) -> datetime:
    return due_first.get(act.track_id, late) if act.track_id else late


def panels(
    tracks: Collection[TrackFacts],
    clocks: Collection[Clock],
    offered: Collection[Act],
    reader: Reader,
    facts: Facts,
) -> Iterator[Panel]:
    """Yield a panel for each track that is shown, those in progress first."""
    for track in sorted(
        tracks, key=lambda each: (TRACKS[each.slug].state(each.state).terminal, order_of(each.slug))
    ):
        declared = TRACKS[track.slug]
        state = declared.state(track.state)
        running = tuple(
            due(each, reader, facts) for each in clocks if each.track_id == track.id and _presses(each)
        )
        yield Panel(
            id=track.id,
            slug=track.slug,
            label=reader.say(declared.label),
            state=track.state,
            state_label=reader.say(state.label),
            over=state.terminal,
            since=reader.day(track.entered_at),
            version=track.version,
            due=running,
            acts=tuple(each for each in offered if each.track_id == track.id),
            rests=not running and (state.terminal or _untouched(track)),
        )


def _untouched(track: TrackFacts) -> bool:
    return track.slug not in IN_SIGHT and all(each.role is Role.SYS for each in track.history)


def due(clock: Clock, reader: Reader, facts: Facts) -> Due:
    """Return a clock as it is read."""
    declared = TRACKS[clock.slug]
    named = deadline_of(declared, clock.name)
    day = local_day(clock.due_at, reader.zone)
    return Due(
        slug=clock.slug,
        track=reader.say(declared.label),
        label=reader.say(named.label) if named else clock.name,
        basis=clock.basis,
        responsible=reader.word(clock.responsible),
        mine=clock.responsible is reader.actor.role,
        due_at=clock.due_at,
        due=reader.instant(clock.due_at) if (day - facts.today).days <= 1 else reader.day(clock.due_at),
        days_left=(day - facts.today).days,
        overdue=clock.overdue and not (named is not None and named.reminder),
    )


def _presses(clock: Clock) -> bool:
    """Say whether a clock is shown: a reminder only once its day has come."""
    named = deadline_of(TRACKS[clock.slug], clock.name)
    return clock.overdue or named is None or not named.reminder


def deadline_of(declared: Track, name: str) -> Deadline | None:
    """Return the declared clock of that name; an older declaration may have had others."""
    return next((each for each in declared.deadlines if each.name == name), None)


def timeline(tracks: Iterable[TrackFacts], reader: Reader) -> list[Told]:
    """Return one sentence for each step taken, the latest first."""
    taken = [(track.slug, step) for track in tracks for step in track.history]
    # Within one instant what followed by rule comes after the act that it followed, always in the same order.
    taken.sort(key=lambda pair: (pair[1].at, pair[1].role is Role.SYS, order_of(pair[0])))
    return [_told(slug, step, reader) for slug, step in reversed(taken)]


def _told(slug: str, step: StepTaken, reader: Reader) -> Told:
    declared = TRACKS[slug]
    who = reader.who(step.role, step.organisation_id, step.actor_id)
    sentence = reader.say(declared.step(step.name, step.from_).sentence, who=who)
    assert step.id is not None
    return Told(step.id, reader.say(declared.label), step.at, reader.instant(step.at), sentence)


def team(members: Iterable[Membership], reader: Reader) -> Iterator[Teammate]:
    """Yield who is on the team and why; a name only where the reader may see it."""
    for each in members:
        hidden = each.role is Role.SHE and each.organisation_id != reader.actor.organisation_id
        yield Teammate(
            who=reader.who(each.role, each.organisation_id, each.user_id),
            name=reader.user(each.user_id) if each.user_id and not hidden else None,
            why=reader.word(each.relation),
            since=reader.day(each.from_at),
            until=reader.instant(each.until_at) if each.until_at else None,
        )


def lead_of(members: Iterable[Membership]) -> Membership | None:
    """Return who coordinates the case."""
    return next((each for each in members if each.relation is Relation.LEAD), None)

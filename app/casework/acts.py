"""What the reader can do next: steps to take, blocked ones with every reason, tracks to open."""

from collections.abc import Iterator
from dataclasses import replace

from app.casework.classified import JOURNEYS
from app.casework.reader import Reader
from app.casework.shown import Act, Bar
from app.kit.errors import Fault
from app.procedure.available import Offer, available
from app.procedure.declaration import Track
from app.procedure.facts import Facts, TrackFacts
from app.procedure.refusal import Refusal
from app.safeguards.words import Role
from app.tracks import TRACKS
from app.web.wording import said


def acts(facts: Facts, reader: Reader) -> Iterator[Act]:
    """Yield what this actor may do on the tracks of the case."""
    for track in facts.tracks:
        declared = TRACKS[track.slug]
        for offer in available(declared, replace(facts, this=track)):
            yield _act(declared, offer, reader, track)


def openings(facts: Facts, reader: Reader) -> Iterator[Act]:
    """Yield the tracks that this actor may open."""
    for declared in TRACKS.values():
        for offer in available(declared, replace(facts, this=None)):
            if (declared.slug, offer.step.name) not in JOURNEYS:
                yield _act(declared, offer, reader, None)


def _act(declared: Track, offer: Offer, reader: Reader, track: TrackFacts | None) -> Act:
    step = offer.step
    return Act(
        declared.slug, reader.say(declared.label), track.id if track else None, step.name, reader.say(step.label),
        reader.say(step.help) if step.help else None, step.basis, offer.for_her and Role.VIC in step.by,
        tuple(bar(fault, reader) for fault in offer.faults), track.version if track else None,
    )  # fmt: skip


def bar(fault: Fault, reader: Reader) -> Bar:
    """Return a fault as it is read."""
    unblock = fault.unblock if isinstance(fault, Refusal) else None
    told = said(replace(fault, message=unblock), reader.language) if unblock else None
    return Bar(said(fault, reader.language), fault.rule, fault.source, told)

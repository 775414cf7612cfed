"""Where a case may go from where it stands, and whether a refusal says by which law it may not."""

from functools import cache

from app.kit.errors import Fault
from app.procedure.declaration import Step
from app.procedure.facts import ActorFacts
from app.procedure.invariants import INVARIANTS
from app.procedure.refusal import NOT_MINE, NOT_NOW
from app.profiles.profile import Profile
from app.safeguards.fields import questions
from app.safeguards.words import Role
from app.tracks import TRACKS
from tests.walks.made_world import Somebody

LAW = (
    "CETS 197", "A/65/113", "OSCE", "Directive", "Regulation", "CJEU", "UNHCR", "Convention", "Ministerial",
    "Palermo",
)  # fmt: skip


def is_named(fault: Fault, step: Step, profile: Profile) -> bool:
    """Say whether a refusal names a rule that the law knows, or the answer of the form that is wrong."""
    if fault.rule in (NOT_MINE, NOT_NOW) or fault.rule in INVARIANTS:
        return True
    if fault.rule is not None:
        return fault.rule in profile.numbers or bool(fault.source and fault.source.startswith(LAW))
    return (fault.field or "").split(".")[0] in questions(step.form)


def as_actor(who: Somebody) -> ActorFacts:
    """Return somebody as the rules know them."""
    return ActorFacts(who.id, who.role, who.organisation_id)


@cache
def leaving(slug: str, state: str) -> tuple[Step, ...]:
    """Return the steps that lead on from a state and that people take."""
    return tuple(each for each in TRACKS[slug].steps if state in each.from_ and each.by != {Role.SYS})


@cache
def openings() -> tuple[tuple[str, Step], ...]:
    """Return the steps with which people open a track."""
    return tuple(
        (track.slug, step)
        for track in TRACKS.values()
        for step in track.steps
        if not step.from_ and step.by != {Role.SYS}
    )

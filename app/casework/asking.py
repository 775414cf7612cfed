"""A step as it is asked for: which is meant, and whether it may be taken."""

from dataclasses import dataclass
from uuid import UUID

from app.casework.classified import JOURNEYS
from app.casework.facts import facts_of
from app.kit.errors import Fault, Invalid, NotAllowed, Unknown
from app.kit.i18n import _
from app.procedure.available import available, refusals
from app.procedure.declaration import Step, Track
from app.procedure.facts import Facts
from app.procedure.refusal import is_not_mine
from app.safeguards.words import Role
from app.safeguards.work import Work
from app.tracks import TRACKS


@dataclass(frozen=True)
class Asked:
    """A step of a case that somebody wants to take; without `track_id` it opens a track."""

    case_id: UUID
    track_id: UUID | None
    declared: Track
    step: Step
    facts: Facts

    @property
    def version(self) -> int | None:
        """Return the version of the track on which the step would be taken."""
        return self.facts.this.version if self.facts.this else None

    def against(self) -> list[Fault]:
        """Return what stands against the step so far; raises NotAllowed where it never is the actor's."""
        faults = refusals(self.declared, self.step, self.facts, None)
        if is_not_mine(faults):
            raise NotAllowed(*faults)
        return faults

    @property
    def for_her(self) -> bool:
        """Say whether the step would be recorded as the person's own act."""
        offers = available(self.declared, self.facts)
        return any(each.for_her for each in offers if each.step is self.step and Role.VIC in self.step.by)


def asked_opening(work: Work, case_id: UUID, slug: str, name: str) -> Asked:
    """Return the step that opens a track of that kind; raises Unknown where there is none."""
    work.member(case_id)
    declared = TRACKS.get(slug)
    step = (
        next((each for each in declared.steps if each.name == name and not each.from_), None)
        if declared
        else None
    )
    if declared is None or step is None or (slug, name) in JOURNEYS:
        raise Unknown
    return Asked(case_id, None, declared, step, facts_of(work, case_id))


def asked_step(work: Work, case_id: UUID, track_id: UUID, name: str, slug: str | None = None) -> Asked:
    """Return the step of a running track (of that kind, if named); raises Unknown where there is none."""
    work.member(case_id)
    facts = facts_of(work, case_id, track_id)
    if facts.this is None or (facts.this.slug, name) in JOURNEYS or slug not in (None, facts.this.slug):
        raise Unknown
    declared = TRACKS[facts.this.slug]
    if not any(each.name == name and each.from_ for each in declared.steps):
        raise Unknown
    return Asked(case_id, track_id, declared, declared.step(name, facts.this.state), facts)


def sent_version(given: object) -> int:
    """Return the version that a form or header names; raises Invalid where it is none."""
    text = str(given or "").strip().strip('"')
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid(Fault(_("The version of the record is missing. Open the page again."), field="version"))
    return int(text)

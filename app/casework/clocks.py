"""Starting and stopping the clocks of a track as its steps are taken."""

from app.casework.models import CaseTrack
from app.deadlines import service as deadlines
from app.procedure.clocks import due_at, started_by, stopped_by
from app.procedure.declaration import Step, Track
from app.procedure.facts import Facts
from app.safeguards.work import Work


def follow(work: Work, declared: Track, step: Step, row: CaseTrack, facts: Facts) -> None:
    """Stop the clocks that this step stops, and start those that it starts; one that runs begins anew."""
    begun = started_by(declared, step)
    deadlines.stop(work, row.id, {each.name for each in (*stopped_by(declared, step), *begun)})
    for clock in begun:
        ends = due_at(clock, facts, facts.now)
        if ends is not None:
            deadlines.start(
                work, case_id=row.case_id, track_id=row.id, slug=declared.slug, name=clock.name,
                basis=clock.basis, responsible=clock.responsible, due_at=ends,
            )  # fmt: skip

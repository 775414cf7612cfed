"""The engine: it opens tracks and takes steps. No state of a case changes anywhere else."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.cases.models import Case
from app.casework import clocks, consequences
from app.casework.classified import record_type
from app.casework.facts import after_step, facts_of
from app.casework.models import CaseStep, CaseTrack
from app.casework.named import refuse_unknown
from app.kit.errors import NotAllowed, Refused, Stale, Unknown
from app.kit.i18n import _
from app.kit.ids import new_id
from app.kit.plain import plain
from app.notices import service as notices
from app.procedure.available import ASKED, refusals
from app.procedure.declaration import Step, Track
from app.procedure.facts import Facts
from app.procedure.refusal import NOT_MINE
from app.safeguards.fields import Form, questions
from app.safeguards.matrix import INVITED
from app.safeguards.words import Act
from app.safeguards.work import Work
from app.tracks import TRACKS
from app.tracks.intake.referral_effects import WAITS
from app.tracks.support.shelter_placement import PLACE_ASKED

ASKS = (WAITS, PLACE_ASKED)  # notices that are dealt with once the desk has answered


@dataclass(frozen=True)
class Taken:
    """A step that was taken."""

    case_id: UUID
    track_id: UUID
    step_id: UUID
    slug: str
    step: str
    state: str
    version: int


def open_track(work: Work, case_id: UUID, slug: str, step_name: str, form: Form | None = None) -> Taken:
    """Open a track of a case by one of its opening steps; raises Refused with every reason against it."""
    work.member(case_id)
    _lock(work, case_id)
    declared = TRACKS[slug]
    step = declared.step(step_name)
    if step.from_:
        raise Unknown
    facts = facts_of(work, case_id)
    filled = form if form is not None else step.form()
    _refuse(declared, step, facts, filled)
    refuse_unknown(work, filled)
    now = work.clock.now()
    row = CaseTrack(
        id=new_id(), case_id=case_id, slug=slug, declaration_version=declared.version, state=step.to, version=0,
        marks={}, opened_at=now, entered_at=now,
    )  # fmt: skip
    work.session.add(row)
    return _write(work, declared, step, row, filled, facts)


def take_step(
    work: Work, track_id: UUID, step_name: str, form: Form | None = None, *, version: int | None = None
) -> Taken:
    """Take a step of an open track; raises Stale when `version` is no longer the track's, Refused with every reason."""
    found = work.session.get(CaseTrack, track_id)
    if found is None:
        raise Unknown
    work.member(found.case_id)
    _lock(work, found.case_id)
    work.session.refresh(found)
    declared = TRACKS[found.slug]
    step = _named(declared, step_name, found.state)
    filled = form if form is not None else step.form()
    if version is not None and version != found.version:
        raise Stale(
            sent={"version": version, **plain(filled)},
            held={"version": found.version, "state": found.state},
            detail=_(
                "Somebody else took a step here in the meantime. Read what changed, then send again if it still fits."
            ),
        )
    facts = facts_of(work, found.case_id, track_id)
    _refuse(declared, step, facts, filled)
    refuse_unknown(work, filled)
    return _write(work, declared, step, found, filled, facts)


def _named(declared: Track, name: str, state: str) -> Step:
    try:
        return declared.step(name, state)
    except KeyError as missing:
        raise Unknown from missing


def _lock(work: Work, case_id: UUID) -> None:
    """Let one step of a case follow another, so that no two are decided on the same facts."""
    locked = work.session.execute(select(Case.id).where(Case.id == case_id).with_for_update()).first()
    if locked is None:
        raise Unknown


def _refuse(declared: Track, step: Step, facts: Facts, form: Form) -> None:
    faults = refusals(declared, step, facts, form)
    if not faults:
        return
    if any(fault.rule == NOT_MINE for fault in faults):
        raise NotAllowed(*faults)
    raise Refused(*faults)


def _write(  # noqa: PLR0913, PLR0917 -- who, what, where, with which answers, on which facts; two callers
    work: Work, declared: Track, step: Step, row: CaseTrack, form: Form, facts: Facts
) -> Taken:
    now, before = work.clock.now(), row.state if row.version else None
    row.version += 1
    row.marks = {**row.marks, **marks_of(form)}
    if step.to != row.state or before is None:
        row.state, row.entered_at = step.to, now
    work.session.flush()
    taken = CaseStep(
        id=new_id(), case_id=row.case_id, track_id=row.id, number=row.version, name=step.name, from_state=before,
        to_state=step.to, actor_id=work.actor.user_id, role=work.actor.role.value,
        organisation_id=work.actor.organisation_id, at=now,
    )  # fmt: skip
    work.session.add(taken)
    work.session.flush()
    written = work.seal(
        row.case_id, record_type(declared, step), taken.id, {name: value for name, value in form if value is not None},
        type(form),
    )  # fmt: skip
    work.record(
        Act.STEP, case_id=row.case_id, track=row.id, slug=declared.slug, step=step.name, step_id=taken.id,
        **{"from": before, "to": step.to, "basis": step.basis, "decision": "allowed"},
        written=written,
    )  # fmt: skip
    if any(ASKED.get(each) == declared.slug for each in work.standing(row.case_id).relations & INVITED):
        notices.settle_asked(work, row.case_id, ASKS)
    after = after_step(facts, row, taken)
    effects = consequences.effects_of(step, after, form)
    consequences.mark(row, effects)
    assert after.this is not None
    clocks.follow(work, declared, step, row, replace(after, this=replace(after.this, marks=dict(row.marks))))
    consequences.follow(work, row, effects)
    return Taken(row.case_id, row.id, taken.id, declared.slug, step.name, row.state, row.version)


def marks_of(form: Form) -> dict[str, Any]:
    """Return the fields of a form that are also kept in the clear, each for the reason it declares."""
    asked = questions(type(form))
    return {name: plain(value) for name, value in form if value is not None and asked[name].clear}

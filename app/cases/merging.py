"""Two cases of one person: one proposes, another confirms; nothing moves, so undoing leaves both as they were."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from app.cases.models import Case, Merge
from app.cases.queries import case_line
from app.kit.errors import Fault, Invalid, Refused, Unknown
from app.kit.i18n import _
from app.safeguards.matrix import WORKING
from app.safeguards.words import Act
from app.safeguards.work import Work

OPEN = ("proposed", "confirmed", "sealed")
NEXT = {  # act -> from which state, to which
    "confirm": ("proposed", "confirmed"),
    "decline": ("proposed", "declined"),
    "undo": ("confirmed", "undone"),
    "seal": ("confirmed", "sealed"),
}
STATES = {
    "proposed": _("It was proposed that two cases are of one person."),
    "confirmed": _("Two cases are of one person: proposed by one, confirmed by another."),
    "sealed": _("Two cases are of one person. This was sealed and stays."),
}
BUTTONS = {
    "confirm": _("Confirm"),
    "decline": _("Not the same person"),
    "undo": _("Undo"),
    "seal": _("Seal for good"),
}
BOTH = _("Only whoever works on both cases can say that they are of one person.")
SECOND = _("Somebody else who works on both cases must confirm what you proposed.")


@dataclass(frozen=True)
class Joined:
    """That a case and another one are of one person, and how far that is agreed."""

    id: UUID
    state: str
    other_id: UUID
    other_reference: str
    kept: bool  # work goes on in the case that is looked at
    proposed_at: datetime
    acts: tuple[str, ...]  # what the actor may do now


def propose(work: Work, case_id: UUID, reference: str) -> UUID:
    """Propose that the case named by its reference is of the same person; work would go on in this one."""
    other = _named(work, reference)
    if other is None or other == case_id:
        raise Invalid(
            Fault(_("You work on no other case with this reference. Check it and try again."), "reference")
        )
    _works_on(work, case_id, other)
    cases = (case_id, other)
    if work.session.scalar(
        select(Merge.id).where(
            Merge.state.in_(OPEN), or_(Merge.kept_id.in_(cases), Merge.other_id.in_(cases))
        )
    ):
        raise Refused(Fault(_("One of these cases is joined to another already. Undo that first.")))
    merge = Merge(
        kept_id=case_id, other_id=other, state="proposed", proposed_by=work.actor.user_id,
        proposed_at=work.clock.now(), confirmed_by=None, confirmed_at=None, ended_by=None, ended_at=None,
    )  # fmt: skip
    work.session.add(merge)
    work.session.flush()
    _record(work, merge, "propose")
    return merge.id


def act(work: Work, case_id: UUID, merge_id: UUID, name: str) -> None:
    """Confirm, decline, undo or seal; to confirm takes another person than to propose."""
    query = select(Merge).where(Merge.id == merge_id, _of(case_id)).with_for_update()
    merge = work.session.scalars(query).one_or_none()
    if merge is None or name not in NEXT:
        raise Unknown
    _works_on(work, merge.kept_id, merge.other_id)
    before, after = NEXT[name]
    if merge.state != before:
        raise Refused(Fault(_("Somebody else decided this in the meantime. Open the page again.")))
    if name == "confirm" and merge.proposed_by == work.actor.user_id:
        raise Refused(Fault(SECOND))
    merge.state, now = after, work.clock.now()
    if name == "confirm":
        merge.confirmed_by, merge.confirmed_at = work.actor.user_id, now
    else:
        merge.ended_by, merge.ended_at = work.actor.user_id, now
    work.session.flush()
    _record(work, merge, name)


def joined(work: Work, case_id: UUID) -> Joined | None:
    """Return to which case this one is joined, or is proposed to be; None for whoever works on one of them only."""
    query = select(Merge).where(Merge.state.in_(OPEN), _of(case_id))
    merge = work.session.scalars(query).one_or_none()
    if merge is None:
        return None
    other = merge.other_id if merge.kept_id == case_id else merge.kept_id
    mine = merge.proposed_by == work.actor.user_id
    acts = tuple(
        name
        for name, (before, _after) in NEXT.items()
        if before == merge.state and not (name == "confirm" and mine)
    )
    return Joined(
        merge.id, merge.state, other, case_line(work, other).reference, merge.kept_id == case_id,
        merge.proposed_at, acts,
    )  # fmt: skip


def waiting(work: Work) -> list[tuple[UUID, str]]:
    """Return the cases, with their references, for which somebody else's proposal waits for the actor to decide."""
    query = select(Merge).where(Merge.state == "proposed", Merge.proposed_by != work.actor.user_id)
    rows = work.session.scalars(query.order_by(Merge.proposed_at))
    both = [each.kept_id for each in rows if _may_join(work, each)]
    return [(case_id, case_line(work, case_id).reference) for case_id in both]


def _may_join(work: Work, merge: Merge) -> bool:
    return all(work.standing(each).relations & WORKING for each in (merge.kept_id, merge.other_id))


def _of(case_id: UUID) -> ColumnElement[bool]:
    return or_(Merge.kept_id == case_id, Merge.other_id == case_id)


def _named(work: Work, reference: str) -> UUID | None:
    found = work.session.scalar(select(Case.id).where(Case.reference == reference.strip().upper()))
    return found if found is not None and work.standing(found).relations & WORKING else None


def _works_on(work: Work, *cases: UUID) -> None:
    for case_id in cases:
        work.refuse_unless(bool(work.member(case_id).relations & WORKING), BOTH)


def _record(work: Work, merge: Merge, name: str) -> None:
    for case_id, other in ((merge.kept_id, merge.other_id), (merge.other_id, merge.kept_id)):
        work.record(Act.COMBINE, case_id=case_id, with_case=other, merge=merge.id, by=name)

"""Conflicts of interest: for whom there is no such case, who said so, and how two people lift it again."""

from uuid import UUID

from sqlalchemy import or_, select

from app.kit.errors import Fault, NotAllowed, Refused, Unknown
from app.kit.i18n import _
from app.kit.ids import new_id
from app.safeguards.access import KEPT
from app.safeguards.matrix import CONFLICT, Standing
from app.safeguards.models import Barring
from app.safeguards.stamps import change, stamp, vouched, whole
from app.safeguards.ties import IS_CASE
from app.safeguards.words import Act, Relation, Role
from app.safeguards.work import Work

ANOTHER = _("Somebody else must confirm what you proposed: a conflict is lifted by two people")


def may_bar(role: Role, standing: Standing) -> bool:
    """Say whether somebody may record a conflict of others, or lift one."""
    reviews = role is Role.SUP and Relation.OVERSIGHT in standing.relations and standing.timed_reason
    return Relation.LEAD in standing.relations or reviews


def refuse_others(work: Work, case_id: UUID) -> None:
    """Refuse those who may not record a conflict of somebody else."""
    if not may_bar(work.actor.role, work.member(case_id)):
        raise NotAllowed(
            Fault(_("Who coordinates the case, or supervises it with a stated reason, records this"))
        )


def bar(  # noqa: PLR0913 -- whom, from where, why; all named at the call
    work: Work, case_id: UUID, *, ground: str, reason: str, user_id: UUID | None = None,
    organisation_id: UUID | None = None,
) -> UUID:  # fmt: skip
    """Bar a person, or a whole organisation, from a case; from the next request on there is no such case for them.

    Their rows of the team stay as they are, and give nothing.
    """
    if user_id != work.actor.user_id:
        refuse_others(work, case_id)
    if not work.session.connection().scalar(IS_CASE, {"case_id": case_id}):
        raise Unknown  # an office is a stranger to no case, but there must be one
    work.session.execute(
        KEPT, {"case": str(case_id)}
    )  # what follows from it is still done by whoever barred themself
    made = Barring(
        id=new_id(), case_id=case_id, user_id=user_id, organisation_id=organisation_id, ground=ground,
        declared_by=work.actor.user_id, from_at=work.clock.now(), lifting_by=None, ended_by=None, ended_at=None,
    )  # fmt: skip
    stamp(work, made)
    work.session.add(made)
    work.session.flush()
    work.forget_standing(case_id)
    work.record(
        Act.REVOKE, case_id=case_id, justification=reason, rule=CONFLICT, ground=ground, to_user=user_id,
        recipient=organisation_id,
    )  # fmt: skip
    return made.id


def is_barred(work: Work) -> bool:
    """Say whether there is any case of which the actor is to know nothing."""
    mine = or_(Barring.user_id == work.actor.user_id, Barring.organisation_id == work.actor.organisation_id)
    rows = work.session.execute(select(whole(Barring, name="row")).where(mine)).scalars()
    return any(each.ended_at is None or not vouched(work, Barring, each) for each in rows)


def standing_conflicts(work: Work, case_id: UUID) -> list[Barring]:
    """Return the conflicts that stand in a case, the latest last; for those who may lift them."""
    if not may_bar(work.actor.role, work.member(case_id)):
        return []
    query = select(Barring).where(Barring.case_id == case_id, Barring.ended_at.is_(None))
    return list(work.session.scalars(query.order_by(Barring.from_at, Barring.id)))


def lift(work: Work, case_id: UUID, barring_id: UUID) -> bool:
    """Propose to lift a conflict, or lift it as the second person; say whether it is lifted."""
    refuse_others(work, case_id)
    which = (Barring.id == barring_id) & (Barring.case_id == case_id) & Barring.ended_at.is_(None)
    row = work.session.execute(
        select(whole(Barring, name="row")).where(which).with_for_update()
    ).scalar_one_or_none()
    if row is None:
        raise Unknown
    me, proposed = work.actor.user_id, row.lifting_by
    if proposed == me:
        raise Refused(Fault(ANOTHER))
    if proposed is None:
        change(work, Barring, which, lifting_by=me)
    else:
        change(work, Barring, which, ended_by=me, ended_at=work.clock.now())
    work.forget_standing(case_id)
    work.record(
        Act.GRANT if proposed else Act.ALTER, case_id=case_id, rule=CONFLICT, to_user=row.user_id,
        recipient=row.organisation_id, by="lifted" if proposed else "lifting proposed", what="barring",
    )  # fmt: skip
    return proposed is not None

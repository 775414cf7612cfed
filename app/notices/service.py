"""Raising and settling notices."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import or_, update

from app.accounts.queries import organisations_with
from app.notices.models import Notice
from app.notices.outbox import queue_mail
from app.safeguards import ties
from app.safeguards.invented import is_invented
from app.safeguards.models import TeamMember
from app.safeguards.words import Relation, Role
from app.safeguards.work import Work

WORKING = (
    Relation.LEAD,
    Relation.ASSIGNED,
    Relation.SHELTER,
    Relation.GUARDIAN,
    Relation.AUTHORITY,
    Relation.MANDATE,
)
WATCHING = (Role.SUP, Role.AUD, Role.DPO)  # who is told of an invented case as of any other
COORDINATING = (Role.NGO, Role.SOC)  # leads who may hear what was meant for a desk that nobody holds
OFFICES = (Role.AUD, Role.DPO, Role.NCR, Role.ADM)  # told wherever they work, without a place on the team
INSTEAD = (
    Role.AUD,
    Role.DPO,
    Role.ADM,
)  # told, in this order, where nobody holds a role; one administrator stays
NO_CASE = (Role.NCR, Role.ADM)  # never hear which case it was


def alert(  # noqa: PLR0913 -- all but three are named at the call
    work: Work, case_id: UUID | None, kind: str, *, role: Role | None = None,
    organisation_id: UUID | None = None, urgent: bool = False,
) -> None:  # fmt: skip
    """Tell one organisation, or else each organisation on the team; no personal data goes into a notice.

    Where nobody there holds the role, somebody else hears of it too: it is never nobody. Nobody is called to an
    invented case; those who watch hear of it.
    """
    if case_id is not None and role not in WATCHING and is_invented(work.keys, case_id):
        return
    told = [organisation_id] if organisation_id else _team_organisations(work, case_id, role)
    _tell(work, case_id, kind, told, role, urgent=urgent)
    besides = work.actor.user_id if case_id is None else None  # whoever is watched does not watch for it
    if told if role is None else organisations_with(work, {role}, besides).intersection(told):
        return
    other, houses = _instead(work, None if organisation_id else case_id, role, besides, urgent=urgent)
    _tell(work, None if other in NO_CASE else case_id, kind, houses, other, urgent=urgent)


def _tell(  # noqa: PLR0913 -- the columns of a notice
    work: Work, case_id: UUID | None, kind: str, told: Collection[UUID], role: Role | None, *, urgent: bool
) -> None:  # fmt: skip
    for each in told:
        work.session.add(
            Notice(
                case_id=case_id,
                organisation_id=each,
                role=role.value if role else None,
                kind=kind,
                urgent=urgent,
                at=work.clock.now(),
            )
        )
    work.session.flush()
    queue_mail(work, case_id, told, role, urgent=urgent)


def _instead(
    work: Work, case_id: UUID | None, role: Role | None, besides: UUID | None, *, urgent: bool
) -> tuple[Role, list[UUID]]:
    """Return who hears what nobody else would: somebody near the case, an office wherever it is, those who watch.

    News for a desk that nobody holds goes no further than the case.
    """
    for_desk = role not in OFFICES and role is not Role.SUP
    for other, house in _near(work, case_id, role) if for_desk and case_id is not None else ():
        if house in organisations_with(work, {other}):
            return other, [house]
    for office in (role, *INSTEAD) if role in OFFICES else INSTEAD if urgent or not for_desk else ():
        if office and (found := organisations_with(work, {office}, besides)):
            return office, sorted(found)
    return Role.ADM, []


def _near(work: Work, case_id: UUID, role: Role | None) -> list[tuple[Role, UUID]]:
    """Return who is near a case: whoever coordinates it, who has that role in whatever way, the team's supervisors."""
    team = ties.rows(work, TeamMember.case_id == case_id)
    leads = [each for each in team if each.relation == Relation.LEAD.value and each.role in COORDINATING]
    helping = [each for each in team if each.relation != Relation.REFERRER.value]
    return [
        *((Role(each.role), each.organisation_id) for each in leads),
        *((role, each.organisation_id) for each in team if role and each.role == role.value),
        *((Role.SUP, each.organisation_id) for each in helping),
    ]


def _team_organisations(work: Work, case_id: UUID | None, role: Role | None) -> list[UUID]:
    """Return the organisations to tell: those of the working team; a supervisor's notice goes to the same."""
    if case_id is None:
        return []
    which = [TeamMember.case_id == case_id]
    if role is not None and role is not Role.SUP:
        which.append(TeamMember.role == role.value)
    else:  # what all hear would tell a consulate what it may not know
        which.append(TeamMember.role != Role.CON.value)
    team = ties.rows(work, *which)
    working = [each.organisation_id for each in team if each.relation in WORKING]
    others = (each.organisation_id for each in team if each.relation != Relation.REFERRER)
    return list(dict.fromkeys(working or others))


def settle(work: Work, notice_id: UUID) -> None:
    """Mark a notice as dealt with, and with it what had said the same before of the same case."""
    one = work.session.get_one(Notice, notice_id)
    query = update(Notice).where(
        Notice.case_id.is_not_distinct_from(one.case_id), Notice.kind == one.kind, Notice.urgent == one.urgent,
        Notice.organisation_id == one.organisation_id, Notice.at <= one.at, Notice.done_at.is_(None),
        or_(Notice.role.is_(None), Notice.role == work.actor.role.value),
    )  # fmt: skip
    work.session.execute(
        query.values(done_at=work.clock.now(), done_by=work.actor.user_id).execution_options(
            synchronize_session=False
        )
    )


def settle_asked(work: Work, case_id: UUID, asks: Collection[str]) -> None:
    """Mark as dealt with what asked the actor's desk for an answer, and the news of that case.

    Whatever else is urgent, such as a child for whom nobody acts, stays until somebody has seen to it.
    """
    query = update(Notice).where(
        Notice.case_id == case_id,
        Notice.organisation_id == work.actor.organisation_id,
        or_(Notice.role.is_(None), Notice.role == work.actor.role.value),
        or_(Notice.urgent.is_(False), Notice.kind.in_(asks)),
        Notice.done_at.is_(None),
    )
    work.session.execute(
        query.values(done_at=work.clock.now(), done_by=work.actor.user_id).execution_options(
            synchronize_session=False
        )
    )

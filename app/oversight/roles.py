"""Who still needs their role: confirmed every so often by the supervisor or an administrator, or it rests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import UserAccount
from app.accounts.queries import organisation_names, shown_name
from app.accounts.service import close
from app.kit.errors import Unknown
from app.kit.ids import new_id
from app.oversight.models import RoleReview
from app.safeguards.models import TeamMember
from app.safeguards.stamps import stamp, vouched
from app.safeguards.ties import running
from app.safeguards.words import Act, Relation, Role
from app.safeguards.work import Work
from app.settings import settings

WITH_OFFICE = (Role.SUP, Role.ADM)  # whose roles an administrator confirms


@dataclass(frozen=True)
class Holder:
    """Somebody who holds a role, and until when that is confirmed."""

    user_id: UUID
    who: str
    role: Role
    organisation_id: UUID
    organisation: str
    confirmed_at: datetime
    due_at: datetime
    rests_at: datetime  # at the earliest: teams are not the reader's to see
    overdue: bool
    mine: bool  # the reader may confirm it
    is_program: bool


def every() -> timedelta:
    """Return how long a confirmation holds."""
    return timedelta(days=settings().role_review_days)


def grace() -> timedelta:
    """Return how long a role goes on unconfirmed; for whoever leads cases, twice that, so that they are handed over."""
    return timedelta(days=settings().role_review_grace_days)


def holders(work: Work) -> list[Holder]:
    """Return who holds a role, programs too: of a supervisor's organisation, or everybody; what is due first."""
    query = select(UserAccount).where(UserAccount.disabled_at.is_(None))
    if work.actor.role is Role.SUP:
        query = query.where(UserAccount.organisation_id == work.actor.organisation_id)
    found = list(work.session.scalars(query))
    return sorted(_holders(work, found), key=lambda each: (each.due_at, each.who))


def _holders(work: Work, found: Iterable[UserAccount]) -> list[Holder]:
    accounts = list(found)
    confirmed = last_confirmed(work, accounts)
    names, now = organisation_names(work), work.clock.now()
    return [
        Holder(
            each.id, shown_name(work, each), Role(each.role), each.organisation_id, names[each.organisation_id],
            confirmed[each.id], confirmed[each.id] + every(), rests_at(confirmed[each.id]),
            confirmed[each.id] + every() <= now, _may_confirm(work, each), each.is_client,
        )
        for each in accounts
    ]  # fmt: skip


def last_confirmed(work: Work, accounts: Iterable[UserAccount]) -> dict[UUID, datetime]:
    """Return since when each role is confirmed: by the last review that the service wrote, or the account itself."""
    found = {each.id: each.created_at for each in accounts}
    rows = work.session.scalars(select(RoleReview).where(RoleReview.user_id.in_(found)))
    for row in rows:
        if row.confirmed_at > found[row.user_id] and vouched(work, RoleReview, row):
            found[row.user_id] = row.confirmed_at
    return found


def rests_at(confirmed_at: datetime, *, leads: bool = False) -> datetime:
    """Return when a role rests that nobody confirms again."""
    return confirmed_at + every() + (2 if leads else 1) * grace()


def leading(work: Work, users: Iterable[UUID]) -> set[UUID]:
    """Return which of them lead a case now; a timer sees all teams, others only their own."""
    query = select(TeamMember.user_id).where(
        TeamMember.user_id.in_(list(users)),
        TeamMember.relation == Relation.LEAD.value,
        running(work.clock.now()),
    )
    return {each for each in work.session.scalars(query) if each is not None}


def _may_confirm(work: Work, user: UserAccount) -> bool:
    """Say whether the actor judges this role: a supervisor those of the desks, an administrator all, nobody the own."""
    if user.id == work.actor.user_id:
        return False
    ours = user.organisation_id == work.actor.organisation_id and Role(user.role) not in WITH_OFFICE
    return work.actor.role is Role.ADM or (work.actor.role is Role.SUP and ours)


def confirm(work: Work, user_id: UUID) -> None:
    """Say that a person, or a program, still needs the role."""
    _judged(work, user_id)
    said = RoleReview(
        id=new_id(), user_id=user_id, confirmed_by=work.actor.user_id, confirmed_at=work.clock.now()
    )
    stamp(work, said)
    work.session.add(said)
    work.session.flush()
    work.record(Act.GRANT, to_user=user_id, by="role confirmed")


def end(work: Work, user_id: UUID) -> None:
    """Say that a person needs the role no more: the account is closed; an administrator can open it again."""
    close(work, _judged(work, user_id), "role ended at a review")


def _judged(work: Work, user_id: UUID) -> UserAccount:
    user = work.session.get(UserAccount, user_id, with_for_update=True)
    if user is None or user.disabled_at is not None or not _may_confirm(work, user):
        raise Unknown
    return user

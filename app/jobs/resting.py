"""Roles that nobody confirmed: those who review are told, then it rests; no case loses its lead unseen."""

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from app.accounts.models import UserAccount
from app.accounts.queries import PERSON, organisations_with
from app.accounts.service import close
from app.jobs.sweep import OpenWork
from app.kit.i18n import _
from app.notices.models import Notice
from app.notices.service import alert
from app.oversight.roles import every, grace, last_confirmed, leading, rests_at
from app.safeguards.words import Role
from app.safeguards.work import Work

DUE = _("Roles are to be confirmed: look at “Who still needs their role”")
LEADS = _("A role is not confirmed, and its holder leads cases: confirm it, or hand the cases over")
RESTS = _("A role rests, because nobody confirmed it")
AGAIN = timedelta(days=7)  # before the same is told once more


def rest(open_work: OpenWork) -> int:
    """Tell of what is due, and close what was not confirmed in time; return how many accounts were closed."""
    with open_work() as work:
        before = work.clock.now() - every()
        held = list(work.session.scalars(_held(before)))
        confirmed = last_confirmed(work, held)
        due = [each for each in held if confirmed[each.id] <= before]
        leads = leading(work, [each.id for each in due])
        closed = sum(_see_to(work, each, confirmed[each.id], leads=each.id in leads) for each in due)
        work.commit()
    return closed


def _held(before: datetime) -> Select[UserAccount]:
    """Find the open accounts that are old enough to have been confirmed once."""
    return (
        select(UserAccount)
        .where(UserAccount.disabled_at.is_(None), UserAccount.created_at <= before)
        .order_by(UserAccount.id)
    )


def _see_to(work: Work, user: UserAccount, confirmed_at: datetime, *, leads: bool) -> bool:
    """Close an account whose time is over; tell of all others. The last administrator stays, to let people in again."""
    now = work.clock.now()
    late = confirmed_at + every() + grace() <= now
    if rests_at(confirmed_at, leads=leads) > now or _is_last_administrator(work, user):
        _tell(work, user, LEADS if leads and late else DUE, urgent=leads and late)
        return False
    work.session.refresh(user, with_for_update=True)
    if user.disabled_at is not None:
        return False
    close(work, user, "role not confirmed")
    _tell(work, user, RESTS, urgent=leads)
    return True


def _is_last_administrator(work: Work, user: UserAccount) -> bool:
    query = select(func.count()).where(
        UserAccount.role == Role.ADM.value, UserAccount.disabled_at.is_(None), PERSON
    )
    return user.role == Role.ADM.value and (work.session.scalar(query) or 0) < 2


def _tell(work: Work, user: UserAccount, kind: str, *, urgent: bool) -> None:
    """Tell the supervisors of the organisation and the administrators, unless they were told of such lately."""
    told = [(Role.SUP, each) for each in organisations_with(work, {Role.SUP}) if each == user.organisation_id]
    told += [(Role.ADM, each) for each in sorted(organisations_with(work, {Role.ADM}))]
    for role, house in told:
        lately = select(Notice.id).where(
            Notice.organisation_id == house, Notice.role == role.value, Notice.kind == kind,
            Notice.at > work.clock.now() - AGAIN,
        )  # fmt: skip
        if work.session.scalar(lately.limit(1)) is None:
            alert(work, None, kind, role=role, organisation_id=house, urgent=urgent)

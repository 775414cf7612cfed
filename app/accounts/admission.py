"""No administrator lets anybody in alone: who was invited, or a program, stays out until a second person opens."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, exists, or_, select

from app.accounts import news
from app.accounts.models import ApiClient, Invitation, UserAccount
from app.accounts.queries import account_reference, organisation_names, shown_name
from app.accounts.sessions import require_fresh
from app.kit.errors import Fault, NotAllowed, Unknown
from app.kit.i18n import _
from app.safeguards.access import SYSTEM
from app.safeguards.stamps import INSTANT, stamp, vouched
from app.safeguards.words import Act, Role
from app.safeguards.work import Work

WAITS = "account waits"  # a sight: somebody has to look whether they know a newcomer
STANDS = timedelta(
    days=30
)  # so long a newcomer waits, and so long somebody who left still counts as a second person
ANYWHERE = (Role.AUD, Role.DPO)  # they judge a newcomer of whatever organisation


@dataclass(frozen=True)
class Newcomer:
    """An account or a program that waits, as whoever may look at it sees it."""

    id: UUID
    name: str
    reference: str
    role: Role
    organisation: str
    is_program: bool
    made_at: datetime
    may_open: bool


def shut_until_opened(work: Work, organisation_id: UUID, first: UUID | None) -> datetime | None:
    """Return since when an account made now is shut: at once, or not at all where there is nobody else yet.

    `first` is who invited, or added the program. An account that waits is shut since an instant before its making,
    as no other can be. Who was sent away within thirty days counts too: nobody comes to stand alone by closing the
    accounts of the others.
    """
    now = work.clock.now()
    if first == SYSTEM:  # whoever runs the commands of the service holds the machine
        return None
    house = select(UserAccount.organisation_id).where(UserAccount.id == first).scalar_subquery()
    beside = or_(
        and_(UserAccount.role == Role.SUP.value, UserAccount.organisation_id == organisation_id),
        and_(UserAccount.role == Role.ADM.value, UserAccount.organisation_id != house),
        UserAccount.role.in_([each.value for each in ANYWHERE]),
    )
    lately = or_(UserAccount.disabled_at.is_(None), UserAccount.disabled_at > now - STANDS)
    if not work.session.scalar(select(exists().where(beside, lately, UserAccount.id != first))):
        return None
    work.sights.add((WAITS, organisation_id))
    return now - INSTANT


def newcomers(work: Work) -> list[Newcomer]:
    """Return the accounts and programs that wait: to a supervisor those of their organisation, to the others all."""
    since = work.clock.now() - STANDS
    query = select(UserAccount).where(
        UserAccount.disabled_at == UserAccount.created_at - INSTANT, UserAccount.created_at > since
    )
    if work.actor.role is Role.SUP:
        query = query.where(UserAccount.organisation_id == work.actor.organisation_id)
    names = organisation_names(work)
    return [
        Newcomer(
            each.id, shown_name(work, each), account_reference(each.id), Role(each.role), names[each.organisation_id],
            each.is_client, each.created_at, _stands_apart(work, each),
        )
        for each in work.session.scalars(query.order_by(UserAccount.created_at, UserAccount.id))
    ]  # fmt: skip


def let_in(work: Work, user_id: UUID) -> None:
    """Open an account that waits, as the second person; on the ledger, and told to whoever it is."""
    require_fresh(work)
    user = work.session.get(UserAccount, user_id, with_for_update=True)
    if user is None or not user.is_waiting or user.created_at <= work.clock.now() - STANDS:
        raise Unknown
    if work.actor.role is Role.SUP and user.organisation_id != work.actor.organisation_id:
        raise Unknown
    if not vouched(work, UserAccount, user) or not _stands_apart(work, user):
        raise NotAllowed(
            Fault(
                _(
                    "A second person opens this account: a supervisor of the organisation, an administrator of"
                    " another one, an auditor or the data protection officer."
                )
            )
        )
    user.disabled_at = None
    stamp(work, user)
    work.session.flush()
    work.record(
        Act.GRANT, to_user=user.id, to_role=user.role, recipient=user.organisation_id, by="newcomer let in"
    )
    if not user.is_client:
        news.tell(work, user.id, "let_in")


def _stands_apart(work: Work, user: UserAccount) -> bool:
    """Say whether the actor is a second person: not who made the account, nor of their office if they administer."""
    first = _first(work, user)
    if first is None or work.actor.user_id in (first, user.id):
        return False
    if work.actor.role is Role.SUP:
        return work.actor.organisation_id == user.organisation_id
    if work.actor.role is Role.ADM:
        maker = work.session.get(UserAccount, first)
        return maker is not None and maker.organisation_id != work.actor.organisation_id
    return work.actor.role in ANYWHERE


def _first(work: Work, user: UserAccount) -> UUID | None:
    """Return who made an account, as far as the service itself wrote that down."""
    if user.is_client:
        client = work.session.get(ApiClient, user.id)
        return client.created_by if client and vouched(work, ApiClient, client) else None
    invitation = work.session.get(Invitation, user.id)  # an account bears the identifier of its invitation
    return invitation.invited_by if invitation and vouched(work, Invitation, invitation) else None

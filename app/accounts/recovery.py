"""Recovery: who lost every passkey comes in again when two people, of two offices, say so."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.accounts import news
from app.accounts.invitations import GOOD_FOR, void_former
from app.accounts.models import Invitation, OidcLink, Passkey, Recovery, UserAccount
from app.accounts.queries import account_reference, shown_name
from app.accounts.service import by_administrator
from app.accounts.sessions import digest, end_all_of, require_fresh
from app.kit.errors import Fault, NotAllowed, Refused, Unknown
from app.kit.i18n import _
from app.kit.ids import new_id
from app.safeguards.stamps import remove, stamp, vouched
from app.safeguards.words import Act, Role
from app.safeguards.work import Work

STANDS = timedelta(days=3)


@dataclass(frozen=True)
class RecoveryLine:
    """A proposal that waits, as whoever may look at it sees it."""

    id: UUID
    name: str
    reference: str
    proposed_at: datetime
    may_confirm: bool


def propose(work: Work, user_id: UUID) -> UUID:
    """Propose that a person who lost every passkey is let in again; nothing changes for them yet."""
    by_administrator(work)
    user = work.session.get(UserAccount, user_id)
    if user is None or user.is_client or not vouched(work, UserAccount, user):
        raise Unknown
    if user.disabled_at is not None:
        raise Refused(Fault(_("This account is closed. Open it again first.")))
    if user_id == work.actor.user_id:
        raise NotAllowed(Fault(_("You cannot propose this for yourself. Ask another administrator.")))
    made = Recovery(
        id=new_id(), user_id=user_id, proposed_by=work.actor.user_id, proposed_at=work.clock.now()
    )
    stamp(work, made)
    work.session.add(made)
    work.session.flush()
    work.record(Act.GRANT, to_user=user_id, by="recovery proposed")
    news.tell(work, user_id, "recovery_proposed")
    return made.id


def waiting(work: Work) -> list[RecoveryLine]:
    """Return the proposals that wait: to administrators all, to a supervisor those of their organisation."""
    if work.actor.role not in (Role.ADM, Role.SUP):
        return []
    query = (
        select(Recovery, UserAccount)
        .join(UserAccount, UserAccount.id == Recovery.user_id)
        .where(Recovery.confirmed_at.is_(None), Recovery.proposed_at > work.clock.now() - STANDS)
    )
    if work.actor.role is not Role.ADM:
        query = query.where(UserAccount.organisation_id == work.actor.organisation_id)
    return [
        RecoveryLine(
            row.id, shown_name(work, user), account_reference(user.id), row.proposed_at,
            _stands_apart(work, row, user),
        )
        for row, user in work.session.execute(query.order_by(Recovery.proposed_at))
    ]  # fmt: skip


def _stands_apart(work: Work, row: Recovery, user: UserAccount) -> bool:
    """Say whether the actor is a second person: their supervisor, or an administrator of another organisation."""
    if work.actor.user_id in (row.proposed_by, user.id):
        return False
    if work.actor.role is Role.SUP:
        return work.actor.organisation_id == user.organisation_id
    proposer = work.session.get(UserAccount, row.proposed_by)
    return (
        work.actor.role is Role.ADM
        and proposer is not None
        and work.actor.organisation_id != proposer.organisation_id
    )


def confirm(work: Work, recovery_id: UUID) -> tuple[str, str]:
    """Confirm: all passkeys, sessions and links end; return the name and the secret of a fresh invitation."""
    require_fresh(work)
    row = work.session.get(Recovery, recovery_id, with_for_update=True)
    user = work.session.get(UserAccount, row.user_id, with_for_update=True) if row else None
    now = work.clock.now()
    if row is None or user is None or row.confirmed_at is not None or row.proposed_at <= now - STANDS:
        raise Unknown
    if (
        not vouched(work, Recovery, row)
        or not vouched(work, UserAccount, user)
        or user.disabled_at is not None
    ):
        raise Unknown
    if not _stands_apart(work, row, user):
        raise NotAllowed(
            Fault(
                _(
                    "A second person confirms this: their supervisor, or an administrator of another organisation."
                )
            )
        )
    row.confirmed_by, row.confirmed_at = work.actor.user_id, now
    stamp(work, row)
    token = _let_in_again(work, user, now)
    work.record(
        Act.GRANT, to_user=user.id, to_role=user.role, recipient=user.organisation_id, by="recovery confirmed"
    )
    news.tell(work, user.id, "recovered")
    return user.name, token


def _let_in_again(work: Work, user: UserAccount, now: datetime) -> str:
    remove(work, Passkey, Passkey.user_id == user.id)
    remove(work, OidcLink, OidcLink.user_id == user.id)
    end_all_of(work, user.id)
    void_former(work, user.email)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        id=new_id(), digest=digest(token), organisation_id=user.organisation_id, role=user.role, email=user.email,
        name=user.name, recovers=user.id, invited_by=work.actor.user_id, created_at=now, expires_at=now + GOOD_FOR,
    )  # fmt: skip
    stamp(work, invitation)
    work.session.add(invitation)
    work.session.flush()
    return token

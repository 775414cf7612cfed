"""Invitations: a link, good once and for three days, with which a person makes an account and a passkey."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.accounts import admission, challenges, passkeys
from app.accounts.forms import AcceptInvitation, Invite
from app.accounts.models import Invitation, Organisation, UserAccount
from app.accounts.service import add_organisation, by_administrator
from app.accounts.sessions import digest, open_session, refuse_sign_in
from app.kit.errors import Fault, Refused
from app.kit.i18n import _
from app.kit.ids import new_id
from app.safeguards.stamps import change, stamp, vouched
from app.safeguards.words import Act, Role
from app.safeguards.work import Work

GOOD_FOR = timedelta(hours=72)
FIRST = "Administration"  # the organisation of the first administrator


@dataclass(frozen=True)
class Opened:
    """What an invitation says to whoever holds its link."""

    name: str
    email: str
    role: Role
    organisation: str
    expires_at: datetime


def link(site: passkeys.Site, token: str) -> str:
    """Return the address to send; the secret stands after the #, which no server and no log ever sees."""
    return f"{site.origin}/invitation#{token}"


def invite(work: Work, form: Invite) -> str:
    """Invite a person into a role of an organisation; return the secret of the link, shown this once."""
    by_administrator(work)
    _refuse_unless_possible(work, form.organisation_id, form.email)
    void_former(work, form.email)
    token, now = secrets.token_urlsafe(32), work.clock.now()
    written = Invitation(
        id=new_id(), digest=digest(token), recovers=None, invited_by=work.actor.user_id, created_at=now,
        expires_at=now + GOOD_FOR,
        **form.model_dump(),
    )  # fmt: skip
    stamp(work, written)
    work.session.add(written)
    work.session.flush()
    work.record(Act.GRANT, to_role=form.role, recipient=form.organisation_id, by="invitation")
    return token


def _refuse_unless_possible(work: Work, organisation_id: UUID, address: str) -> None:
    if work.session.get(Organisation, organisation_id) is None:
        raise Refused(Fault(_("There is no such organisation."), "organisation_id"))
    if work.session.scalar(select(UserAccount.id).where(UserAccount.email == address)):
        raise Refused(Fault(_("There is an account with this e-mail address already."), "email"))


def void_former(work: Work, address: str) -> None:
    """End an unused invitation of the same person: only the newest link works."""
    now = work.clock.now()
    live = (Invitation.email == address) & Invitation.used_at.is_(None) & (Invitation.expires_at > now)
    change(work, Invitation, live, expires_at=now)


def first_invitation(work: Work) -> str | None:
    """Invite the first administrator of a fresh database; return the secret, or None once there is one.

    An earlier link of this kind that nobody used ends: only the newest works.
    """
    administrators = select(UserAccount.disabled_at).where(UserAccount.role == Role.ADM.value)
    closed = work.session.scalars(administrators).all()
    if None in closed:
        return None
    home = work.session.scalar(select(Organisation.id).where(Organisation.name == FIRST))
    return invite(
        work,
        Invite(
            name="Administrator",
            email=f"administrator{len(closed) or ''}@service.localhost",  # never used: the link is printed
            organisation_id=home or add_organisation(work, FIRST, "CentralGovernmentOrganisation"),
            role=Role.ADM.value,
        ),
    )


def opened(work: Work, token: str) -> Opened:
    """Return what the invitation says; refuse one that was used, replaced or has ended."""
    found = _live(work, token)
    home = work.session.get_one(Organisation, found.organisation_id)
    return Opened(found.name, found.email, Role(found.role), home.name, found.expires_at)


def accepting_options(work: Work, site: passkeys.Site, token: str) -> dict[str, Any]:
    """Return what a browser needs to make the first passkey of an invited person."""
    found = _live(work, token)
    challenge = challenges.pose(work, challenges.ACCEPTING, found.id)
    return passkeys.making_options(work, site, _holder(found), challenge)


def accept(work: Work, site: passkeys.Site, sent: AcceptInvitation) -> str | None:
    """Make the account and its first passkey, and sign in; return the value of the session's cookie.

    None: the account waits for a second person, and nobody is signed in yet.
    """
    found = _live(work, sent.token, lock=True)
    challenge = challenges.take(work, challenges.ACCEPTING, sent.credential)
    if challenge.invitation_id != found.id:
        refuse_sign_in(work, "other invitation")
    passkey = passkeys.verified_new(work, site, _holder(found), sent.credential, challenge.value)
    now = work.clock.now()
    found.used_at = passkey.used_at = now
    stamp(work, found)
    user = (
        _new_account(work, found, sent.language)
        if found.recovers is None
        else _account_again(work, found.recovers)
    )
    work.session.add(passkey)
    work.session.flush()
    work.record(
        Act.GRANT, to_user=user.id, to_role=user.role, recipient=user.organisation_id, by="acceptance"
    )
    return None if user.disabled_at is not None else open_session(work, user, "passkey", now)


def _new_account(work: Work, found: Invitation, language: str) -> UserAccount:
    _refuse_unless_possible(work, found.organisation_id, found.email)
    user = UserAccount(
        id=found.id, organisation_id=found.organisation_id, role=found.role, name=found.name, email=found.email,
        language=language, is_client=False, created_at=work.clock.now(),
        disabled_at=admission.shut_until_opened(work, found.organisation_id, found.invited_by),
    )  # fmt: skip
    stamp(work, user)
    work.session.add(user)
    work.session.flush()
    return user


def _account_again(work: Work, user_id: UUID) -> UserAccount:
    """Return the account of whoever lost every passkey; its role and organisation are those that it has now."""
    user = work.session.get(UserAccount, user_id)
    if user is None or user.disabled_at is not None or not vouched(work, UserAccount, user):
        refuse_sign_in(work, "stamp", user_id)
    return user


def _holder(found: Invitation) -> passkeys.Holder:
    """Return the person to be: the account will bear the invitation's identifier, known before it is made."""
    return passkeys.Holder(found.recovers or found.id, found.email, found.name, Role(found.role))


def _live(work: Work, token: str, *, lock: bool = False) -> Invitation:
    query = select(Invitation).where(
        Invitation.digest == digest(token),
        Invitation.used_at.is_(None),
        Invitation.expires_at > work.clock.now(),
    )
    found = work.session.scalar(query.with_for_update() if lock else query)
    if found is None or not vouched(work, Invitation, found):
        raise Refused(
            Fault(_("This invitation was used, replaced by a newer one, or has ended. Ask for a new one."))
        )
    return found

"""Invitations: a link, good once and for three days, with which a person makes an account and a passkey."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.accounts import challenges, passkeys
from app.accounts.models import Invitation, Organisation, UserAccount
from app.accounts.service import by_administrator
from app.accounts.sessions import digest, open_session, refuse_sign_in
from app.kit.errors import Fault, Refused
from app.kit.i18n import _
from app.safeguards.words import Act, Role
from app.safeguards.work import Work

GOOD_FOR = timedelta(hours=72)
INVITABLE = tuple(role for role in Role if role not in (Role.SYS, Role.VIC))
FIRST = "Administration"  # the organisation of the first administrator


@dataclass(frozen=True)
class Opened:
    """What an invitation says to whoever holds its link."""

    name: str
    email: str
    role: Role
    organisation: str
    expires_at: datetime


def link(token: str) -> str:
    """Return the address to send; the secret stands after the #, which no server and no log ever sees."""
    return f"{passkeys.origin()}/invitation#{token}"


def invite(work: Work, organisation_id: UUID, role: Role, name: str, email: str) -> str:
    """Invite a person into a role of an organisation; return the secret of the link, shown this once."""
    by_administrator(work)
    address = email.strip().lower()
    _refuse_unless_possible(work, organisation_id, role, address)
    _void_former(work, address)
    return _written(work, organisation_id, role, name.strip(), address)


def _refuse_unless_possible(work: Work, organisation_id: UUID, role: Role, address: str) -> None:
    if role not in INVITABLE:
        raise Refused(Fault(_("Nobody can be invited into this role."), "role"))
    if work.session.get(Organisation, organisation_id) is None:
        raise Refused(Fault(_("There is no such organisation."), "organisation_id"))
    if work.session.scalar(select(UserAccount.id).where(UserAccount.email == address)):
        raise Refused(Fault(_("There is an account with this e-mail address already."), "email"))


def _void_former(work: Work, address: str) -> None:
    """End an unused invitation of the same person: only the newest link works."""
    now = work.clock.now()
    live = (Invitation.email == address) & Invitation.used_at.is_(None) & (Invitation.expires_at > now)
    work.session.execute(
        update(Invitation).where(live).values(expires_at=now).execution_options(synchronize_session=False)
    )


def _written(work: Work, organisation_id: UUID, role: Role, name: str, address: str) -> str:
    token, now = secrets.token_urlsafe(32), work.clock.now()
    written = Invitation(
        digest=digest(token), organisation_id=organisation_id, role=role.value, email=address, name=name,
        invited_by=work.actor.user_id, created_at=now, expires_at=now + GOOD_FOR,
    )  # fmt: skip
    work.session.add(written)
    work.session.flush()
    work.record(Act.GRANT, to_role=role.value, recipient=organisation_id, by="invitation")
    return token


def first_invitation(
    work: Work, name: str = "Administrator", email: str = "administrator@localhost"
) -> str | None:
    """Invite the first administrator of a fresh database; return the link, or None once there is one.

    An earlier link of this kind that nobody used ends: only the newest works.
    """
    active = select(UserAccount.id).where(
        UserAccount.role == Role.ADM.value, UserAccount.disabled_at.is_(None)
    )
    if work.session.scalar(active.limit(1)):
        return None
    home = work.session.scalar(select(Organisation).where(Organisation.name == FIRST))
    if home is None:
        home = Organisation(name=FIRST, kind="CentralGovernmentOrganisation", created_at=work.clock.now())
        work.session.add(home)
        work.session.flush()
    return link(invite(work, home.id, Role.ADM, name, email))


def opened(work: Work, token: str) -> Opened:
    """Return what the invitation says; refuse one that was used, replaced or has ended."""
    found = _live(work, token)
    home = work.session.get_one(Organisation, found.organisation_id)
    return Opened(found.name, found.email, Role(found.role), home.name, found.expires_at)


def accepting_options(work: Work, token: str) -> dict[str, Any]:
    """Return what a browser needs to make the first passkey of an invited person."""
    found = _live(work, token)
    challenge = challenges.pose(work, challenges.ACCEPTING, found.id)
    return passkeys.making_options(work, _holder(found), challenge)


def accept(work: Work, token: str, credential: dict[str, Any], passkey_name: str, language: str) -> str:
    """Make the account and its first passkey, and sign in; return the value of the session's cookie."""
    found = _live(work, token, lock=True)
    challenge = challenges.take(work, challenges.ACCEPTING, credential)
    if challenge.invitation_id != found.id:
        refuse_sign_in(work, "other invitation")
    passkey = passkeys.verified_new(work, _holder(found), credential, challenge.value)
    _refuse_unless_possible(work, found.organisation_id, Role(found.role), found.email)
    now = work.clock.now()
    found.used_at = passkey.used_at = now
    passkey.name = passkey_name
    user = UserAccount(
        id=found.id, organisation_id=found.organisation_id, role=found.role, name=found.name,
        email=found.email, language=language, created_at=now,
    )  # fmt: skip
    work.session.add(user)
    work.session.flush()
    work.session.add(passkey)
    work.session.flush()
    work.record(
        Act.GRANT, to_user=user.id, to_role=user.role, recipient=user.organisation_id, by="acceptance"
    )
    return open_session(work, user, "passkey", now)


def _holder(found: Invitation) -> passkeys.Holder:
    """Return the person to be: the account will bear the invitation's identifier, known before it is made."""
    return passkeys.Holder(found.id, found.email, found.name, Role(found.role))


def _live(work: Work, token: str, *, lock: bool = False) -> Invitation:
    query = select(Invitation).where(
        Invitation.digest == digest(token),
        Invitation.used_at.is_(None),
        Invitation.expires_at > work.clock.now(),
    )
    found = work.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Refused(
            Fault(_("This invitation was used, replaced by a newer one, or has ended. Ask for a new one."))
        )
    return found

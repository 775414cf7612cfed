"""What is read about accounts: who there is, by which name each may be shown, and what is one's own."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.accounts.models import Invitation, Organisation, Passkey, SignInSession, UserAccount
from app.accounts.sessions import ABSOLUTE_WITHIN, IDLE_WITHIN
from app.kit.i18n import _, translate
from app.safeguards.access import SYSTEM
from app.safeguards.words import Role
from app.safeguards.work import Work

TURNING = (Role.POL, Role.IMM, Role.CON)
TURNING_KINDS = ("LawEnforcement", "ImmigrationService")
PERSON = UserAccount.is_client.is_(False)


@dataclass(frozen=True)
class OrganisationLine:
    """An organisation as lists show it."""

    id: UUID
    name: str
    kind: str
    region: str | None
    takes_referrals: bool


@dataclass(frozen=True)
class UserLine:
    """A user as lists show them; `reference` names an account whose holder must stay unnamed."""

    id: UUID
    reference: str
    name: str
    email: str | None
    role: Role
    organisation_id: UUID
    organisation: str
    disabled: bool
    waits: bool  # never open yet


@dataclass(frozen=True)
class InvitationLine:
    """An invitation that waits for its answer."""

    name: str
    email: str | None
    role: Role
    organisation: str
    expires_at: datetime


@dataclass(frozen=True)
class PasskeyLine:
    """One of the actor's passkeys."""

    id: UUID
    name: str
    device_bound: bool
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class SessionLine:
    """One of the browsers in which the actor is signed in."""

    id: UUID
    began_at: datetime
    seen_at: datetime
    this_one: bool


def account_reference(user_id: UUID) -> str:
    """Return the short name of an account, which its holder can read out to an administrator."""
    return str(user_id)[:8].upper()


def organisations(work: Work) -> list[OrganisationLine]:
    """Return every organisation of the mechanism, by name."""
    rows = work.session.scalars(select(Organisation).order_by(Organisation.name))
    return [
        OrganisationLine(each.id, each.name, each.kind, each.region, each.takes_referrals) for each in rows
    ]


def organisation_names(work: Work) -> dict[UUID, str]:
    """Return the name of every organisation, by identifier, in the order of the names."""
    return {each.id: each.name for each in organisations(work)}


def receiving_organisations(work: Work) -> dict[UUID, str]:
    """Return the names of the organisations that take referrals, by identifier."""
    return {each.id: each.name for each in organisations(work) if each.takes_referrals}


def users_of(work: Work, organisation_id: UUID, role: Role | None = None) -> dict[UUID, str]:
    """Return the names of an organisation's users whose account is open, as the actor may see them."""
    query = select(UserAccount).where(
        UserAccount.organisation_id == organisation_id, UserAccount.disabled_at.is_(None), PERSON
    )
    if role is not None:
        query = query.where(UserAccount.role == role.value)
    return {
        each.id: shown_name(work, each) for each in work.session.scalars(query.order_by(UserAccount.name))
    }


def organisations_with(work: Work, roles: Collection[Role], besides: UUID | None = None) -> set[UUID]:
    """Return the organisations in which somebody of one of these roles works now, besides one person."""
    query = select(UserAccount.organisation_id).where(_works_as(roles), UserAccount.id != besides).distinct()
    return set(work.session.scalars(query))


def authorities(work: Work) -> frozenset[UUID]:
    """Return the organisations that could turn against her what they learn: police, immigration, consulates.

    Whoever has or had an account there tells, open or not, and what the organisation says of itself.
    """
    held = select(UserAccount.organisation_id).where(UserAccount.role.in_([each.value for each in TURNING]))
    query = select(Organisation.id).where(Organisation.id.in_(held) | Organisation.kind.in_(TURNING_KINDS))
    return frozenset(work.session.scalars(query))


def users_with(work: Work, roles: Collection[Role]) -> dict[UUID, str]:
    """Return the names of those who work in one of these roles, in whichever organisation, by identifier."""
    return user_names(work, work.session.scalars(select(UserAccount.id).where(_works_as(roles))))


def _works_as(roles: Collection[Role]) -> ColumnElement[bool]:
    return UserAccount.role.in_([each.value for each in roles]) & UserAccount.disabled_at.is_(None) & PERSON


def user_names(work: Work, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return a name to show for each of those users; shelter staff stay unnamed (INV-12)."""
    wanted = set(ids)
    found = work.session.scalars(select(UserAccount).where(UserAccount.id.in_(wanted)))
    names = {each.id: shown_name(work, each) for each in found}
    unnamed = {each: translate(_("Unknown person"), work.actor.language) for each in wanted - names.keys()}
    if SYSTEM in unnamed:
        unnamed[SYSTEM] = translate(_("The service itself"), work.actor.language)
    return names | unnamed


def everybody(work: Work) -> list[UserLine]:
    """Return all accounts for whoever runs the service."""
    names = organisation_names(work)
    query = select(UserAccount).where(PERSON).order_by(UserAccount.name)
    return [
        UserLine(
            each.id, account_reference(each.id), shown_name(work, each),
            None if _unnamed(work, each) else each.email, Role(each.role), each.organisation_id,
            names[each.organisation_id], each.disabled_at is not None,
            each.is_waiting,
        )
        for each in work.session.scalars(query)
    ]  # fmt: skip


def open_invitations(work: Work) -> list[InvitationLine]:
    """Return the invitations that were neither used nor have ended."""
    names = organisation_names(work)
    live = select(Invitation).where(Invitation.used_at.is_(None), Invitation.expires_at > work.clock.now())
    return [
        InvitationLine(
            shown_name(work, each), None if _unnamed(work, each) else each.email, Role(each.role),
            names[each.organisation_id], each.expires_at,
        )
        for each in work.session.scalars(live.order_by(Invitation.created_at))
    ]  # fmt: skip


def my_passkeys(work: Work) -> list[PasskeyLine]:
    """Return the actor's passkeys, the oldest first."""
    rows = work.session.scalars(
        select(Passkey).where(Passkey.user_id == work.actor.user_id).order_by(Passkey.created_at, Passkey.id)
    )
    return [
        PasskeyLine(each.id, each.name, each.device_bound, each.created_at, each.used_at) for each in rows
    ]


def my_sessions(work: Work) -> list[SessionLine]:
    """Return the browsers in which the actor is signed in now, the latest first."""
    now, held = work.clock.now(), SignInSession
    rows = work.session.scalars(
        select(held)
        .where(held.user_id == work.actor.user_id, held.ended_at.is_(None))
        .where(held.seen_at > now - IDLE_WITHIN, held.began_at > now - ABSOLUTE_WITHIN)
        .order_by(held.began_at.desc())
    )
    mine = work.actor.session_id
    return [SessionLine(each.id, each.began_at, each.seen_at, each.id == mine) for each in rows]


def _unnamed(work: Work, who: UserAccount | Invitation) -> bool:
    """Say whether a name must not be shown: of shelter staff, to anybody outside their organisation."""
    return Role(who.role) is Role.SHE and who.organisation_id != work.actor.organisation_id


def shown_name(work: Work, who: UserAccount | Invitation) -> str:
    """Return the name of a person as the actor may read it."""
    return translate(_("Shelter staff"), work.actor.language) if _unnamed(work, who) else who.name

"""What is written about accounts: organisations, users, their passkeys and their language."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.accounts import challenges, news, passkeys
from app.accounts.forms import AddPasskey
from app.accounts.models import Organisation, Passkey, UserAccount
from app.accounts.sessions import end_all_of, require_fresh
from app.kit.errors import Fault, NotAllowed, Refused, Unknown
from app.kit.i18n import LANGUAGES, _
from app.kit.ids import new_id
from app.safeguards.stamps import remove, stamp, vouched
from app.safeguards.words import Act, Role
from app.safeguards.work import Work


def by_administrator(work: Work) -> None:
    """Refuse whoever does not run the service, and an administrator who did not just sign in."""
    if work.actor.is_system:
        return
    if work.actor.role is not Role.ADM:
        raise NotAllowed(Fault(_("Only an administrator may do this.")))
    require_fresh(work)


def add_organisation(
    work: Work, name: str, kind: str, *, region: str | None = None, takes_referrals: bool = False
) -> UUID:
    """Add an organisation of the mechanism, on the ledger; return its identifier."""
    by_administrator(work)
    if work.session.scalar(select(Organisation.id).where(func.lower(Organisation.name) == name.lower())):
        raise Refused(Fault(_("There is an organisation with this name already."), "name"))
    added = Organisation(
        name=name, kind=kind, region=region, takes_referrals=takes_referrals, created_at=work.clock.now()
    )
    work.session.add(added)
    work.session.flush()
    work.record(Act.GRANT, recipient=added.id, by="organisation added")
    return added.id


def add_user(  # noqa: PLR0913 -- what an account consists of; all but two are named at the call
    work: Work, organisation_id: UUID, role: Role, *, name: str, email: str, language: str = "en"
) -> UUID:
    """Add a user without a passkey, for a service that fills itself (a demonstration); return the identifier.

    People are invited instead: an account without a passkey cannot sign in.
    """
    if not work.actor.is_system:
        raise NotAllowed(Fault(_("Only an administrator may do this.")))
    added = UserAccount(
        id=new_id(), organisation_id=organisation_id, role=role.value, name=name, email=email.lower(),
        language=language, is_client=False, created_at=work.clock.now(),
    )  # fmt: skip
    stamp(work, added)
    work.session.add(added)
    work.session.flush()
    work.record(Act.GRANT, to_user=added.id, to_role=role.value, recipient=organisation_id, by="user added")
    return added.id


def disable_user(work: Work, user_id: UUID) -> None:
    """Close an account and end its sessions in the same transaction: the next request finds nobody."""
    by_administrator(work)
    if user_id == work.actor.user_id:
        raise Refused(Fault(_("You cannot close your own account. Ask another administrator.")))
    user = _user(work, user_id)
    if user.disabled_at is None:
        close(work, user, "account closed")


def close(work: Work, user: UserAccount, why: str) -> None:
    """Close an open account and end its sessions; whoever calls may decide it. A forged row gets no new stamp."""
    known = vouched(work, UserAccount, user)
    user.disabled_at = work.clock.now()
    if known:
        stamp(work, user)
    end_all_of(work, user.id)
    work.session.flush()
    work.record(Act.REVOKE, to_user=user.id, to_role=user.role, recipient=user.organisation_id, by=why)


def enable_user(work: Work, user_id: UUID) -> None:
    """Open a closed account again; its passkeys are as they were."""
    by_administrator(work)
    user = _user(work, user_id)
    if user.disabled_at is None:
        return
    if user.is_waiting:
        raise Refused(Fault(_("This account was never open. A second person opens it: see New accounts.")))
    if not vouched(work, UserAccount, user):
        raise NotAllowed(Fault(_("This account was changed past the service. It stays closed.")))
    user.disabled_at = None
    stamp(work, user)
    work.session.flush()
    work.record(
        Act.GRANT, to_user=user_id, to_role=user.role, recipient=user.organisation_id, by="account opened"
    )
    news.tell(work, user_id, "opened_again")


def _user(work: Work, user_id: UUID) -> UserAccount:
    user = work.session.get(UserAccount, user_id, with_for_update=True)
    if user is None:
        raise Unknown
    return user


def choose_language(work: Work, language: str) -> None:
    """Keep the language in which the actor reads the service."""
    if language not in LANGUAGES:
        raise Refused(Fault(_("The service does not speak this language."), "language"))
    _user(work, work.actor.user_id).language = language


def adding_options(work: Work, site: passkeys.Site) -> dict[str, Any]:
    """Return what a browser needs to make a further passkey for the actor."""
    require_fresh(work)
    challenge = challenges.pose(work, challenges.adding(work.actor.user_id))
    return passkeys.making_options(work, site, _holder(work), challenge)


def add_passkey(work: Work, site: passkeys.Site, sent: AddPasskey) -> UUID:
    """Keep a further passkey of the actor, on the ledger; return its identifier."""
    require_fresh(work)
    challenge = challenges.take(work, challenges.adding(work.actor.user_id), sent.credential)
    made = passkeys.verified_new(work, site, _holder(work), sent.credential, challenge.value)
    made.name = sent.name
    work.session.add(made)
    work.session.flush()
    work.record(Act.GRANT, to_user=work.actor.user_id, passkey=made.id, by="passkey added")
    news.tell(work, work.actor.user_id, "passkey_added")
    return made.id


def _holder(work: Work) -> passkeys.Holder:
    user = _user(work, work.actor.user_id)
    return passkeys.Holder(user.id, user.email, user.name, Role(user.role))


def name_passkey(work: Work, passkey_id: UUID, name: str) -> None:
    """Give one of the actor's passkeys a name by which they know the device."""
    _own_passkey(work, passkey_id).name = name


def remove_passkey(work: Work, passkey_id: UUID) -> None:
    """Remove one of the actor's passkeys, on the ledger; the last one stays, or nobody could sign in."""
    require_fresh(work)
    _user(work, work.actor.user_id)  # locked: two removals at once cannot both leave "another one"
    passkey = _own_passkey(work, passkey_id)
    held = select(func.count()).select_from(Passkey).where(Passkey.user_id == work.actor.user_id)
    if (work.session.scalar(held) or 0) < 2:
        raise Refused(Fault(_("This is your only passkey. Add another one first; then remove this one.")))
    remove(work, Passkey, Passkey.id == passkey.id)
    work.record(Act.REVOKE, to_user=work.actor.user_id, passkey=passkey_id, by="passkey removed")
    news.tell(work, work.actor.user_id, "passkey_removed")


def _own_passkey(work: Work, passkey_id: UUID) -> Passkey:
    """Return the passkey if it is the actor's; anybody else's is as if it were not there."""
    passkey = work.session.get(Passkey, passkey_id)
    if passkey is None or passkey.user_id != work.actor.user_id:
        raise Unknown
    return passkey

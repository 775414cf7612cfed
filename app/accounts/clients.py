"""API clients: programs of an organisation that call named doors, with a short-lived token (OAuth 2, RFC 6749, 4.4)."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from app.accounts.admission import shut_until_opened
from app.accounts.forms import AddClient
from app.accounts.models import ApiClient, ApiToken, Organisation, UserAccount
from app.accounts.service import by_administrator, close
from app.accounts.sessions import digest
from app.kit.errors import Fault, Refused, Unknown
from app.kit.i18n import _
from app.kit.ids import new_id
from app.safeguards.access import Actor
from app.safeguards.doors import ACCESS, ALWAYS
from app.safeguards.stamps import remove, stamp, vouched, whole
from app.safeguards.words import Act, Role
from app.safeguards.work import Work

GOOD_FOR = timedelta(minutes=10)
SECRET_LASTS = timedelta(days=365)  # then the organisation gets another program, with another secret
NOT_FOR_CLIENTS = frozenset({"administration", "own account", "sign-in"})  # purposes that only a person has
NOBODY_HOLDS = digest("")  # compared with where there is no client, so that the answer takes as long


@dataclass(frozen=True)
class ClientLine:
    """A client as the administrator's list shows it."""

    id: UUID
    name: str
    role: Role
    organisation_id: UUID
    doors: tuple[str, ...]
    created_at: datetime
    ended_at: datetime | None
    waits: bool  # for a second person to open it


@dataclass(frozen=True)
class Calling:
    """A client whose token is good now, and the doors that it may knock at."""

    actor: Actor
    doors: frozenset[str]


def doors_for(role: Role | None = None) -> list[str]:
    """Return the JSON doors that a client may be given: those of the work, which the access list opens to the role."""
    return sorted(
        name
        for name, entry in ACCESS.entries.items()
        if name.startswith("api.") and not entry.public and entry.purpose not in NOT_FOR_CLIENTS
        if entry.fresh != ALWAYS
        if role is None or entry.admits(role)
    )


def add_client(work: Work, form: AddClient) -> tuple[UUID, str]:
    """Add a client with an account of its own, which no passkey opens; return it and its secret, shown this once.

    It may call once a second person opened it.
    """
    by_administrator(work)
    role = Role(form.role)
    if work.session.get(Organisation, form.organisation_id) is None:
        raise Refused(Fault(_("There is no such organisation."), "organisation_id"))
    if closed := set(form.doors) - set(doors_for(role)):
        raise Refused(
            Fault(
                _("This role does not come through {doors}."),
                "doors",
                values={"doors": ", ".join(sorted(closed))},
            )
        )
    secret, now, made = secrets.token_urlsafe(32), work.clock.now(), new_id()
    account = UserAccount(
        id=made, organisation_id=form.organisation_id, role=role.value, name=form.name,
        email=f"{made}@client.invalid", language="en", is_client=True, created_at=now,
        disabled_at=shut_until_opened(work, form.organisation_id, work.actor.user_id),
    )  # fmt: skip
    client = ApiClient(
        id=made,
        digest=digest(secret),
        doors=sorted(form.doors),
        created_by=work.actor.user_id,
        created_at=now,
    )
    stamp(work, account, client)
    work.session.add(account)
    work.session.flush()
    work.session.add(client)
    work.session.flush()
    work.record(
        Act.GRANT, to_user=made, to_role=role.value, recipient=form.organisation_id, by="client added",
        doors=client.doors,
    )  # fmt: skip
    return made, secret


def end_client(work: Work, client_id: UUID) -> None:
    """End a client for good: its next call is refused, whatever token it holds."""
    by_administrator(work)
    client = work.session.get(ApiClient, client_id, with_for_update=True)
    if client is None:
        raise Unknown
    if client.ended_at is not None:
        return
    known = vouched(work, ApiClient, client)
    client.ended_at = work.clock.now()
    if known:
        stamp(work, client)
    end_tokens_of(work, client_id)
    close(work, work.session.get_one(UserAccount, client_id), "client ended")


def end_tokens_of(work: Work, client_id: UUID) -> None:
    """End every token of a client; it may ask for new ones."""
    remove(work, ApiToken, ApiToken.client_id == client_id)


def clients(work: Work) -> list[ClientLine]:
    """Return all clients, the newest first."""
    query = select(ApiClient, UserAccount).join(UserAccount, UserAccount.id == ApiClient.id)
    return [
        ClientLine(
            client.id, account.name, Role(account.role), account.organisation_id, tuple(client.doors),
            client.created_at, client.ended_at or (None if account.is_waiting else account.disabled_at),
            client.ended_at is None and account.is_waiting,
        )
        for client, account in work.session.execute(query.order_by(ApiClient.created_at.desc()))
    ]  # fmt: skip


def issue(work: Work, client_id: str, secret: str, key: str) -> str | None:
    """Give a client a token for its secret, bound to a key of its own.

    None, on the ledger with the reason, for whatever else was sent.
    """
    now = work.clock.now()
    row = work.session.execute(CLIENT.where(ApiClient.id == _identifier(client_id))).one_or_none()
    held = row.client.digest if row else NOBODY_HOLDS
    right = hmac.compare_digest(held, digest(secret))
    lasts = row is not None and row.client.ended_at is None and now < row.client.created_at + SECRET_LASTS
    if row is None or not right or not lasts or not _whole(work, row):
        work.record(Act.REFUSE, reason="client", to_user=row.client.id if row else None)
        return None
    work.session.execute(delete(ApiToken).where(ApiToken.expires_at <= now))
    token = secrets.token_urlsafe(32)
    kept = ApiToken(
        id=new_id(), digest=digest(bound(token, key)), client_id=row.client.id, expires_at=now + GOOD_FOR
    )
    stamp(work, kept)
    work.session.add(kept)
    work.session.flush()
    work.record(Act.SIGN_IN, to_user=row.client.id, by="client")
    return token


CLIENT = select(whole(ApiClient, name="client"), whole(UserAccount, name="user")).join(
    UserAccount, UserAccount.id == ApiClient.id
)


def _whole(work: Work, row: Any) -> bool:
    """Say whether client and account are open and as the service wrote them."""
    client, user = row.client, row.user
    if client.ended_at is not None or user.disabled_at is not None:
        return False
    return vouched(work, ApiClient, client) and vouched(work, UserAccount, user)


def bound(token: str, key: str) -> str:
    """Return what is kept of a token: with another key beside it, it is another one, which nobody was given."""
    return f"{token}.{key}"


def calling(work: Work, token: str, key: str) -> Calling | None:
    """Return the client whose token and key these are, if they are good now.

    Asked at every call, so that an end holds at once.
    """
    query = CLIENT.add_columns(whole(ApiToken, name="token")).join(
        ApiToken, ApiToken.client_id == ApiClient.id
    )
    row = work.session.execute(query.where(ApiToken.digest == digest(bound(token, key)))).one_or_none()
    if row is None or row.token.expires_at <= work.clock.now() or not vouched(work, ApiToken, row.token):
        return None
    if not _whole(work, row):
        return None
    user = row.user
    actor = Actor(
        user.id, Role(user.role), user.organisation_id, user.name, authenticator=f"client:{row.token.id}"
    )
    return Calling(actor, frozenset(row.client.doors))


def _identifier(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

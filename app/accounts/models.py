"""Tables of accounts: organisations, users, passkeys, sessions, invitations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Base
from app.kit.ids import new_id
from app.safeguards.stamps import INSTANT, Stamped


class Organisation(Base):
    """An organisation of the mechanism; `kind` is a code of HTCDS `org_Type` or a local one."""

    __tablename__ = "organisation"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(Text, unique=True)
    kind: Mapped[str] = mapped_column(Text)
    region: Mapped[str | None] = mapped_column(Text)
    takes_referrals: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class UserAccount(Stamped, Base):
    """A person who works with the service, in one role of one organisation."""

    __tablename__ = "user_account"
    stamped = ("id", "organisation_id", "role", "name", "email", "is_client", "created_at", "disabled_at")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    role: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text, unique=True)
    language: Mapped[str] = mapped_column(Text, default="en")
    is_client: Mapped[bool] = mapped_column(default=False)  # a program: nobody to write to or to choose
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    @property
    def is_waiting(self) -> bool:
        """Say whether no second person opened it yet: it is shut since an instant before its making."""
        return self.disabled_at is not None and self.disabled_at == self.created_at - INSTANT


class Passkey(Stamped, Base):
    """A WebAuthn credential of a user."""

    __tablename__ = "passkey"
    by_row = True  # its counter goes on with each use
    stamped = ("id", "user_id", "credential_id", "public_key", "sign_count", "device_bound", "created_at")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    device_bound: Mapped[bool]
    name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInSession(Stamped, Base):
    """A signed-in browser; the cookie's secret is kept as a digest only."""

    __tablename__ = "sign_in_session"
    by_row = True  # it is in use from minute to minute
    stamped = (
        "id", "digest", "user_id", "csrf_secret", "authenticator", "began_at", "seen_at", "ended_at",
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    csrf_secret: Mapped[bytes] = mapped_column(LargeBinary)
    authenticator: Mapped[str] = mapped_column(Text)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Challenge(Stamped, Base):
    """A WebAuthn challenge waiting for its answer; used once, for five minutes."""

    __tablename__ = "challenge"
    stamped = ("id", "value", "purpose", "invitation_id", "expires_at")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    value: Mapped[bytes] = mapped_column(LargeBinary)
    purpose: Mapped[str] = mapped_column(Text)
    invitation_id: Mapped[UUID | None]
    expires_at: Mapped[datetime]


class Invitation(Stamped, Base):
    """A link, good for one use, with which a person makes an account and its first passkey."""

    __tablename__ = "invitation"
    stamped = (
        "id", "digest", "organisation_id", "role", "email", "name", "recovers", "invited_by", "expires_at", "used_at",
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    recovers: Mapped[UUID | None]  # the account that gets a new passkey, where this makes none
    invited_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ApiClient(Stamped, Base):
    """A program that calls named doors in the name of an account of its own, which has the same identifier."""

    __tablename__ = "api_client"
    stamped = ("id", "digest", "doors", "created_by", "created_at", "ended_at")

    id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    doors: Mapped[list[str]]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class ApiToken(Stamped, Base):
    """A token with which a client calls for ten minutes; kept as a digest only."""

    __tablename__ = "api_token"
    stamped = ("id", "digest", "client_id", "expires_at")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    client_id: Mapped[UUID] = mapped_column(ForeignKey("api_client.id"), index=True)
    expires_at: Mapped[datetime]


class OidcLink(Stamped, Base):
    """By which name a provider of single sign-on knows an account."""

    __tablename__ = "oidc_link"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    stamped = ("id", "user_id", "issuer", "subject", "created_at")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    issuer: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class OidcFlow(Stamped, Base):
    """A round at a provider that waits for its answer; used once, by the browser that began it."""

    __tablename__ = "oidc_flow"
    stamped = ("id", "digest", "browser", "nonce", "verifier", "purpose", "user_id", "expires_at")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    browser: Mapped[bytes] = mapped_column(LargeBinary)
    nonce: Mapped[str] = mapped_column(Text)
    verifier: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    user_id: Mapped[UUID]  # whoever began it; whoever has not signed in is nobody
    expires_at: Mapped[datetime]


class Recovery(Stamped, Base):
    """A proposal to let somebody who lost every passkey in again; nothing happens until a second person confirms."""

    __tablename__ = "recovery"
    stamped = ("id", "user_id", "proposed_by", "proposed_at", "confirmed_by", "confirmed_at")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[UUID | None]
    confirmed_at: Mapped[datetime | None]


class AccountNews(Base):
    """Something about how somebody signs in that they must see; `kind` is one of the codes of accounts/news.py."""

    __tablename__ = "account_news"
    __table_args__ = (Index(None, "user_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]
    session_id: Mapped[UUID | None]  # in which the person did it themselves: no news to whoever sits there


class Attempt(Base):
    """That signing in failed, under a keyed digest of the address or of the account; forgotten after ten minutes.

    Also that a program's proof was used: its identifier is then a keyed digest of the proof, so that it stands once.
    """

    __tablename__ = "attempt"
    __table_args__ = (Index(None, "key", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]

"""A signed-in browser: a secret in a cookie, its digest in the database, and the two clocks that end it."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, select, update
from starlette.responses import Response

from app.accounts.models import AccountNews, SignInSession, UserAccount
from app.kit.errors import FreshSignInNeeded, NotAllowed, SignInNeeded, Unknown
from app.kit.i18n import _
from app.kit.ids import new_id
from app.safeguards.access import Actor
from app.safeguards.stamps import change, drawn, stamp, vouched, whole
from app.safeguards.words import Act, Role
from app.safeguards.work import Work

COOKIE = "__Host-session"
SIGN_IN = "sign-in"  # the purpose under which signing in and out stand on the ledger

IDLE_WITHIN = timedelta(minutes=15)
ABSOLUTE_WITHIN = timedelta(hours=12)
FRESH_WITHIN = timedelta(minutes=5)
MAY_DIFFER = timedelta(minutes=2)  # a clock that was set back further must lengthen no session
SEEN_EVERY = timedelta(minutes=1)
KNOWN_WITHIN = timedelta(hours=24)  # an ended session still says whose typed text it was, so long
NOT_ACCEPTED = _("This passkey was not accepted. Try again, or ask your administrator for a new invitation.")


class SignInFailed(NotAllowed):
    """403: nobody was signed in; the ledger says why, the answer does not."""

    title, kind = _("You were not signed in"), "sign-in-failed"
    keeps = True  # the ledger's event outlives the request

    def __init__(self, reason: str, user_id: UUID | None, detail: str) -> None:
        """Keep the reason for the ledger; the reader gets the detail only."""
        super().__init__(detail=detail)
        self.reason = reason
        self.user_id = user_id

    def record(self, work: Work) -> None:
        """Put it on the ledger, which holds no name and no address."""
        replace(work, purpose=SIGN_IN).record(Act.REFUSE, reason=self.reason, to_user=self.user_id)


@dataclass(frozen=True)
class SignedIn:
    """Whose browser this is; an expired one still says whose, so that typed text can be held for them."""

    session_id: UUID
    user_id: UUID
    csrf_secret: bytes
    began_at: datetime
    fresh: bool
    expired: bool
    whose: Actor
    seconds_left: int  # until it ends, if nothing more is asked for
    has_news: bool = False  # about how they sign in, which they have not seen

    @property
    def actor(self) -> Actor:
        """Return who acts; nobody acts through an expired session, even where a door forgot to ask."""
        if self.expired:
            raise SignInNeeded
        return self.whose


def digest(secret: str) -> bytes:
    """Return what is stored of a secret that only its holder knows."""
    return hashlib.sha256(secret.encode()).digest()


def as_actor(work: Work, actor: Actor, purpose: str | None = None) -> Work:
    """Return the same transaction in the name of somebody else: whoever has just proved who they are."""
    return replace(work, actor=actor, purpose=purpose or work.purpose, _standings={}).begin()


def open_session(work: Work, user: UserAccount, authenticator: str, now: datetime) -> str:
    """Open a session for a user who proved who they are, on the ledger; return the value of the cookie."""
    if not vouched(work, UserAccount, user):
        refuse_sign_in(work, "stamp", user.id)
    if user.disabled_at is not None:
        refuse_sign_in(work, "disabled", user.id)
    secret = secrets.token_urlsafe(32)
    opened = SignInSession(
        id=new_id(), digest=digest(secret), user_id=user.id, csrf_secret=secrets.token_bytes(32),
        authenticator=authenticator, began_at=now, seen_at=now,
    )  # fmt: skip
    stamp(work, opened)
    work.session.add(opened)
    work.session.flush()
    actor = Actor(
        user.id, Role(user.role), user.organisation_id, user.name, user.language, opened.id, authenticator
    )
    as_actor(work, actor, SIGN_IN).record(Act.SIGN_IN)
    return secret


def sign_in_as(work: Work, user_id: UUID, authenticator: str) -> str:
    """Open a session for the user of that identifier; return the value of the cookie."""
    user = work.session.get(UserAccount, user_id)
    if user is None:
        refuse_sign_in(work, "unknown user")
    return open_session(work, user, authenticator, work.clock.now())


def refuse_sign_in(
    work: Work, reason: str, user_id: UUID | None = None, detail: str | None = None
) -> NoReturn:
    """Put a failed sign-in on the ledger and refuse it; the answer is the same for every forgery."""
    failed = SignInFailed(reason, user_id, detail or NOT_ACCEPTED)
    failed.record(work)
    raise failed


def identify(work: Work, cookie: str | None) -> SignedIn | None:
    """Return whose session the cookie opens, if any; notes at most once a minute that it is in use."""
    if not cookie:
        return None
    now, query = work.clock.now(), HOLDER.where(SignInSession.digest == digest(cookie))
    row = work.session.execute(query).one_or_none()
    if row is None or row.held.ended_at is not None or row.user.disabled_at is not None:
        return None
    if not (vouched(work, SignInSession, row.held) and vouched(work, UserAccount, row.user)):
        return None
    seen_at, latest = row.held.seen_at, row.held.began_at + ABSOLUTE_WITHIN
    expired = now >= min(seen_at + IDLE_WITHIN, latest) or now < seen_at - MAY_DIFFER
    if expired and now >= seen_at + KNOWN_WITHIN:
        return None
    if not expired and now - seen_at >= SEEN_EVERY:
        _note_seen(work, row.held, now)
        seen_at = now
    return _signed_in(row, now, min(seen_at + IDLE_WITHIN, latest), expired=expired)


HOLDER = select(
    whole(SignInSession, name="held"),
    whole(UserAccount, name="user"),
    UserAccount.language,
    exists()
    .where(
        AccountNews.user_id == UserAccount.id,
        AccountNews.seen_at.is_(None),
        AccountNews.session_id.is_distinct_from(SignInSession.id),
    )
    .label("has_news"),
).join(UserAccount, UserAccount.id == SignInSession.user_id)


def _signed_in(row: Row[Any], now: datetime, ends_at: datetime, *, expired: bool) -> SignedIn:
    held, user = row.held, row.user
    actor = Actor(
        user.id, Role(user.role), user.organisation_id, user.name, row.language, held.id, held.authenticator
    )
    left = max(0, int((ends_at - now).total_seconds()))
    fresh = not expired and held.began_at <= now < held.began_at + FRESH_WITHIN
    return SignedIn(
        held.id, user.id, held.csrf_secret, held.began_at, fresh, expired, actor, left, row.has_news
    )


def _note_seen(work: Work, held: Row[Any], now: datetime) -> None:
    """Write straight to the table: reading a page must not leave anything else to be saved.

    Of two requests at once the second changes nothing and waits for nobody; nor does one change anything that
    overtook the end of the session.
    """
    late = (SignInSession.seen_at <= now - SEEN_EVERY) & SignInSession.ended_at.is_(None)
    values = (now if name == "seen_at" else getattr(held, name) for name in SignInSession.stamped)
    free = select(SignInSession.id).where(SignInSession.id == held.id, late).with_for_update(skip_locked=True)
    query = update(SignInSession).where(SignInSession.id.in_(free))
    query = query.values(seen_at=now, stamp=drawn(work.keys, SignInSession, values))
    work.session.execute(query.execution_options(synchronize_session=False))


def require_fresh(work: Work) -> None:
    """Ask for a sign-in of the last five minutes before what would outlast a stolen session."""
    began_at = work.session.scalar(
        select(SignInSession.began_at).where(SignInSession.id == work.actor.session_id)
    )
    if began_at is None or not began_at - MAY_DIFFER <= work.clock.now() < began_at + FRESH_WITHIN:
        raise FreshSignInNeeded


def end_session(work: Work) -> None:
    """Sign the actor out of this browser, on the ledger."""
    _end(work, SignInSession.id == work.actor.session_id)
    replace(work, purpose=SIGN_IN).record(Act.SIGN_OUT)


def end_cookie(work: Work, cookie: str | None) -> None:
    """End the session that a browser brought to a new sign-in, so that no older secret stays good."""
    if cookie:
        _end(work, SignInSession.digest == digest(cookie))


def end_others(work: Work, session_id: UUID | None = None) -> int:
    """End one of the actor's sessions in other browsers, or all of them, on the ledger; return how many.

    Whoever stole a session must not throw the person out of hers, so this asks for a new sign-in.
    """
    require_fresh(work)
    others = (SignInSession.user_id == work.actor.user_id) & (SignInSession.id != work.actor.session_id)
    ended = _end(work, others if session_id is None else others & (SignInSession.id == session_id))
    if ended:
        replace(work, purpose=SIGN_IN).record(Act.SIGN_OUT, sessions=ended)
    return ended


def end_one(work: Work, session_id: UUID) -> None:
    """End one of the actor's sessions in another browser; whoever else's it may be, it is not here."""
    if not end_others(work, session_id):
        raise Unknown


def end_all_of(work: Work, user_id: UUID) -> None:
    """End every session of a user; whoever calls records why."""
    _end(work, SignInSession.user_id == user_id)


def _end(work: Work, which: ColumnElement[bool]) -> int:
    running = which & SignInSession.ended_at.is_(None)
    return len(change(work, SignInSession, running, ended_at=work.clock.now()))


def set_cookie(response: Response, value: str) -> None:
    """Give the browser its secret. Lax, not Strict: a link from a mail must find its reader signed in."""
    response.set_cookie(COOKIE, value, path="/", secure=True, httponly=True, samesite="lax")


def clear_cookie(response: Response) -> None:
    """Take the secret back, and have the browser forget whatever else it may have kept of us."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'

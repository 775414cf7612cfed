"""What people hear about how they sign in: attempts that look wrong, and every change of what lets them in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select, update

from app.accounts.models import AccountNews, UserAccount
from app.kit.i18n import _
from app.kit.ids import new_id
from app.safeguards.work import Work

SHOWN_FOR = timedelta(days=90)
ONCE_IN = timedelta(hours=1)  # so often is the same attempt told, however often it is made
LONG = timedelta(days=45)  # without signing in: whoever comes back then is told that somebody did
MANY = 3  # failures after which a success is told
KINDS = {
    "failed": _("Somebody tried to sign in with a passkey of yours, and was refused."),
    "copied": _("A copy of one of your passkeys may be in use. Remove that passkey and make another one."),
    "after_failures": _("Somebody signed in to your account after several attempts had failed."),
    "after_long": _("Somebody signed in with a passkey that had not been used for a long time."),
    "passkey_added": _("A passkey was added to your account."),
    "passkey_removed": _("A passkey was removed from your account."),
    "linked": _("Your account was linked with single sign-on."),
    "unlinked": _("The link of your account with single sign-on was ended."),
    "recovery_proposed": _("An administrator proposed to let you in again without your passkeys."),
    "recovered": _("Your passkeys were ended, and a link was made with which to come in again."),
    "let_in": _("A second person opened your account: you can sign in now."),
    "opened_again": _("Your account had been closed and was opened again."),
}
ATTEMPTS = ("failed", "copied")


@dataclass(frozen=True)
class NewsLine:
    """Something that happened to how the actor signs in; `kind` is a marked text."""

    text: str
    at: datetime
    seen: bool


def tell(work: Work, user_id: UUID, kind: str) -> None:
    """Let the holder of an account know, in the service and by e-mail; an attempt once in an hour."""
    now = work.clock.now()
    if kind in ATTEMPTS and work.session.scalar(
        select(
            exists().where(
                AccountNews.user_id == user_id, AccountNews.kind == kind, AccountNews.at > now - ONCE_IN
            )
        )
    ):
        return
    if work.session.get(UserAccount, user_id) is None:
        return
    own = work.actor.session_id if work.actor.user_id == user_id else None
    work.session.add(AccountNews(id=new_id(), user_id=user_id, kind=kind, at=now, session_id=own))
    work.session.flush()


def mine(work: Work) -> list[NewsLine]:
    """Return what the actor should know, the latest first; what was seen stays for a while."""
    after = work.clock.now() - SHOWN_FOR
    query = select(AccountNews).where(AccountNews.user_id == work.actor.user_id, AccountNews.at > after)
    rows = work.session.scalars(query.order_by(AccountNews.at.desc(), AccountNews.id))
    return [NewsLine(KINDS[each.kind], each.at, each.seen_at is not None) for each in rows]


def mark_seen(work: Work) -> None:
    """Note that the actor saw what there is."""
    query = update(AccountNews).where(
        AccountNews.user_id == work.actor.user_id, AccountNews.seen_at.is_(None)
    )
    work.session.execute(query.values(seen_at=work.clock.now()).execution_options(synchronize_session=False))

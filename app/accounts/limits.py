"""How often signing in may fail: by address and by account, counted in the database, over ten minutes."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address
from uuid import UUID

from fastapi import Request
from sqlalchemy import delete, func, insert, select

from app.accounts import news
from app.accounts.models import Attempt
from app.accounts.sessions import SignInFailed
from app.kit.errors import Refused, TooMany
from app.kit.i18n import _
from app.kit.ids import new_id
from app.safeguards.canonical import packed
from app.safeguards.work import Work

WITHIN = timedelta(minutes=10)
BY_ADDRESS = 50  # a whole office may stand behind one
BY_ACCOUNT = 10


def address_of(request: Request) -> str:
    """Return where a request comes from; of an IPv6 address the network, because a caller has all of it."""
    host = request.client.host if request.client else ""
    try:
        found = ip_address(host)
    except ValueError:
        return host
    return str(IPv6Network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found)


@contextmanager
def watched(work: Work, address: str) -> Iterator[None]:
    """Refuse whoever failed too often already; count this attempt if it fails, though all else is undone."""
    require(work, address)
    try:
        yield
    except SignInFailed as failed:
        note(work, address, failed.user_id)
        if failed.user_id is not None:
            news.tell(work, failed.user_id, "copied" if failed.reason == "counter" else "failed")
        work.commit()
        work.begin()
        raise
    except Refused:
        work.session.rollback()
        work.begin()
        note(work, address)
        work.commit()
        work.begin()
        raise


def require(work: Work, address: str) -> None:
    """Refuse an address from which signing in failed too often."""
    if _failures(work, "address", address) >= BY_ADDRESS:
        raise TooMany(detail=_("Signing in failed too often from here. Wait ten minutes, then try again."))


def is_exhausted(work: Work, user_id: UUID) -> bool:
    """Say whether signing in to an account failed so often that even what is right is not taken now."""
    return _failures(work, "account", str(user_id)) >= BY_ACCOUNT


def failed_lately(work: Work, user_id: UUID) -> bool:
    """Say whether signing in to an account failed several times just now."""
    return _failures(work, "account", str(user_id)) >= news.MANY


def note(work: Work, address: str, user_id: UUID | None = None) -> None:
    """Count a failure, and forget those that count no longer."""
    now = work.clock.now()
    work.session.execute(delete(Attempt).where(Attempt.at <= now - WITHIN))
    said = [_key(work, "address", address), *([_key(work, "account", str(user_id))] if user_id else [])]
    work.session.execute(insert(Attempt), [{"id": new_id(), "key": each, "at": now} for each in said])


def _failures(work: Work, kind: str, value: str) -> int:
    query = select(func.count()).where(
        Attempt.key == _key(work, kind, value), Attempt.at > work.clock.now() - WITHIN
    )
    return work.session.scalar(query) or 0


def _key(work: Work, kind: str, value: str) -> bytes:
    """Return what is counted under: keyed, so that the table tells nobody who tried from where."""
    said = packed(b"nrm attempt 1", kind.encode(), value.encode())
    return hmac.digest(work.keys.stamping, said, "sha256")[:16]

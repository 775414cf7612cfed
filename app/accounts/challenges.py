"""Challenges of the passkey ceremonies: random, for one purpose, used once, good for five minutes."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from webauthn.helpers import base64url_to_bytes, parse_client_data_json

from app.accounts.models import Challenge
from app.accounts.sessions import SignInFailed, refuse_sign_in
from app.kit.ids import new_id
from app.safeguards.stamps import stamp, vouched
from app.safeguards.work import Work

GOOD_FOR = timedelta(minutes=5)

SIGNING_IN = "sign-in"
ACCEPTING = "invitation"


def adding(user_id: UUID) -> str:
    """Return the purpose of a challenge that only this user may answer, with a further passkey."""
    return f"add:{user_id}"


@dataclass(frozen=True)
class Taken:
    """A challenge that was waiting and now is spent."""

    value: bytes
    invitation_id: UUID | None


def pose(work: Work, purpose: str, invitation_id: UUID | None = None) -> bytes:
    """Pose a challenge, and sweep away those that nobody answered."""
    now = work.clock.now()
    work.session.execute(delete(Challenge).where(Challenge.expires_at <= now))
    value = secrets.token_bytes(32)
    posed = Challenge(
        id=new_id(), value=value, purpose=purpose, invitation_id=invitation_id, expires_at=now + GOOD_FOR
    )
    stamp(work, posed)
    work.session.add(posed)
    work.session.flush()
    return value


@contextmanager
def failures_kept(work: Work, credential: dict[str, Any]) -> Iterator[None]:
    """Undo a failed ceremony, but for two things: its challenge stays spent, and the ledger tells of it."""
    try:
        yield
    except SignInFailed as failed:
        work.session.rollback()
        work.begin()
        if value := _answered(credential):
            work.session.execute(delete(Challenge).where(Challenge.value == value))
        failed.record(work)
        work.commit()
        raise


def take(work: Work, purpose: str, credential: dict[str, Any]) -> Taken:
    """Spend the challenge that an authenticator says it answers; a second answer finds none."""
    found = work.session.execute(
        delete(Challenge)
        .where(
            Challenge.value == _answered(credential),
            Challenge.purpose == purpose,
            Challenge.expires_at > work.clock.now(),
        )
        .returning(*(getattr(Challenge, name) for name in (*Challenge.stamped, "stamp")))
    ).one_or_none()
    if found is None or not vouched(work, Challenge, found):
        refuse_sign_in(work, "challenge")
    return Taken(found.value, found.invitation_id)


def _answered(credential: dict[str, Any]) -> bytes:
    """Return the challenge that an answer names; nothing where it cannot be read."""
    try:
        sent = base64url_to_bytes(credential["response"]["clientDataJSON"])
        return parse_client_data_json(sent).challenge
    except Exception:  # noqa: BLE001 -- whatever cannot be read as an answer is none
        return b""

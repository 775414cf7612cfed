"""Proof of possession (DPoP, RFC 9449): a token is good only beside a signature of the key that it was given for.

Each proof is good once: its number is remembered as long as it would be taken, in the database, so by every process.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from fastapi import Request
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from app.accounts import clients
from app.accounts.models import Attempt
from app.safeguards.canonical import packed
from app.safeguards.words import Act
from app.safeguards.work import Work

HEADER = "dpop"
ALGORITHMS = ["ES256", "EdDSA", "Ed25519"]
KINDS: dict[str, type[ECKey | OKPKey]] = {"EC": ECKey, "OKP": OKPKey}
PRIVATE = "d"
FRESH = timedelta(seconds=60)  # before and after: clocks differ
LONGEST = 4000  # signs of a proof
FAILURES = (JoseError, ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True)
class Proof:
    """What a sound proof says: which key signed it, by its thumbprint, and the number that the key gave it."""

    key: str
    number: bytes


def calling(work: Work, request: Request) -> clients.Calling | None:
    """Return whose program calls, if its token is good now and its key signed this very call, for the first time."""
    scheme, _sign, token = request.headers.get("authorization", "").partition(" ")
    proof = _brought(request, work.clock.now(), token.strip()) if scheme.lower() == HEADER else None
    found = clients.calling(work, token.strip(), proof.key) if proof else None
    return found if proof and found and spend(work, proof, found.actor.user_id) else None


def holder(work: Work, request: Request) -> str | None:
    """Return the thumbprint of the key that signed this request for a token; None for anything else."""
    proof = _brought(request, work.clock.now())
    return proof.key if proof and spend(work, proof) else None


def spend(work: Work, proof: Proof, user_id: UUID | None = None) -> bool:
    """Say whether this is the first use of a proof; a second one stands on the ledger.

    It is remembered at once and whatever becomes of the call: a proof does not sign what is sent with it, so that one
    whose call was refused would be good for another.
    """
    now = work.clock.now()
    used, kind = _keyed(work, proof.key.encode(), proof.number), _keyed(work)
    # Both clocks may be wrong by as much: what is signed a minute ahead is taken for two.
    work.session.execute(delete(Attempt).where(Attempt.key == kind, Attempt.at < now - 2 * FRESH))
    kept = insert(Attempt).values(id=UUID(bytes=used), key=kind, at=now).on_conflict_do_nothing()
    is_first = work.session.scalar(kept.returning(Attempt.id)) is not None
    if not is_first:
        work.record(Act.REFUSE, reason="proof used before", to_user=user_id)
    work.commit()
    work.begin()
    return is_first


def _keyed(work: Work, *said: bytes) -> bytes:
    return hmac.digest(work.keys.stamping, packed(b"nrm proof 1", *said), "sha256")[:16]


def _brought(request: Request, now: datetime, token: str | None = None) -> Proof | None:
    """Return the proof that came with this request, and with this token; None for anything else."""
    proofs = request.headers.getlist(HEADER)
    if len(proofs) != 1 or len(proofs[0]) > LONGEST:
        return None
    address = f"{request.app.state.settings.origin.rstrip('/')}{request.url.path}"
    try:
        return _checked(proofs[0], request.method, address, now, token)
    except FAILURES:
        return None


def _checked(proof: str, method: str, address: str, now: datetime, token: str | None) -> Proof:
    header = jws.extract_compact(proof.encode()).headers()
    if header["typ"] != "dpop+jwt" or header["alg"] not in ALGORITHMS or PRIVATE in header["jwk"]:
        raise ValueError("no proof")
    key = KINDS[header["jwk"]["kty"]].import_key(header["jwk"])
    said: Mapping[str, Any] = jwt.decode(proof, key, algorithms=ALGORITHMS).claims
    meant = {"htm": method, "htu": address, **({"ath": hashed(token)} if token is not None else {})}
    if any(not secrets.compare_digest(str(said[name]), value) for name, value in meant.items()):
        raise ValueError("signed for something else")
    if not isinstance(said["jti"], str) or not said["jti"]:
        raise ValueError("signed without a number")
    if (
        not abs(now.timestamp() - said["iat"]) <= FRESH.total_seconds()
    ):  # what is no number is at no time either
        raise ValueError("signed at another time")
    return Proof(str(key.thumbprint()), said["jti"].encode())


def hashed(token: str) -> str:
    """Return how a proof names the token that it goes with."""
    return urlsafe_b64encode(sha256(token.encode()).digest()).rstrip(b"=").decode()

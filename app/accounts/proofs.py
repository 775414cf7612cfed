"""Proof of possession (DPoP, RFC 9449): a token is good only beside a signature of the key that it was given for."""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from fastapi import Request
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from app.accounts import clients
from app.safeguards.work import Work

HEADER = "dpop"
ALGORITHMS = ["ES256", "EdDSA", "Ed25519"]
KINDS: dict[str, type[ECKey | OKPKey]] = {"EC": ECKey, "OKP": OKPKey}
PRIVATE = "d"
FRESH = timedelta(seconds=60)  # before and after: clocks differ
LONGEST = 4000  # signs of a proof
FAILURES = (JoseError, ValueError, KeyError, TypeError, AttributeError)


def calling(work: Work, request: Request) -> clients.Calling | None:
    """Return whose program calls, if its token is good now and its key signed this very call."""
    scheme, _sign, token = request.headers.get("authorization", "").partition(" ")
    key = holder(request, work.clock.now(), token.strip()) if scheme.lower() == HEADER else None
    return clients.calling(work, token.strip(), key) if key else None


def holder(request: Request, now: datetime, token: str | None = None) -> str | None:
    """Return the thumbprint of the key that signed this request, and this token with it; None for anything else."""
    proofs = request.headers.getlist(HEADER)
    if len(proofs) != 1 or len(proofs[0]) > LONGEST:
        return None
    address = f"{request.app.state.settings.origin.rstrip('/')}{request.url.path}"
    try:
        return _checked(proofs[0], request.method, address, now, token)
    except FAILURES:
        return None


def _checked(proof: str, method: str, address: str, now: datetime, token: str | None) -> str:
    header = jws.extract_compact(proof.encode()).headers()
    if header["typ"] != "dpop+jwt" or header["alg"] not in ALGORITHMS or PRIVATE in header["jwk"]:
        raise ValueError("no proof")
    key = KINDS[header["jwk"]["kty"]].import_key(header["jwk"])
    said: Mapping[str, Any] = jwt.decode(proof, key, algorithms=ALGORITHMS).claims
    meant = {"htm": method, "htu": address, **({"ath": hashed(token)} if token is not None else {})}
    if any(not secrets.compare_digest(str(said[name]), value) for name, value in meant.items()):
        raise ValueError("signed for something else")
    if not said["jti"] or abs(now.timestamp() - said["iat"]) > FRESH.total_seconds():
        raise ValueError("signed at another time")
    return str(key.thumbprint())


def hashed(token: str) -> str:
    """Return how a proof names the token that it goes with."""
    return urlsafe_b64encode(sha256(token.encode()).digest()).rstrip(b"=").decode()

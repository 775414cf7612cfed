"""Tokens that prove a form came from our own page: new on each page, bound to the session's secret."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode

NONCE = 16
LENGTH = 64  # characters: the nonce and its SHA-256 in base64


def token(secret: bytes) -> str:
    """Return a token for one page; no two are alike, so that compression gives none away."""
    nonce = secrets.token_bytes(NONCE)
    return urlsafe_b64encode(nonce + _sign(secret, nonce)).decode("ascii")


def matches(secret: bytes, given: str) -> bool:
    """Say whether a token was made with that secret; takes as long whatever was given."""
    if len(given) != LENGTH or not given.isascii():
        return False
    try:
        sent = urlsafe_b64decode(given)
    except ValueError:
        return False
    return hmac.compare_digest(sent[NONCE:], _sign(secret, sent[:NONCE]))


def _sign(secret: bytes, nonce: bytes) -> bytes:
    return hmac.new(secret, b"csrf" + nonce, hashlib.sha256).digest()

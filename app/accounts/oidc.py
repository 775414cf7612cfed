"""Single sign-on (OpenID Connect): a provider says who it is; only an account that was invited and linked opens."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import delete, select

from app.accounts import news
from app.accounts.limits import failed_lately, is_exhausted
from app.accounts.models import OidcFlow, OidcLink, UserAccount
from app.accounts.passkeys import DEVICE_BOUND
from app.accounts.sessions import SignInFailed, digest, open_session, refuse_sign_in, require_fresh
from app.kit.errors import Unknown
from app.kit.i18n import _
from app.kit.ids import new_id
from app.kit.lengths import LONGEST_ADDRESS, require_short
from app.safeguards.stamps import remove, stamp, vouched
from app.safeguards.words import Act, Role
from app.safeguards.work import Work
from app.settings import Settings

GOOD_FOR = timedelta(minutes=5)
FRESH = 300  # seconds since the provider asked the person, at most
LEEWAY = 60  # seconds by which two clocks may differ
TIMEOUT = 5.0
ALGORITHMS = [
    "RS256",
    "PS256",
    "ES256",
    "EdDSA",
    "Ed25519",
]  # signatures of a public key only: never none, never HS
EMBEDDED = frozenset(
    {"jwk", "jku", "x5c", "x5u", "crit"}
)  # a token must not bring the key it is checked with
SIGNING_IN, LINKING = "sign-in", "link"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
REFUSED = _("You were not signed in. Try again; if it fails again, sign in with your passkey.")


@dataclass(frozen=True)
class Provider:
    """The provider that the installation trusts, and what it knows us as."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    returns_to: str
    strong: frozenset[str] = frozenset()  # what it says (acr, amr) of a sign-in that is strong enough
    ca_file: str | None = None

    @classmethod
    def of(cls, given: Settings) -> "Provider":
        """Return the provider of the settings; Unknown where there is none."""
        if not (given.oidc_issuer and given.oidc_client_id and given.oidc_client_secret):
            raise Unknown
        secret = given.oidc_client_secret.get_secret_value()
        returns_to = f"{given.origin.rstrip('/')}/sign-in/provider"
        ca_file = str(given.oidc_ca_file) if given.oidc_ca_file else None
        strong = frozenset(given.oidc_strong.split())
        return cls(
            given.oidc_issuer, given.oidc_client_id, secret, given.oidc_name, returns_to, strong, ca_file
        )  # fmt: skip

    def read(self, url: str, **sent: Any) -> Any:
        """Read JSON from the provider; nothing is followed to another place."""
        host = urlsplit(url)
        if host.scheme != "https" and host.hostname not in LOOPBACK:
            raise ValueError("not over TLS")
        verify = self.ca_file or True
        with httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False, verify=verify) as client:
            answer = client.post(url, **sent) if sent else client.get(url)
        answer.raise_for_status()
        return answer.json()

    def about(self) -> Mapping[str, Any]:
        """Return what the provider says of itself, which must be under its own name."""
        found = self.read(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found["issuer"] != self.issuer:
            raise ValueError("another issuer")
        return dict(found)


@dataclass(frozen=True)
class Begun:
    """Where to send the browser, and what it must bring back in a cookie of its own."""

    address: str
    browser: str


def begin(work: Work, provider: Provider, purpose: str) -> Begun:
    """Begin a round at the provider, to sign in or to link the account of whoever is signed in."""
    if purpose == LINKING:
        require_fresh(work)
    try:
        about = provider.about()
    except FAILURES as failure:
        refuse_sign_in(work, f"provider: {type(failure).__name__}", detail=REFUSED)
    now, state, nonce, verifier, browser = (
        work.clock.now(),
        *(secrets.token_urlsafe(32) for _each in range(4)),
    )
    work.session.execute(delete(OidcFlow).where(OidcFlow.expires_at <= now))
    flow = OidcFlow(
        id=new_id(), digest=digest(state), browser=digest(browser), nonce=nonce, verifier=verifier,
        purpose=purpose, user_id=work.actor.user_id, expires_at=now + GOOD_FOR,
    )  # fmt: skip
    stamp(work, flow)
    work.session.add(flow)
    work.session.flush()
    asked = {
        "response_type": "code", "client_id": provider.client_id, "redirect_uri": provider.returns_to,
        "scope": "openid", "state": state, "nonce": nonce, "max_age": str(FRESH),
        "acr_values": " ".join(sorted(provider.strong)),
        "code_challenge": create_s256_code_challenge(verifier), "code_challenge_method": "S256",
    }  # fmt: skip
    address = f"{about['authorization_endpoint']}?{urlencode(asked)}"
    try:
        return Begun(require_short(address, LONGEST_ADDRESS, "the provider's address"), browser)
    except ValueError as failure:
        refuse_sign_in(work, f"provider: {type(failure).__name__}", detail=REFUSED)


def finish(work: Work, provider: Provider, sent: Mapping[str, str], browser: str | None) -> str | None:
    """End the round: sign in, and return the session's cookie; or link, and return nothing."""
    flow = _taken(work, sent.get("state", ""), browser)
    claims = _claims(work, provider, flow, sent)
    subject = str(claims["sub"])
    if flow.purpose == LINKING:
        _link(work, provider, flow, subject)
        return None
    query = select(OidcLink, UserAccount).join(UserAccount, UserAccount.id == OidcLink.user_id)
    found = work.session.execute(
        query.where(OidcLink.issuer == provider.issuer, OidcLink.subject == subject)
    ).one_or_none()
    if found is None or not vouched(work, OidcLink, found[0]):
        refuse_sign_in(work, "unknown subject", detail=REFUSED)
    user: UserAccount = found[1]
    if Role(user.role) in DEVICE_BOUND:
        refuse_sign_in(work, "not device-bound", user.id, REFUSED)
    try:
        if is_exhausted(work, user.id):
            refuse_sign_in(work, "too many", user.id)
        if failed_lately(work, user.id):
            news.tell(work, user.id, "after_failures")
        return open_session(work, user, "oidc", work.clock.now())
    except SignInFailed as failed:  # recorded; the answer is the one of this door
        raise SignInFailed(failed.reason, failed.user_id, REFUSED) from None


def _taken(work: Work, state: str, browser: str | None) -> Any:
    """Spend the round that this answer belongs to; a second answer, or another browser, finds none."""
    columns = [getattr(OidcFlow, name) for name in (*OidcFlow.stamped, "stamp")]
    now = work.clock.now()
    flow = work.session.execute(
        delete(OidcFlow)
        .where(OidcFlow.digest == digest(state), OidcFlow.expires_at > now)
        .returning(*columns)
    ).one_or_none()
    if flow is None or not vouched(work, OidcFlow, flow):
        refuse_sign_in(work, "state", detail=REFUSED)
    if not secrets.compare_digest(flow.browser, digest(browser or "")):
        refuse_sign_in(work, "another browser", detail=REFUSED)
    if flow.purpose == LINKING and flow.user_id != work.actor.user_id:
        refuse_sign_in(work, "another person", detail=REFUSED)
    return flow


def _claims(work: Work, provider: Provider, flow: Any, sent: Mapping[str, str]) -> Mapping[str, Any]:
    try:
        if sent.get("iss") not in (None, "", provider.issuer):
            raise ValueError("another issuer answered")
        about = provider.about()
        told = provider.read(
            about["token_endpoint"],
            data={
                "grant_type": "authorization_code", "code": sent.get("code", ""),
                "redirect_uri": provider.returns_to, "code_verifier": flow.verifier,
            },
            auth=(provider.client_id, provider.client_secret),
        )  # fmt: skip
        keys = KeySet.import_key_set(provider.read(about["jwks_uri"]))
        return checked(provider, str(told["id_token"]), keys, flow.nonce, int(work.clock.now().timestamp()))
    except FAILURES as failure:
        refuse_sign_in(work, f"provider: {type(failure).__name__}", detail=REFUSED)


def checked(provider: Provider, token: str, keys: KeySet, nonce: str, now: int) -> Mapping[str, Any]:
    """Return what an ID token says; raises one of `FAILURES` for each that is not wholly as it must be."""
    header = jws.extract_compact(token.encode()).headers()
    if EMBEDDED & header.keys() or header.get("alg") not in ALGORITHMS:
        raise ValueError("the token brings its own key, or no signature")
    said = jwt.decode(token, keys, algorithms=ALGORITHMS)
    claims = CodeIDToken(
        said.claims, said.header,
        {"iss": {"essential": True, "value": provider.issuer}, "aud": {"essential": True, "value": provider.client_id},
         "exp": {"essential": True}, "iat": {"essential": True}, "sub": {"essential": True}},
        {"nonce": nonce, "client_id": provider.client_id, "max_age": FRESH},
    )  # fmt: skip
    claims.validate(now=now, leeway=LEEWAY)
    heard = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if heard != [provider.client_id] or not isinstance(claims["sub"], str) or not claims["sub"]:
        raise ValueError("meant for somebody else, or for nobody")
    if not now - FRESH - LEEWAY <= claims["auth_time"] <= now + LEEWAY or claims.get("nonce") != nonce:
        raise ValueError("the person was asked too long ago")
    ways = claims.get("amr") or []
    if not provider.strong & {claims.get("acr"), *(ways if isinstance(ways, list) else ())}:
        raise ValueError("the person was not asked for two factors")
    return dict(claims)


FAILURES = (AuthlibBaseError, JoseError, httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError)


def _link(work: Work, provider: Provider, flow: Any, subject: str) -> None:
    require_fresh(work)
    taken = select(OidcLink.id).where(OidcLink.issuer == provider.issuer, OidcLink.subject == subject)
    if work.session.scalar(taken) or work.actor.role in DEVICE_BOUND:
        refuse_sign_in(work, "link", flow.user_id, REFUSED)
    link = OidcLink(
        id=new_id(),
        user_id=flow.user_id,
        issuer=provider.issuer,
        subject=subject,
        created_at=work.clock.now(),
    )
    stamp(work, link)
    work.session.add(link)
    work.session.flush()
    work.record(Act.GRANT, to_user=flow.user_id, by="single sign-on linked")
    news.tell(work, flow.user_id, "linked")


def unlink(work: Work) -> None:
    """End all links of whoever is signed in."""
    require_fresh(work)
    remove(work, OidcLink, OidcLink.user_id == work.actor.user_id)
    work.record(Act.REVOKE, to_user=work.actor.user_id, by="single sign-on unlinked")
    news.tell(work, work.actor.user_id, "unlinked")


def is_linked(work: Work, user_id: UUID) -> bool:
    """Say whether an account is linked."""
    return bool(work.session.scalar(select(OidcLink.id).where(OidcLink.user_id == user_id).limit(1)))

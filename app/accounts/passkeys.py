"""Passkeys (WebAuthn): making one, signing in with one; the user is verified by the device, always."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from sqlalchemy import select
from webauthn.helpers import base64url_to_bytes, options_to_json_dict
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from app.accounts import challenges, news
from app.accounts.models import Passkey, UserAccount
from app.accounts.sessions import refuse_sign_in
from app.kit.i18n import _
from app.kit.ids import new_id
from app.safeguards.stamps import stamp, vouched
from app.safeguards.words import Role
from app.safeguards.work import Work

DEVICE_BOUND = frozenset({Role.AUD, Role.ADM})  # a key that a cloud account can copy is not enough for these
SHOWN_AS = "Case service"  # the name a device shows beside the passkey: says nothing of what this is

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Holder:
    """Whom a passkey is made for."""

    user_id: UUID
    email: str
    name: str
    role: Role


@dataclass(frozen=True)
class Site:
    """Where the service stands: the address that browsers use, and the domain that passkeys are bound to."""

    origin: str

    @classmethod
    def at(cls, address: str) -> "Site":
        """Return the site at an address, written as browsers write it."""
        return cls(address.rstrip("/"))

    @property
    def domain(self) -> str:
        """Return the domain, without port."""
        return urlsplit(self.origin).hostname or ""


def making_options(work: Work, site: Site, holder: Holder, challenge: bytes) -> dict[str, Any]:
    """Return what a browser needs to make a passkey: found without a user name, with the user verified."""
    held = work.session.scalars(select(Passkey.credential_id).where(Passkey.user_id == holder.user_id))
    options = webauthn.generate_registration_options(
        rp_id=site.domain,
        rp_name=SHOWN_AS,
        user_id=holder.user_id.bytes,
        user_name=holder.email,
        user_display_name=holder.name,
        challenge=challenge,
        timeout=int(challenges.GOOD_FOR.total_seconds() * 1000),
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in held],
    )
    return options_to_json_dict(options)


def sign_in_options(work: Work, site: Site) -> dict[str, Any]:
    """Return what a browser needs to sign in with whichever passkey the person picks."""
    options = webauthn.generate_authentication_options(
        rp_id=site.domain,
        challenge=challenges.pose(work, challenges.SIGNING_IN),
        timeout=int(challenges.GOOD_FOR.total_seconds() * 1000),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def verified_new(
    work: Work, site: Site, holder: Holder, credential: dict[str, Any], challenge: bytes
) -> Passkey:
    """Return a passkey, not yet kept, whose making was verified; refuse any other, on the ledger."""
    made: VerifiedRegistration = _verified(
        work,
        lambda: webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            require_user_verification=True,
        ),
    )
    bound = made.credential_device_type is CredentialDeviceType.SINGLE_DEVICE
    _refuse_synced(work, holder, bound=bound)
    if work.session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id)):
        refuse_sign_in(work, "credential known")
    passkey = Passkey(
        id=new_id(), user_id=holder.user_id, credential_id=made.credential_id, public_key=made.credential_public_key,
        sign_count=made.sign_count, device_bound=bound, name="", created_at=work.clock.now(),
    )  # fmt: skip
    stamp(work, passkey)
    return passkey


def _refuse_synced(work: Work, holder: Holder, *, bound: bool) -> None:
    """Tell an administrator or auditor plainly why their phone's synced passkey will not do."""
    if holder.role in DEVICE_BOUND and not bound:
        detail = _(
            "This passkey can be copied to other devices. Administrators and auditors need one that stays on"
            " one device, such as a security key. Use another device and try again."
        )
        refuse_sign_in(work, "not device-bound", holder.user_id, detail)


def verified_user(work: Work, site: Site, credential: dict[str, Any]) -> UserAccount:
    """Return whose passkey answered; a forged, replayed or cloned one is refused, on the ledger."""
    challenge = challenges.take(work, challenges.SIGNING_IN, credential)
    passkey, user = _held(work, credential)
    said = _verified(
        work,
        lambda: webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge.value,
            expected_rp_id=site.domain,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,  # counted below, so that a clone is told from a forgery
            require_user_verification=True,
        ),
        user.id,
    )
    if max(said.new_sign_count, passkey.sign_count) > 0 and said.new_sign_count <= passkey.sign_count:
        refuse_sign_in(work, "counter", user.id)
    bound = passkey.device_bound and said.credential_device_type is CredentialDeviceType.SINGLE_DEVICE
    if Role(user.role) in DEVICE_BOUND and not bound:
        refuse_sign_in(work, "not device-bound", user.id)
    if passkey.used_at is not None and work.clock.now() - passkey.used_at > news.LONG:
        news.tell(work, user.id, "after_long")
    passkey.sign_count, passkey.used_at = said.new_sign_count, work.clock.now()
    stamp(work, passkey)
    return user


def _held(work: Work, credential: dict[str, Any]) -> tuple[Passkey, UserAccount]:
    """Find the passkey that answered, locked, so that two answers cannot pass on one count."""
    try:
        credential_id = base64url_to_bytes(credential["id"])
        handle = base64url_to_bytes(credential["response"]["userHandle"])
    except Exception:  # noqa: BLE001 -- whatever cannot be read as an answer is none
        refuse_sign_in(work, "malformed")
    query = (
        select(Passkey, UserAccount)
        .join(UserAccount, UserAccount.id == Passkey.user_id)
        .where(Passkey.credential_id == credential_id)
        .with_for_update(of=Passkey)
    )
    found = work.session.execute(query).one_or_none()
    if found is None:
        refuse_sign_in(work, "unknown passkey")
    passkey, user = found
    if not vouched(work, Passkey, passkey):
        refuse_sign_in(work, "stamp", user.id)
    if handle != user.id.bytes:
        refuse_sign_in(work, "other user's passkey", user.id)
    return passkey, user


def _verified(work: Work, verify: Callable[[], Answer], user_id: UUID | None = None) -> Answer:
    try:
        return verify()
    except Exception as refusal:  # noqa: BLE001 -- whatever the library trips over is a refusal
        refuse_sign_in(work, f"not verified: {type(refusal).__name__}", user_id)

"""Key-encryption keys in a hardware module behind PKCS#11: made inside, never extractable."""

import re
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

import pkcs11
from pkcs11 import Attribute, GCMParams, KeyType, Mechanism, MechanismFlag, ObjectClass, PKCS11Error

from app.safeguards.vault.cipher import KEY, NONCE, TAG, Unreadable
from app.safeguards.vault.provider import (
    BY_HARDWARE,
    HEAD,
    Bare,
    KeysOutOfReach,
    Wrapped,
    bound,
    epoch_of,
    head,
    require_data_key,
    require_later,
    require_opened,
    secret_of,
)

OPENING = HEAD + NONCE
NAME = "nrm-kek-{}"
RETIRED = "nrm-kek-{}-retired"  # below the minimum: still in the module, opens nothing
ROOT = "nrm-root"
NAMED = re.compile(r"nrm-kek-(\d+)(-retired)?")
NEVER_LEAVES = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False}
# AES-GCM with nonces from the system: every module has it, and an epoch wraps some millions of keys at most, far
# below the 2**32 of SP 800-38D. Key wrap (RFC 5649) has no context to bind, so a wrapped key could be moved.
GCM = Mechanism.AES_GCM
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Module:
    """Where the module is and how it is opened."""

    library: Path
    token: str
    pin: str

    def open(self) -> Any:
        """Open a session; raises `KeysOutOfReach`, which says what is missing."""
        try:
            token = pkcs11.lib(str(self.library)).get_token(token_label=self.token)
            try:
                return token.open(rw=True, user_pin=self.pin)
            except pkcs11.UserAlreadyLoggedIn:  # one process logs in once, whoever of it came first
                return token.open(rw=True)
        except (PKCS11Error, RuntimeError) as failure:
            raise KeysOutOfReach(
                f"The key module {self.library} does not open the token {self.token!r} "
                f"({type(failure).__name__}): check the library, the token's label and the PIN file."
            ) from None

    def __repr__(self) -> str:
        return f"Module({self.library}, {self.token})"


class HardwareKeys:
    """The provider over a module. One session, used in turn: an unwrap takes some dozens of microseconds."""

    def __init__(self, module: Module) -> None:
        """Open the module and look for the keys; raises `KeysOutOfReach`."""
        self.module = module
        self._turn = threading.Lock()
        self._session = module.open()
        if not self.epochs:
            raise KeysOutOfReach(
                f"The token {module.token!r} holds no key of this service: make them with `nrm keys create`."
            )

    @classmethod
    def create(cls, module: Module) -> Self:
        """Make the first epoch and the root of derived secrets in the module, unless they are there."""
        session = module.open()
        if not _found(session):
            _make(session, 1)
        if not _objects(session, ROOT):
            session.generate_key(
                KeyType.GENERIC_SECRET, KEY * 8, label=ROOT, store=True,
                capabilities=MechanismFlag.SIGN, template=NEVER_LEAVES,
            )  # fmt: skip
        return cls(module)

    @property
    def epoch(self) -> int:
        """Return the epoch in which keys are wrapped now."""
        return max(self.epochs)

    @property
    def epochs(self) -> tuple[int, ...]:
        """Return the epochs whose keys still exist, oldest first."""
        return tuple(sorted(self._asked(_found)))

    @property
    def minimum(self) -> int:
        """Return the oldest epoch that is still unwrapped."""
        return _minimum(self._asked(_found))

    def wrap_many(self, keys: Sequence[Bare]) -> list[bytes]:
        """Return data keys wrapped under the present epoch, bound to id and context."""
        return self._asked(lambda session: [_wrap(session, max(_found(session)), key) for key in keys])

    def unwrap_many(self, keys: Sequence[Wrapped]) -> list[bytes]:
        """Return data keys in the order asked; raises `Unreadable` if one of them fails."""
        return self._asked(lambda session: [_unwrap(session, key) for key in keys])

    def secret(self, name: str) -> bytes:
        """Return 32 bytes that belong to this installation and this name; the same at every call."""
        return self._asked(lambda session: _secret(session, name))

    def advance(self) -> int:
        """Begin a new epoch and return it; older wrapped keys stay readable."""
        return self._asked(lambda session: _make(session, max(_found(session)) + 1))

    def raise_minimum(self, epoch: int) -> None:
        """Unwrap nothing any more that an earlier epoch wrapped; its key is still in the module."""
        self._asked(lambda session: _retire(session, epoch))

    def destroy_old(self) -> tuple[int, ...]:
        """Destroy the keys of all epochs below the minimum, for ever; return which they were."""
        return self._asked(_destroy_retired)

    def _asked(self, question: Callable[[Any], Answer]) -> Answer:
        """Ask the module in one session, which is opened anew after a failure."""
        with self._turn:
            if self._session is None:
                self._session = self.module.open()
            try:
                return question(self._session)
            except PKCS11Error as failure:
                self._drop()
                raise KeysOutOfReach(
                    f"The key module {self.module.library} failed ({type(failure).__name__})."
                ) from None

    def _drop(self) -> None:
        """Let go of a session that failed, so that the next question opens another."""
        with suppress(PKCS11Error):
            self._session.close()
        self._session = None


def _objects(session: Any, label: str) -> list[Any]:
    """Return the keys of that label."""
    asked = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.LABEL: label}
    return list(session.get_objects(asked))


def _found(session: Any) -> dict[int, bool]:
    """Return the epochs in the module, and whether they are retired."""
    labels = (key.label or "" for key in session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY}))
    named = (match for label in labels if (match := NAMED.fullmatch(label)))
    return {int(match[1]): match[2] is not None for match in named}


def _minimum(found: Mapping[int, bool]) -> int:
    return min(epoch for epoch, retired in found.items() if not retired)


def _make(session: Any, epoch: int) -> int:
    session.generate_key(
        KeyType.AES, KEY * 8, label=NAME.format(epoch), store=True,
        capabilities=MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT, template=NEVER_LEAVES,
    )  # fmt: skip
    return epoch


def _wrap(session: Any, epoch: int, bare: Bare) -> bytes:
    begins, nonce = head(BY_HARDWARE, epoch), secrets.token_bytes(NONCE)
    (key,) = _objects(session, NAME.format(epoch))
    how = GCMParams(nonce, bound(begins, bare.key_id, bare.context), TAG * 8)
    sealed: bytes = key.encrypt(require_data_key(bare.data_key), mechanism=GCM, mechanism_param=how)
    return begins + nonce + sealed


def _unwrap(session: Any, asked: Wrapped) -> bytes:
    wrapped = asked.wrapped
    if len(wrapped) != OPENING + KEY + TAG or wrapped[:1] != BY_HARDWARE:
        raise Unreadable
    keys = _objects(session, NAME.format(epoch_of(wrapped)))
    if not keys:
        raise Unreadable
    how = GCMParams(wrapped[HEAD:OPENING], bound(wrapped[:HEAD], asked.key_id, asked.context), TAG * 8)
    try:
        return require_opened(keys[0].decrypt(wrapped[OPENING:], mechanism=GCM, mechanism_param=how))
    except (pkcs11.EncryptedDataInvalid, pkcs11.EncryptedDataLenRange, pkcs11.GeneralError):
        raise Unreadable from None


def _secret(session: Any, name: str) -> bytes:
    (root,) = _objects(session, ROOT)
    made: bytes = root.sign(secret_of(name), mechanism=Mechanism.SHA256_HMAC)
    return made


def _retire(session: Any, epoch: int) -> None:
    found = _found(session)
    require_later(epoch, found, _minimum(found))
    for each in found:
        if each < epoch and not found[each]:
            (key,) = _objects(session, NAME.format(each))
            key[Attribute.LABEL] = RETIRED.format(each)


def _destroy_retired(session: Any) -> tuple[int, ...]:
    gone = tuple(sorted(epoch for epoch, retired in _found(session).items() if retired))
    for epoch in gone:
        for key in _objects(session, RETIRED.format(epoch)):
            key.destroy()
    return gone

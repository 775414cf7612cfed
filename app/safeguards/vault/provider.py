"""What keeps the keys that wrap the data keys: a file, a hardware module, a key service."""

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from app.safeguards.canonical import packed
from app.safeguards.vault.cipher import KEY, Unreadable

# Every wrapped key begins with one byte that says who wrapped it, then four bytes of epoch: which key opens it is
# looked up, never tried out.
BY_FILE, BY_HARDWARE, BY_SERVICE = b"\1", b"\2", b"\3"
HEAD = 5
WRAP_LABEL = b"nrm wrap 1"
SECRET_LABEL = b"nrm secret 1"


class KeysOutOfReach(Exception):
    """Whatever keeps the keys is gone, slow, or refuses; says where and what to do, and never a secret."""


class Wrapped(NamedTuple):
    """A wrapped data key as it is kept: which key it is, its bytes, and the context it is bound to."""

    key_id: UUID
    wrapped: bytes
    context: bytes


class Bare(NamedTuple):
    """A data key about to be wrapped."""

    key_id: UUID
    data_key: bytes
    context: bytes


class KeyProvider(Protocol):
    """Wraps and unwraps data keys, and never shows the key that it does it with.

    Everything raises `KeysOutOfReach` when it cannot answer in time, and `Unreadable` for what it did not wrap.
    """

    @property
    def epoch(self) -> int:
        """Return the epoch in which keys are wrapped now."""
        ...

    @property
    def epochs(self) -> tuple[int, ...]:
        """Return the epochs whose keys still exist, oldest first."""
        ...

    @property
    def minimum(self) -> int:
        """Return the oldest epoch that is still unwrapped."""
        ...

    def wrap_many(self, keys: Sequence[Bare]) -> list[bytes]:
        """Return data keys wrapped under the present epoch, bound to id and context, in one call."""
        ...

    def unwrap_many(self, keys: Sequence[Wrapped]) -> list[bytes]:
        """Return data keys in the order asked, in one call; raises `Unreadable` if one of them fails."""
        ...

    def secret(self, name: str) -> bytes:
        """Return 32 bytes that belong to this installation and this name; the same at every call."""
        ...

    def advance(self) -> int:
        """Begin a new epoch and return it; older wrapped keys stay readable."""
        ...

    def raise_minimum(self, epoch: int) -> None:
        """Unwrap nothing any more that an earlier epoch wrapped; its key still exists. `ValueError` for a lower one."""
        ...

    def destroy_old(self) -> tuple[int, ...]:
        """Destroy the keys of all epochs below the minimum, for ever; return which they were."""
        ...


def epoch_of(wrapped: bytes) -> int:
    """Return the epoch that wrapped a key."""
    return int.from_bytes(wrapped[1:HEAD])


def head(by: bytes, epoch: int) -> bytes:
    """Return what a key wrapped in that epoch begins with."""
    return by + epoch.to_bytes(4)


def bound(head: bytes, key_id: UUID, context: bytes) -> bytes:
    """Return the bytes that a wrapped key is bound to."""
    return packed(WRAP_LABEL, head, key_id.bytes, context)


def secret_of(name: str) -> bytes:
    """Return what names a derived secret, whoever derives it."""
    return packed(SECRET_LABEL, name.encode())


def require_data_key(data_key: bytes) -> bytes:
    """Refuse a key of another length."""
    if len(data_key) != KEY:
        raise ValueError(f"a data key has {KEY} bytes, this one {len(data_key)}")
    return data_key


def require_opened(data_key: bytes) -> bytes:
    """Refuse what was wrapped if it is no data key."""
    if len(data_key) != KEY:
        raise Unreadable
    return data_key


def require_later(epoch: int, epochs: Collection[int], minimum: int) -> None:
    """Refuse a minimum that would leave nothing to wrap with, or let in again what opened nothing any more."""
    if epoch not in epochs:
        raise ValueError(f"there is no epoch {epoch}: begin it and rewrap first")
    if epoch < minimum:
        raise ValueError(f"the minimum is epoch {minimum} and only rises: it is not put back to {epoch}")

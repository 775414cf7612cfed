"""What keeps the keys that wrap the data keys: a file, a hardware module, a key service."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol
from uuid import UUID


class Wrapped(NamedTuple):
    """A wrapped data key as it is kept: which key it is, its bytes, and the context it is bound to."""

    key_id: UUID
    wrapped: bytes
    context: bytes


class KeyProvider(Protocol):
    """Wraps and unwraps data keys, and never shows the key that it does it with."""

    @property
    def epoch(self) -> int:
        """Return the epoch in which keys are wrapped now."""
        ...

    def wrap(self, key_id: UUID, data_key: bytes, context: bytes) -> bytes:
        """Return the data key wrapped under the present epoch, bound to its id and context."""
        ...

    def unwrap(self, key_id: UUID, wrapped: bytes, context: bytes) -> bytes:
        """Return the data key, or raise `Unreadable`."""
        ...

    def unwrap_many(self, keys: Sequence[Wrapped]) -> list[bytes]:
        """Return data keys in the order asked, in one call; raises `Unreadable` if one of them fails."""
        ...

"""Rotation: a new epoch, every data key wrapped anew, the minimum raised, the old key destroyed.

Only the few bytes of each wrapped key change; no sealed part is touched. Every step can be cut off and run again,
and the service goes on meanwhile: what is wrapped in either epoch opens until no wrapped key of the old one is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, update

from app.kit.progress import Told
from app.safeguards.models import WrappedKey
from app.safeguards.vault.cipher import Unreadable
from app.safeguards.vault.keys import MAKING, DataKeys, bound_to
from app.safeguards.vault.provider import Bare, Wrapped, epoch_of

BATCH = 200  # keys of one transaction and of one call to the provider
KEYS = WrappedKey.metadata.tables["keys.wrapped_key"]
REWRAPPED = (
    update(KEYS)
    .where(KEYS.c.id == bindparam("which"), KEYS.c.wrapped == bindparam("before"))
    .values(wrapped=bindparam("after"), epoch=bindparam("into"))
)


@dataclass(frozen=True)
class Rotated:
    """What a rotation did; keys that cannot be opened are named, and hold up the end."""

    epoch: int
    resumed: bool
    rewrapped: int
    unreadable: frozenset[UUID]

    @property
    def done(self) -> bool:
        """Tell whether nothing needs the old epochs any more."""
        return not self.unreadable


def rotate(keys: DataKeys, told: Told) -> Rotated:
    """Begin a new epoch, or go on where an earlier rotation was cut off; rewrap all; raise the minimum."""
    provider = keys.provider
    resumed = provider.minimum < provider.epoch
    epoch = provider.epoch if resumed else provider.advance()
    done, bad = 0, set[UUID]()
    while True:
        with keys.reached() as connection:
            total = count_below(connection, epoch) - len(bad)
        done += _one_pass(
            keys, epoch, bad, lambda passed, first=done, all_=total: told(first + passed, first + all_)
        )
        if bad or _ended(keys, epoch):
            return Rotated(epoch, resumed, done, frozenset(bad))


def destroy_old(keys: DataKeys) -> tuple[int, ...]:
    """Destroy the keys of all epochs below the minimum; raises `ValueError` while something still needs one.

    With an epoch goes every backup of what it wrapped, and so the need to remember what was destroyed in it.
    """
    with keys.reached() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(MAKING)))
        minimum = keys.provider.minimum
        if left := count_below(connection, minimum):
            raise ValueError(f"{left} data keys are still wrapped below epoch {minimum}: rotate first.")
        gone = keys.provider.destroy_old()
    if keys.erased is not None:
        keys.erased.forget_below(minimum)
    return gone


def count_by_epoch(connection: Connection) -> dict[int, int]:
    """Return how many data keys each epoch wraps."""
    heads = func.substring(WrappedKey.wrapped, 2, 4)
    rows = connection.execute(
        select(heads, func.count()).where(WrappedKey.wrapped.is_not(None)).group_by(heads)
    )
    return {int.from_bytes(each): number for each, number in rows}


def state(epoch: int, epochs: tuple[int, ...], minimum: int) -> str:
    """Return in words what becomes of what an epoch wraps."""
    if epoch not in epochs:
        return "destroyed: what it wraps can never be opened again"
    if epoch < minimum:
        return "retired: opens nothing, can be destroyed"
    return "wraps new keys" if epoch == max(epochs) else "opens, wraps nothing new"


def count_below(connection: Connection, epoch: int) -> int:
    """Return how many data keys an earlier epoch wraps."""
    return int(connection.execute(select(func.count()).where(_below(epoch))).scalar_one())


def _below(epoch: int) -> ColumnElement[bool]:
    """Select by what the wrapped bytes say themselves; the column beside them is for people."""
    return func.substring(WrappedKey.wrapped, 2, 4) < epoch.to_bytes(4)


def _one_pass(keys: DataKeys, epoch: int, bad: set[UUID], told: Any) -> int:
    """Go once through all keys in the order of their ids; what is cut off was kept batch by batch."""
    done, after = 0, UUID(int=0)
    while True:
        with keys.reached() as connection:
            query = select(WrappedKey.id, WrappedKey.case_id, WrappedKey.category, WrappedKey.wrapped)
            query = query.where(_below(epoch), WrappedKey.id > after).order_by(WrappedKey.id).limit(BATCH)
            rows = connection.execute(query).all()
            if not rows:
                return done
            done += _rewrap(keys, connection, rows, bad)
        after = rows[-1].id
        told(done)


def _rewrap(keys: DataKeys, connection: Connection, rows: Sequence[Any], bad: set[UUID]) -> int:
    """Wrap a batch anew; what somebody destroyed or rewrapped in the meantime stays as it is."""
    old = [Wrapped(row.id, row.wrapped, bound_to(row.case_id, row.category)) for row in rows]
    try:
        opened = keys.provider.unwrap_many(old)
    except Unreadable:
        old = _readable(keys, old, bad)
        opened = keys.provider.unwrap_many(old)
    fresh = [Bare(each.key_id, key, each.context) for each, key in zip(old, opened, strict=True)]
    changed = [
        {"which": each.key_id, "before": each.wrapped, "after": after, "into": epoch_of(after)}
        for each, after in zip(old, keys.provider.wrap_many(fresh), strict=True)
    ]
    if changed:
        connection.execute(REWRAPPED, changed)
    return len(changed)


def _readable(keys: DataKeys, wrapped: list[Wrapped], bad: set[UUID]) -> list[Wrapped]:
    """Return those that open, one by one, and note the others."""
    good = []
    for each in wrapped:
        try:
            keys.provider.unwrap_many([each])
        except Unreadable:
            bad.add(each.key_id)
        else:
            good.append(each)
    return good


def _ended(keys: DataKeys, epoch: int) -> bool:
    """Raise the minimum if nothing is left below it; nobody makes a key in that moment."""
    with keys.reached() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(MAKING)))
        if count_below(connection, epoch):
            return False
        if keys.provider.minimum < epoch:  # another rotation may have come further meanwhile
            keys.provider.raise_minimum(epoch)
    return True

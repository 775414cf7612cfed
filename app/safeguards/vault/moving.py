"""Moving to another keeper of keys: each data key is wrapped anew by it, and what the old one derived is carried along.

Needs both keepers and nobody else at work: a process that knows one of them cannot read what the other has wrapped.
What is cut off goes on with the same command.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select, text
from sqlalchemy.dialects.postgresql import insert

from app.kit.ids import new_id
from app.safeguards.models import WrappedKey
from app.safeguards.vault.keys import CARRIED, MAKING, STAMPS, DataKeys, bound_to
from app.safeguards.vault.provider import Bare, KeyProvider, Wrapped, epoch_of
from app.safeguards.vault.rotation import BATCH, REWRAPPED

AT_WORK = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename IN ('nrm_app', 'nrm_send')"
)
TURNS = 50  # of a tenth of a second: a service that was stopped this moment is still letting go of its lines
Told = Callable[[int, int], None]


def move(keys: DataKeys, into: KeyProvider, by: bytes, now: datetime, told: Told) -> int:
    """Wrap every data key by `into`, whose wrapped keys begin with `by`; return how many were left to do.

    Raises `ValueError` while the service runs, `Unreadable` for a key that the old keeper cannot open.
    """
    _nobody_at_work(keys)
    with keys.reached() as connection:
        _carry(keys, connection, now)
        total = _left(connection, by)
    done, after = 0, UUID(int=0)
    while True:
        with keys.reached() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(MAKING)))
            rows = connection.execute(_next(by, after)).all()
            if not rows:
                return done
            _rewrap(keys.provider, into, connection, rows)
        done, after = done + len(rows), rows[-1].id
        told(done, total)


def _nobody_at_work(keys: DataKeys) -> None:
    for _turn in range(TURNS):
        with keys.reached() as connection:  # each looks anew: what is at work is read once in a transaction
            if not connection.execute(AT_WORK).scalar_one():
                return
            connection.execute(text("SELECT pg_sleep(0.1)"))
    raise ValueError("the service is running: stop nrm-web and the timers, then move the keys")


def _carry(keys: DataKeys, connection: Connection, now: datetime) -> None:
    """Keep the secret of the stamps as a key: another keeper has another root, and would derive another."""
    there = select(WrappedKey.id).where(WrappedKey.case_id == CARRIED, WrappedKey.category == STAMPS)
    if connection.execute(there).first():
        return
    bare = Bare(new_id(), keys.provider.secret(STAMPS), bound_to(CARRIED, STAMPS))
    [wrapped] = keys.provider.wrap_many([bare])
    row = {
        "id": bare.key_id,
        "case_id": CARRIED,
        "category": STAMPS,
        "epoch": epoch_of(wrapped),
        "wrapped": wrapped,
    }
    connection.execute(insert(WrappedKey).values({**row, "created_at": now}).on_conflict_do_nothing())


def _left(connection: Connection, by: bytes) -> int:
    return int(connection.execute(select(func.count()).where(_elsewhere(by))).scalar_one())


def _elsewhere(by: bytes) -> Any:
    return func.substring(WrappedKey.wrapped, 1, 1) != by


def _next(by: bytes, after: UUID) -> Any:
    query = select(WrappedKey.id, WrappedKey.case_id, WrappedKey.category, WrappedKey.wrapped)
    return query.where(_elsewhere(by), WrappedKey.id > after).order_by(WrappedKey.id).limit(BATCH)


def _rewrap(old: KeyProvider, into: KeyProvider, connection: Connection, rows: Any) -> None:
    wrapped = [Wrapped(row.id, row.wrapped, bound_to(row.case_id, row.category)) for row in rows]
    bare = [
        Bare(each.key_id, key, each.context)
        for each, key in zip(wrapped, old.unwrap_many(wrapped), strict=True)
    ]
    changed: list[Mapping[str, Any]] = [
        {"which": each.key_id, "before": each.wrapped, "after": after, "into": epoch_of(after)}
        for each, after in zip(wrapped, into.wrap_many(bare), strict=True)
    ]
    connection.execute(REWRAPPED, changed)

"""Data keys: one for each (case, category), wrapped in their own schema, opened for a moment in memory."""

import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import Connection, Engine, Exists, Update, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from app.kit.errors import Fault, OutOfReach, Refused
from app.kit.i18n import _
from app.kit.ids import new_id
from app.safeguards.ledger.vouching import Voucher
from app.safeguards.models import KeyHold, WrappedKey
from app.safeguards.vault.cipher import KEY, Unreadable
from app.safeguards.vault.ended import Ended
from app.safeguards.vault.erased import Erased
from app.safeguards.vault.provider import Bare, KeyProvider, KeysOutOfReach, Wrapped, epoch_of
from app.safeguards.vault.quota import Quota
from app.safeguards.words import Category

LOG = logging.getLogger("app.keys")
LIVES = 30.0  # seconds that an opened key may stay in memory; a destroyed key is gone everywhere after that
AT_ONCE = 1000  # destroyed keys that one statement names
HELD = 20_000  # opened keys in memory at most, 32 bytes each
MAKING, DESTROYING = (
    0x6E726D01,
    0x6E726D02,
)  # locks: making keys against ending a rotation; destroying against holds
CARRIED, STAMPS = UUID(int=3), "stamps"  # the row of a secret that came along from an earlier keeper of keys
GONE = _("The keys cannot be reached. Nothing was lost; try again.")
DAMAGED = _("A key cannot be opened. Nothing is shown; tell the administrator.")
SPENT = _("More keys were asked for than one minute allows. Nothing was lost; wait a minute and try again.")
ON_HOLD = _("A legal hold stands on this case: nothing of it may be erased until the hold is ended.")


@dataclass
class DataKeys:
    """The keys of parts. Its engine connects as the role that sees wrapped keys and nothing else."""

    engine: Engine
    provider: KeyProvider
    quota: Quota = field(default_factory=Quota)
    erased: Erased | None = None  # without the list, a restored backup brings destroyed keys back
    form: int = 1  # in which envelopes are written; all are read
    ended: Ended | None = None  # without the list, an earlier row may be put back until the check comes by
    _open: "OrderedDict[UUID, tuple[bytes, float]]" = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def for_sealing(
        self, case_id: UUID, categories: Iterable[Category], now: datetime
    ) -> dict[Category, UUID]:
        """Return the live key of each category of the case, made where there is none yet."""
        wanted = list(categories)
        found = self._live(case_id, wanted)
        if missing := [category for category in wanted if category not in found]:
            self._make(case_id, missing, now)
            found = self._live(case_id, wanted)
        return found

    def opened(self, ids: Iterable[UUID]) -> dict[UUID, bytes]:
        """Return the opened keys of those ids, in one call to the provider; destroyed ones are missing."""
        wanted, keys, moment = self._not_erased(set(ids)), dict[UUID, bytes](), time.monotonic()
        with self._lock:
            for key_id in wanted:
                held = self._open.get(key_id)
                if held and held[1] > moment:
                    keys[key_id] = held[0]
        missing = wanted - keys.keys()
        if missing:
            keys |= self._fetch(missing, moment)
        return keys

    def held(self, case_id: UUID) -> bool:
        """Tell whether a legal hold stands on the case."""
        with self.reached() as connection:
            return bool(connection.execute(select(_holds(case_id))).scalar())

    @cached_property
    def voucher(self) -> Voucher:
        """Return whoever marks the events of this process."""
        return Voucher(self.stamping)

    def alive(self, ids: Iterable[UUID]) -> set[UUID]:
        """Return which of those keys still exist; none is opened for it."""
        query = select(WrappedKey.id).where(WrappedKey.id.in_(list(ids)), WrappedKey.wrapped.is_not(None))
        with self.reached() as connection:
            return self._not_erased(set(connection.execute(query).scalars()))

    def destroy(self, case_id: UUID, now: datetime, categories: Iterable[Category] | None = None) -> int:
        """Destroy the keys of a case (or of some of its categories); what they sealed is gone for good.

        Raises `Refused` under a legal hold. The list of destroyed keys is written first: whatever happens then,
        they stay closed.
        """
        query = select(WrappedKey.id, WrappedKey.epoch).where(
            WrappedKey.case_id == case_id, WrappedKey.destroyed_at.is_(None)
        )
        if categories is not None:
            query = query.where(WrappedKey.category.in_([each.value for each in categories]))
        with self.reached() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(DESTROYING)))
            if connection.execute(select(_holds(case_id))).scalar():
                raise Refused(Fault(ON_HOLD))
            gone = {key_id: epoch for key_id, epoch in connection.execute(query)}  # noqa: C416 -- typed rows
            if gone and self.erased is not None:
                self.erased.add(gone)
            connection.execute(_emptied(gone, now))
        self._forget(gone)
        return len(gone)

    def live(self, case_id: UUID) -> int:
        """Return how many keys of the case there are."""
        query = select(func.count()).where(WrappedKey.case_id == case_id, WrappedKey.wrapped.is_not(None))
        with self.reached() as connection:
            return int(connection.execute(query).scalar_one())

    def destroyed(self, case_id: UUID, categories: Iterable[str]) -> list[UUID]:
        """Return the destroyed keys of a case in those categories."""
        query = select(WrappedKey.id).where(
            WrappedKey.case_id == case_id,
            WrappedKey.category.in_(list(categories)),
            WrappedKey.wrapped.is_(None),
        )
        with self.reached() as connection:
            return list(connection.execute(query.order_by(WrappedKey.id)).scalars())

    def hold(self, case_id: UUID, basis: str, now: datetime) -> None:
        """Put a case under a legal hold; one that stands already goes on standing."""
        with self.reached() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(DESTROYING)))
            if not connection.execute(select(_holds(case_id))).scalar():
                held = {"id": new_id(), "case_id": case_id, "basis": basis, "set_at": now}
                connection.execute(insert(KeyHold).values(held))

    def end_hold(self, case_id: UUID, now: datetime) -> int:
        """End the hold on a case; return whether there was one."""
        query = update(KeyHold).where(KeyHold.case_id == case_id, KeyHold.ended_at.is_(None))
        with self.reached() as connection:
            return connection.execute(query.values(ended_at=now)).rowcount

    def repeat_erasures(self, now: datetime) -> int:
        """Destroy again what a restored backup brought back; return how many keys that were."""
        known = list(self.erased.known() if self.erased is not None else ())
        gone = 0
        for at in range(0, len(known), AT_ONCE):
            with self.reached() as connection:
                gone += connection.execute(_emptied(known[at : at + AT_ONCE], now)).rowcount
        return gone

    @cached_property
    def stamping(self) -> bytes:
        """Return the key of all stamps, kept while the process lives: it opens nothing.

        It is derived by the keeper of keys, or was carried along from an earlier one (see `moving.py`).
        """
        query = select(WrappedKey.id).where(WrappedKey.case_id == CARRIED, WrappedKey.category == STAMPS)
        with self.reached() as connection:
            carried = set(connection.execute(query).scalars())
        if carried:
            return next(iter(self._unwrapped(self._wrapped(carried)).values()))
        try:
            return self.provider.secret(STAMPS)
        except KeysOutOfReach as failure:
            LOG.warning("keys out of reach: %s", _said(failure))
            raise OutOfReach(Fault(GONE)) from failure

    @contextmanager
    def reached(self) -> Iterator[Connection]:
        """Open a transaction of its own; whatever the database or the provider says, no part can be read or written."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, KeysOutOfReach) as failure:
            LOG.warning("keys out of reach: %s", _said(failure))
            raise OutOfReach(Fault(GONE)) from failure

    def _live(self, case_id: UUID, categories: list[Category]) -> dict[Category, UUID]:
        query = select(WrappedKey.category, WrappedKey.id).where(
            WrappedKey.case_id == case_id,
            WrappedKey.category.in_([each.value for each in categories]),
            WrappedKey.destroyed_at.is_(None),
        )
        with self.reached() as connection:
            found = {Category(code): key_id for code, key_id in connection.execute(query)}
        if len(self._not_erased(set(found.values()))) < len(found):
            raise OutOfReach(Fault(GONE))  # a backup was restored; the next sweep destroys its keys again
        return found

    def _make(self, case_id: UUID, categories: list[Category], now: datetime) -> None:
        """Make keys, wrapped in one call; a rotation that ends waits for us, so that none is left behind."""
        fresh = [
            Bare(new_id(), secrets.token_bytes(KEY), bound_to(case_id, category.value))
            for category in categories
        ]
        with self.reached() as connection:
            connection.execute(select(func.pg_advisory_xact_lock_shared(MAKING)))
            rows = [
                {"id": bare.key_id, "case_id": case_id, "category": category.value, "epoch": epoch_of(wrapped),
                 "wrapped": wrapped, "created_at": now}
                for category, bare, wrapped in zip(categories, fresh, self.provider.wrap_many(fresh), strict=True)
            ]  # fmt: skip
            query = insert(WrappedKey).values(rows).on_conflict_do_nothing().returning(WrappedKey.id)
            kept = set(connection.execute(query).scalars())
        self._remember(
            {bare.key_id: bare.data_key for bare in fresh if bare.key_id in kept}, time.monotonic()
        )

    def _fetch(self, ids: set[UUID], moment: float) -> dict[UUID, bytes]:
        if not self.quota.take(len(ids)):
            LOG.warning("the quota of %s keys a minute is used up", self.quota.a_minute)
            raise OutOfReach(Fault(SPENT))
        keys = self._unwrapped(self._wrapped(ids))
        self._remember(keys, moment)
        return keys

    def _wrapped(self, ids: set[UUID]) -> list[Wrapped]:
        """Return the wrapped keys of those ids; a destroyed one is none, one that never was is damage."""
        query = select(WrappedKey).where(WrappedKey.id.in_(ids))
        with self.reached() as connection:
            rows = connection.execute(query).all()
        if len(rows) < len(ids):
            LOG.warning("%s wrapped keys are missing", len(ids) - len(rows))
            raise OutOfReach(Fault(DAMAGED))
        return [
            Wrapped(row.id, row.wrapped, bound_to(row.case_id, row.category))
            for row in rows
            if row.wrapped is not None
        ]

    def _unwrapped(self, wrapped: list[Wrapped]) -> dict[UUID, bytes]:
        """Return opened keys by id, in one call to the provider; a second if a rotation ended in between."""
        try:
            try:
                opened = self.provider.unwrap_many(wrapped)
            except Unreadable:
                again = self._wrapped({each.key_id for each in wrapped})
                if again == wrapped:
                    raise
                wrapped, opened = again, self.provider.unwrap_many(again)
        except KeysOutOfReach as failure:
            LOG.warning("keys out of reach: %s", _said(failure))
            raise OutOfReach(Fault(GONE)) from failure
        except Unreadable as failure:
            LOG.warning("one of %s wrapped keys cannot be opened", len(wrapped))
            raise OutOfReach(Fault(DAMAGED)) from failure
        return {each.key_id: key for each, key in zip(wrapped, opened, strict=True)}

    def _not_erased(self, ids: set[UUID]) -> set[UUID]:
        gone = self.erased.known() if self.erased is not None else ()
        return ids.difference(gone) if gone else ids

    def _remember(self, keys: Mapping[UUID, bytes], moment: float) -> None:
        with self._lock:
            for key_id, key in keys.items():
                self._open[key_id] = (key, moment + LIVES)
            while len(self._open) > HELD:
                self._open.popitem(last=False)

    def _forget(self, ids: Iterable[UUID]) -> None:
        with self._lock:
            for key_id in ids:
                self._open.pop(key_id, None)


def bound_to(case_id: UUID, category: str) -> bytes:
    """Bind a wrapped key to its case and category, so that it opens nothing when moved to another row."""
    return case_id.bytes + category.encode()


def _holds(case_id: UUID) -> Exists:
    return exists().where(KeyHold.case_id == case_id, KeyHold.ended_at.is_(None))


def _emptied(ids: Iterable[UUID], now: datetime) -> Update:
    held = select(KeyHold.case_id).where(KeyHold.ended_at.is_(None))
    query = update(WrappedKey).where(
        WrappedKey.id.in_(list(ids)), WrappedKey.wrapped.is_not(None), WrappedKey.case_id.not_in(held)
    )
    return query.values(wrapped=None, destroyed_at=now)


def _said(failure: Exception) -> str:
    """Return what the log may hold: our own words, and of the database's only what kind of failure it was."""
    return str(failure) if isinstance(failure, KeysOutOfReach) else type(failure).__name__

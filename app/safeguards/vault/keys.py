"""Data keys: one for each (case, category), wrapped in their own schema, opened for a moment in memory."""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from app.kit.errors import Fault, OutOfReach
from app.kit.i18n import _
from app.kit.ids import new_id
from app.safeguards.models import WrappedKey
from app.safeguards.vault.provider import KeyProvider, Wrapped
from app.safeguards.words import Category

LIVES = 30.0  # seconds that an opened key may stay in memory; a destroyed key is gone everywhere after that
HELD = 20_000  # opened keys in memory at most, 32 bytes each


@dataclass
class DataKeys:
    """The keys of parts. Its engine connects as the role that sees wrapped keys and nothing else."""

    engine: Engine
    provider: KeyProvider
    _open: "OrderedDict[UUID, tuple[bytes, float]]" = field(default_factory=OrderedDict)
    _ids: "OrderedDict[tuple[UUID, str], UUID]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def for_sealing(
        self, case_id: UUID, categories: Iterable[Category], now: datetime
    ) -> dict[Category, UUID]:
        """Return the live key of each category of the case, made where there is none yet."""
        wanted = list(categories)
        found = self._live(case_id, wanted)
        for category in wanted:
            if category not in found:
                self._make(case_id, category, now)
        if len(found) < len(wanted):
            found = self._live(case_id, wanted)
        return found

    def opened(self, ids: Iterable[UUID]) -> dict[UUID, bytes]:
        """Return the opened keys of those ids, in one call to the provider; destroyed ones are missing."""
        wanted, keys, moment = set(ids), {}, time.monotonic()
        with self._lock:
            for key_id in wanted:
                held = self._open.get(key_id)
                if held and held[1] > moment:
                    keys[key_id] = held[0]
        missing = wanted - keys.keys()
        if missing:
            keys |= self._fetch(missing, moment)
        return keys

    def destroy(self, case_id: UUID, now: datetime, categories: Iterable[Category] | None = None) -> int:
        """Destroy the keys of a case (or of some of its categories); what they sealed is gone for good."""
        query = update(WrappedKey).where(WrappedKey.case_id == case_id, WrappedKey.destroyed_at.is_(None))
        if categories is not None:
            query = query.where(WrappedKey.category.in_([each.value for each in categories]))
        with self._reached() as connection:
            gone = connection.execute(
                query.values(wrapped=None, destroyed_at=now).returning(WrappedKey.id)
            ).all()
        with self._lock:
            for (key_id,) in gone:
                self._open.pop(key_id, None)
        return len(gone)

    @contextmanager
    def _reached(self) -> Iterator[Connection]:
        """Open a transaction of its own; whatever the database says against it, no part can be read or written."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except SQLAlchemyError as failure:
            raise OutOfReach(
                Fault(_("The keys cannot be reached. Nothing was lost; try again."))
            ) from failure

    def _live(self, case_id: UUID, categories: list[Category]) -> dict[Category, UUID]:
        query = select(WrappedKey.category, WrappedKey.id).where(
            WrappedKey.case_id == case_id,
            WrappedKey.category.in_([each.value for each in categories]),
            WrappedKey.destroyed_at.is_(None),
        )
        with self._reached() as connection:
            return {Category(code): key_id for code, key_id in connection.execute(query)}

    def _make(self, case_id: UUID, category: Category, now: datetime) -> None:
        key_id = new_id()
        wrapped = self.provider.wrap(key_id, secrets.token_bytes(32), _bound(case_id, category))
        with self._reached() as connection:
            connection.execute(
                insert(WrappedKey)
                .values(
                    id=key_id,
                    case_id=case_id,
                    category=category.value,
                    epoch=self.provider.epoch,
                    wrapped=wrapped,
                    created_at=now,
                )
                .on_conflict_do_nothing()
            )

    def _fetch(self, ids: set[UUID], moment: float) -> dict[UUID, bytes]:
        query = select(WrappedKey).where(WrappedKey.id.in_(ids), WrappedKey.wrapped.is_not(None))
        with self._reached() as connection:
            rows = connection.execute(query).all()
        opened = self.provider.unwrap_many(
            [Wrapped(row.id, row.wrapped, _bound(row.case_id, Category(row.category))) for row in rows]
        )
        keys = {row.id: key for row, key in zip(rows, opened, strict=True)}
        with self._lock:
            for key_id, key in keys.items():
                self._open[key_id] = (key, moment + LIVES)
            while len(self._open) > HELD:
                self._open.popitem(last=False)
        return keys


def _bound(case_id: UUID, category: Category) -> bytes:
    """Bind a wrapped key to its case and category, so that it opens nothing when moved to another row."""
    return case_id.bytes + category.value.encode()

"""Sealing anew: what was sealed in another form is opened and sealed in the one that the settings name.

Row, version and key stay what they were; only the ciphertext changes, and the ledger gets the digest of the new one in
the same transaction. What is cut off goes on where it was, because each envelope says itself in which form it is.
"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, RowMapping, Table, and_, bindparam, func, select, tuple_, update

from app.kit.database import Base
from app.kit.progress import Told
from app.safeguards.models import Part, SearchEntry
from app.safeguards.vault.envelope import FORMS, HEAD, Context, Unreadable, open_, seal
from app.safeguards.words import Act
from app.safeguards.work import Work

BATCH = 100  # envelopes of one transaction
OpenWork = Callable[[], AbstractContextManager[Work]]


@dataclass(frozen=True)
class Kept:
    """A table of envelopes: how a row is found, where its envelope is, and to what it is bound."""

    table: Table
    ids: tuple[str, ...]
    envelope: str
    place: Callable[[RowMapping], Context]

    @property
    def where(self) -> Sequence[Column[Any]]:
        """Return the columns that find a row."""
        return [self.table.c[name] for name in self.ids]

    def other(self, form: int) -> ColumnElement[bool]:
        """Select what is sealed in another form."""
        return func.substring(self.table.c[self.envelope], 1, HEAD) != FORMS[form].head


def _part(row: RowMapping) -> Context:
    return Context(row["case_id"], row["category"], row["record_id"], row["row_version"], row["key_id"])


def _entry(row: RowMapping) -> Context:
    return Context(row["case_id"], f"{row['category']}:search", row["record_id"], 1, row["key_id"])


def _question(row: RowMapping) -> Context:
    return Context(row["case_id"], "asked:search", row["id"], 1, row["key_id"])


TABLES = Base.metadata.tables
PARTS = Kept(TABLES[Part.__tablename__], ("id",), "envelope", _part)
ENTRIES = Kept(TABLES[SearchEntry.__tablename__], ("record_id", "category"), "envelope", _entry)


@dataclass(frozen=True)
class Resealed:
    """What was done, and what could not be opened and stays as it is."""

    done: int
    unreadable: frozenset[UUID]

    def said(self, form: int) -> str:
        """Return it in words."""
        left = sorted(map(str, self.unreadable))
        said = "These cannot be opened and stay as they are; restore them from a backup, then run it again:"
        return "\n".join([f"{self.done} parts sealed anew in form {form}.", *([said, *left] if left else [])])


def kept() -> tuple[Kept, ...]:
    """Return the tables of lasting envelopes; a held text and a message live for days and end by themselves."""
    return PARTS, ENTRIES, Kept(TABLES["known_check"], ("id",), "question", _question)


def count(work: Work, form: int) -> int:
    """Return how many envelopes are in another form."""
    counts = (select(func.count()).select_from(each.table).where(each.other(form)) for each in kept())
    return sum(work.session.scalar(each) or 0 for each in counts)


def reseal(open_work: OpenWork, form: int, told: Told) -> Resealed:
    """Seal everything anew that is in another form; what was destroyed stays destroyed."""
    with open_work() as work:
        total = count(work, form)
    done, bad = 0, set[UUID]()
    for each in kept():
        after: tuple[Any, ...] | None = None
        while True:
            with open_work() as work:
                rows = _next(work, each, form, after)
                if not rows:
                    break
                done += _anew(work, each, form, rows, bad)
                work.commit()
            after = tuple(rows[-1][name] for name in each.ids)
            told(done, total)
    return Resealed(done, frozenset(bad))


def _next(work: Work, each: Kept, form: int, after: tuple[Any, ...] | None) -> Sequence[RowMapping]:
    """Return the next rows, locked: nobody deletes one while it is being sealed anew."""
    query = select(each.table).where(each.other(form)).order_by(*each.where).limit(BATCH).with_for_update()
    if after is not None:
        query = query.where(tuple_(*each.where) > tuple_(*after))
    return work.session.execute(query).mappings().all()


def _anew(work: Work, each: Kept, form: int, rows: Sequence[RowMapping], bad: set[UUID]) -> int:
    """Seal a batch anew and put it on the ledger, with the digest of each new ciphertext."""
    held = work.keys.opened({row["key_id"] for row in rows})
    changed, records = [], []
    for row in rows:
        key, place = held.get(row["key_id"]), each.place(row)
        if key is None:
            continue
        try:
            envelope = seal(key, open_(key, row[each.envelope], place), place, form)
        except Unreadable:
            bad.add(place.record_id)
            continue
        changed.append({**{f"b_{name}": row[name] for name in each.ids}, "b_envelope": envelope})
        digest = hashlib.sha256(envelope).hexdigest()
        records.append([place.record_id, place.category, place.row_version, digest])
    if changed:
        found = and_(*(column == bindparam(f"b_{column.name}") for column in each.where))
        anew = update(each.table).where(found).values({each.envelope: bindparam("b_envelope")})
        work.session.connection().execute(anew, changed)
        work.record(Act.KEY, by="sealed anew", form=form, records=records)
    return len(changed)

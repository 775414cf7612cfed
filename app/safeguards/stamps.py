"""Stamps: a keyed mark over each row that gives power, so that a row written past the service gives nothing."""

import hmac
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import NoneType
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, case, select, update
from sqlalchemy.orm import Bundle, Mapped, mapped_column

from app.safeguards.canonical import canonical, packed

if TYPE_CHECKING:
    from app.safeguards.vault.keys import DataKeys
    from app.safeguards.work import Work

LOG = logging.getLogger("app.stamps")
LABEL = b"nrm stamp 1"
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


class Stamped:
    """A table whose rows give power, and only while the stamp fits every column that gives it."""

    __tablename__: str
    stamped: ClassVar[
        tuple[str, ...]
    ]  # begins with the identifier: a stamp copied to another row is worth nothing
    stamp: Mapped[bytes] = mapped_column(LargeBinary, sort_order=99)


def drawn(keys: "DataKeys", table: type[Stamped], values: Iterable[Any]) -> bytes:
    """Return the stamp of a row with those values, in the order in which the table names them."""
    said = packed(LABEL, table.__tablename__.encode(), *(WRITTEN[type(each)](each) for each in values))
    return hmac.digest(keys.stamping, said, sha256)


def stamp(work: "Work", *rows: Stamped) -> None:
    """Stamp rows about to be written; whoever changes one that stood already looked at its stamp first."""
    for row in rows:
        table = type(row)
        row.stamp = drawn(work.keys, table, (getattr(row, name) for name in table.stamped))


def vouched(work: "Work", table: type[Stamped], row: Any) -> bool:
    """Say whether it was the service that wrote a row; one that it did not write sets off an alarm."""
    return vouched_values(work, table, [getattr(row, name) for name in table.stamped], row.stamp)


def vouched_values(work: "Work", table: type[Stamped], values: Sequence[Any], given: bytes) -> bool:
    """Say the same of a row whose values were read in the order in which its table names them."""
    if hmac.compare_digest(drawn(work.keys, table, values), given):
        return True
    LOG.error("a row of %s was written past the service: its stamp does not fit", table.__tablename__)
    work.alarm(values[0], by="stamp", table=table.__tablename__)
    return False


def change(work: "Work", table: type[Stamped], which: ColumnElement[bool], **values: Any) -> list[UUID]:
    """Change rows in one statement, each stamped anew; one that the service did not write keeps what fits nothing."""
    held: Any = table
    names = (*table.stamped, "stamp")
    query = select(*(getattr(table, name) for name in names)).where(which).with_for_update()
    rows = work.session.execute(query).all()
    anew = {
        row[0]: drawn(work.keys, table, ({**row._mapping, **values}[name] for name in table.stamped))  # noqa: SLF001
        for row in rows
        if vouched(work, table, row)
    }
    ids = [row[0] for row in rows]
    if ids:
        stamps = case(anew, value=held.id, else_=held.stamp) if anew else held.stamp
        changed = update(table).where(held.id.in_(ids)).values(**values, stamp=stamps)
        work.session.execute(changed.execution_options(synchronize_session=False))
    return ids


def whole(table: type[Stamped], *, name: str) -> Bundle[Any]:
    """Return what a statement must read of a table so that its row can be vouched for."""
    return Bundle(name, *(getattr(table, each) for each in (*table.stamped, "stamp")))


def _instant(value: datetime) -> bytes:
    return b"=%d" % ((value - BEGINNING) // INSTANT)


# What is absent differs from what is empty.
WRITTEN: dict[type, Callable[[Any], bytes]] = {
    NoneType: lambda _value: b"",
    UUID: lambda value: b"=" + value.bytes,
    str: lambda value: b"=" + value.encode(),
    bytes: lambda value: b"=" + value,
    bool: lambda value: b"=1" if value else b"=0",
    int: lambda value: b"=%d" % value,
    list: lambda value: b"=" + canonical(value).encode(),
    datetime: _instant,
}

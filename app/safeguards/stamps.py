"""Stamps: a keyed mark over each row that gives power, so that a row written past the service gives nothing."""

import hmac
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import NoneType
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, LargeBinary, case, delete, select, update
from sqlalchemy.orm import Bundle, Mapped, mapped_column

from app.safeguards.canonical import canonical, packed

if TYPE_CHECKING:
    from app.safeguards.vault.keys import DataKeys
    from app.safeguards.work import Work

LOG = logging.getLogger("app.stamps")
LABEL, OVER = b"nrm stamp 1", "over"
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


class Stamped:
    """A table whose rows give power, and only while the stamp fits every column that gives it."""

    __tablename__: str
    stamped: ClassVar[
        tuple[str, ...]
    ]  # begins with the identifier: a stamp copied to another row is worth nothing
    # Only whole rows of it are over: an earlier state of one that stands gives no more.
    by_row: ClassVar[bool] = False
    stamp: Mapped[bytes] = mapped_column(LargeBinary, sort_order=99)


@dataclass
class Over:
    """What one transaction ended: stamps that others took the place of, and rows; forgotten with it."""

    of: object
    names: list[bytes] = field(default_factory=list)


def drawn(keys: "DataKeys", table: type[Stamped], values: Iterable[Any]) -> bytes:
    """Return the stamp of a row with those values, in the order in which the table names them."""
    said = packed(LABEL, table.__tablename__.encode(), *(WRITTEN[type(each)](each) for each in values))
    return hmac.digest(keys.stamping, said, sha256)


def stamp(work: "Work", *rows: Stamped) -> None:
    """Stamp rows about to be written; whoever changes one that stood already looked at its stamp first."""
    for row in rows:
        table, former = type(row), row.stamp
        row.stamp = drawn(work.keys, table, (getattr(row, name) for name in table.stamped))
        if former is not None and not table.by_row:
            _turned(work, former, row.stamp)


def vouched(work: "Work", table: type[Stamped], row: Any) -> bool:
    """Say whether it was the service that wrote a row; one that it did not write sets off an alarm."""
    return vouched_values(work, table, [getattr(row, name) for name in table.stamped], row.stamp)


def vouched_values(work: "Work", table: type[Stamped], values: Sequence[Any], given: bytes) -> bool:
    """Say the same of a row whose values were read in the order in which its table names them."""
    fits = hmac.compare_digest(drawn(work.keys, table, values), given)
    if fits and not is_over(work.keys, values[0], given):
        return True
    held: Any = table
    if fits and work.session.connection().scalar(select(held.stamp).where(held.id == values[0])) != given:
        return False  # the service ended it between our reading and now
    what = "is over" if fits else "does not fit"
    LOG.error("a row of %s was written past the service: its stamp %s", table.__tablename__, what)
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
    for row in rows:
        if table.by_row:
            over(work, row[0].bytes)
        elif row[0] in anew:
            _turned(work, row.stamp, anew[row[0]])
    return ids


def remove(work: "Work", table: type[Stamped], which: ColumnElement[bool]) -> None:
    """Delete rows: one that is put back gives nothing, whatever stamp it had."""
    held: Any = table
    over(work, *(each.bytes for each in work.session.scalars(delete(table).where(which).returning(held.id))))


def is_over(keys: "DataKeys", row_id: UUID, given: bytes) -> bool:
    """Say whether the service ended a row, or the state of it that bore this stamp."""
    return keys.ended is not None and keys.ended.any_of(given, row_id.bytes)


def over(work: "Work", *names: bytes) -> None:
    """Let stamps and rows be over once this transaction is committed."""
    _over(work).names.extend(names)


def _turned(work: "Work", former: bytes, new: bytes) -> None:
    """Let another stamp take the place of one; an account that is opened again bears that of before."""
    if former == new:
        return
    held = _over(work)
    held.names[:] = [*(each for each in held.names if each != new), former]
    if work.keys.ended is not None and work.keys.ended.any_of(new):
        work.keys.ended.forget([new])


def _over(work: "Work") -> Over:
    session = work.session
    session.connection()  # from here on there is a transaction
    held: Over | None = session.info.get(OVER)
    if held is None or held.of is not session.get_transaction():
        held = session.info[OVER] = Over(session.get_transaction())
    return held


@contextmanager
def tried(work: "Work") -> Iterator[None]:
    """Take back what was said to be over if what is tried is undone."""
    held = _over(work)
    before = list(held.names)
    try:
        yield
    except BaseException:
        held.names[:] = before
        raise


@contextmanager
def ending(work: "Work") -> Iterator[None]:
    """Write down what this transaction ended once its commit is done: nobody is shut out by an act that failed."""
    held: Over | None = work.session.info.pop(OVER, None)
    names = held.names if held is not None and held.of is work.session.get_transaction() else []
    yield
    try:
        if names and work.keys.ended is not None:
            work.keys.ended.add(names)
    except OSError as failure:  # the act is done; whoever puts the row back is found by the check
        LOG.warning("what is over was not written down: %s", type(failure).__name__)


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

"""Sealed parts: what one record holds in one category, written whole, read only as far as allowed."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    delete,
    func,
    literal_column,
    or_,
    select,
    text,
    tuple_,
)  # fmt: skip
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.orm import Session

from app.kit.database import Ready
from app.kit.errors import Fault, OutOfReach
from app.kit.i18n import _
from app.kit.plain import plain
from app.safeguards.models import Part
from app.safeguards.vault.envelope import Context, Unreadable, open_, seal
from app.safeguards.vault.keys import DataKeys
from app.safeguards.words import Category

if TYPE_CHECKING:
    from app.safeguards.access import Actor


@dataclass(frozen=True)
class Written:
    """A part as the ledger names it: where, which version, digest of the ciphertext."""

    record_id: UUID
    category: Category
    row_version: int
    digest: str
    fields: tuple[str, ...]  # their names

    def named(self) -> list[Any]:
        """Return the form in which the ledger holds it."""
        return [self.record_id, self.category.value, self.row_version, self.digest]


class Opened(NamedTuple):
    """An opened part; a tuple, because every page makes many."""

    record_type: str
    record_id: UUID
    category: Category
    row_version: int
    own: bool
    fields: dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """Which parts may be selected: whole categories, and categories of which only one's own."""

    case_id: UUID
    records: tuple[UUID, ...]
    foreign: frozenset[Category]
    own: frozenset[Category]


def write(  # noqa: PLR0913, PLR0917 -- where, what, by whom, when; one caller
    session: Session, keys: DataKeys, actor: "Actor", now: datetime,
    case_id: UUID, record_type: str, record_id: UUID, values: Mapping[Category, Mapping[str, Any]],
) -> list[Written]:  # fmt: skip
    """Seal each category of a record as its next row version."""
    if not values:
        return []
    key_ids = keys.for_sealing(case_id, values, now)
    opened = keys.opened(key_ids.values())
    # The rule engine writes new records only; the timers' role of the database may add parts and not read any.
    before = defaultdict[str, int](int) if actor.is_system else latest(session, record_id)
    written = []
    for category, fields in sorted(values.items()):
        version, key_id = before[category] + 1, key_ids[category]
        context = Context(case_id, category.value, record_id, version, key_id)
        envelope = seal(opened[key_id], plain(dict(fields)), context, keys.form)
        session.add(
            Part(
                case_id=case_id,
                record_type=record_type,
                record_id=record_id,
                category=category.value,
                row_version=version,
                author_user_id=actor.user_id,
                author_role=actor.role.value,
                author_organisation_id=actor.organisation_id,
                key_id=key_id,
                envelope=envelope,
                sealed_at=now,
            )
        )
        digest = hashlib.sha256(envelope).hexdigest()
        written.append(Written(record_id, category, version, digest, tuple(sorted(fields))))
    session.flush()
    return written


# Who writes the next version of a record may not be able to read all that there are.
VERSIONS = text("SELECT category, row_version FROM nrm.versions(:record_id, :writer)")


def latest(session: Session, record_id: UUID, writer: UUID | None = None) -> defaultdict[str, int]:
    """Return the latest version of each category of a record, read or not; `writer` narrows it to what one wrote."""
    rows = session.connection().execute(VERSIONS, {"record_id": record_id, "writer": writer})
    return defaultdict(int, {each.category: each.row_version for each in rows})


def _among(name: str) -> Any:
    """Return an array out of one text parameter, which is much quicker to send than a list."""
    return func.string_to_array(bindparam(name), literal_column("','"))


# What is selected of a part: what its envelope is bound to, and whether the asker's own organisation and role wrote it.
_OWN = and_(
    Part.author_organisation_id.is_not_distinct_from(bindparam("organisation_id")),
    Part.author_role == bindparam("role"),
)
SEALED = (
    Part.case_id, Part.category, Part.record_id, Part.row_version, Part.key_id, Part.record_type, Part.envelope, _OWN,
)  # fmt: skip
# Made once, and the same for every number of records, so that every read is one prepared statement.
NEWEST = Ready(
    select(*SEALED)
    .where(
        Part.case_id == bindparam("case_id"),
        Part.record_id == any_(cast(_among("records"), ARRAY(Uuid()))),
        or_(Part.category == any_(_among("foreign")), and_(_OWN, Part.category == any_(_among("own")))),
    )
    .ext(distinct_on(Part.record_id, Part.category))
    .order_by(Part.record_id, Part.category, Part.row_version.desc())
)


def read(session: Session, keys: DataKeys, actor: "Actor", wanted: Wanted) -> list[Opened]:
    """Open the newest version that may be seen of each part; nothing else is even selected."""
    asked = {
        "case_id": wanted.case_id, "records": ",".join(map(str, wanted.records)),
        "foreign": ",".join(wanted.foreign), "own": ",".join(wanted.own), **_asking(actor),
    }  # fmt: skip
    return _opened(keys, NEWEST.rows(session, asked))


EACH = Ready(
    select(*SEALED)
    .where(
        tuple_(Part.record_id, Part.category).in_(
            select(
                cast(func.unnest(_among("records")), Uuid()).label("record_id"),
                func.unnest(_among("categories")).label("category"),
            )
        ),
        or_(cast(Part.record_id, Text) + Part.category == any_(_among("foreign")), _OWN),
    )
    .ext(distinct_on(Part.record_id, Part.category))
    .order_by(Part.record_id, Part.category, Part.row_version.desc())
)


def read_each(
    session: Session, keys: DataKeys, actor: "Actor", wanted: Iterable[tuple[UUID, Category, bool]]
) -> list[Opened]:
    """Open one part each of many records: record, category, and whether what others wrote may be seen."""
    wanted = list(wanted)
    asked = {
        "records": ",".join(str(record_id) for record_id, _category, _foreign in wanted),
        "categories": ",".join(category for _record, category, _foreign in wanted),
        "foreign": ",".join(f"{record_id}{category.value}" for record_id, category, foreign in wanted if foreign),
        **_asking(actor),
    }  # fmt: skip
    return _opened(keys, EACH.rows(session, asked)) if wanted else []


def _asking(actor: "Actor") -> dict[str, Any]:
    return {"organisation_id": actor.organisation_id, "role": actor.role.value}


def _opened(keys: DataKeys, rows: Sequence[Sequence[Any]]) -> list[Opened]:
    """Open what can still be opened: of a part whose key was destroyed there is nothing."""
    held = keys.opened({key_id for *_before, key_id, _type, _envelope, _own in rows})
    opened = (_open(row, held) for row in rows)
    return [each for each in opened if each is not None]


def _open(row: Sequence[Any], held: Mapping[UUID, bytes]) -> Opened | None:
    case_id, category, record_id, row_version, key_id, record_type, envelope, own = row
    key = held.get(key_id)
    if key is None:
        return None
    try:
        fields = open_(key, envelope, Context(case_id, category, record_id, row_version, key_id))
    except Unreadable as failure:
        raise OutOfReach(
            Fault(_("A sealed part cannot be read. Nothing is shown; tell the administrator."))
        ) from failure
    return Opened(record_type, record_id, Category(category), row_version, own, fields)


def _codes(categories: Iterable[Category]) -> list[str]:
    return [category.value for category in categories]


def erase_draft(session: Session, record_id: UUID, categories: Iterable[Category] | None = None) -> None:
    """Delete the sealed answers of a draft, or of some of its categories; the database allows one's own only."""
    query = delete(Part).where(Part.record_id == record_id, Part.record_type == "draft")
    if categories is not None:
        query = query.where(Part.category.in_(_codes(categories)))
    session.execute(query.execution_options(synchronize_session=False))


# For this one statement the database gives back what the actor wrote and may not read.
CARRYING = text("SELECT set_config('nrm.carrying', :carrying, true)")


def carry(  # noqa: PLR0913, PLR0917 -- from where, where to, by whom, when; one caller
    session: Session, keys: DataKeys, actor: "Actor", now: datetime,
    source_case: UUID, source_id: UUID, case_id: UUID, record_type: str, record_id: UUID,
    categories: Iterable[Category],
) -> list[Written]:  # fmt: skip
    """Seal what the actor wrote in a record anew under another one; nothing of it leaves this function."""
    query = (
        select(*SEALED)
        .where(
            Part.case_id == source_case, Part.record_id == source_id, Part.author_user_id == actor.user_id,
            Part.category.in_(_codes(categories)),
        )
        .ext(distinct_on(Part.category))
        .order_by(Part.category, Part.row_version.desc())
    )  # fmt: skip
    session.connection().execute(CARRYING, {"carrying": "on"})
    rows = session.execute(query, _asking(actor)).all()
    session.connection().execute(CARRYING, {"carrying": ""})
    values = {part.category: part.fields for part in _opened(keys, rows)}
    return write(session, keys, actor, now, case_id, record_type, record_id, values)

"""Sealed parts: what one record holds in one category, written whole, read only as far as allowed."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
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
    tuple_,
)  # fmt: skip
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.orm import Session

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

    def named(self) -> list[Any]:
        """Return the form in which the ledger holds it."""
        return [self.record_id, self.category.value, self.row_version, self.digest]


@dataclass(frozen=True)
class Opened:
    """An opened part."""

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
    latest = defaultdict[str, int](int) if actor.is_system else _latest(session, record_id)
    written = []
    for category, fields in sorted(values.items()):
        version, key_id = latest[category] + 1, key_ids[category]
        context = Context(case_id, category.value, record_id, version, key_id)
        envelope = seal(opened[key_id], plain(dict(fields)), context)
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
        written.append(Written(record_id, category, version, hashlib.sha256(envelope).hexdigest()))
    session.flush()
    return written


def _latest(session: Session, record_id: UUID) -> defaultdict[str, int]:
    rows = session.execute(
        select(Part.category, func.max(Part.row_version))
        .where(Part.record_id == record_id)
        .group_by(Part.category)
    )
    return defaultdict(int, {category: version for category, version in rows})  # noqa: C416 -- typed rows


def _among(name: str) -> Any:
    """Return an array out of one text parameter, which is much quicker to send than a list."""
    return func.string_to_array(bindparam(name), literal_column("','"))


# Made once, and the same for every number of records, so that every read is one prepared statement.
NEWEST = (
    select(
        Part.case_id, Part.record_type, Part.record_id, Part.category, Part.row_version, Part.author_organisation_id,
        Part.author_role, Part.key_id, Part.envelope,
    )
    .where(
        Part.case_id == bindparam("case_id"),
        Part.record_id == any_(cast(_among("records"), ARRAY(Uuid()))),
        or_(
            Part.category == any_(_among("foreign")),
            and_(
                Part.author_organisation_id.is_not_distinct_from(bindparam("organisation_id")),
                Part.author_role == bindparam("role"),
                Part.category == any_(_among("own")),
            ),
        ),
    )
    .ext(distinct_on(Part.record_id, Part.category))
    .order_by(Part.record_id, Part.category, Part.row_version.desc())
)  # fmt: skip


def read(session: Session, keys: DataKeys, actor: "Actor", wanted: Wanted) -> list[Opened]:
    """Open the newest version that may be seen of each part; nothing else is even selected."""
    asked = {
        "case_id": wanted.case_id, "records": ",".join(map(str, wanted.records)),
        "foreign": ",".join(wanted.foreign), "own": ",".join(wanted.own),
        "organisation_id": actor.organisation_id, "role": actor.role.value,
    }  # fmt: skip
    rows = session.connection().execute(NEWEST, asked).all()
    opened = keys.opened({row.key_id for row in rows})
    return [_open(row, opened, actor) for row in rows if row.key_id in opened]


EACH = (
    select(*NEWEST.selected_columns)
    .where(
        tuple_(Part.record_id, Part.category).in_(
            select(
                cast(func.unnest(_among("records")), Uuid()).label("record_id"),
                func.unnest(_among("categories")).label("category"),
            )
        ),
        or_(
            cast(Part.record_id, Text) + Part.category == any_(_among("foreign")),
            and_(
                Part.author_organisation_id.is_not_distinct_from(bindparam("organisation_id")),
                Part.author_role == bindparam("role"),
            ),
        ),
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
        "organisation_id": actor.organisation_id, "role": actor.role.value,
    }  # fmt: skip
    rows = session.connection().execute(EACH, asked).all() if wanted else []
    opened = keys.opened({row.key_id for row in rows})
    return [_open(row, opened, actor) for row in rows if row.key_id in opened]


def _open(row: Any, keys: Mapping[UUID, bytes], actor: "Actor") -> Opened:
    record_id, category, key_id, row_version = row.record_id, row.category, row.key_id, row.row_version
    context = Context(row.case_id, category, record_id, row_version, key_id)
    try:
        fields = open_(keys[key_id], row.envelope, context)
    except Unreadable as failure:
        raise OutOfReach(
            Fault(_("A sealed part cannot be read. Nothing is shown; tell the administrator."))
        ) from failure
    own = row.author_organisation_id == actor.organisation_id and row.author_role == actor.role.value
    return Opened(row.record_type, record_id, Category(category), row_version, own, fields)


def _codes(categories: Iterable[Category]) -> list[str]:
    return [category.value for category in categories]


def erase_draft(session: Session, record_id: UUID, categories: Iterable[Category] | None = None) -> None:
    """Delete the sealed answers of a draft, or of some of its categories; the database allows one's own only."""
    query = delete(Part).where(Part.record_id == record_id, Part.record_type == "draft")
    if categories is not None:
        query = query.where(Part.category.in_(_codes(categories)))
    session.execute(query.execution_options(synchronize_session=False))


def carry(  # noqa: PLR0913, PLR0917 -- from where, where to, by whom, when; one caller
    session: Session, keys: DataKeys, actor: "Actor", now: datetime,
    source_case: UUID, source_id: UUID, case_id: UUID, record_type: str, record_id: UUID,
    categories: Iterable[Category],
) -> list[Written]:  # fmt: skip
    """Seal what the actor wrote in a record anew under another one; nothing of it leaves this function."""
    rows = session.execute(
        select(Part.__table__)
        .where(
            Part.case_id == source_case, Part.record_id == source_id, Part.author_user_id == actor.user_id,
            Part.category.in_(_codes(categories)),
        )
        .ext(distinct_on(Part.category))
        .order_by(Part.category, Part.row_version.desc())
    ).all()  # fmt: skip
    opened = keys.opened({row.key_id for row in rows})
    found = [_open(row, opened, actor) for row in rows if row.key_id in opened]
    values = {part.category: part.fields for part in found}
    return write(session, keys, actor, now, case_id, record_type, record_id, values)

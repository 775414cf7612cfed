"""The index over sealed names: written with the part it is drawn from, gone with its key, cut anew as it grows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, select, text, tuple_, update
from sqlalchemy.orm import Session

from app.safeguards.models import SearchEntry, SearchPlan, SearchToken
from app.safeguards.traits import Traits
from app.safeguards.vault.envelope import Context, Unreadable, open_, seal
from app.safeguards.vault.keys import DataKeys
from app.safeguards.vault.tokens import WHOLE, Blind, cut, planned
from app.safeguards.words import Category

REGISTER = UUID(int=2)  # whose data key draws all tokens; it belongs to no case
MOST = 24  # records that may share a cut token: a token of many says little to us, and much to whoever counts
BATCH = 200  # records cut anew in one transaction
Found = TypeVar("Found")


@dataclass(frozen=True)
class Hit:
    """A record that shares a token with what was asked."""

    case_id: UUID
    record_id: UUID
    category: Category


def blind(keys: DataKeys, now: datetime) -> Blind:
    """Return what draws tokens, under the register's own data key."""
    key_id = keys.for_sealing(REGISTER, [Category.ID], now)[Category.ID]
    return Blind(keys.opened({key_id})[key_id])


def keep(  # noqa: PLR0913, PLR0917 -- of what, where, when; one caller
    session: Session, keys: DataKeys, now: datetime, case_id: UUID, record_id: UUID,
    said: Mapping[Category, Traits | None],
) -> None:  # fmt: skip
    """Let a record be found by what it says now in each of these categories, and by nothing that it said before."""
    _forget(session, SearchEntry.record_id == record_id, said)
    named = {category: traits for category, traits in said.items() if traits}
    if not named:
        return
    draw, bits = blind(keys, now), _plan(session).bits
    key_ids = keys.for_sealing(case_id, named, now)
    opened = keys.opened(key_ids.values())
    for category, traits in named.items():
        kept, numbers = draw.kept(traits), draw.numbers(traits)
        inside = {
            "kept": sorted(kept), "asked": sorted(draw.asked(traits)), "numbers": sorted(numbers),
            "marks": draw.marks(traits),
        }  # fmt: skip
        key_id = key_ids[category]
        envelope = seal(opened[key_id], inside, _context(case_id, category, record_id, key_id), keys.form)
        session.execute(
            insert(SearchEntry).values(
                record_id=record_id, category=category.value, case_id=case_id, key_id=key_id, bits=bits,
                tokens=len(kept), envelope=envelope,
            )
        )  # fmt: skip
        _write(session, case_id, record_id, category.value, bits, kept, numbers)


def forget(session: Session, case_id: UUID, categories: Iterable[Category]) -> None:
    """Let a case no longer be found by these categories; its keys are about to be destroyed."""
    _forget(session, SearchEntry.case_id == case_id, categories)


def _forget(session: Session, which: ColumnElement[bool], categories: Iterable[Category]) -> None:
    # The tokens go with their entry: the database deletes them.
    codes = [category.value for category in categories]
    session.connection().execute(delete(SearchEntry).where(which, SearchEntry.category.in_(codes)))


def _context(case_id: UUID, category: Category | str, record_id: UUID, key_id: UUID) -> Context:
    """Bind what is compared to its place; no part has such a category, so neither opens as the other."""
    return Context(case_id, f"{category}:search", record_id, 1, key_id)


def _write(  # noqa: PLR0913, PLR0917 -- the columns
    session: Session, case_id: UUID, record_id: UUID, category: str, bits: int, kept: Iterable[int],
    numbers: Iterable[int],
) -> None:  # fmt: skip
    short = {cut(each, bits) for each in kept}
    full = {token for token, sharing in _shared(session, bits, short).items() if sharing >= MOST}
    rows = [(bits, token) for token in short - full] + [(WHOLE, cut(each, WHOLE)) for each in numbers]
    said = [
        {"bits": each, "token": token, "record_id": record_id, "category": category, "case_id": case_id}
        for each, token in sorted(rows)
    ]
    if said:
        session.connection().execute(insert(SearchToken).values(said))


def _shared(session: Session, bits: int, tokens: Iterable[int]) -> dict[int, int]:
    """Return how many records share each token, whoever's they are."""
    query = (
        select(SearchToken.token, func.count())
        .where(SearchToken.bits == bits, SearchToken.token.in_(sorted(tokens)))
        .group_by(SearchToken.token)
    )
    rows = crossing(session, lambda: session.connection().execute(query).all())
    return {token: sharing for token, sharing in rows}  # noqa: C416 -- typed rows


def crossing(session: Session, read: Callable[[], Found]) -> Found:
    """Read tokens and what is compared across the teams of all cases, which opens nothing of any case."""
    connection = session.connection()
    connection.execute(text("SELECT set_config('nrm.matching', 'on', true)"))
    found = read()  # whatever goes wrong here ends the transaction, and the setting with it
    connection.execute(text("SELECT set_config('nrm.matching', '', true)"))
    return found


def _plan(session: Session) -> SearchPlan:
    return session.scalars(select(SearchPlan)).one()


def lengths(session: Session) -> tuple[int, ...]:
    """Return the lengths that tokens have now; two while the register is being cut anew."""
    plan = _plan(session)
    return (plan.bits,) if plan.before is None else (plan.bits, plan.before)


def hits(
    session: Session, sizes: Iterable[int], asked: Iterable[int], numbers: Iterable[int]
) -> list[tuple[tuple[int, int], Hit]]:
    """Return each record that shares a token with what is asked, and the token; of one's own cases, unless crossing."""
    said = [(bits, cut(each, bits)) for each in asked for bits in sizes]
    said += [(WHOLE, cut(each, WHOLE)) for each in numbers]
    found: list[tuple[tuple[int, int], Hit]] = []
    for bits in {each for each, _token in said}:
        tokens = sorted({token for each, token in said if each == bits})
        query = select(
            SearchToken.token, SearchToken.case_id, SearchToken.record_id, SearchToken.category
        ).where(SearchToken.bits == bits, SearchToken.token.in_(tokens))
        rows = session.connection().execute(query).all()
        found += [
            ((bits, row.token), Hit(row.case_id, row.record_id, Category(row.category))) for row in rows
        ]
    return found


def opened(
    session: Session, keys: DataKeys, wanted: Iterable[tuple[UUID, Category]]
) -> dict[tuple[UUID, Category], dict[str, Any]]:
    """Open what records are compared by; one whose key was destroyed is missing."""
    pairs = [(record_id, category.value) for record_id, category in wanted]
    query = select(SearchEntry.__table__).where(
        tuple_(SearchEntry.record_id, SearchEntry.category).in_(pairs)
    )
    rows = session.connection().execute(query).all()
    held = keys.opened({row.key_id for row in rows})
    found = {}
    for row in rows:
        if (inside := _inside(row, held)) is not None:
            found[row.record_id, Category(row.category)] = inside
    return found


def _inside(row: Any, held: Mapping[UUID, bytes]) -> dict[str, Any] | None:
    if row.key_id not in held:
        return None
    context = _context(row.case_id, row.category, row.record_id, row.key_id)
    try:
        return open_(held[row.key_id], row.envelope, context)
    except Unreadable:
        return None


def seal_beside(
    keys: DataKeys, now: datetime, case_id: UUID, record_id: UUID, inside: dict[str, Any]
) -> tuple[UUID, bytes]:
    """Seal what was asked under the key of the case that it was asked for."""
    key_id = keys.for_sealing(case_id, [Category.ID], now)[Category.ID]
    context = _context(case_id, "asked", record_id, key_id)
    return key_id, seal(keys.opened({key_id})[key_id], inside, context, keys.form)


def open_beside(
    keys: DataKeys, case_id: UUID, record_id: UUID, key_id: UUID, envelope: bytes
) -> dict[str, Any] | None:
    """Return what was asked, or None once its key is destroyed."""
    held = keys.opened({key_id})
    if key_id not in held:
        return None
    return open_(held[key_id], envelope, _context(case_id, "asked", record_id, key_id))


def replan(session: Session, keys: DataKeys, commit: Callable[[], None]) -> int:
    """Cut all tokens to the length that fits the register; safe to stop and to begin again; return how many records.

    It runs in the hands of the timers, sees no name, and needs only what the entries hold.
    """
    plan, done = _plan(session), 0
    bits, wanted = plan.bits, planned(_count(session))
    if plan.before is None and (
        wanted > bits or wanted < bits - 1
    ):  # a register at the border is left in peace
        session.execute(update(SearchPlan).values(bits=wanted, before=bits))
        commit()
        bits = wanted
    # Without a new plan too: whoever wrote while the last one was made may have written by the one before.
    while batch := _cut_batch(session, keys, bits):
        done += batch
        commit()
    session.execute(update(SearchPlan).where(SearchPlan.before.is_not(None)).values(before=None))
    commit()
    return done


def _count(session: Session) -> int:
    """Return how many tokens the register has, also those that too many share to be kept."""
    query = select(func.coalesce(func.sum(SearchEntry.tokens), 0))
    return int(session.scalar(query) or 0)


def _cut_batch(session: Session, keys: DataKeys, bits: int) -> int:
    query = select(SearchEntry.__table__).where(SearchEntry.bits != bits).limit(BATCH).with_for_update()
    rows = session.execute(query).all()
    held = keys.opened({row.key_id for row in rows})
    for row in rows:
        which = (SearchEntry.record_id == row.record_id, SearchEntry.category == row.category)
        inside = _inside(row, held)
        if inside is None:
            session.execute(delete(SearchEntry).where(*which))
            continue
        session.execute(delete(SearchToken).where(
            SearchToken.record_id == row.record_id, SearchToken.category == row.category
        ))  # fmt: skip
        _write(session, row.case_id, row.record_id, row.category, bits, inside["kept"], inside["numbers"])
        session.execute(update(SearchEntry).where(*which).values(bits=bits))
    return len(rows)


def sweep(session: Session, keys: DataKeys) -> int:
    """Delete what belongs to destroyed keys, such as after an earlier backup came back; return how many entries."""
    ids = set(session.scalars(select(SearchEntry.key_id).distinct()))
    gone = ids - keys.alive(ids)
    if not gone:
        return 0
    return int(session.connection().execute(delete(SearchEntry).where(SearchEntry.key_id.in_(gone))).rowcount)

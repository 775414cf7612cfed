"""Searching one's own cases: by name in any script, part of a date, a number, a reference."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.cases.forms import Search
from app.cases.likeness import SHOWN, Likeness, alike, likeness_of
from app.cases.models import Case, Person
from app.kit.errors import Fault, Invalid
from app.kit.i18n import _
from app.kit.ids import ALPHABET
from app.safeguards.finding import find
from app.safeguards.listing import reveal_each
from app.safeguards.traits import FINDABLE, asked_numbers
from app.safeguards.vault.index import Hit
from app.safeguards.vault.parts import Opened
from app.safeguards.words import Category
from app.safeguards.work import Work

REASONS = {
    "reference": _("This is its reference"),
    "number": _("The number is the same"),
    "alike": _("Very alike"),
    "perhaps": _("Perhaps"),
}
NOT_ENOUGH = _("Give two parts of the name, or one with the year of birth, or a number.")


@dataclass(frozen=True)
class Found:
    """A case that may be the one sought; of the person, only what the reader may see."""

    case_id: UUID
    reference: str
    names: tuple[str, ...]
    year: int | None
    by: str  # reference, number, alike, or perhaps
    likeness: float


def search(work: Work, form: Search) -> list[Found]:
    """Return the actor's own cases that fit, the best first; the question and each opened record are on the ledger.

    Raises Invalid when there is too little to go by, Rationed after too many questions.
    """
    sought = Likeness(
        tuple(filter(None, [form.name])), form.born_on, None, asked_numbers(form.number) if form.number else frozenset()
    )  # fmt: skip
    reference = _as_reference(form.number or "")
    named = _by_reference(work, reference) if reference else set[UUID]()
    if not reference and not sought.traits().enough:
        raise Invalid(Fault(NOT_ENOUGH, "number" if form.number and not form.name else "name"))
    hits = find(work, sought.traits())
    opened = _opened(work, hits, named)
    references = _references(work, {*opened, *named})
    found = []
    for case_id, its_own in references.items():
        theirs = _likeness(opened.get(case_id, ()))
        share = 1.0 if case_id in named else alike(sought, theirs)
        by = "reference" if case_id in named else _why(sought, theirs, share)
        if by is not None:
            year = theirs.born.year if theirs.born else None
            names = tuple(dict.fromkeys(_called(opened.get(case_id, ()))))
            found.append(Found(case_id, its_own, names, year, by, round(share, 2)))
    return sorted(found, key=lambda each: (-each.likeness, each.reference))


def _why(sought: Likeness, theirs: Likeness, share: float) -> str | None:
    if sought.numbers & theirs.numbers:
        return "number"
    if share >= SHOWN and theirs.names:
        return "alike" if share >= 0.7 else "perhaps"
    return None


def _as_reference(typed: str) -> str | None:
    """Return what was typed as a reference is written, if it can be one; many have no digit."""
    signs = re.sub(r"[\W_]", "", typed).upper()
    return f"{signs[:4]}-{signs[4:]}" if len(signs) == 8 and set(signs) <= set(ALPHABET) else None


def _by_reference(work: Work, reference: str) -> set[UUID]:
    query = select(Case.id).where(Case.reference == reference)
    return {each for each in work.session.scalars(query) if work.standing(each).relations}


def _opened(work: Work, hits: Iterable[Hit], named: Iterable[UUID]) -> dict[UUID, tuple[Opened, ...]]:
    """Open what of the candidates the reader may see and the question was about."""
    wanted: dict[UUID, set[UUID]] = {}
    for hit in hits:
        wanted.setdefault(hit.case_id, set()).add(hit.record_id)
    rows = work.session.execute(
        select(Person.case_id, Person.id).where(Person.case_id.in_([*wanted, *named]))
    )
    for case_id, person_id in rows:
        wanted.setdefault(case_id, set()).add(person_id)
    return reveal_each(work, wanted, {Category.ID, *(hit.category for hit in hits)})


def _likeness(opened: Iterable[Opened]) -> Likeness:
    """Put together what the reader may see of one person, from all her records."""
    each = [
        likeness_of(FINDABLE[part.record_type], part.fields)
        for part in opened
        if part.record_type in FINDABLE
    ]
    return Likeness(
        tuple(name for one in each for name in one.names),
        next((one.born for one in each if one.born), None),
        next((one.sex for one in each if one.sex), None),
        frozenset().union(*(one.numbers for one in each)),
    )


def _called(opened: Iterable[Opened]) -> Iterator[str]:
    """Yield how a person is called: given and family names in one, then each other name that was written."""
    for part in opened:
        if part.record_type not in FINDABLE:
            continue
        own = [str(part.fields[name]) for name in ("given_names", "family_names") if part.fields.get(name)]
        if own:
            yield " ".join(own)
        theirs = likeness_of(FINDABLE[part.record_type], part.fields).names
        yield from (each for each in theirs if each not in own)


def _references(work: Work, cases: Iterable[UUID]) -> dict[UUID, str]:
    rows = work.session.execute(select(Case.id, Case.reference).where(Case.id.in_(list(cases))))
    return {case_id: reference for case_id, reference in rows}  # noqa: C416 -- typed rows

"""Looking for a person over sealed names: among one's own cases, or whether somebody else may know them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.safeguards.invented import is_invented
from app.safeguards.models import SearchEntry
from app.safeguards.rationing import ration
from app.safeguards.traits import Traits
from app.safeguards.vault import index
from app.safeguards.vault.index import Hit, crossing
from app.safeguards.vault.tokens import WHOLE, cut, ranked, same
from app.safeguards.words import Act, Category
from app.safeguards.work import Work

OPENED = 20  # candidates that one question may open


@dataclass(frozen=True)
class Question:
    """What is compared: tokens to look for, numbers, and what another record is compared by."""

    asked: frozenset[int]
    numbers: frozenset[int]
    marks: Mapping[str, Any] | None

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to compare."""
        return not (self.asked or self.numbers)

    def sealed(self, work: Work, case_id: UUID, record_id: UUID) -> tuple[UUID, bytes]:
        """Seal it beside a case, so that it can be asked again; return the key's id and the envelope."""
        inside = {"asked": sorted(self.asked), "numbers": sorted(self.numbers), "marks": self.marks}
        return index.seal_beside(work.keys, work.clock.now(), case_id, record_id, inside)

    @classmethod
    def opened(cls, work: Work, case_id: UUID, record_id: UUID, key_id: UUID, envelope: bytes) -> "Question":
        """Return a sealed question; an empty one if its key was destroyed."""
        inside = index.open_beside(work.keys, case_id, record_id, key_id, envelope) or {}
        return cls(
            frozenset(inside.get("asked", ())), frozenset(inside.get("numbers", ())), inside.get("marks")
        )


def find(work: Work, asked: Traits) -> list[Hit]:
    """Return the records of the actor's own cases that share most with what is asked, the best first; none is opened.

    The question is counted and stands on the ledger, without what was asked.
    """
    ration(work, "search")
    draw = index.blind(work.keys, work.clock.now())
    sizes = index.lengths(work.session)
    rows = index.hits(work.session, sizes, draw.asked(asked), draw.numbers(asked))
    found = list(dict.fromkeys(hit for _weight, hit in ranked(rows, 1 << max(sizes))))[:OPENED]
    work.record(Act.SEARCH, cases=len({each.case_id for each in found}))
    return found


def known_elsewhere(work: Work, case_id: UUID, question: Question) -> list[UUID]:
    """Return the cases, none of them the actor's, whose person may be this one. Only the service may know which.

    Nothing of any case is opened but keyed marks; both sides have it on their ledger. The same statements are made
    whatever is found.
    """
    work.member(case_id)
    ration(work, "known")
    sizes = index.lengths(work.session)
    rows = crossing(work.session, lambda: index.hits(work.session, sizes, question.asked, question.numbers))
    mine = _visible(work, {hit.case_id for _token, hit in rows})
    others = [
        (token, hit)
        for token, hit in rows
        if hit.case_id not in mine and hit.case_id != case_id and not is_invented(work.keys, hit.case_id)
    ]
    best = [hit for _weight, hit in ranked(others, 1 << max(sizes))][:OPENED]
    keys = [(hit.record_id, hit.category) for hit in best]
    inside = crossing(work.session, lambda: index.opened(work.session, work.keys, keys))
    alike = [hit for hit in best if _alike(question, inside.get((hit.record_id, hit.category)), rows)]
    found = list(dict.fromkeys(hit.case_id for hit in alike))
    work.record(Act.SEARCH, case_id=case_id, register="known", decision="known" if found else "not known")
    system = work.as_system()
    for other in dict.fromkeys(hit.case_id for hit in best):
        system.record(Act.COMBINE, case_id=other, register="known")
    return found


def of_traits(work: Work, asked: Mapping[Category, Traits]) -> Question:
    """Return the question that follows from what was typed and is kept nowhere yet."""
    draw = index.blind(work.keys, work.clock.now())
    person = asked.get(Category.ID)
    numbers = frozenset(token for traits in asked.values() for token in draw.numbers(traits))
    if person is None:
        return Question(frozenset(), numbers, None)
    return Question(draw.asked(person), numbers, draw.marks(person))


def of_record(work: Work, case_id: UUID) -> Question:
    """Return the question that follows from the records of a case as they stand; none of them is opened."""
    rows = work.session.execute(
        select(SearchEntry.record_id, SearchEntry.category).where(SearchEntry.case_id == case_id)
    )
    wanted = [(row.record_id, Category(row.category)) for row in rows]
    inside = index.opened(work.session, work.keys, wanted)
    numbers = frozenset(token for each in inside.values() for token in each["numbers"])
    person = next((each for (_record, category), each in inside.items() if category is Category.ID), None)
    if person is None:
        return Question(frozenset(), numbers, None)
    return Question(frozenset(person["asked"]), numbers, person["marks"])


def _visible(work: Work, cases: set[UUID]) -> set[UUID]:
    """Return which of those cases are the actor's own: what row-level security lets them see without crossing."""
    query = select(SearchEntry.case_id).where(SearchEntry.case_id.in_(sorted(cases)))
    return set(work.session.scalars(query.distinct()))


def _alike(
    question: Question, theirs: Mapping[str, Any] | None, rows: list[tuple[tuple[int, int], Hit]]
) -> bool:
    """Say whether a record, if its key still exists, has one of the same numbers or is the same by its marks."""
    if theirs is None:
        return False
    if question.numbers & set(theirs["numbers"]):
        return True
    if question.marks is None or not theirs["marks"]["names"]:
        return False
    return same(question.marks, theirs["marks"], _common(question.marks, rows))


def _common(marks: Mapping[str, Any], rows: list[tuple[tuple[int, int], Hit]]) -> dict[int, int]:
    """Return for each pair of names how many records may share it, as far as cut tokens tell."""
    sharing: dict[tuple[int, int], int] = {}
    for token, _hit in rows:
        sharing[token] = sharing.get(token, 0) + 1
    sizes = {bits for bits, _token in sharing if bits != WHOLE}
    return {pair: sum(sharing.get((bits, cut(pair, bits)), 0) for bits in sizes) for pair in marks["pairs"]}

"""What the matrix lets somebody with a standing open, and how much of it is left."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel

from app.safeguards.fields import questions
from app.safeguards.matrix import Decision, Standing, decide
from app.safeguards.vault.parts import Opened, Written
from app.safeguards.words import Category, Level, Role

MINIMAL: dict[str, frozenset[str]] = {}  # record type -> names of the fields in the minimised subset


def classify(record_type: str, *forms: type[BaseModel]) -> None:
    """Make known which fields of a record belong to the minimised subset ("m" in the matrix)."""
    names = {name for form in forms for name, about in questions(form).items() if about.minimal}
    MINIMAL[record_type] = MINIMAL.get(record_type, frozenset()) | names


class Column(NamedTuple):
    """What the matrix says of reading each category, and which of them may be opened."""

    said: Mapping[Category, Decision]
    open: frozenset[Category]


@lru_cache(maxsize=4096)
def decisions(role: Role, standing: Standing) -> tuple[Column, Column]:
    """Return what may be read of what others wrote, and of one's own; the same standing has the same answer."""
    return _column(role, standing, own=False), _column(role, standing, own=True)


def _column(role: Role, standing: Standing, *, own: bool) -> Column:
    said = {category: decide(role, category, "read", standing, own=own) for category in Category}
    may_open = (each for each, decision in said.items() if decision.level in (Level.READ, Level.WRITE))
    return Column(MappingProxyType(said), frozenset(may_open))


def narrow(part: Opened, said: Decision) -> Opened:
    """Leave only the minimised subset where the matrix says so."""
    if not said.minimised:
        return part
    kept = MINIMAL.get(part.record_type, frozenset())
    fields = {name: value for name, value in part.fields.items() if name in kept}
    return Opened(part.record_type, part.record_id, part.category, part.row_version, part.own, fields)


def consulted(shown: Sequence[Opened], rule: Callable[[Opened], str]) -> dict[str, Any]:
    """Return what the ledger says of parts that were opened: categories, names of fields, versions, the rules."""
    names, rules = dict[Category, set[str]](), dict[Category, set[str]]()
    for part in shown:
        names.setdefault(part.category, set()).update(part.fields)
        rules.setdefault(part.category, set()).add(rule(part))
    return {
        "categories": sorted(names),
        "fields": {category: sorted(found) for category, found in names.items()},
        "records": [[str(part.record_id), part.category, part.row_version] for part in shown],
        "rules": {category: "; ".join(sorted(said)) for category, said in rules.items()},
    }


def unseen(looked: set[tuple[Any, ...]], who: UUID, shown: Iterable[Opened]) -> list[Opened]:
    """Return the parts that were not looked at before, and note that they are now."""
    keyed = [((who, one.record_id, one.category, one.row_version, *one.fields), one) for one in shown]
    found = [one for key, one in keyed if key not in looked]
    looked.update(key for key, _one in keyed)
    return found


def sealed(written: Sequence[Written]) -> dict[str, Any]:
    """Return what the ledger says of parts that were written: the same, and the digest of each ciphertext."""
    if not written:
        return {}
    names: dict[Category, set[str]] = {}
    for each in written:
        names.setdefault(each.category, set()).update(each.fields)
    return {
        "categories": sorted(names),
        "fields": {category: sorted(found) for category, found in names.items()},
        "records": [each.named() for each in written],
    }

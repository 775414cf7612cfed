"""What the matrix lets somebody with a standing open, and how much of it is left."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from pydantic import BaseModel

from app.safeguards.fields import questions
from app.safeguards.matrix import Decision, Standing, decide
from app.safeguards.vault.parts import Opened
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

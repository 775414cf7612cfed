"""By which ways each role comes to read a category, for row-level security: the matrix, told to the database.

The database knows rows of teams and of loans; which categories they open it is told by `migrations/sql/matrix.sql`,
which `nrm docs` writes from here.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from app.safeguards.matrix import (
    BREAK_GLASS,
    KNOWS_PLACE,
    MATRIX,
    NEVER_BACK,
    NO_EMERGENCY,
    RANK,
    WORKING,
    Grant,
)
from app.safeguards.words import Category, Level, Role

READING = RANK[Level.READ]
HEAD = """-- Which categories a role may read by which way, made from the matrix by `nrm docs`; do not edit.
-- own: what one's organisation wrote in the same role; work: with a working relation; time: with a timed reason;
-- lent: with a loan of that category; asked: by an invitation; glass: named when the glass was broken. LOC is not
-- among them: who learns a place stands below, by relation (INV-12).
"""
ELSE = "    ELSE '{}' END)::text[] $$;"


def ways() -> Mapping[tuple[Role, str], list[Category]]:
    """Return the categories that each role reads by each way, and by no other condition."""
    found: defaultdict[tuple[Role, str], list[Category]] = defaultdict(list)
    for role in Role:
        for category in Category:
            for way in _ways(role, category):
                found[role, way].append(category)
    return found


def _ways(role: Role, category: Category) -> Iterator[str]:
    if category is Category.LOC:
        return
    foreign = MATRIX.cell(role, category).foreign
    if role not in NEVER_BACK | {Role.SYS}:
        yield "own"
        if RANK[foreign.level] >= READING and "g" not in foreign.qualifiers:
            yield _way(foreign)
            if category is Category.SVC and not foreign.qualifiers & set("ct"):
                yield "asked"
    if role in BREAK_GLASS - NEVER_BACK and category not in NO_EMERGENCY:
        yield "glass"


def _way(grant: Grant) -> str:
    """Return what opens half a cell; where it names neither time nor consent, a working relation does."""
    named = [word for letter, word in (("t", "time"), ("c", "lent")) if letter in grant.qualifiers]
    work = ["work"] if "a" in grant.qualifiers or not named else []
    return "+".join([*work, *named])


def matrix_sql() -> str:
    """Return the whole of `migrations/sql/matrix.sql`."""
    lines = [
        f"    WHEN '{role.value} {way}' THEN '{{{','.join(category.value for category in found)}}}'"
        for (role, way), found in ways().items()
    ]
    places = [
        f"    WHEN '{role.value}' THEN '{{{','.join(sorted(each.value for each in relations))}}}'"
        for role, relations in KNOWS_PLACE.items()
        if RANK[MATRIX.cell(role, Category.LOC).foreign.level] >= READING
    ]
    return "\n".join((
        HEAD + _begun("opened(way text)", "STABLE"), "  SELECT (CASE nrm.context_role() || ' ' || way", *lines, ELSE,
        _begun("place_relations()", "STABLE"), "  SELECT (CASE nrm.context_role()", *places, ELSE,
        _begun("working_relations()", "IMMUTABLE"),
        f"  SELECT '{{{','.join(sorted(each.value for each in WORKING))}}}'::text[] $$;", "",
    ))  # fmt: skip


def _begun(name: str, changes: str) -> str:
    return (
        f"CREATE FUNCTION nrm.{name} RETURNS text[] LANGUAGE sql {changes} SET search_path = pg_catalog AS $$"
    )

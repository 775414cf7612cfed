"""The matrix: what each role may see of each category, as `matrix.yaml` says, and the decision from it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, Self

import yaml

from app.safeguards.words import Category, Level, Relation, Role

Asked = Literal["exist", "read", "write"]

GRANT = re.compile(r"(?P<level>[0ERW])(?P<qualifiers>[acmotg]*)")
CONFLICT = "conflict of interest"  # the rule, as the ledger names it
RANK = {Level.NOTHING: 0, Level.EXISTENCE: 1, Level.READ: 2, Level.WRITE: 3}
NEEDED: dict[str, Level] = {"exist": Level.EXISTENCE, "read": Level.READ, "write": Level.WRITE}

WORKING = frozenset(
    {
        Relation.LEAD,
        Relation.ASSIGNED,
        Relation.SHELTER,
        Relation.GUARDIAN,
        Relation.AUTHORITY,
        Relation.MANDATE,
    }
)
INVITED = frozenset({Relation.RECIPIENT, Relation.SHELTER_ASKED})  # were asked, and have not answered
TIMED = frozenset({Relation.OVERSIGHT, Relation.EMERGENCY})

BY_OFFICE = frozenset({Role.AUD, Role.DPO})  # see what their row says, with or without a relation
NEVER_BACK = frozenset({Role.ADM, Role.NCR, Role.AUD, Role.DPO})  # do not even read back what they wrote
BREAK_GLASS = frozenset(
    {Role.POL, Role.NGO, Role.SOC, Role.HEA, Role.SHE, Role.GUA, Role.LEG}
)  # may ask, by T26
NO_EMERGENCY = frozenset({Category.LOC, Category.STA})
NO_PLACE = (
    frozenset(  # the roles that never learn where somebody is; the file is refused if it says otherwise
        {Role.POL, Role.LAB, Role.IMM, Role.CON, Role.NCR, Role.HOT, Role.HEA, Role.ADM, Role.CAU, Role.BIP}
    )
)
KNOWS_PLACE = {  # INV-12: the role, and the relation that it must hold
    Role.NGO: frozenset({Relation.LEAD}),
    Role.SOC: frozenset({Relation.LEAD}),
    Role.SHE: frozenset({Relation.SHELTER}),
    Role.GUA: frozenset({Relation.GUARDIAN}),
    Role.VIC: WORKING,
}


@dataclass(frozen=True, slots=True)
class Grant:
    """One half of a cell: how much, and on which conditions."""

    level: Level
    qualifiers: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read such as `Rac`; raises `ValueError` for anything else."""
        match = GRANT.fullmatch(text)
        qualifiers = match["qualifiers"] if match else ""
        if not match or len(set(qualifiers)) < len(qualifiers) or (match["level"] == "0" and qualifiers):
            raise ValueError(f"{text!r} is no cell of the matrix")
        return cls(Level(match["level"]), frozenset(qualifiers))


@dataclass(frozen=True, slots=True)
class Cell:
    """What a role may do with a category: with what others wrote, and with its own contributions."""

    text: str
    foreign: Grant
    own: Grant

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read such as `Rc+Wo`: the second half is for own contributions; `Wo` alone is own only."""
        first, plus, second = text.partition("+")
        foreign = Grant.parse(first)
        if plus:
            own = Grant.parse(second)
            if "o" not in own.qualifiers or "o" in foreign.qualifiers:
                raise ValueError(f"{text!r}: only the half after the plus sign is for own contributions")
            return cls(text, foreign, own)
        if "o" in foreign.qualifiers:
            return cls(text, Grant(Level.NOTHING), foreign)
        return cls(text, foreign, foreign)


NOTHING = Cell.parse("0")


@dataclass(frozen=True)
class Matrix:
    """The whole file, checked: a cell for each role and category, and words for both in every language."""

    cells: Mapping[tuple[Role, Category], Cell]
    words: Mapping[str, Any]

    def cell(self, role: Role, category: Category) -> Cell:
        """Return the cell; the timer has none and gets nothing."""
        return self.cells.get((role, category), NOTHING)

    def name(self, word: Role | Category | Relation | Level, language: str = "en") -> str:
        """Return what a role, category, relation or level is called."""
        kinds = {Role: "roles", Category: "categories", Relation: "relations", Level: "levels"}
        return str(self.words[kinds[type(word)]][word.value][language])


def parse(text: str) -> Matrix:
    """Read cells and names from the text of the file; raises `ValueError` where one lacks or is wrong."""
    words = yaml.safe_load(text)
    head, *rows = [line.split() for line in words.pop("matrix").splitlines() if line.strip()]
    if head != ["role", *Category]:
        raise ValueError("the columns of the matrix are not the sixteen categories in their order")
    if [row[0] for row in rows] != [role.value for role in Role if role is not Role.SYS]:
        raise ValueError("the rows of the matrix are not the roles in their order, each once")
    cells: dict[tuple[Role, Category], Cell] = {}
    for role, *texts in rows:
        for category, cell in zip(Category, texts, strict=True):
            cells[Role(role), category] = Cell.parse(cell)
    _check_walls(cells)
    _check_words(words)
    return Matrix(MappingProxyType(cells), words)


def _check_walls(cells: Mapping[tuple[Role, Category], Cell]) -> None:
    """Refuse a file that opens what no file may open."""
    for (role, category), cell in cells.items():
        walled = role is Role.ADM or (role in NO_PLACE and category is Category.LOC)
        if walled and cell != NOTHING:
            raise ValueError(f"{role}.{category} must be 0")


def _check_words(words: Mapping[str, Any]) -> None:
    """Refuse a file that lacks a name in a language."""
    wanted = {
        "roles": [role.value for role in Role if role is not Role.SYS],
        "categories": [category.value for category in Category],
        "relations": [relation.value for relation in Relation],
        "levels": [level.value for level in Level],
        "qualifiers": list("acmotg"),
    }
    for kind, codes in wanted.items():
        if list(words[kind]) != codes or not all(
            words[kind][code][tongue] for code in codes for tongue in ("en", "fr")
        ):
            raise ValueError(f"{kind} of the matrix lack a code, an order or a name")


MATRIX = parse(Path(__file__).with_name("matrix.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Standing:
    """What ties an actor to a case at this instant."""

    relations: frozenset[Relation]
    lent: frozenset[Category] = frozenset()  # by consent or legal basis, to the actor's organisation
    timed_reason: bool = False  # a row of oversight or emergency that states its reason
    emergency: frozenset[Category] = frozenset()  # named when the glass was broken
    asylum_open: bool = False  # INV-05
    barred: bool = False  # by a conflict of interest


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, how far the actor may go at most, and the rule that says so."""

    allowed: bool
    level: Level
    minimised: bool  # of what is read, only the fields marked as minimal
    rule: str


@dataclass(frozen=True, slots=True)
class _Reach:
    level: Level
    rule: str
    minimised: bool = False


@lru_cache(maxsize=65_536)
def decide(role: Role, category: Category, act: Asked, standing: Standing, own: bool = False) -> Decision:
    """Decide whether a role may do this with a category of a case; `own`: what the actor contributed.

    A step that the procedure gives to a role carries the append of its own fields; that is not asked here.
    """
    reach = _reach(role, category, standing, own=own)
    allowed = RANK[reach.level] >= RANK[NEEDED[act]]
    return Decision(allowed, reach.level, reach.minimised, reach.rule)


def _reach(role: Role, category: Category, standing: Standing, *, own: bool) -> _Reach:
    """Return how far the actor gets by the best way that is open, and no further than the walls."""
    cell = MATRIX.cell(role, category)
    rule = f"{role.value}.{category.value}={cell.text}"
    if standing.barred:
        return _Reach(Level.NOTHING, CONFLICT)
    if role in BY_OFFICE:
        return _by_office(cell.foreign, rule, standing)
    if not standing.relations:
        return _Reach(Level.NOTHING, "no relation to the case")
    if role is Role.CON and standing.asylum_open:
        return _Reach(Level.NOTHING, "INV-05")
    ways = [_by_cell(cell.own if own else cell.foreign, rule, category, standing)]
    if own and _reads_back(role, cell, category):
        ways.append(_Reach(Level.READ, "own contribution"))
    if _glass_broken(role, category, standing):
        ways.append(_Reach(Level.READ, "T26"))
    best = max(ways, key=lambda way: (RANK[way.level], not way.minimised))
    return _walled(best, role, category, standing)


def _by_office(grant: Grant, rule: str, standing: Standing) -> _Reach:
    """Judge AUD and DPO: by their row alone."""
    if _lacking(grant, None, standing):
        return _Reach(Level.NOTHING, rule)
    return _Reach(grant.level, rule, "m" in grant.qualifiers)


def _by_cell(grant: Grant, rule: str, category: Category, standing: Standing) -> _Reach:
    """Judge half a cell: all of its conditions, and the kind of relation that content takes."""
    lacking = _lacking(grant, category, standing)
    if lacking & set("gc") or grant.level is Level.NOTHING:
        return _Reach(Level.NOTHING, _without(rule, lacking))
    if grant.level is Level.EXISTENCE:
        return _Reach(
            Level.NOTHING if lacking else Level.EXISTENCE, _without(rule, lacking), "m" in grant.qualifiers
        )
    if not lacking and _may_open(grant, standing):
        return _Reach(grant.level, rule, "m" in grant.qualifiers)
    if standing.relations & INVITED and category is Category.SVC and not lacking - {"a"}:
        return _Reach(Level.READ, f"{rule}, invited", minimised=True)
    return _Reach(Level.EXISTENCE, _without(rule, lacking) if lacking else f"{rule}, lacking a relation")


def _lacking(grant: Grant, category: Category | None, standing: Standing) -> set[str]:
    """Return the conditions of a grant that do not hold."""
    holds = {
        "a": bool(standing.relations & WORKING),
        "c": category in standing.lent,
        "t": standing.timed_reason and bool(standing.relations & TIMED),
        "g": False,  # a case is never a statistic
        "m": True,
        "o": True,
    }
    return {each for each in grant.qualifiers if not holds[each]}


def _may_open(grant: Grant, standing: Standing) -> bool:
    """Say whether the relations are of a kind that opens content, the conditions of the grant being met."""
    if standing.relations & WORKING or grant.qualifiers & {"t", "o"}:
        return True
    return "c" in grant.qualifiers and not standing.relations <= INVITED


def _reads_back(role: Role, cell: Cell, category: Category) -> bool:
    """Say whether an own contribution can be read back: always, but whereabouts do not come back (INV-12)."""
    place = category is Category.LOC and RANK[cell.foreign.level] < RANK[Level.READ]
    return not place and role not in NEVER_BACK | {Role.SYS}


def _glass_broken(role: Role, category: Category, standing: Standing) -> bool:
    """Say whether emergency access names the category, with its reason, for a role that may have it."""
    running = Relation.EMERGENCY in standing.relations and standing.timed_reason
    return running and role in BREAK_GLASS and category in standing.emergency - NO_EMERGENCY


def _walled(reach: _Reach, role: Role, category: Category, standing: Standing) -> _Reach:
    """Hold whereabouts back from everybody but those whom INV-12 names, in the relation that it names."""
    if category is not Category.LOC or RANK[reach.level] < RANK[Level.READ]:
        return reach
    if standing.relations & KNOWS_PLACE.get(role, frozenset()):
        return reach
    return _Reach(Level.EXISTENCE, "INV-12")


def _without(rule: str, lacking: set[str]) -> str:
    """Return the rule with the conditions that do not hold."""
    return f"{rule}, lacking {''.join(sorted(lacking))}" if lacking else rule

"""Cedar as a second opinion: the same rules, written again in its language, must give the same answers."""

from itertools import product
from pathlib import Path

import cedarpy
import pytest
import yaml

from app.safeguards import matrix as room
from app.safeguards.matrix import Standing, decide
from app.safeguards.words import Category, Relation, Role

ACTS = ("exist", "read", "write")
HALF = "(if context.own then resource.own else resource.foreign)"
TIMED = '(context.timed && context.relations.containsAny(["oversight","emergency"]))'
CONDITIONS = {
    "a": f'(!{HALF}.asks.contains("a") || context.relations.containsAny(context.working))',
    "c": f'(!{HALF}.asks.contains("c") || context.lent)',
    "t": f'(!{HALF}.asks.contains("t") || {TIMED})',
    "g": f'!{HALF}.asks.contains("g")',
}
ALL = " && ".join(CONDITIONS.values())
OPENS = (
    f'(context.relations.containsAny(context.working) || {HALF}.asks.containsAny(["t","o"]) ||'
    f' ({HALF}.asks.contains("c") && !["recipient","shelter_asked"].containsAll(context.relations)))'
)
BY_OFFICE = '[Role::"AUD", Role::"DPO"].contains(principal)'
TIED = f"!({BY_OFFICE}) && !context.relations.isEmpty()"
POLICIES = f"""
permit (principal, action == Action::"exist", resource)
when {{ {TIED} && {HALF}.level == "E" && {ALL} }};

permit (principal, action == Action::"exist", resource)
when {{ {TIED} && ["R","W"].contains({HALF}.level) && {CONDITIONS["c"]} && {CONDITIONS["g"]} }};

permit (principal, action == Action::"read", resource)
when {{ {TIED} && ["R","W"].contains({HALF}.level) && {ALL} && {OPENS} }};

permit (principal, action == Action::"write", resource)
when {{ {TIED} && {HALF}.level == "W" && {ALL} && {OPENS} }};

permit (principal, action == Action::"read", resource)
when {{ {TIED} && resource.category == "SVC" && ["R","W"].contains({HALF}.level)
  && {CONDITIONS["c"]} && {CONDITIONS["t"]} && {CONDITIONS["g"]}
  && context.relations.containsAny(["recipient","shelter_asked"]) }};

permit (principal, action in [Action::"exist", Action::"read"], resource)
when {{ {TIED} && context.own && !([Role::"ADM", Role::"NCR", Role::"SYS"].contains(principal)) }}
unless {{ resource.category == "LOC" && ["0","E"].contains(resource.foreign.level) }};

permit (principal, action in [Action::"exist", Action::"read"], resource)
when {{ {TIED} && context.relations.contains("emergency") && context.timed && context.glass
  && [Role::"POL", Role::"NGO", Role::"SOC", Role::"HEA", Role::"SHE", Role::"GUA", Role::"LEG"]
     .contains(principal) }}
unless {{ ["LOC","STA"].contains(resource.category) }};

permit (principal, action == Action::"exist", resource)
when {{ {BY_OFFICE} && ["E","R"].contains(resource.foreign.level) && !resource.foreign.asks.contains("g")
  && (!resource.foreign.asks.contains("t") || {TIMED}) }};

permit (principal, action == Action::"read", resource)
when {{ {BY_OFFICE} && resource.foreign.level == "R" && !resource.foreign.asks.contains("g") }};

forbid (principal == Role::"CON", action, resource) when {{ context.asylum }};

forbid (principal, action in [Action::"read", Action::"write"], resource)
when {{ resource.category == "LOC" }}
unless {{
  ([Role::"NGO", Role::"SOC"].contains(principal) && context.relations.contains("lead"))
  || (principal == Role::"SHE" && context.relations.contains("shelter"))
  || (principal == Role::"GUA" && context.relations.contains("guardian"))
  || (principal == Role::"VIC" && context.relations.containsAny(context.working))
}};
"""
WORKING = ["lead", "assigned", "shelter", "guardian", "authority", "mandate"]
TOGETHER = [
    ("recipient", "shelter_asked"),
    ("recipient", "lead"),
    ("referrer", "recipient"),
    ("authority", "oversight"),
    ("assigned", "emergency"),
    ("referrer", "emergency"),
    ("shelter_asked", "shelter"),
    ("guardian", "lead"),
]
SETS = [
    frozenset(),
    *(frozenset({each}) for each in Relation),
    *(frozenset(map(Relation, each)) for each in TOGETHER),
]


def half(text):
    """Read half a cell in a way of its own, without the code under test."""
    return {"level": text[0], "asks": list(text[1:])}


def entities():
    table = yaml.safe_load(Path(room.__file__).with_name("matrix.yaml").read_text(encoding="utf-8"))["matrix"]
    head, *rows = [line.split() for line in table.splitlines()]
    rows.append(["SYS", *["0"] * 16])
    for role, *cells in rows:
        for category, cell in zip(head[1:], cells, strict=True):
            foreign, own = cell.split("+") if "+" in cell else ("0" if "o" in cell else cell, cell)
            attributes = {"category": category, "foreign": half(foreign), "own": half(own)}
            yield {"uid": {"type": "Cell", "id": f"{role}.{category}"}, "attrs": attributes, "parents": []}


def standings(category):
    one, none = frozenset({category}), frozenset()
    for relations, lent in product(SETS, (none, one)):
        glass = (
            ((False, one), (True, none), (True, one))
            if Relation.EMERGENCY in relations
            else ((False, none), (True, one))
        )
        for timed, emergency in glass:
            yield Standing(relations, lent, timed, emergency)
    yield Standing(frozenset({Relation.ASSIGNED}), frozenset({category}), asylum_open=True)


def request(role, category, act, standing, own):
    context = {
        "relations": sorted(standing.relations),
        "working": WORKING,
        "lent": bool(standing.lent),
        "timed": standing.timed_reason,
        "glass": bool(standing.emergency),
        "asylum": standing.asylum_open,
        "own": own,
    }
    return {
        "principal": f'Role::"{role}"',
        "action": f'Action::"{act}"',
        "resource": f'Cell::"{role}.{category}"',
        "context": context,
    }


@pytest.mark.parametrize("role", Role)
def test_cedar_agrees_on_every_combination(role):
    cells = {each["uid"]["id"]: each for each in entities()}
    for category in Category:
        asked = list(product(ACTS, standings(category), (False, True)))
        requests = [request(role, category, *each) for each in asked]
        answers = cedarpy.is_authorized_batch(requests, POLICIES, [cells[f"{role}.{category}"]])
        for (act, standing, own), answer in zip(asked, answers, strict=True):
            assert not answer.diagnostics.errors
            ours = decide.__wrapped__(role, category, act, standing, own)
            assert answer.allowed == ours.allowed, (category, act, standing, own, ours)

"""Cedar as a second opinion: the same rules, written again in its language, must give the same answers."""

import json
import re
from collections import defaultdict
from functools import cache
from itertools import product
from pathlib import Path

import cedarpy
import yaml

from app.safeguards import matrix as room
from app.safeguards.matrix import NEEDED, RANK, decide
from app.safeguards.words import Category, Role
from tests.matrix.shapes import standings

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
BREAKING = ["POL", "NGO", "SOC", "HEA", "SHE", "GUA", "LEG"]
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
  && [{", ".join(f'Role::"{each}"' for each in BREAKING)}].contains(principal) }}
unless {{ ["LOC","STA"].contains(resource.category) }};

permit (principal, action == Action::"exist", resource)
when {{ {BY_OFFICE} && ["E","R"].contains(resource.foreign.level) && !resource.foreign.asks.contains("g")
  && (!resource.foreign.asks.contains("t") || {TIMED}) }};

permit (principal, action == Action::"read", resource)
when {{ {BY_OFFICE} && resource.foreign.level == "R" && !resource.foreign.asks.contains("g") }};

forbid (principal == Role::"CON", action, resource) when {{ context.asylum }};

forbid (principal, action, resource) when {{ context.barred }};

forbid (principal, action in [Action::"read", Action::"write"], resource)
when {{ resource.category == "LOC" }}
unless {{
  ([Role::"NGO", Role::"SOC"].contains(principal) && context.relations.contains("lead"))
  || (principal == Role::"SHE" && context.relations.contains("shelter"))
  || (principal == Role::"GUA" && context.relations.contains("guardian"))
  || (principal == Role::"VIC" && context.relations.containsAny(context.working))
}};
"""
STANDINGS = list(standings())
WORKING = ["lead", "assigned", "shelter", "guardian", "authority", "mandate"]
ALIKE = {
    "authority": "assigned",
    "mandate": "assigned",
    "shelter_asked": "recipient",
}  # to every policy above
NAMED = re.findall(r'Role::"([A-Z]+)"', POLICIES)


def half(text):
    """Read half a cell in a way of its own, without the code under test."""
    return {"level": text[0], "asks": list(text[1:])}


def cells():
    """Return the cell of each role and category, as Cedar is told of it."""
    table = yaml.safe_load(Path(room.__file__).with_name("matrix.yaml").read_text(encoding="utf-8"))["matrix"]
    head, *rows = [line.split() for line in table.splitlines()]
    rows.append(["SYS", *["0"] * 16])
    found = {}
    for role, *texts in rows:
        for category, cell in zip(head[1:], texts, strict=True):
            foreign, own = cell.split("+") if "+" in cell else ("0" if "o" in cell else cell, cell)
            kind = category if f'"{category}"' in POLICIES else "any other"
            attributes = {"category": kind, "foreign": half(foreign), "own": half(own)}
            uid = {"type": "Cell", "id": f"{cell} {kind}"}
            found[role, category] = {"uid": uid, "attrs": attributes, "parents": []}
    return found


CELLS = cells()


@cache
def situation(standing, who, cell, category, own):
    """Return what Cedar is told of a standing: all that a policy could read of it for such a cell and role."""
    asks = set(cell.partition(" ")[0])
    glass = who in BREAKING
    return json.dumps(
        {
            "relations": sorted({ALIKE.get(each, each) for each in standing.relations}),
            "working": WORKING,
            "lent": "c" in asks and category in standing.lent,
            "timed": ("t" in asks or glass) and standing.timed_reason,
            "glass": glass and category in standing.emergency,
            "asylum": who == "CON" and standing.asylum_open,
            "barred": standing.barred,
            "own": own,
        }
    )


def test_cedar_agrees_on_every_combination(record_property):
    """Cedar answers each distinct question once: roles that no policy names ask the same, and so on."""
    ours = defaultdict(list)
    for role, category, standing, own in product(Role, Category, STANDINGS, (False, True)):
        who, cell = role if role in NAMED else "OTHER", CELLS[role, category]["uid"]["id"]
        ours[who, cell, situation(standing, who, cell, category, own)].append((role, category, standing, own))
    asked = list(product(ours, ACTS))
    requests = [
        {
            "principal": f'Role::"{who}"',
            "action": f'Action::"{act}"',
            "resource": f'Cell::"{cell}"',
            "context": context,
        }
        for (who, cell, context), act in asked
    ]
    resources = {each["uid"]["id"]: each for each in CELLS.values()}
    answers = cedarpy.is_authorized_batch(requests, POLICIES, list(resources.values()))
    said = {}
    for each, answer in zip(asked, answers, strict=True):
        assert not answer.diagnostics.errors
        said[each] = answer.allowed
    for question, alike in ours.items():
        theirs = {act: said[question, act] for act in ACTS}
        for role, category, standing, own in alike:
            decision = decide.__wrapped__(role, category, "read", standing, own)
            reached = {act: RANK[decision.level] >= RANK[NEEDED[act]] for act in ACTS}
            assert theirs == {**reached, "read": decision.allowed}, (role, category, standing, own, decision)
    total = len(ACTS) * sum(map(len, ours.values()))
    record_property("G13", f"the program and Cedar agree on {total:,} of {total:,} questions")

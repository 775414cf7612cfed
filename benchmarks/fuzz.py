"""Calls that are made up for every JSON door, in every role: the tests of tests/api, with more examples.

500 for each door take an hour on a machine that does nothing else; NRM_FUZZ_EXAMPLES asks for fewer.
"""

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator

from app.settings import Settings
from benchmarks.figures import Figure
from benchmarks.installation import ROOT

EXAMPLES = os.environ.get("NRM_FUZZ_EXAMPLES", "500")
TOLD, LOG = ROOT / "var" / "fuzz.xml", ROOT / "var" / "fuzz.log"
FAULTS = ("server errors", "ignored auth", "foreign fields", "other answers than described")


def measure(_given: Settings) -> Iterator[Figure]:
    """Yield how much was tried, and what was not as it should be."""
    words = [sys.executable, "-m", "pytest", "-n", "2", f"--junitxml={TOLD}", "-o", "junit_family=xunit1"]
    TOLD.parent.mkdir(exist_ok=True)
    with LOG.open("wb") as log:
        subprocess.run(
            [*words, "tests/api/test_schema.py"], cwd=ROOT, check=False, stdout=log, stderr=log,
            env={**os.environ, "NRM_FUZZ_EXAMPLES": EXAMPLES},
        )  # fmt: skip
    told = [
        json.loads(str(each.get("value")))
        for each in ET.parse(TOLD).getroot().iter("property") if each.get("name") == "fuzz"
    ]  # fmt: skip
    yield from figures(told)


def figures(told: list[dict[str, int]]) -> Iterator[Figure]:
    """Yield the sums of what each test told of its part of the doors."""
    counted = sum((Counter(each) for each in told), Counter[str]())
    doors = sum(each["doors"] for each in told if each["turn"] == 0)
    yield Figure("fuzz: operations", doors, digits=0)
    yield Figure("fuzz: roles", max(each["roles"] for each in told), digits=0)
    yield Figure("fuzz: examples made up for each operation", counted["examples"] / doors, digits=0)
    yield Figure("fuzz: calls", counted["calls"], digits=0)
    for fault in FAULTS:
        yield Figure(f"fuzz: {fault}", counted[fault], aim=0, limit=True, digits=0)

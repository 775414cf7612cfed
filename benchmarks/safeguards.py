"""`make safeguards-report`: runs the tests and benchmarks that stand for each goal, and writes what they reached."""

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from benchmarks.run import machine, measured, server

ROOT = Path(__file__).resolve().parents[1]
ROWS = ROOT / "docs" / "safeguards.yaml"
REPORT = ROOT / "docs" / "safeguards-report.md"
HEAD = """# Safeguards: what must be true, and what was reached

Written by `make safeguards-report`, which runs everything named here (`make safeguards-report ARGS="G4 G5"`: only
the rows of those goals; `ARGS=mutation`: those of that benchmark); never by hand. What is asked stands in
`docs/safeguards.yaml`.

{machine}

| goal | what | threshold | reached | shown by |
|---|---|---|---|---|
"""


@dataclass
class Outcome:
    """What became of tests: how many passed, which did not, and the figures that they told by goal."""

    passed: int = 0
    broken: list[str] = field(default_factory=list)
    told: dict[str, list[str]] = field(default_factory=dict)


def rows() -> list[dict[str, Any]]:
    """Return what is asked."""
    found: list[dict[str, Any]] = yaml.safe_load(ROWS.read_text("utf-8"))
    return sorted(found, key=lambda row: int(row["goal"][1:]))


def main(goals: Sequence[str]) -> int:
    """Run the goals that are named, or the rows of a benchmark, or all; others stay as they stand in the document."""
    asked = [row for row in rows() if not goals or {row["goal"], row.get("benchmark")} & set(goals)]
    fresh = {key(row): line(row, _run(row["tests"]), _measured(row.get("benchmark"))) for row in asked}
    print("\n".join(fresh.values()))
    kept = {key(row): each for row in rows() for each in _written() if each.startswith(key(row))}
    lines = [{**kept, **fresh}[key(row)] for row in rows() if key(row) in kept or key(row) in fresh]
    REPORT.write_text(HEAD.format(machine=machine()) + "\n".join(lines) + "\n", "utf-8")
    server().stop()
    print(f"\nWritten to {REPORT.relative_to(ROOT)}")
    return 1 if "not reached" in "".join(fresh.values()) else 0


def key(row: dict[str, Any]) -> str:
    """Return how a row of the report begins."""
    return f"| {row['goal']} | {row['what']} | {row['threshold']} |"


def _written() -> list[str]:
    return REPORT.read_text("utf-8").splitlines() if REPORT.exists() else []


def line(row: dict[str, Any], outcome: Outcome, figures: Sequence[str]) -> str:
    """Return one row of the report."""
    reached = [*outcome.told.get(row["goal"], ()), *figures]
    if outcome.broken:
        reached.insert(0, f"**not reached**: {', '.join(outcome.broken)} failed")
    reached.append(f"{outcome.passed} checks pass")
    if row.get("short"):
        reached.append(f"short of it: {row['short']}")
    shown = [f"`{each}`" for each in row["tests"]]
    if row.get("benchmark"):
        shown.append(f"`python -m benchmarks {row['benchmark']}`")
    return (
        f"| {row['goal']} | {row['what']} | {row['threshold']} | {'; '.join(reached)} | {', '.join(shown)} |"
    )


def _run(tests: Iterable[str]) -> Outcome:
    place = ROOT / "var" / "safeguards.xml"
    place.parent.mkdir(exist_ok=True)
    words = [
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        f"--junitxml={place}",
        "-o",
        "junit_family=xunit1",
    ]
    done = subprocess.run([sys.executable, *words, *tests], cwd=ROOT, check=False, stdout=sys.stderr)
    if done.returncode not in (0, 1):
        raise SystemExit(f"These tests could not be run: {', '.join(tests)}")
    return outcome(place)


def outcome(place: Path) -> Outcome:
    """Read what pytest wrote."""
    found = Outcome()
    for case in ET.parse(place).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            found.broken.append(str(case.get("name")))
            continue
        found.passed += 1
        for said in case.iter("property"):
            found.told.setdefault(str(said.get("name")), []).append(str(said.get("value")))
    return found


def _measured(part: str | None) -> list[str]:
    """Run a part of the benchmarks; say each figure with its aim."""
    if part is None:
        return []
    return [
        f"{what} {reached}" for what, _aim, reached, _ratio, _met in (each.row() for each in measured(part))
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

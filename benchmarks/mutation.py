"""Mutation: the safeguards are changed in one small way at a time, and a test must notice.

mutmut makes the changes and runs for each the tests that reach the changed function (`[tool.mutmut]` in
pyproject.toml). All of them would take days, so that a sample is drawn, the same each time; NRM_MUTANTS says how many.
A change that makes a test run for ever counts as noticed.
"""

import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from pathlib import Path

from app import install
from app.kit.pgbinaries import find_binaries
from app.kit.postgres import Server
from app.settings import Settings
from benchmarks.figures import Figure
from benchmarks.installation import ROOT

PLACE = ROOT / "mutants"  # where mutmut keeps its copy of the tree
LOG = ROOT / "var" / "mutation.log"
SAMPLE = int(os.environ.get("NRM_MUTANTS", "300"))
TEMPLATE = "mutation_template"
FEW = "app.safeguards.canonical.*"  # what mutmut is first asked to try, so that it makes all of them
NOTICED = {1, 3, 24, -24, 36, 152, 255}  # a test failed, or ran out of time
AIM = 90.0


def measure(_given: Settings) -> Iterator[Figure]:
    """Yield how many of the changes a test noticed, of all and by room; it takes about ten seconds for each."""
    shutil.rmtree(PLACE, ignore_errors=True)
    state = PLACE / "var" / "tests"
    server = Server(state / f"postgres-{find_binaries().major}", fast=True).start()
    try:  # kept running, with the tables made once, so that not every change waits for them
        server.create_database(TEMPLATE)
        install.prepare(server.url(TEMPLATE), state / "roles.json")
        _mutmut(FEW)
        drawn = draw(sorted(outcomes()), SAMPLE)
        _mutmut(*drawn)
        tried = {name: code for name, code in outcomes().items() if name in set(drawn)}
        print("\n".join(["No test noticed:", *unnoticed(tried)]), file=sys.stderr)
        yield from figures(tried)
    finally:
        server.stop()


def draw(names: Sequence[str], most: int, seed: int = 5) -> list[str]:
    """Return the same sample of names each time."""
    return sorted(random.Random(seed).sample(names, min(most, len(names))))


def outcomes() -> dict[str, int | None]:
    """Return what became of each change: the exit code of its tests, None where it was not tried."""
    found: dict[str, int | None] = {}
    for each in (PLACE / "app" / "safeguards").rglob("*.meta"):
        found |= json.loads(each.read_text("utf-8"))["exit_code_by_key"]
    return found


def figures(tried: Mapping[str, int | None]) -> Iterator[Figure]:
    """Yield the share that was noticed, how sure that is, and the share by room."""
    noticed = {name for name, code in tried.items() if code in NOTICED}
    share = len(noticed) / len(tried)
    yield Figure(f"mutation: noticed, of {len(tried):,} changes drawn", 100 * share, "%", AIM, digits=1)
    yield Figure(
        "mutation: within, 19 times of 20, +/-", 196 * sqrt(share * (1 - share) / len(tried)), "%", digits=1
    )
    of, by = Counter(map(room, tried)), Counter(map(room, noticed))
    for each in sorted(of):
        yield Figure(f"mutation: {each}, of {of[each]}", 100 * by[each] / of[each], "%", digits=1)


def room(name: str) -> str:
    """Return the part of the safeguards that a change was made in: vault, ledger, or the rest."""
    second = name.split(".")[2]
    return second if second in {"vault", "ledger"} else "access and work"


def unnoticed(tried: Mapping[str, int | None]) -> list[str]:
    """Return the changes that no test noticed; `mutmut show NAME` prints one."""
    return [name for name, code in tried.items() if code is not None and code not in NOTICED]


def _mutmut(*names: str) -> None:
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("ab") as log:
        done = subprocess.run(
            [sys.executable, "-m", "mutmut", "run", *names], cwd=ROOT, check=False, stdout=log, stderr=log,
            env={**os.environ, "NRM_TEST_TEMPLATE": TEMPLATE},
        )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"mutmut could not run: see {_beside(LOG)}")


def _beside(path: Path) -> str:
    return str(path.relative_to(ROOT))

"""Mutation: the safeguards are changed in one small way at a time, and a test must notice.

mutmut makes the changes; the tests that reach the changed function are run for each (`benchmarks/mutants.py`), those
without a database first, then the cheapest, for at most BUDGET seconds of computing. All of them would take days, so
that a sample is drawn, the same each time. A change that makes a test run for ever counts as noticed. What is read as
modules are loaded is tried in a process that loads them with the change.

NRM_MUTANTS: how many; NRM_MUTANTS_OF: of which rooms or modules, as `vault.* ledger.note.*`; NRM_MUTANTS_SEED: another
sample; NRM_MUTANTS_HANDS: how many at once; NRM_MUTANTS_TESTS: fewer tests, while one works at them.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from math import sqrt
from pathlib import Path
from typing import Any

from app import install
from app.kit.pgbinaries import find_binaries
from app.kit.postgres import Server
from app.settings import Settings
from benchmarks.figures import Figure
from benchmarks.installation import ROOT

PLACE = ROOT / "mutants"  # where mutmut keeps its copy of the tree
STATE = ROOT / "var" / "mutation"  # what was reached, tried and noticed, and what was said meanwhile
SAMPLE = int(os.environ.get("NRM_MUTANTS", "300"))
SEED = int(os.environ.get("NRM_MUTANTS_SEED", "5"))
OF = os.environ.get("NRM_MUTANTS_OF", "").split() or ["*"]
HANDS = int(os.environ.get("NRM_MUTANTS_HANDS", "0")) or os.cpu_count() or 1
TESTS = os.environ.get("NRM_MUTANTS_TESTS", "").split()
TEMPLATE = "mutation_template"
BUDGET = 20.0  # seconds of computing that a change is given, as its tests cost unchanged
NOBODY, DEAD, LOADING = (
    "",
    "died",
    "does not load",
)  # what is told instead of the name of the test that noticed
AIM = 90.0
Tried = Mapping[str, str]  # which test noticed a change
Reached = Mapping[str, Any]  # by function: see `benchmarks/mutants.py`


def measure(_given: Settings) -> Iterator[Figure]:
    """Yield how many of the changes a test noticed, of all and by room."""
    STATE.mkdir(parents=True, exist_ok=True)
    state = PLACE / "var" / "tests"
    server = Server(state / f"postgres-{find_binaries().major}", fast=True)
    if server.folder.exists():  # a run that was broken off may have left it running
        server.start().stop()
    shutil.rmtree(PLACE, ignore_errors=True)
    server.start()
    try:  # kept running, with the tables made once, so that not every change waits for them
        server.create_database(TEMPLATE)
        install.prepare(server.url(TEMPLATE), state / "roles.json")
        _run("make", cwd=ROOT)
        drawn = draw([each for each in changes() if chosen(each, OF)], SAMPLE, SEED)
        reached = _reached()
        tried = believed(_try(drawn, reached), reached)
        (STATE / "tried.json").write_text(json.dumps(tried, indent=1), "utf-8")
        print("\n".join(["No test noticed (`mutmut show NAME`):", *unnoticed(tried)]), file=sys.stderr)
        yield from figures(tried)
    finally:
        server.stop()


def changes() -> list[str]:
    """Return the names of all changes that mutmut made."""
    found = (PLACE / "app" / "safeguards").rglob("*.meta")
    return sorted(name for each in found for name in json.loads(each.read_text("utf-8"))["exit_code_by_key"])


def chosen(name: str, patterns: Sequence[str]) -> bool:
    """Tell whether a change is in one of the rooms or modules."""
    return any(fnmatch(name.removeprefix("app.safeguards."), each) for each in patterns)


def draw(names: Sequence[str], most: int, seed: int = 5) -> list[str]:
    """Return the same sample of names each time."""
    return sorted(random.Random(seed).sample(names, min(most, len(names))))


def reaching(name: str, reached: Reached, *, loading: bool) -> list[str]:
    """Return the tests of a change in the order in which they are tried, as far as the budget goes.

    What runs as modules are loaded is tried with the tests of its whole module.
    """
    function = name.rpartition("__mutmut_")[0]
    module = function.rpartition(".")[0] + "."
    wanted = set(reached["tests"].get(function, ()))
    if loading:
        wanted.update(*(tests for each, tests in reached["tests"].items() if each.startswith(module)))
    found, left = list[str](), BUDGET
    for each in reached["order"]:
        if each in wanted and (left := left - reached["seconds"][each]) >= 0:
            found.append(each)
    return found


def figures(tried: Tried) -> Iterator[Figure]:
    """Yield the share that was noticed, how sure that is, and the share by room."""
    noticed = tried.keys() - unnoticed(tried)
    share = len(noticed) / len(tried)
    where = "" if OF == ["*"] else f" in {' '.join(OF)}"
    yield Figure(
        f"mutation: noticed, of {len(tried):,} changes drawn{where}", 100 * share, "%", AIM, digits=1
    )
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


def unnoticed(tried: Tried) -> list[str]:
    """Return the changes that no test noticed; `mutmut show NAME` prints one."""
    return [name for name, by in tried.items() if by in {NOBODY, DEAD}]


def believed(tried: dict[str, str], reached: Reached, run: Any = None) -> dict[str, str]:
    """Return what was noticed by tests that pass, in the same way of running, where nothing is changed."""
    order = [each for each in reached["order"] if each in set(tried.values())]
    again, wrong = run or _run_plan, set[str]()
    while order and (failed := again({"": order}, reached)[""]):
        print(f"fails where nothing is changed: {failed}", file=sys.stderr)
        wrong.add(failed)
        order = order[order.index(failed) + 1 :] if failed in order else []
    return {name: NOBODY if by in wrong else by for name, by in tried.items()}


def _reached() -> Reached:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    file = STATE / "reached.json"
    _run("reach", str(file), *(TESTS or config["pytest_add_cli_args_test_selection"]))
    found: Reached = json.loads(file.read_text("utf-8"))
    for each in found["failed"]:
        print(f"fails where nothing is changed, and is left out: {each}", file=sys.stderr)
    return found


def _try(drawn: Sequence[str], reached: Reached) -> dict[str, str]:
    tried = dict.fromkeys(drawn, NOBODY)
    tried |= _run_plan(
        {each: tests for each in drawn if (tests := reaching(each, reached, loading=False))}, reached
    )
    for each in unnoticed(tried):
        if each.rpartition("__mutmut_")[0] in reached["at_import"]:
            plan = {each: reaching(each, reached, loading=True)}
            tried[each] = _run_plan(plan, reached, MUTANT_UNDER_TEST=each).get(each, LOADING)
    return tried


def _run_plan(plan: Mapping[str, Sequence[str]], reached: Reached, **more: str) -> dict[str, str]:
    """Let a process try what is planned; return which test noticed each, without those that it did not come to."""
    file = STATE / "plan.json"
    file.write_text(json.dumps([plan, reached["seconds"], HANDS]), "utf-8")
    said = _run("try", str(file), check=not more, **more)
    return dict(json.loads(each) for each in said.splitlines())


def _run(*words: str, cwd: Path = PLACE, check: bool = True, **more: str) -> str:
    log, told = STATE / "log", STATE / "told"  # the second can be looked at meanwhile
    with log.open("ab") as file, told.open("wb") as said:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.mutants", *words], cwd=cwd, check=False,
            stdout=said, stderr=file, env={**os.environ, "NRM_TEST_TEMPLATE": TEMPLATE, **more},
        )  # fmt: skip
    if check and done.returncode:
        raise SystemExit(f"{words[0]} ended with {done.returncode}: see {log.relative_to(ROOT)}")
    return told.read_text("utf-8")

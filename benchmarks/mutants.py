"""Trying changes: one process collects the tests once, and a fork of it runs for each change those that reach it.

mutmut makes the changes (`make`); in its copy of the tree every function asks which of its changes is under test. There
`reach` writes which tests reach which function and what they cost, and `try` reads which tests to run for each change
and prints what they said. mutmut's own runner collects anew for each change and runs the tests in no order.
"""

import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from mutmut import __main__ as mutmut
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state

COMPUTING = 20  # seconds of computing that a change may take beyond twice what its tests take unchanged
WAITING = 90.0  # seconds that it may take beyond ten times that, on whatever machine
PYTEST = ("--rootdir=.", "-q", "-s", "-p", "no:cacheprovider")
NOBODY, ENDLESS, DEAD = (
    "",
    "ran for ever",
    "died",
)  # what is told instead of the name of the test that noticed


class Reach:
    """Which functions a test reaches, itself or by a fixture that it shares with others."""

    def __init__(self) -> None:
        self.tests: dict[str, set[str]] = defaultdict(set)
        self.seconds: dict[str, float] = {}
        self.of_server: set[str] = set()
        self.at_import: set[str] = set()
        self.shared: dict[str, set[str]] = defaultdict(set)
        self.sharing = 0.0
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what fails though nothing is changed: it could notice nothing."""
        if report.failed:
            self.failed.add(report.nodeid)

    def pytest_collection_finish(self) -> None:
        """Note that what ran so far ran because modules were loaded."""
        self.at_import = _hits()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        """Note what a fixture does for more tests than the one that asked first."""
        if fixturedef.scope == "function":
            return (yield)
        before, began = _hits(), time.process_time()
        try:
            return (yield)
        finally:
            self.sharing += time.process_time() - began
            reached = _hits()
            self.shared[fixturedef.argname] |= reached
            state()._stats.update(before | reached)  # noqa: SLF001 -- mutmut's only place for it

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Note what a test reaches, and what it costs beside the fixtures that it shares.

        Counted is what this process computes: a busy machine makes no test dearer.
        """
        _hits()
        began, self.sharing = time.process_time(), 0.0
        found = yield
        self.seconds[item.nodeid] = time.process_time() - began - self.sharing
        names = set(getattr(item, "fixturenames", ()))
        if "server" in names:
            self.of_server.add(item.nodeid)
        for function in _hits().union(*(self.shared[name] for name in names & self.shared.keys())):
            self.tests[function].add(item.nodeid)
        return found

    def told(self) -> dict[str, Any]:
        """Return all of it; the tests in the order in which they are best tried: without a database, the cheapest."""
        sound = self.seconds.keys() - self.failed
        order = sorted(sound, key=lambda test: (test in self.of_server, self.seconds[test]))
        return {
            "tests": {function: [each for each in order if each in tests] for function, tests in self.tests.items()},
            "seconds": self.seconds,
            "at_import": sorted(self.at_import),
            "order": order,
            "failed": sorted(self.failed),
        }  # fmt: skip


def _hits() -> set[str]:
    found = set(state()._stats)  # noqa: SLF001
    state()._stats.clear()  # noqa: SLF001
    return found


class Trial:
    """Runs the tests of each change in a fork, as many at once as there are hands."""

    def __init__(self, plan: Mapping[str, Sequence[str]], seconds: Mapping[str, float], hands: int) -> None:
        self.plan, self.seconds, self.hands = plan, seconds, hands
        self.running: dict[int, tuple[str, float, Path]] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Take the place of pytest's own loop."""
        items = {item.nodeid: item for item in session.items}
        for change, tests in self.plan.items():
            self._wait(self.hands - 1)
            place = Path(tempfile.mkdtemp(prefix="nrm-mutant-"))
            unchanged = sum(self.seconds[each] for each in tests)
            child = os.fork()
            if not child:
                limit = COMPUTING + int(2 * unchanged + time.process_time())
                resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
                _alone(session, change, [items[each] for each in tests], place)
            self.running[child] = change, time.monotonic() + WAITING + 10 * unchanged, place
        self._wait(0)
        return True

    def _wait(self, most: int) -> None:
        """Wait until no more than so many are under way; end those that wait for ever."""
        while len(self.running) > most:
            for child, (change, until, place) in list(self.running.items()):
                late = time.monotonic() > until
                if late:
                    os.killpg(child, signal.SIGKILL)
                ended, status = os.waitpid(child, 0 if late else os.WNOHANG)
                if ended:
                    print(json.dumps([change, _said(place / "told", status, late)]), file=OUT, flush=True)
                    del self.running[child]
                    shutil.rmtree(place, ignore_errors=True)
            time.sleep(0.02)


def _said(told: Path, status: int, late: bool) -> str:
    """Return the name of the test that noticed, or what stands for it."""
    if late or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU):
        return ENDLESS
    return told.read_text("utf-8") if told.exists() else DEAD


def _alone(session: pytest.Session, change: str, items: Sequence[pytest.Item], place: Path) -> None:
    """Run the tests until one fails, tell which, and end this process."""
    os.setsid()
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(place)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for each in (0, 1, 2):
        os.dup2(nowhere, each)
    set_mutant_under_test(change)
    said = NOBODY
    try:
        for item, following in pairwise([*items, None]):
            said = item.nodeid
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.testsfailed:
                session._setupstate.teardown_exact(None)  # noqa: SLF001 -- what the end of a session does
                break
            said = NOBODY
    finally:
        (place / "told").write_text(said, "utf-8")
        os._exit(0)


def _make() -> int:
    """Let mutmut copy the tree and write every change into the copy."""
    mutmut.makedirs("mutants", exist_ok=True)
    mutmut.copy_src_dir()
    mutmut.copy_also_copy_files()
    mutmut.create_mutants(os.cpu_count() or 1)
    return 0


def _reach(file: Path, tests: Sequence[str]) -> int:
    set_mutant_under_test("stats")
    reach = Reach()
    code = pytest.main([*PYTEST, *tests], plugins=[reach])
    file.write_text(json.dumps(reach.told()), "utf-8")
    return 0 if code == pytest.ExitCode.TESTS_FAILED else int(code)


def _try(file: Path) -> int:
    set_mutant_under_test(os.environ.get("MUTANT_UNDER_TEST", ""))  # then the modules are loaded with it, too
    plan, seconds, hands = json.loads(file.read_text("utf-8"))
    files = sorted({test.partition("::")[0] for tests in plan.values() for test in tests})
    return int(pytest.main([*PYTEST, *files], plugins=[Trial(plan, seconds, hands)]))


def main(words: Sequence[str]) -> int:
    """`make`, `reach FILE TEST...`, or `try FILE`, which prints a line of JSON for each change."""
    if words[0] == "make":
        return _make()
    return _reach(Path(words[1]), words[2:]) if words[0] == "reach" else _try(Path(words[1]))


if __name__ == "__main__":
    with os.fdopen(os.dup(1), "w") as OUT:  # what pytest and the tests say goes elsewhere
        os.dup2(2, 1)
        sys.exit(main(sys.argv[1:]))

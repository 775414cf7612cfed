"""How large a serving process is after 10,000 requests, and whether it still grows."""

import time
from collections.abc import Iterator

from app.accounts.sessions import COOKIE
from app.settings import Settings
from benchmarks.cases import made
from benchmarks.figures import Figure
from benchmarks.load import load
from benchmarks.serving import resident, serving

CASES = 6
FIRST, LAST, STEP = 2_000, 10_000, 1_000
PATIENCE = 150.0  # seconds
# Pages as readers open them: one in six is a case page, the heaviest of all.
OTHERS = ("/", "/account", "/static/icon.svg", "/account", "/static/icon.svg")


def measure(given: Settings) -> Iterator[Figure]:
    """Yield the resident size, and the slope between 2,000 and 10,000 requests."""
    found, secret = made(given, CASES)
    paths = [path for each in found for path in (f"/cases/{each}", *OTHERS)]
    cookie = f"{COOKIE}={secret}"
    sizes: dict[int, float] = {}
    with serving("app.serving:application", given, 1) as served:
        (pid,) = served.pids
        yield Figure("a serving process, resident, before the first request", resident(pid), "MB", digits=0)
        began = time.perf_counter()
        for done in range(STEP, LAST + 1, STEP):
            load(served.ports, paths, cookie, requests=STEP)
            sizes[done] = resident(pid)
            if done > FIRST and time.perf_counter() - began > PATIENCE:
                break  # on a machine this slow the slope must do
    last = max(sizes)
    yield Figure(
        f"a serving process, resident, after {last:,} requests", sizes[last], "MB", 200, limit=True, digits=0
    )
    settled = {done: size for done, size in sizes.items() if done >= FIRST}
    yield Figure(
        f"growth from {FIRST:,} to {last:,} requests, per 1,000", slope(settled) * 1000, "MB", 0.5, limit=True
    )


def slope(sizes: dict[int, float]) -> float:
    """Return the slope of the straight line that fits best."""
    count = len(sizes)
    middle, mean = sum(sizes) / count, sum(sizes.values()) / count
    above = sum((done - middle) * (size - mean) for done, size in sizes.items())
    return above / sum((done - middle) ** 2 for done in sizes)

"""What every test may ask for; each plug-in holds the fixtures of one matter."""

import gc

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.fixtures.chromium",
    "tests.fixtures.database",
    "tests.fixtures.past_doors",
    "tests.fixtures.service",
    "tests.fixtures.tls",
    "tests.fixtures.watched",
]

# The same examples at every run, and as many on a machine that is busy.
settings.register_profile(
    "suite", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")


LONG = ("api", "browser", "journey", "walks")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that all workers end at about the same time."""
    items.sort(key=lambda item: item.path.parent.name not in LONG)


def pytest_collection_finish() -> None:
    """Look seldom for cycles among what stays for the whole run: it is most of what there is."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)

"""What every test may ask for; each plug-in holds the fixtures of one matter."""

from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.service",
    "tests.fixtures.tls",
    "tests.fixtures.watched",
]

# The same examples at every run, and as many on a machine that is busy.
settings.register_profile(
    "suite", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("suite")

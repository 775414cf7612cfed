"""What every test may ask for; each plug-in holds the fixtures of one matter."""

pytest_plugins = ["tests.fixtures.database", "tests.fixtures.service", "tests.fixtures.tls"]

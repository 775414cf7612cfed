"""The hardware module of a worker: one token in SoftHSM."""

import pytest

from app.safeguards.vault.hardware import Module
from tests.vault.keyservers import soft_module


@pytest.fixture(scope="session")
def module(tmp_path_factory: pytest.TempPathFactory) -> Module:
    """A token; each test that uses it begins with `emptied`."""
    return soft_module(tmp_path_factory.mktemp("softhsm"))

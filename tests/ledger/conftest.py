"""Two keys, and the lines of an honest export."""

import pytest

from app.safeguards.vault.signing import Signer
from tests.ledger.made import exported


@pytest.fixture(scope="session")
def signer(tmp_path_factory):
    """The key of the ledger."""
    return Signer.create(tmp_path_factory.mktemp("keys") / "ledger.pem")


@pytest.fixture(scope="session")
def other(tmp_path_factory):
    """The key of somebody else."""
    return Signer.create(tmp_path_factory.mktemp("keys") / "other.pem")


@pytest.fixture
def lines(signer):
    """What an auditor took away."""
    return exported(signer)

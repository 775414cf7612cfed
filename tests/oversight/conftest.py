"""A case with a lead and a house, for those who have to do with it only by their office, or in an emergency."""

from tests.casework.conftest import Ledger, ledger, sheltered

__all__ = ["Ledger", "ledger", "sheltered"]

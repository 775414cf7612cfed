"""Shelters, their places and who holds one; addresses never lie in these tables."""

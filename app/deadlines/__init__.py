"""Clocks of the law as they run in a case."""

"""When something changed that protects, or no longer does: what stands against a removal is looked at at once."""

from collections.abc import Iterator

from app.procedure.effects import Effect, TakeStep


def removal_blocked_now() -> Iterator[Effect]:
    """Have every removal measure blocked from this moment, if a rule now stands against it."""
    yield TakeStep("removal_measure", "evaluate_block")


def removal_looked_at_again() -> Iterator[Effect]:
    """Have every block looked at again: one may have ended, and the check before any return begins."""
    yield TakeStep("removal_measure", "check")

"""Upkeep of the search index: tokens cut anew as the register grows, and none left of what was shredded."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from app.safeguards.vault import index
from app.safeguards.work import Work


def upkeep(open_work: Callable[[], AbstractContextManager[Work]]) -> tuple[int, int]:
    """Do what is due; return how many entries were cut anew and how many deleted. Safe to stop and to repeat."""
    with open_work() as work:
        gone = index.sweep(work.session, work.keys)
        work.commit()
    with open_work() as work:
        cut = index.replan(work.session, work.keys, work.commit)
    return cut, gone

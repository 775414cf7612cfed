"""The command of the timer that looks for what was written past the service, and of whoever answers for it."""

import argparse
import sys

from app.jobs.integrity import Unacceptable, accept, check
from app.running import jobs_session_maker
from app.settings import Settings


def check_or_accept(asked: argparse.Namespace, given: Settings) -> int:
    """Do what was asked; return 0 when all is as the service wrote it, 1 when something is not, 2 when refused."""
    open_work = jobs_session_maker(given, "integrity")
    if asked.accept:
        try:
            count = accept(open_work, given.checkpoints_at)
        except Unacceptable as refused:
            sys.stderr.write(f"Nothing was accepted: {refused}. Call the data-protection officer.\n")
            return 2
        sys.stdout.write(f"{count} things accepted, on the ledger\n")
        return 0
    found = check(open_work, given.checkpoints_at)
    sys.stderr.writelines(f"{each.kind}: {each.of_table} {each.which}\n" for each in found)
    sys.stdout.write(f"{len(found)} things found that the service did not write\n")
    return 1 if found else 0

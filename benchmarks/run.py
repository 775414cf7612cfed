"""Choosing, running and reporting the parts of the benchmarks."""

import importlib
import os
import platform
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from benchmarks.figures import Figure, markdown, table
from benchmarks.installation import ROOT, installation, server

PARTS = (
    "reveal", "ledger", "case_page", "rotation", "memory", "start", "search", "febrl", "attack", "procedure",
    "sweeping", "accesses", "tampering",
)  # fmt: skip
DOCUMENT = ROOT / "docs" / "benchmarks.md"
TEXT = """# Benchmarks

`make bench` prints these figures and writes this page; `python -m benchmarks reveal ledger` runs only the parts named,
and writes nothing. Each aim is judged by a ratio inside one run, so that it holds on a slower machine too; no test
is timed. Rates and times of a machine that does other work as well are lower than the machine's own.

{machine}

{table}

## What is measured

* **reveal**: the processor time that one `work.reveal` of {fields} fields in 8 categories takes in the serving thread:
  matrix, select, opening of the sealed parts, ledger event. The quietest of nine rounds. Once with the data keys in
  memory, once as the first of a request, which asks the team of the case and proves its stamps, and once with no data
  key in memory, which costs one call to the key service.
* **ledger**: transactions that each write one event, committed to the disk, by eight processes. The hash chain is the
  strongest we could write: hash and insert are one statement, its table has the ledger's own columns and indexes. The
  other work is done between the event and the commit, as in every reading of a case. Then the sealing command is run as
  its timer runs it, while all write and a transaction stays open: the time from each event to the head that covers it.
* **case page**: two processes of four threads, sixteen clients in a process of their own, 12 cases in turn. *Every
  safeguard* is the service as installed: session, matrix, row-level security, sealed parts, committed event, headers.
  *The floor* draws the same page from the same rows with the same code, from plain columns, with none of these and
  without signing in. *The bare floor* reads the same rows and fills the same template, but the words, clocks and steps
  of the page were worked out before. Processor time includes the database's, in the quietest round.
* **rotation**: two serving processes and four clients that read 120 cases in turn while 20,000 data keys are rewrapped;
  the command is killed with a third done, run again, and the old epoch destroyed. A request that is not answered with
  200 ends the benchmark. The rotation is a third busy process on the same two cores.
* **memory**: one serving process, four threads, sixteen clients, one case page in six requests. The growth is the slope
  of the best straight line.
* **search**: 10,000 generated people with names in Arabic, Cyrillic and Latin script; 1,500 of them written again as
  another office would (other script, slips, other order, parts of the date), and 1,500 who are new. What is found is
  worked out in memory with the service's own functions; the times are of the whole search, on a database.
* **febrl**: the data sets 3 and 4 of FEBRL: names and dates of birth only.
* **attack**: what a thief of the search tokens recovers who knows how often every name and date occurs. A name counts
  when all its parts are right, a row when the date of birth is right too.
* **procedure**: what may be done, asked of every track of a case in which one of each kind is on its way, and of every
  opening; and the time from the first check of a step to its commit, of 120.
* **sweeping**: {clocks:,} clocks in twenty cases; each that is due is dealt with in a transaction of its own.
* **accesses**: the demonstration country, where everybody opens every case on their list of work each day for a week,
  and one office looks around; what the ledger says must tell the two apart.
* **tampering**: a ledger that the service wrote and sealed, changed in memory as whoever owns the database could
  change it, each time at another place, and verified as an auditor does who kept its last head.
* **start**: `nrm run` until `/sign-in` is served, the embedded database included.
"""


def main(asked: Sequence[str]) -> int:
    """Run the parts; write the document only when all ran."""
    unknown = [name for name in asked if name not in PARTS]
    if unknown:
        sys.stderr.write(f"No such part: {', '.join(unknown)}. There are: {', '.join(PARTS)}.\n")
        return 2
    told = machine()
    figures = [figure for name in asked or PARTS for figure in measured(name)]
    print(f"\n{told}\n\n{table(figures)}")
    if not asked:
        DOCUMENT.write_text(
            TEXT.format(machine=told, table=markdown(figures), fields=60, clocks=100_000), "utf-8"
        )
        print(f"\nWritten to {DOCUMENT.relative_to(ROOT)}")
    server().stop()
    return 0


def measured(name: str) -> list[Figure]:
    """Run one part on an installation of its own; return what it reached."""
    began = time.perf_counter()
    with installation() as given:
        figures = list(importlib.import_module(f"benchmarks.{name}").measure(given))
    print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return figures


def machine() -> str:
    """Say when and on what this runs, and how busy it is with other things."""
    cores, busy = os.cpu_count() or 1, os.getloadavg()[1]
    said = (
        f"{datetime.now(UTC):%Y-%m-%d}, {cores} cores, {platform.system()} {platform.machine()},"
        f" Python {platform.python_version()}, PostgreSQL {_major()}."
        f" Load of the five minutes before: {busy:.1f}"
    )
    return said + ("; the machine was busy with other work." if busy > cores / 2 else ".")


def _major() -> str:
    return (server().postmaster.data / "PG_VERSION").read_text("ascii").strip()

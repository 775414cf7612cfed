"""Choosing, running and reporting the parts of the benchmarks."""

import importlib
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from benchmarks.figures import Figure, markdown, table
from benchmarks.installation import ROOT, installation, server
from benchmarks.said import TEXT

PARTS = (
    "reveal", "ledger", "case_page", "rotation", "memory", "start", "procedure", "sweeping", "search", "febrl",
    "attack", "accesses", "tampering", "drill", "refusals", "compared",
)  # fmt: skip
LONG = ("mutation", "fuzz")  # run only where they are named
DOCUMENT = ROOT / "docs" / "benchmarks.md"


@dataclass
class Run:
    """What the parts reached, how long each took, and which could not be measured."""

    figures: list[Figure] = field(default_factory=list)
    took: dict[str, float] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)

    def spent(self) -> str:
        """Say how long it took, part by part, and what is missing."""
        each = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in self.took.items())
        told = f"It took {sum(self.took.values()) / 60:.1f} minutes: {each}."
        return told + "".join(f"\n\n**{name}** was not measured: {why}." for name, why in self.broken.items())


def main(asked: Sequence[str]) -> int:
    """Run the parts, one broken or not; write the document when all were asked for."""
    unknown = [name for name in asked if name not in PARTS + LONG]
    if unknown:
        sys.stderr.write(f"No such part: {', '.join(unknown)}. There are: {', '.join(PARTS + LONG)}.\n")
        return 2
    told, run = machine(), Run()
    for number, name in enumerate(asked or PARTS, start=1):
        print(f"[{number}/{len(asked or PARTS)}] {name}", file=sys.stderr, flush=True)
        _keep(run, name)
    print(f"\n{told}\n\n{table(run.figures)}\n\n{run.spent()}")
    if not asked:
        said = TEXT.format(machine=told, spent=run.spent(), table=markdown(run.figures))
        DOCUMENT.write_text(said, "utf-8")
        print(f"\nWritten to {DOCUMENT.relative_to(ROOT)}")
    server().stop()
    return 1 if run.broken else 0


def _keep(run: Run, name: str) -> None:
    """Measure one part; the figures of one that breaks off are kept as far as they went."""
    began = time.perf_counter()
    try:
        run.figures.extend(_figures(name))
    except (Exception, SystemExit) as failure:  # noqa: BLE001 -- the other parts are measured all the same
        run.broken[name] = f"{type(failure).__name__}: {failure}".splitlines()[0]
        print(f"    not measured: {failure}", file=sys.stderr, flush=True)
    run.took[name] = time.perf_counter() - began
    print(f"    {run.took[name]:.0f} s", file=sys.stderr, flush=True)


def measured(name: str) -> list[Figure]:
    """Run one part on an installation of its own; return what it reached."""
    return list(_figures(name))


def _figures(name: str) -> Iterator[Figure]:
    """Yield the figures of one part, each said as soon as it is known."""
    with installation() as given:
        for figure in importlib.import_module(f"benchmarks.{name}").measure(given):
            what, aim, reached, _ratio, verdict = figure.row()
            print(
                f"    {what}: {reached} {f'({aim}: {verdict})' if aim else ''}", file=sys.stderr, flush=True
            )
            yield figure


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

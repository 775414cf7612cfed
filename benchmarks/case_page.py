"""Requests a second for a case page of 60 fields with everything on, as a share of the floor's."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from app.accounts.sessions import COOKIE
from app.cases.queries import person_line
from app.casework.facts import facts_of
from app.demo.acting import as_persona
from app.safeguards.vault.parts import Opened
from app.settings import Settings
from benchmarks.cases import FIELDS, READER, made
from benchmarks.figures import Figure
from benchmarks.floor import keep_plain
from benchmarks.installation import owner, running, server
from benchmarks.load import load
from benchmarks.serving import Served, answer, children, median, processor, serving

CASES = 12
ROUNDS = 3
SECONDS = 3.0
MARKS = {  # prototypes on two cores, sixteen clients: 60 columns and 10 rows as JSON
    "SQLAlchemy Core with the context of row-level security": 775,
    "Django REST framework": 254,
}


@dataclass
class Kind:
    """One way to serve the page, and what it reached: requests a second, and CPU of one request in ms."""

    served: Served
    paths: list[str]
    cookie: str = ""
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    def warm(self) -> None:
        """See that the page is served; let statements be prepared and templates be compiled."""
        assert answer(self.served.ports[0], self.paths[0], self.cookie)[0] == 200
        load(self.served.ports, self.paths, self.cookie, seconds=1.5)

    def round(self) -> None:
        """Ask for the page for some seconds."""
        working = [*self.served.pids, *children(server().postmaster.running().pid)]  # type: ignore[union-attr]
        before = processor(working)
        rate = load(self.served.ports, self.paths, self.cookie, seconds=SECONDS)
        self.rates.append(rate)
        self.costs.append((processor(working) - before) / (rate * SECONDS) * 1000)


def measure(given: Settings) -> Iterator[Figure]:
    """Yield the page's throughput in two processes of four threads, under 16 clients."""
    found, secret = made(given, CASES)
    with owner(given) as engine:
        keep_plain(engine, opened(given, found))
    pages = [f"/cases/{each}" for each in found]
    ours_, floor_ = (
        serving(each, given, 2) for each in ("app.serving:application", "benchmarks.floor:application")
    )
    with ours_ as ours, floor_ as floor:
        kinds = {
            "every safeguard": Kind(ours, pages, f"{COOKIE}={secret}"),
            "the floor": Kind(floor, pages),
            "the bare floor": Kind(floor, [f"/bare/{each}" for each in found]),
        }
        for kind in kinds.values():
            kind.warm()
        for _round in range(ROUNDS):
            for kind in kinds.values():
                kind.round()
    yield from _figures(kinds)


def opened(given: Settings, found: list[UUID]) -> list[Opened]:
    """Return all that the reader may open in those cases."""
    parts: list[Opened] = []
    with running(given) as runtime, as_persona(runtime, READER) as work:
        for case_id in found:
            person = person_line(work, case_id)
            steps = [step.id for track in facts_of(work, case_id).tracks for step in track.history if step.id]
            parts += work.reveal(case_id, [*([person.id] if person else []), *steps]).parts
        work.commit()
    return parts


def _figures(kinds: dict[str, Kind]) -> Iterator[Figure]:
    what = f"case page of {FIELDS} fields"
    for name, kind in kinds.items():
        yield Figure(f"{what}, {name}", median(kind.rates), "/s", digits=0)
        yield Figure(f"{what}, {name}: CPU with the database's", min(kind.costs), "ms", digits=1)
    ours, *others = kinds.items()
    for (name, other), aim in zip(others, (0.6, None), strict=True):
        rates = [mine / theirs for mine, theirs in zip(ours[1].rates, other.rates, strict=True)]
        yield Figure(f"{what}: requests a second as a share of {name}'s", median(rates), aim=aim)
        yield Figure(f"{what}: the same share by CPU", min(other.costs) / min(ours[1].costs))
    for peer, rate in MARKS.items():
        yield Figure(f"mark, not measured here: {peer}", rate, "/s", digits=0)

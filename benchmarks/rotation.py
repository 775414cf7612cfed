"""Keys rotated while people read: killed midway, gone on with, the old epoch destroyed, and nobody notices."""

import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from uuid import uuid4

from sqlalchemy import insert

from app.accounts.sessions import COOKIE
from app.safeguards.models import WrappedKey
from app.safeguards.vault import rotation
from app.safeguards.vault.chosen import keys_of
from app.safeguards.vault.keys import DataKeys, bound_to
from app.safeguards.vault.provider import Bare, epoch_of
from app.safeguards.words import Category
from app.settings import Settings
from benchmarks.cases import made
from benchmarks.figures import Figure
from benchmarks.installation import ROOT
from benchmarks.load import load
from benchmarks.serving import environment, serving

CASES = 120  # so many that most are opened for the first time, with keys unwrapped, while the rotation runs
KEYS = 20_000
CLIENTS = 8
ASKED = 60.0  # pages a second
SPAN = 4.0  # seconds


def measure(given: Settings) -> Iterator[Figure]:
    """Read cases without a pause while `nrm keys rotate` is killed, run again, and the old epoch destroyed."""
    cases, cookie = made(given, CASES)
    keys = keys_of(given, pool_size=2)
    _fill(keys)
    paths = [path for case_id in cases for path in (f"/cases/{case_id}", "/account")]
    with serving("app.serving:application", given, 2) as served:
        signed = f"{COOKIE}={cookie}"
        load(served.ports, paths[:8], signed, clients=CLIENTS, requests=60)  # the first compile templates
        most = load(served.ports, paths[:8], signed, clients=CLIENTS, seconds=SPAN)
        readers = Readers(served.ports, paths, signed)
        readers.start()
        left = _killed(given, keys)
        began = time.perf_counter()
        _nrm_keys(given, "rotate")
        took = time.perf_counter() - began
        _nrm_keys(given, "destroy-old", "--yes")
        meanwhile = readers.end()
    assert 0 < left < KEYS
    assert keys.provider.minimum == keys.provider.epoch
    keys.engine.dispose()
    yield Figure("the same pages without a rotation, as many as can be", most, "/s", digits=0)
    yield Figure(
        f"rotation: requests answered meanwhile, {ASKED:.0f} a second asked for",
        meanwhile,
        "/s",
        50,
        digits=1,
    )
    yield Figure("rotation: requests answered as they should be", 100, "%", aim=100, digits=0)
    yield Figure("rotation: data keys left when it was killed, and then rewrapped", left, digits=0)
    yield Figure("rotation: data keys rewrapped a second, under that load", left / took, digits=0)


class Readers(threading.Thread):
    """Ask for pages, so many a second, until the end; one request that is refused is remembered."""

    def __init__(self, ports: Sequence[int], paths: Sequence[str], cookie: str) -> None:
        super().__init__()
        self._asked = (ports, paths, cookie)
        self._stop_reading = threading.Event()
        self._rates: list[float] = []
        self._refused: SystemExit | None = None

    def run(self) -> None:
        """Ask, span after span; a span that goes on after the end is counted only if it is the only one."""
        while not self._stop_reading.is_set():
            try:
                rate = load(*self._asked, clients=CLIENTS, seconds=SPAN, rate=ASKED)
            except SystemExit as failure:
                self._refused = failure
                return
            print(f"    {rate:.1f} requests a second", file=sys.stderr, flush=True)
            if not (self._stop_reading.is_set() and self._rates):
                self._rates.append(rate)

    def end(self) -> float:
        """Stop, and return requests a second; raises what a refused request raised."""
        self._stop_reading.set()
        self.join()
        if self._refused is not None:
            raise self._refused
        return sum(self._rates) / len(self._rates)


def _fill(keys: DataKeys) -> None:
    """Add data keys, as so many cases would have them."""
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    for _block in range(KEYS // 1000):
        places = [(uuid4(), category) for _case in range(63) for category in Category][:1000]
        bare = [
            Bare(uuid4(), secrets.token_bytes(32), bound_to(case, category.value))
            for case, category in places
        ]
        rows = [
            {"id": each.key_id, "case_id": case, "category": category.value, "epoch": epoch_of(wrapped),
             "wrapped": wrapped, "created_at": now}
            for (case, category), each, wrapped in zip(places, bare, keys.provider.wrap_many(bare), strict=True)
        ]  # fmt: skip
        with keys.reached() as connection:
            connection.execute(insert(WrappedKey), rows)


def _killed(given: Settings, keys: DataKeys) -> int:
    """Start a rotation, kill it when a third is done; return how many keys are left."""
    before = keys.provider.epoch
    child = subprocess.Popen(_words("rotate"), env=environment(given), cwd=ROOT)
    while child.poll() is None:
        with keys.reached() as connection:
            left = rotation.count_below(connection, before + 1)
        if keys.provider.epoch > before and left < KEYS * 2 / 3:
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
            break
        time.sleep(0.05)
    assert child.returncode == -signal.SIGKILL, "it was done before it could be killed"
    with keys.reached() as connection:
        return rotation.count_below(connection, before + 1)


def _nrm_keys(given: Settings, *words: str) -> None:
    subprocess.run(_words(*words), env=environment(given), cwd=ROOT, check=True, stdout=sys.stderr)


def _words(*words: str) -> list[str]:
    return [sys.executable, "-m", "app.cli", "keys", *words]

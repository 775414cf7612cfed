"""Whether the time of a refusal tells a stranger, or somebody who is barred, that there is such a case."""

import time
from collections.abc import Iterator
from uuid import UUID

from app.accounts.sessions import COOKIE, sign_in_as
from app.demo.acting import as_persona, as_system, find
from app.kit.ids import new_id
from app.safeguards.conflicts import bar
from app.settings import Settings
from benchmarks.cases import made
from benchmarks.figures import Figure
from benchmarks.installation import running
from benchmarks.serving import answer, median, serving

TIMES = 300
CASES = 20
MOST = 1.05  # the median of one over that of the other; what is left is the noise of the machine


def measure(given: Settings) -> Iterator[Figure]:
    """Yield how much longer it takes to refuse a case that there is than one that there is not."""
    found, _cookie = made(given, CASES)
    cookies = _let_in(given, found)
    with serving("app.serving:application", given, 1) as ours:
        for who, cookie in cookies.items():
            for case_id in found * 2:  # until statements are prepared
                answer(ours.ports[0], f"/cases/{case_id}", cookie)
            there, nowhere = _taken(ours.ports[0], found, cookie)
            for kind, took in (("a case of others", there), ("no case", nowhere)):
                yield Figure(f"refusal of {who}: {kind}, median", median(took), "ms")
            apart = median(there) / median(nowhere)
            yield Figure(
                f"refusal of {who}: a case over none", max(apart, 1 / apart), "", MOST, limit=True, digits=3
            )


def _let_in(given: Settings, found: list[UUID]) -> dict[str, str]:
    """Sign in a stranger, and somebody who is barred from each of the cases."""
    cookies = {}
    with running(given) as runtime:
        with as_persona(runtime, "police") as work:
            for case_id in found:
                bar(work, case_id, ground="suspect", reason="Named in it.", user_id=work.actor.user_id)
            work.commit()
        with as_system(runtime) as work:
            for who, key in (("a stranger", "ngo2"), ("somebody barred", "police")):
                secret = sign_in_as(work, find(work.session, key).id, "passkey")
                cookies[who] = f"{COOKIE}={secret}"
            work.commit()
    return cookies


def _taken(port: int, found: list[UUID], cookie: str) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each answer; both kinds in turn, so that a busy moment meets both."""
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(TIMES):
        for kind, case_id in enumerate((found[number % len(found)], new_id())):
            began = time.perf_counter()
            status, _body = answer(port, f"/cases/{case_id}", cookie)
            took[kind].append((time.perf_counter() - began) * 1000)
            assert status == 404, status
    return took

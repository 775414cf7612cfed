"""A draft that nobody sends is told of once and then gone, on the ledger; whoever goes on with it keeps it."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.jobs.unsent import ENDED, ENDS, end_unsent
from app.kit.clock import HeldClock
from app.safeguards.models import LedgerEvent
from app.safeguards.work import Work
from tests.fixtures.service import Browser, Enter
from tests.referrals import made
from tests.referrals.made import begun, put

A_DAY = timedelta(days=1)


def test_an_unsent_draft_is_told_of_once_and_erased_a_week_later(
    police: Browser, enter: Enter, jobs: Callable[[], AbstractContextManager[Work]], clock: HeldClock,
    given: Any,
) -> None:  # fmt: skip
    left, gone_on = begun(police), begun(police)
    case_id = police.json("GET", f"/api/referrals/drafts/{left}")["case_id"]
    for track in (left, gone_on):
        put(police, track, "names", {"given_names": "Mzia"}, 0)

    def told() -> list[str]:
        return [each["kind"] for each in enter("police").json("GET", "/api/work")["notices"]]

    clock.move(22 * A_DAY)
    assert end_unsent(jobs) == 0
    assert told() == []
    put(enter("police"), gone_on, "birth", {"born_on": {"year": 1994}}, 1)
    clock.move(A_DAY)
    assert end_unsent(jobs) == end_unsent(jobs) == 0
    assert told() == [ENDS]
    clock.move(timedelta(days=7) - timedelta(seconds=1))
    assert end_unsent(jobs) == 0
    assert made.live_keys(given, case_id)
    clock.move(A_DAY)
    assert end_unsent(jobs) == 1
    assert end_unsent(jobs) == 0
    assert made.live_keys(given, case_id) == set()
    assert told() == [ENDS, ENDED]
    later = enter("police")
    later.json("GET", f"/api/referrals/drafts/{left}", status=409)
    assert made.answers(later, gone_on)["given_names"] == "Mzia"
    with jobs() as work:
        query = select(LedgerEvent.body).where(LedgerEvent.case_id == UUID(case_id)).order_by(LedgerEvent.id)
        said = [json.loads(each) for each in work.session.scalars(query)]
    acts = [(each["act"], each.get("by") or each.get("step")) for each in said if each["role"] == "SYS"]
    assert {("step", "discard"), ("key", "keys destroyed")} <= set(acts)

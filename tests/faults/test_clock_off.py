"""The machine's clock is an hour off, both ways: nobody gets longer or further for it, and nothing is lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.jobs.sweep import sweep
from app.kit.clock import HeldClock
from tests.doors.knocking import Records
from tests.fixtures.service import Enter, Told

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("off", [HOUR, -HOUR])
def test_an_hour_off_opens_nothing_and_loses_nothing(  # noqa: PLR0917
    off: timedelta, told_sheltered: Told, enter: Enter, clock: HeldClock, jobs: Callable[[], Any], records: Records,
    ledger_is_whole: Callable[[], int], record_property: Any,
) -> None:  # fmt: skip
    case, drafts = f"/api/cases/{told_sheltered.about}", "/api/referrals/drafts"
    before, auditor = enter("ngo"), enter("auditor")
    kept = [before.json("POST", drafts, {"type": "initial"}, status=201)["case_id"]]
    ledger_is_whole()
    clock.move(off)
    before.json("GET", case, status=401)
    auditor.json("POST", "/api/oversight/ledger", status=401)
    during = enter("ngo")
    events = len(records.acts())
    if off > timedelta():
        assert "Irina" in str(during.json("GET", case))
        assert len(records.acts()) > events
    kept.append(during.json("POST", drafts, {"type": "initial"}, status=201)["case_id"])
    sweep(jobs)
    ledger_is_whole()
    clock.move(-off)
    if off > timedelta():
        during.json("GET", case, status=401)
    after = enter("ngo")
    assert "Irina" in str(after.json("GET", case))
    assert sweep(jobs).failed == frozenset()
    assert {str(each) for each in records.values('SELECT id FROM "case"')} >= set(kept)
    events = ledger_is_whole()
    record_property(
        "G15",
        f"clock {off.total_seconds() / 3600:+.0f} h: sessions end, 0 writes lost, {events} events verify",
    )

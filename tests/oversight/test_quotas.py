"""Nobody opens or takes away without end; the supervisor hears of it, and lifts it for an hour with a reason."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.cases.queries import case_line
from app.demo.stories import Teller
from app.kit.clock import HeldClock
from app.kit.ids import new_id
from app.safeguards import rationing
from app.safeguards.models import Asking, QuotaLift
from app.safeguards.rationing import QUOTAS, Quota, quota
from app.safeguards.words import Role
from tests.fixtures.service import As, Browser, Enter
from tests.oversight.conftest import Ledger


def test_the_numbers_are_bounds_and_each_is_told_in_words() -> None:
    assert QUOTAS.keys() == rationing.TOLD.keys() >= set(rationing.LIFTABLE)
    for kind, said in QUOTAS.items():
        assert said.keys() - {"default"} <= {each.value for each in Role}
        for role in Role:
            allowed = quota(kind, role)
            assert 0 < allowed.hour < allowed.day, (kind, role)
    assert quota("openings", Role.NGO).hour > quota("openings", Role.POL).hour


def taken(acting: As, who: str, kind: str) -> int:
    with acting(who) as work:
        mine = (Asking.user_id == work.actor.user_id, Asking.kind == kind)
        return work.session.scalar(select(func.count()).where(*mine)) or 0


def lifted(boss: Browser, who: str, kind: str, status: int = 200) -> Any:
    body = {"user_id": who, "kind": kind, "reason": "handover"}
    return boss.json("POST", "/api/oversight/quotas", body, status=status)


def test_openings_end_the_supervisor_is_told_and_lifts_it(  # noqa: PLR0917
    sheltered: UUID, teller: Teller, enter: Enter, acting: As, ledger: Ledger, clock: HeldClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    signs = [{"source": "told", "signs": ["ilo.debt"]}]
    others = [teller.refer("police", "ngo", signs, given_names=name) for name in ("Ana", "Bea", "Cam", "Dia")]
    clock.move(timedelta(hours=2))
    monkeypatch.setitem(QUOTAS["openings"], "NGO", Quota(2, 5))
    monkeypatch.setattr(rationing, "LIFTED", 2)
    worker, boss = enter("ngo"), enter("supervisor")
    for case_id in (sheltered, others[0], sheltered, others[0]):  # the same ones again cost nothing
        worker.get(f"/cases/{case_id}")
    assert taken(acting, "ngo", "openings") == 2
    before = len(ledger(others[1], "consult"))
    worker.get(f"/cases/{others[1]}", 429)
    assert "ask your supervisor to lift it" in worker.text
    assert worker.json("GET", f"/api/cases/{others[1]}", status=429)["status"] == 429
    assert len(ledger(others[1], "consult")) == before  # nothing was shown, and nothing is said to have been
    worker.get(f"/cases/{sheltered}")
    told = [each["words"] for each in boss.json("GET", "/api/work")["urgent"]]
    assert (
        len([each for each in told if "as much as may be" in each]) == 1
    )  # told once, however often it is tried
    (line,) = boss.json("GET", "/api/oversight/quotas")
    assert (line["who"], line["kind"], line["times"]) == ("Nadia Okoye", "openings", 2)
    lifted(boss, str(new_id()), "openings", 404)
    lifted(enter("supervisor3"), line["user_id"], "openings", 404)  # another organisation’s
    lifted(boss, line["user_id"], "search", 404)
    boss.get("/oversight/quotas")
    boss.follow(boss.send(button="handover"))
    for case_id in (others[1], others[2]):
        worker.get(f"/cases/{case_id}")
    worker.get(f"/cases/{others[3]}", 429)  # lifted is not without end
    clock.move(timedelta(hours=1, seconds=1))
    again = enter("ngo")
    again.get(f"/cases/{others[3]}")
    again.get(f"/cases/{others[2]}", 429)  # five in a day
    with acting("supervisor") as work:  # a lift that was written past the service lifts nothing
        work.session.add(
            QuotaLift(
                id=new_id(), user_id=UUID(line["user_id"]), kind="openings", reason="review",
                given_by=work.actor.user_id, from_at=clock.now(), until_at=clock.now() + timedelta(hours=1),
                stamp=b"forged",
            )
        )  # fmt: skip
        work.commit()
    again.get(f"/cases/{others[2]}", 429)


def test_exports_and_emergencies_end_too_and_an_emergency_spends_no_openings(
    sheltered: UUID, enter: Enter, acting: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(QUOTAS["exports"], "default", Quota(1, 2))
    auditor = enter("auditor")
    auditor.json("POST", "/api/oversight/erasures")
    auditor.json("POST", "/api/oversight/erasures", status=429)
    monkeypatch.setitem(QUOTAS["emergencies"], "default", Quota(1, 2))
    monkeypatch.setitem(QUOTAS["openings"], "SOC", Quota(1, 1))
    with acting("ngo") as work:
        reference = case_line(work, sheltered).reference
    said = {
        "threat": "life",
        "reason": "She called from a locked room.",
        "categories": ["ID"],
        "reference": reference,
    }
    social = enter("social")
    social.json("POST", "/api/emergency", said)
    social.json("GET", f"/api/cases/{sheltered}")
    assert taken(acting, "social", "openings") == 0
    there = social.json("POST", "/api/emergency", said, status=429)
    nowhere = social.json("POST", "/api/emergency", {**said, "reference": "2222-2222"}, status=429)
    assert {**there, "instance": ""} == {
        **nowhere,
        "instance": "",
    }
    social.post("/emergency", said, 429)
    assert any(
        "as much as may be" in each["words"]
        for each in enter("supervisor3").json("GET", "/api/work")["urgent"]
    )

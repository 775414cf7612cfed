"""What is to be known reaches somebody, also where nobody holds the role that it was meant for."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from app.demo import stories
from app.demo.people import HOUSES
from app.demo.stories import Teller
from app.kit.clock import HeldClock
from app.notices.service import alert
from app.safeguards.rationing import QUOTAS, Quota
from app.safeguards.words import Role
from tests.fixtures.service import As, Enter

HOUSE = {each.key: each.name for each in HOUSES}
TOLD = (
    "SELECT o.name, n.role, n.case_id IS NULL FROM notice n JOIN organisation o ON o.id = n.organisation_id"
    " WHERE n.kind = :kind ORDER BY o.name"
)
Told = Callable[[str], set[tuple[str, str, bool]]]


@pytest.fixture
def told(owner: Engine) -> Told:
    """Who was told so: house, role, and whether the case was left unsaid."""

    def of(kind: str) -> set[tuple[str, str, bool]]:
        with owner.connect() as database:
            return {tuple(row) for row in database.execute(text(TOLD), {"kind": kind})}  # type: ignore[misc]

    return of


def test_another_hears_what_was_meant_for_nobody(
    led: UUID, acting: As, owner: Engine, told: Told, enter: Enter
) -> None:
    with acting("ngo") as work:
        alert(work, led, "a remedy is open", role=Role.LEG)  # she has no lawyer yet
        alert(work, led, "a service is missing", role=Role.NCR)  # who is on no team
        alert(work, led, "look at it", role=Role.NGO)
        alert(work, led, "a clock is over", role=Role.AUD, urgent=True)
        alert(work, None, "ask why", role=Role.SUP, organisation_id=work.actor.organisation_id)
        work.commit()
    assert told("a remedy is open") == {(HOUSE["ngo"], "NGO", False)}
    assert told("a service is missing") == {(HOUSE["coordination"], "NCR", True)}
    assert told("look at it") == {(HOUSE["ngo"], "NGO", False)}
    assert told("ask why") == {(HOUSE["ngo"], "SUP", True)}

    auditor = enter("auditor")  # on no team, and led to what the ledger says of the case
    auditor.get("/")
    (link,) = auditor.page.xpath("//li[contains(., 'a clock is over')]//a/@href")
    assert link == f"/oversight?case={led}"
    auditor.get(link)
    assert auditor.page.xpath("//main//a[. = 'Show all']")

    with owner.connect() as database:
        database.execute(
            text("UPDATE user_account SET disabled_at = now() WHERE role IN ('SUP', 'AUD', 'DPO')")
        )
    with acting("shelter") as work:
        alert(work, None, "nobody watches", role=Role.SUP, organisation_id=work.actor.organisation_id)
        alert(work, led, "nobody sees to it", role=Role.DPO)
        work.commit()
    seen = (
        HOUSE["administration"],
        "ADM",
        True,
    )  # who hears that there is something, and never of which case
    assert told("nobody watches") == {(HOUSE["shelter"], "SUP", True), seen}
    assert told("nobody sees to it") == {seen}


def test_an_office_without_a_supervisor_is_watched_too(
    enter: Enter, told: Told, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(QUOTAS["exports"], "AUD", Quota(1, 2))
    auditor = enter("auditor")
    auditor.json("POST", "/api/oversight/erasures")
    for _again in range(2):
        auditor.json("POST", "/api/oversight/erasures", status=429)
        clock.move(timedelta(minutes=1))
    watching = enter("protector")
    (urgent,) = [
        each for each in watching.json("GET", "/api/work")["urgent"] if "as much as may be" in each["words"]
    ]
    assert "ask why" in urgent["words"]
    assert (HOUSE["coordination"], "DPO", True) in told(
        "Somebody opened, or took away, as much as may be in this time: ask why, or lift it for an hour"
    )
    (line,) = watching.json("GET", "/api/oversight/quotas")
    assert (line["who"], line["kind"], line["times"]) == ("Aron Pike", "exports", 2)
    watching.get("/oversight/quotas")
    assert "where there is none, ask yourself" in watching.text
    assert "because:" not in watching.text  # to lift it is for supervisors


def test_news_goes_no_further_than_the_case(acting: As, teller: Teller, told: Told) -> None:
    waiting = stories.waiting(teller)  # nobody coordinates it yet; the police referred her
    with acting("police") as work:
        alert(work, waiting, "go through the list", role=Role.POL)
        alert(work, waiting, "she may work", role=Role.LEG)
        alert(work, waiting, "act today", role=Role.LEG, urgent=True)
        work.commit()
    assert told("go through the list") == {(HOUSE["police"], "POL", False)}
    assert told("she may work") == set()
    assert told("act today") == {(HOUSE["audit"], "AUD", False)}

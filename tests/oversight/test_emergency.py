"""Breaking the glass: a stranger is in for hours, to what was named, watched by two; a late review rests the right."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.cases.models import Case
from app.demo.stories import Teller
from app.jobs.sweep import sweep
from app.kit.errors import Unknown
from app.safeguards.words import Category, Level, Relation
from app.safeguards.work import Work
from tests.fixtures.service import As, Browser, Enter
from tests.oversight.conftest import Ledger

Jobs = Callable[[], AbstractContextManager[Work]]
REASON = "She called from a locked room and is followed."
SAID = {"threat": "life", "reason": REASON, "categories": ["ID", "CON"]}


@pytest.fixture
def reference(sheltered: UUID, acting: As) -> str:
    """What somebody outside the case was told on the telephone."""
    with acting("ngo") as work:
        return str(work.session.scalars(select(Case.reference).where(Case.id == sheltered)).one())


def breaks(who: Browser, reference: str, status: int = 200, **said: Any) -> Any:
    return who.json("POST", "/api/emergency", {**SAID, "reference": reference, **said}, status=status)


def notices(enter: Enter, who: str) -> list[str]:
    return [each["words"] for each in enter(who).json("GET", "/api/work")["urgent"]]


def test_a_stranger_is_let_in_for_four_hours_to_what_was_named_and_everybody_is_told(  # noqa: PLR0917
    sheltered: UUID, reference: str, enter: Enter, acting: As, teller: Teller, ledger: Ledger
) -> None:
    social = enter("social")
    social.get(f"/cases/{sheltered}", 404)
    social.get("/emergency")
    answer = social.send(reference=reference.lower().replace("-", " "), threat="life", reason=REASON,
                         categories=["ID", "CON"])  # fmt: skip
    assert "Ira" in social.follow(answer).text
    assert "Quince" not in social.page.text_content()
    told = social.json("GET", f"/api/cases/{sheltered}")
    assert {each["slug"] for each in told["panels"]} == {
        "break_glass"
    }  # of the rest, how it stands is no emergency
    with acting("social") as work:
        held = work.standing(sheltered)
        assert held.relations == {Relation.EMERGENCY}
        assert held.emergency == {Category.ID, Category.CON}
        levels = {each: work.may(sheltered, each).level for each in Category}
        assert {each for each, level in levels.items() if level is Level.READ} == {Category.ID, Category.CON}
        assert not work.may(sheltered, Category.ID, "write").allowed
    (grant,) = (each for each in ledger(sheltered, "grant") if each.get("categories"))
    assert (grant["relation"], grant["categories"]) == ("emergency", ["CON", "ID"])
    assert grant["justification"]
    assert REASON not in str(ledger(sheltered))
    for who in ("supervisor3", "auditor", "ngo"):
        assert any("opened a case in an emergency" in each for each in notices(enter, who)), who
    teller.wait(hours=4)
    enter("social").get(f"/cases/{sheltered}", 404)


def test_what_reference_there_is_nobody_learns_by_trying_and_the_ledger_keeps_why(
    sheltered: UUID, reference: str, enter: Enter, acting: As, owner: Any
) -> None:
    social = enter("social")
    nowhere = breaks(social, "2222-2222", 404)
    with acting("police") as work:  # a draft is nobody's case yet
        from app.referrals.service import begin_referral

        draft = begin_referral(work)[0]
        named = str(work.session.scalars(select(Case.reference).where(Case.id == draft)).one())
        work.commit()
    there = breaks(social, named, 404)
    assert {**there, "instance": ""} == {**nowhere, "instance": ""}
    assert not there["faults"]
    social.post("/emergency", {**SAID, "reference": named}, 422)
    assert "No case can be opened with this reference" in social.text
    assert REASON in social.page.xpath("string(//textarea)")
    with owner.connect() as database:
        said = database.exec_driver_sql("SELECT body FROM ledger.event WHERE act = 'refuse'").scalars().all()
    assert len([each for each in said if "no open case of that reference" in each]) == 3
    breaks(enter("inspector"), reference, 404)  # a role that may not, on a case that there is
    breaks(social, reference, 422, categories=["LOC"])
    breaks(social, reference, 422, reason="Because.")
    social.json("POST", f"/api/cases/{sheltered}/tracks/break_glass/request", SAID, status=404)


def test_both_may_review_it_and_the_right_rests_until_somebody_did(  # noqa: PLR0917
    sheltered: UUID, reference: str, enter: Enter, acting: As, teller: Teller, jobs: Jobs
) -> None:
    breaks(enter("social"), reference)
    for who in ("supervisor3", "auditor"):
        reviewer = enter(who)
        reviewer.get("/oversight/emergency")
        assert REASON in reviewer.text
        assert "Sofia Lund" in reviewer.text
        (waiting,) = reviewer.json("GET", "/api/oversight/emergency")
        assert (waiting["reason"], waiting["categories"]) == (REASON, ["ID", "CON"])
        with acting(who) as work:  # to review is not to read
            assert not [
                each for each in Category if work.may(sheltered, each).level is Level.READ and each != "CNS"
            ]
    enter("supervisor").get("/oversight/emergency")
    at, due = (datetime.fromisoformat(waiting[each]) for each in ("at", "due_at"))
    days = [at.date() + timedelta(days=each) for each in range(1, (due.date() - at.date()).days + 1)]
    assert len([each for each in days if each.weekday() < 5]) == 3
    teller.clock.move(due - teller.clock.now() - timedelta(seconds=1))
    breaks(enter("social"), reference, categories=["EXP"])  # nobody is late yet
    teller.wait(seconds=2)
    breaks(enter("social"), reference, 409)  # late, whether or not a sweep came by
    teller.wait(days=3)
    sweep(jobs)
    late = enter("social")
    refused = breaks(late, "2222-2222", 409)  # and learns nothing of whether there is such a case
    assert [each["rule"] for each in refused["faults"]] == ["emergency.review_working_days"]
    late.post("/emergency", {**SAID, "reference": reference}, 422)
    assert "suspended until it is" in late.text
    breaks(enter("shelter"), reference)  # somebody else’s right does not rest
    reviewer = enter("auditor")
    for each in reviewer.json("GET", "/api/oversight/emergency"):
        path = f"/cases/{sheltered}/tracks/{each['track_id']}/review_ok"
        reviewer.get(path)
        reviewer.send(looked_at="yes", finding="As stated.")
    breaks(enter("social"), reference)


def test_misuse_ends_it_at_once_and_is_a_breach(
    sheltered: UUID, reference: str, enter: Enter, acting: As
) -> None:
    breaks(enter("social"), reference)
    boss = enter("supervisor3")
    (waiting,) = boss.json("GET", "/api/oversight/emergency")
    path = f"/api/cases/{sheltered}/tracks/break_glass/{waiting['track_id']}/review_abuse"
    body = {"looked_at": True, "finding": "A neighbour of hers.", "measures": "Account closed."}
    boss.json("POST", path, body, If_Match=str(waiting["version"]))
    enter("social").get(f"/cases/{sheltered}", 404)
    boss.get(f"/cases/{sheltered}", 404)  # the review is over, and with it what let them in
    assert "Data may have got into wrong hands: the clock runs" in str(
        enter("protector").json("GET", "/api/work")
    )
    with acting("social") as work, pytest.raises(Unknown):
        work.member(sheltered)

"""Breaking the glass: a stranger is in for hours, to what was named, watched by two; a late review rests the right."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.cases.models import Case
from app.casework.watchers import watchers
from app.demo.stories import Teller
from app.jobs.sweep import sweep
from app.kit.errors import Unknown
from app.safeguards.conflicts import bar
from app.safeguards.words import Category, Level, Relation, Role
from app.safeguards.work import Work
from tests.fixtures.service import As, Browser, Enter
from tests.oversight.conftest import Ledger

Jobs = Callable[[], AbstractContextManager[Work]]
REASON = "She called from a locked room and is followed."
RIGHT = {"looked_at": True, "finding": "As stated."}
WRONG = {**RIGHT, "measures": "Account closed."}
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
    for who in ("supervisor3", "auditor", "protector", "ngo"):
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


def waiting(reviewer: Browser) -> list[dict[str, Any]]:
    return reviewer.json("GET", "/api/oversight/emergency")  # type: ignore[no-any-return]


def reviews(reviewer: Browser, *, right: bool = True, status: int = 200) -> Any:
    """Give a review of the first emergency access that waits."""
    each = waiting(reviewer)[0]
    step = "review_ok" if right else "review_abuse"
    path = f"/api/cases/{each['case_id']}/tracks/break_glass/{each['track_id']}/{step}"
    return reviewer.json(
        "POST", path, RIGHT if right else WRONG, status=status, If_Match=str(each["version"])
    )


def test_those_who_review_it_read_the_reason_and_nothing_else(
    reference: str, sheltered: UUID, enter: Enter, acting: As
) -> None:
    breaks(enter("social"), reference)
    for who in ("supervisor3", "auditor", "protector"):
        reviewer = enter(who)
        reviewer.get("/oversight/emergency")
        assert REASON in reviewer.text
        assert "Sofia Lund" in reviewer.text
        (clock,) = reviewer.json("GET", "/api/work")["soon"]
        assert clock["case_id"] == str(sheltered)
        assert "Review of the emergency access" in {each["label"] for each in (clock, *clock["also"])}
        (each,) = waiting(reviewer)
        assert (each["reason"], each["categories"]) == (REASON, ["ID", "CON"])
        assert (each["reviewed_by"], each["blocked"]) == (None, None)
        with acting(who) as work:  # to review is not to read
            assert not [
                each for each in Category if work.may(sheltered, each).level is Level.READ and each != "CNS"
            ]
    assert waiting(enter("supervisor")) == []


def test_two_people_of_different_duties_review_it_and_the_right_rests_until_both_did(  # noqa: PLR0917
    sheltered: UUID, reference: str, enter: Enter, owner: Any, teller: Teller, jobs: Jobs
) -> None:
    breaks(enter("social"), reference)
    at, due = (datetime.fromisoformat(waiting(enter("auditor"))[0][each]) for each in ("at", "due_at"))
    days = [at.date() + timedelta(days=each) for each in range(1, (due.date() - at.date()).days + 1)]
    assert len([each for each in days if each.weekday() < 5]) == 3
    first = enter("auditor")
    reviews(first)
    assert "one of two reviewed it" in enter("social").get(f"/cases/{sheltered}").text  # and still open
    reviews(first, status=409)  # nobody gives both
    first.get("/oversight/emergency")
    assert "You have reviewed this" in first.text
    assert not first.page.xpath("//main//a[contains(@href, '/review_ok')]")
    teller.clock.move(due - teller.clock.now() - timedelta(seconds=1))
    sweep(jobs)
    enter("social").get(f"/cases/{sheltered}", 404)  # its hours are over, whoever reviewed it
    breaks(enter("social"), reference, categories=["EXP"])  # nobody is late yet
    teller.wait(seconds=2)
    breaks(enter("social"), reference, 409)  # the second is late, whether or not a sweep came by
    teller.wait(days=3)
    sweep(jobs)
    late = enter("social")
    refused = breaks(late, "2222-2222", 409)  # and learns nothing of whether there is such a case
    assert [each["rule"] for each in refused["faults"]] == ["emergency.review_working_days"]
    late.post("/emergency", {**SAID, "reference": reference}, 422)
    assert "suspended until that is dealt with" in late.text
    breaks(enter("shelter"), reference)  # somebody else’s right does not rest
    boss = enter("supervisor3")
    boss.get("/oversight/emergency")
    assert "Aron Pike" in boss.text
    boss.get(f"/cases/{sheltered}/tracks/{waiting(boss)[0]['track_id']}/review_ok")
    boss.send(looked_at="yes", finding="As stated.")
    assert [each["reviewed_by"] for each in waiting(boss)] == [None, None]  # what else waits is nobody’s yet
    breaks(enter("social"), reference)  # whole again by the second alone
    with owner.connect() as database:
        ends = database.exec_driver_sql(
            "SELECT state FROM track WHERE slug = 'break_glass' ORDER BY opened_at"
        )
        assert ends.scalars().all() == ["reviewed_ok", "expired", "granted", "granted"]


def test_where_an_office_has_no_supervisor_data_protection_is_the_second(
    sheltered: UUID, reference: str, enter: Enter, acting: As
) -> None:
    breaks(enter("ngo2"), reference)
    reviews(enter("auditor"))
    with acting("ngo") as work:  # who leads the case sees who watches it
        assert {role for _who, role in watchers(work, sheltered)} == {Role.AUD, Role.DPO}
        officer = next(who for who, role in watchers(work, sheltered) if role is Role.DPO)
        bar(work, sheltered, user_id=officer, ground="family", reason="Her brother.")
        assert {role for _who, role in watchers(work, sheltered)} == {Role.AUD}
        work.session.rollback()
    reviews(enter("protector"))
    assert waiting(enter("protector")) == []


def test_misuse_ends_it_at_once_and_is_a_breach_whatever_the_other_says(
    sheltered: UUID, reference: str, enter: Enter, acting: As, owner: Any
) -> None:
    breaks(enter("social"), reference)
    reviews(enter("supervisor3"), right=False)
    enter("social").get(f"/cases/{sheltered}", 404)
    breaks(enter("social"), reference, 409)
    with acting("social") as work, pytest.raises(Unknown):
        work.member(sheltered)
    assert "Data may have got into wrong hands: the clock runs" in str(
        enter("protector").json("GET", "/api/work")
    )
    reviews(enter("auditor"))  # it was right, says the second: the first counts
    breaks(enter("social"), reference, 409)  # while the breach is open
    enter("supervisor3").get(f"/cases/{sheltered}", 404)  # over, and with it what let them in
    breaks(enter("shelter"), reference)
    reviews(enter("auditor"))
    reviews(enter("protector"), right=False)
    with owner.connect() as database:
        ends = database.exec_driver_sql(
            "SELECT slug, state FROM track WHERE slug IN ('break_glass', 'data_breach')"
        )
        assert (
            sorted(ends.all()) == [("break_glass", "reviewed_abuse")] * 2 + [("data_breach", "suspected")] * 2
        )
    with owner.begin() as database:
        database.exec_driver_sql("UPDATE track SET state = 'closed' WHERE slug = 'data_breach'")
    breaks(enter("social"), reference, categories=["EXP"])

"""An invented case looks like any other; whoever opens it is out at once, and those who watch know."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.cases.known import check, checked
from app.cases.models import Case
from app.casework.models import CaseStep
from app.deadlines.models import RunningDeadline
from app.demo.stories import Teller
from app.kit.clock import HeldClock
from app.kit.ids import new_id
from app.notices.models import Notice, Outgoing
from app.safeguards.access import SYSTEM
from app.safeguards.invented import draw, is_invented, mark
from app.safeguards.models import Part, TeamMember
from app.safeguards.work import Work
from app.web.door import Runtime
from tests.fixtures.service import As, Enter
from tests.oversight.conftest import Ledger

PERSON = {
    "given_names": "Mirela", "family_names": "Stanczyk", "born_in": 1994, "gender": "Feminine", "nationality": "RO",
    "language": "ro", "region": "north", "story": "debt",
}  # fmt: skip


@pytest.fixture
def permit(enter: Enter, acting: As) -> str:
    with acting("ngo") as work:
        writer = str(work.actor.user_id)
    return str(enter("supervisor").json("POST", "/api/oversight/invented", {"user_id": writer})["permit"])


@pytest.fixture
def planted(enter: Enter, permit: str, acting: As) -> UUID:
    with acting("ngo2") as work:
        partner = str(work.actor.organisation_id)
    said = enter("ngo").json("POST", f"/api/invented/{permit}", {**PERSON, "partner_id": partner}, status=201)
    with acting("auditor") as work:
        return work.session.scalars(select(Case.id).where(Case.reference == said["reference"])).one()


def test_its_identifier_says_so_to_nobody_without_the_key(runtime: Runtime) -> None:
    keys = runtime.keys
    drawn = [draw(keys) for _each in range(300)]
    assert all(
        is_invented(keys, each) and each.version == 4 and each.variant == new_id().variant for each in drawn
    )
    assert not any(is_invented(keys, new_id()) for _each in range(3000))
    assert len({mark(keys, each) for each in drawn}) == 300


def test_it_looks_like_any_case_and_calls_nobody(
    planted: UUID,
    enter: Enter,
    acting: As,
    runtime: Runtime,
    jobs: Callable[[], AbstractContextManager[Work]],
) -> None:
    for who in ("ngo", "ngo2"):
        listed = {each["id"]: each for each in enter(who).json("GET", "/api/work")["cases"]}
        assert listed[str(planted)]["next_due"] is None
    found = enter("ngo2").json("POST", "/api/search", {"name": "Mirela Stanczyk"})
    assert [each["case_id"] for each in found] == [str(planted)]
    with jobs() as work:
        team = select(TeamMember.organisation_id).where(TeamMember.case_id == planted)
        assert len(set(work.session.scalars(team))) == 2  # the two that were named: no authority is called in
        for table in (RunningDeadline, Notice):
            assert not work.session.scalar(select(func.count()).where(table.case_id == planted)), table
        assert not work.session.scalar(select(func.count(Outgoing.id)))
    with acting("ngo") as work:
        written = (
            work.session.scalars(select(Case.created_by).where(Case.id == planted)).all()
            + work.session.scalars(select(Part.author_user_id).where(Part.case_id == planted)).all()
            + work.session.scalars(select(CaseStep.actor_id).where(CaseStep.case_id == planted)).all()
        )
        assert set(written) <= {
            work.actor.user_id,
            SYSTEM,
        }  # somebody who writes cases every day, and no supervisor


def test_opening_it_ends_every_session_at_once_and_those_who_watch_know(
    planted: UUID, enter: Enter, ledger: Ledger, clock: HeldClock, record_property: Callable[[str, str], None]
) -> None:
    curious, elsewhere, colleague = enter("ngo2"), enter("ngo2"), enter("ngo")
    clock.move(timedelta(seconds=30))
    assert "Mirela" in curious.get(f"/cases/{planted}").text  # nothing of anybody, and no word of an alarm
    assert "alarm" not in curious.text.lower()
    assert curious.get("/", 303).headers["location"].startswith("/sign-in")
    elsewhere.json("GET", "/api/work", status=401)
    colleague.get("/")
    (alarm,) = ledger(planted, "alarm")
    waited = (clock.now() - datetime.fromisoformat(alarm["at"])).total_seconds()
    record_property("G20", f"{waited:.0f} s: in the transaction of the opening")
    assert (waited, alarm["by"], alarm["role"]) == (0, "invented case", "NGO")
    for who in ("supervisor", "auditor"):
        told = enter(who).json("GET", "/api/work")["urgent"]
        assert any("opened an invented case" in each["words"] for each in told), who
    shown = enter("supervisor").get("/oversight/invented").text
    assert "Omar Diallo" in shown
    enter("ngo2").get("/")  # whoever was signed out may sign in again, and is asked


def test_every_way_in_sets_it_off(planted: UUID, enter: Enter, acting: As, ledger: Ledger) -> None:
    enter("ngo2").json("GET", f"/api/cases/{planted}")
    with acting("auditor") as work:
        reference = work.session.scalars(select(Case.reference).where(Case.id == planted)).one()
    breaks = {"threat": "life", "reason": "She called from a locked room.", "categories": ["ID"]}
    enter("police").json("POST", "/api/emergency", {**breaks, "reference": reference})
    refused = enter("ngo")
    refused.json("POST", f"/api/cases/{planted}/tracks/referral/nothing", {}, status=404)
    refused.json("POST", f"/api/cases/{planted}/tracks/consent/ask", {}, status=422)
    enter("auditor").get(f"/cases/{planted}")
    assert {each["role"] for each in ledger(planted, "alarm")} == {"NGO", "POL", "AUD"}
    enter("inspector").get(
        f"/cases/{planted}", 404
    )  # a stranger learns nothing, not even by being signed out
    assert len(ledger(planted, "alarm")) == 3
    (review,) = enter("auditor").json("GET", "/api/oversight/emergency")
    assert review["case_id"] == str(planted)


def test_who_may_not_know_cannot_tell_and_nobody_is_led_to_it_by_a_likeness(
    planted: UUID, permit: str, enter: Enter, acting: As, teller: Teller
) -> None:
    for who, status in (("ngo2", 404), ("ngo", 404), ("protector", 404), ("supervisor3", 200)):
        answer = enter(who).json("GET", "/api/oversight/invented", status=status)
        assert status == 404 or answer == []
    enter("ngo2").json("POST", f"/api/invented/{permit}", PERSON, status=404)  # the permit is one person’s
    enter("ngo").json("POST", f"/api/invented/{permit[:-4]}AAAA", PERSON, status=404)
    signs = [{"source": "told", "signs": ["ilo.debt"]}]
    like = teller.refer(
        "police", "social", signs, given_names="Mirela", family_names="Stanczyk", born_on={"year": 1994}
    )
    with acting("police") as work:
        assert not checked(work, like, check(work, like)).known
    teller.wait(days=2)
    enter("ngo").json("POST", f"/api/invented/{permit}", PERSON, status=404)  # and good for a day


def test_it_is_withdrawn_by_whoever_had_it_written(planted: UUID, enter: Enter) -> None:
    boss = enter("supervisor")
    boss.get("/oversight/invented")
    boss.send(action="withdraw")
    assert boss.json("GET", "/api/oversight/invented") == []
    enter("ngo2").get(f"/cases/{planted}", 404)
    (known,) = enter("auditor").json("GET", "/api/oversight/invented")
    assert known["case_id"] == str(planted)


def test_pages_lead_from_the_permit_to_the_case(enter: Enter) -> None:
    boss = enter("supervisor")
    boss.get("/oversight/invented")
    boss.send(422)
    boss.get("/oversight/invented")
    (colleague,) = boss.page.xpath(
        "//main//option[. = 'Nadia Okoye']/@value | //main//input[@name='user_id']/@value"
    )
    boss.send(200, user_id=colleague)
    path = boss.page.xpath("string(//code)").split("example", 1)[-1]
    writer = enter("ngo")
    writer.get("/invented/" + path.rsplit("/invented/", 1)[-1])
    writer.send(422, given_names="Mirela")
    writer.send(**{name: str(value) for name, value in PERSON.items()})
    (known,) = enter("supervisor").json("GET", "/api/oversight/invented")
    assert (known["by"], known["openings"]) == ("Nadia Okoye", [])

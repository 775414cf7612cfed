"""Conflict of interest: whoever is named in a case is told, everywhere, that there is none; two people lift it."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select, text

from app.cases.models import Case
from app.cases.queries import my_cases
from app.casework.forms import GROUNDS
from app.kit.ids import new_id
from app.oversight.queries import Asked, lines
from app.safeguards.matrix import CONFLICT
from tests.casework.conftest import Ledger
from tests.doors.knocking import without_its_number
from tests.fixtures.service import As, Browser, Enter

WHY = "He is the cousin of the man who held her papers."
SAID = {"ground": "family", "reason": WHY}
GLASS = {"threat": "life", "reason": "She called and is followed.", "categories": ["ID"]}


@pytest.fixture
def houses(acting: As) -> dict[str, UUID]:
    """The organisation of each persona that a conflict may name."""
    found = {}
    for who in ("police", "ngo", "shelter", "social", "auditor"):
        with acting(who) as work:
            assert work.actor.organisation_id
            found[who] = work.actor.organisation_id
    return found


def seen(browser: Browser, path: str) -> tuple[int, dict[str, str], str]:
    return without_its_number(browser.client.get(path))


def bars(enter: Enter, case_id: UUID, **who: Any) -> None:
    enter("ngo").json("POST", f"/api/cases/{case_id}/conflicts/others", {**SAID, **who})


def test_whoever_is_barred_finds_no_such_case_from_the_next_request_on(  # noqa: PLR0917 -- one story
    sheltered: UUID, enter: Enter, acting: As, ledger: Ledger, owner: Engine, houses: dict[str, UUID]
) -> None:
    police, lead = enter("police"), enter("ngo")
    police.get(f"/cases/{sheltered}")
    lead.get(f"/cases/{sheltered}/conflicts")
    lead.get(f"/cases/{sheltered}/conflicts/others")
    lead.send(422, organisation_id=str(houses["police"]), email="nobody@demonstration.example", **SAID)
    assert "Nobody of that organisation uses this service with that address" in lead.text
    lead.follow(lead.send(email="Police@demonstration.example"))
    assert "Petra Falk" in lead.text
    assert WHY not in str(ledger(sheltered))
    (barred,) = [each for each in ledger(sheltered, "revoke") if each.get("rule") == CONFLICT]
    assert barred["ground"] == "family"
    assert barred["justification"]
    for path in ("/cases/{}", "/api/cases/{}", "/cases/{}/person", "/cases/{}/conflicts", "/cases/{}/same"):
        assert seen(police, path.format(sheltered)) == seen(police, path.format(new_id())), path
        assert ledger(sheltered, "refuse")[-1]["rules"] == [CONFLICT], path
    assert str(sheltered) not in str(police.json("GET", "/api/work"))
    assert str(sheltered) not in str(police.json("GET", "/api/referrals"))
    with acting("ngo") as work:
        reference = work.session.scalars(select(Case.reference).where(Case.id == sheltered)).one()
    there = police.json("POST", "/api/emergency", {**GLASS, "reference": reference}, status=404)
    nowhere = police.json("POST", "/api/emergency", {**GLASS, "reference": "2222-2222"}, status=404)
    assert {**there, "instance": ""} == {**nowhere, "instance": ""}
    police.post("/emergency", {**GLASS, "reference": reference}, 422)
    assert [each["rules"] for each in ledger(sheltered, "refuse")[-2:]] == [[f"emergency: {CONFLICT}"]] * 2
    with acting("police2") as work:
        assert not work.standing(sheltered).barred  # a colleague is none of this
    with acting("police") as work:
        assert my_cases(work) == []
        for table in ("case", "track", "step", "part", "share", "team_member", "search_token"):
            rows = text(f'SELECT count(*) FROM "{table}"')
            assert work.session.scalar(rows) == 0, table
    with owner.connect() as database:  # past the service: the row is ended, and its stamp does not fit
        database.execute(text("UPDATE barring SET ended_at = from_at"))
    with acting("police") as work:
        assert work.standing(sheltered).barred
        assert work.session.scalars(select(Case.id)).all() == [
            sheltered
        ]  # the net has a hole, the decision none
        assert work.has_alarms


def test_two_people_lift_it_and_no_member_records_it_of_others(
    sheltered: UUID, enter: Enter, houses: dict[str, UUID]
) -> None:
    enter("shelter").json(
        "POST", f"/api/cases/{sheltered}/conflicts/others", {**SAID, "organisation_id": str(houses["police"])},
        status=403,
    )  # fmt: skip
    bars(enter, sheltered, organisation_id=str(houses["police"]))
    enter("police").get(f"/cases/{sheltered}", 404)
    lead, boss = enter("ngo"), enter("supervisor")
    (held,) = lead.json("GET", f"/api/cases/{sheltered}/conflicts")
    assert (held["who"], held["ground"]) == ("Kestrel City Police", GROUNDS["family"])
    lift = f"/api/cases/{sheltered}/conflicts/{held['id']}/lift"
    assert not lead.json("POST", lift, {})["lifted"]
    lead.json("POST", lift, {}, status=409)
    enter("police").get(f"/cases/{sheltered}", 404)
    boss.json("POST", lift, {}, status=404)  # has stated no reason, and is a stranger
    boss.json("POST", f"/api/cases/{sheltered}/oversight", {"reason": "To look at the conflict named."})
    boss.get(f"/cases/{sheltered}/conflicts")
    assert "Nadia Okoye proposes to lift it" in boss.text
    boss.send(action="/lift")
    enter("police").get(f"/cases/{sheltered}")
    lead.json("POST", lift, {}, status=404)


def test_one_steps_back_oneself_and_supervisors_hear_that_somebody_left(
    sheltered: UUID, enter: Enter, acting: As
) -> None:
    shelter = enter("shelter")
    shelter.get(f"/cases/{sheltered}")
    shelter.get(f"/cases/{sheltered}/conflicts")
    shelter.send(422, ground="interest", reason="Short")
    assert shelter.send(reason=WHY).headers["location"] == "/"
    shelter.get(f"/cases/{sheltered}", 404)
    notices = [each["words"] for each in enter("supervisor").json("GET", "/api/work")["urgent"]]
    assert any("barred from a case by a conflict of interest" in each for each in notices)
    auditor = enter("auditor")
    auditor.get(f"/cases/{sheltered}")
    auditor.json("POST", f"/api/cases/{sheltered}/conflicts", SAID)
    auditor.get(f"/cases/{sheltered}", 404)
    for office in (auditor, enter("protector")):  # to whom every case is known, but this is none
        office.json("POST", f"/api/cases/{new_id()}/conflicts", SAID, status=404)
    with acting("auditor") as work:
        assert not [each for each in lines(work, Asked()) if each.case_id == sheltered]
        assert work.session.scalar(select(func.count()).select_from(Case)) == 0

"""Whoever runs the service sees nothing of any case, and does not come to see it by an account of their own making."""

from uuid import UUID

from app.demo import acting as people
from app.kit.clock import HeldClock
from app.web.door import Runtime
from tests.fixtures.program import Program
from tests.fixtures.service import Browser, Enter

HOUSE = {"name": "Bridge", "role": "SHE", "doors": ["api.casework.case", "api.casework.work"]}


def test_who_runs_the_service_does_not_let_themself_into_a_house(
    sheltered: UUID, enter: Enter, runtime: Runtime, clock: HeldClock, stranger: Browser
) -> None:
    with people.as_system(runtime) as work:
        house = people.find(work.session, "shelter").organisation_id
    office, hand = enter("administrator"), Program(clock, stranger.client)
    added = office.json("POST", "/api/programs", {**HOUSE, "organisation_id": str(house)}, status=201)
    known = added["client_id"], added["client_secret"]
    assert hand.asks(*known).status_code == 400
    office.json("POST", f"/api/newcomers/{known[0]}/open", status=403)
    office.json("POST", f"/api/users/{known[0]}/open", status=409)
    assert "Waits for a second person." in office.get("/newcomers").text
    assert "Waits for a second person." in office.get("/administration/programs").text
    assert [each["waits"] for each in office.json("GET", "/api/programs")] == [True]

    enter("supervisor").json("POST", f"/api/newcomers/{known[0]}/open", status=404)  # of another organisation
    boss = enter("supervisor2")
    assert "Somebody new waits to be let in" in boss.get("/").text
    boss.get("/newcomers")
    boss.follow(boss.send(action=f"{known[0]}/open"))
    assert "No new account waits." in boss.text
    token = hand.asks(*known).json()["access_token"]
    path = f"/api/cases/{sheltered}"
    assert hand.call.get(path, headers=hand.bearing(token, path=path)).status_code == 200

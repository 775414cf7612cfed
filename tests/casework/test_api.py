"""JSON doors of casework: typed for every step, the same acts and the same events as the pages."""

from app.demo import stories
from app.safeguards.doors import ACCESS
from app.tracks import TRACKS

ASKED = {
    "purpose": "share_health",
    "categories": ["ID"],
    "language": "ro",
    "capacity_note": "Rested",
    **stories.INFORMED,
}
GIVEN = {"given_by": "self", "method": "written", "evidence": "signed_form", "evidence_reference": "F-18"}
UNLIKE = (
    "id", "at", "session", "authenticator", "step_id", "track", "records", "recipient", "rests_on", "vouched", "after",
)  # fmt: skip


def recipient(teller):
    with stories.as_persona(teller.runtime, "ngo") as work:
        return str(teller.house(work, "social"))


def test_a_track_is_opened_and_taken_on(sheltered, enter, teller):
    browser, base = enter("ngo"), f"/api/cases/{sheltered}/tracks/consent"
    opened = browser.json("POST", f"{base}/ask", {**ASKED, "recipients": [recipient(teller)]})
    assert (opened["slug"], opened["step"], opened["state"], opened["version"]) == (
        "consent",
        "ask",
        "asked",
        1,
    )
    path = f"{base}/{opened['track_id']}/give"
    assert browser.json("POST", path, GIVEN, If_Match="1")["state"] == "given"
    stale = browser.json("POST", path, GIVEN, status=409, If_Match="1")
    assert stale["type"] == "/problems/stale"
    assert stale["held"] == {"version": 2, "state": "given"}
    assert stale["sent"]["evidence_reference"] == "F-18"


def test_problems_name_field_rule_and_source(sheltered, enter, teller):
    browser, base = enter("ngo"), f"/api/cases/{sheltered}/tracks/consent"
    wrong = browser.json("POST", f"{base}/ask", {**ASKED, "recipients": [], "extra": 1}, status=422)
    assert {"recipients", "extra"} <= {each["field"] for each in wrong["faults"]}
    opened = browser.json("POST", f"{base}/ask", {**ASKED, "recipients": [recipient(teller)]})
    path = f"{base}/{opened['track_id']}/give"
    refused = browser.json("POST", path, {**GIVEN, "given_by": "guardian"}, status=409, If_Match="1")
    assert refused["faults"][0] | {"message": ""} == {
        "field": "given_by", "message": "", "rule": "INV-17", "source": "CETS 197 art. 12(7)",
    }  # fmt: skip
    browser.json("POST", path, GIVEN, status=422)
    browser.json("POST", path, GIVEN, status=422, If_Match="first")
    browser.json(
        "POST",
        f"/api/cases/{sheltered}/tracks/case/{opened['track_id']}/reduce",
        {},
        status=422,
        If_Match="1",
    )


def test_a_step_has_the_form_of_the_state_in_which_the_track_is(sheltered, enter, teller):
    """Asking again after a refusal needs new circumstances; after an end by time it asks nothing."""
    teller.act("ngo", sheltered, "consent", "withdraw", withdrawn_on=teller.today(), scope="everything")
    browser = enter("ngo")
    page = browser.json("GET", f"/api/cases/{sheltered}")
    (consent,) = [each for each in page["panels"] if each["slug"] == "consent"]
    path = f"/api/cases/{sheltered}/tracks/consent/{consent['id']}/ask_again"
    version = str(consent["version"])
    browser.json("POST", path, {"new_circumstances": "New"}, status=422, If_Match=version)
    assert browser.json("POST", path, {}, If_Match=version)["state"] == "asked"


def test_the_page_and_the_json_door_leave_the_same_events(sheltered, enter, teller, ledger):
    browser = enter("ngo")
    start = len(ledger(sheltered))
    browser.get(f"/cases/{sheltered}/open/consent/ask")
    typed = {"purpose": "share_health", "categories": "ID", "language": "ro", "capacity_note": "Rested"}
    browser.send(**typed, **dict.fromkeys(stories.INFORMED, "yes"), recipients=recipient(teller))
    middle = len(ledger(sheltered))
    browser.json(
        "POST", f"/api/cases/{sheltered}/tracks/consent/ask", {**ASKED, "recipients": [recipient(teller)]}
    )
    events = ledger(sheltered)
    by_page, by_json = ([{k: v for k, v in each.items() if k not in UNLIKE} for each in part]
                        for part in (events[start:middle], events[middle:]))  # fmt: skip
    assert by_page == by_json


def test_the_case_comes_back_whole(sheltered, enter):
    page = enter("ngo").json("GET", f"/api/cases/{sheltered}")
    assert page["person"]["called"] == "Ira"
    kept = {each["name"]: each["value"] for each in page["person"]["answers"]}
    assert kept["born_on"] == {"year": 1999}
    assert kept["nationalities"] == ["MD"]
    (sent,) = [each for each in page["records"] if each["title"] == "Send the referral"]
    indicators = next(each for each in sent["answers"] if each["name"] == "indicators")
    assert indicators["value"][0]["signs"] == ["ilo.violence"]


def test_my_work_comes_as_json(sheltered, enter):
    found = enter("ngo").json("GET", "/api/work")
    assert [each["id"] for each in found["cases"]] == [str(sheltered)]


def test_every_step_has_its_typed_door(app):
    described = app.openapi()["paths"]
    doors = [door for path in described.values() for door in path.values()]
    ids = [each["operationId"] for each in doors]
    assert len(ids) == len(set(ids))
    for slug, declared in TRACKS.items():
        for step in declared.steps:
            name = f"api.{'step' if step.from_ else 'open'}.{slug}.{step.name}"
            if name in ACCESS.entries:
                (door,) = [each for each in doors if each["operationId"] == name]
                assert "requestBody" in door
                assert {"401", "403", "404", "409", "422", "503"} <= door["responses"].keys()
                assert "application/problem+json" in door["responses"]["409"]["content"]


def test_what_only_the_timer_does_has_no_door(app):
    assert "api.step.consent.expire" not in ACCESS.entries
    assert "api.step.referral.submit" not in ACCESS.entries
    assert "api.step.consent.withdraw" in ACCESS.entries


def test_a_supervisor_states_a_reason_and_reads(enter, runtime, clock):
    case_id = stories.sheltered(stories.Teller(runtime, clock))
    supervisor = enter("supervisor")
    supervisor.json("GET", f"/api/cases/{case_id}", status=404)
    supervisor.json("POST", f"/api/cases/{case_id}/oversight", {"reason": ""}, status=422)
    supervisor.json("POST", f"/api/cases/{case_id}/oversight", {"reason": "Complaint about a long wait"})
    assert supervisor.json("GET", f"/api/cases/{case_id}")["whereabouts"] is None
    enter("supervisor2").json("GET", f"/api/cases/{case_id}", status=404)

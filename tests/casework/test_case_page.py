"""The case page: each reader sees what is theirs, once recorded, and nothing of where unless they must know."""

import dataclasses
import json
import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.casework.queries import case_page
from app.kit.errors import Unknown
from app.safeguards.words import Category
from app.shelters.models import Place

EVERYBODY = ("police", "ngo", "shelter", "authority")


def everything(page) -> str:
    return json.dumps(dataclasses.asdict(page), default=str)


def seen_by(acting, who, case_id):
    with acting(who) as work:
        page = case_page(work, case_id)
        work.commit()
    return page


def test_the_four_answers(sheltered, acting):
    page = seen_by(acting, "ngo", sheltered)
    assert (page.person.called, page.age_class) == ("Ira", "18 or older")
    assert (page.safety.code, page.safety.words) == ("yes", "In safe accommodation")
    assert "Safety and what is needed at once" in {each.label for each in page.due}
    assert page.due == tuple(sorted(page.due, key=lambda each: each.due_at))
    assert {("inra", "start"), ("case", "reduce")} <= {(each.slug, each.step) for each in page.acts}


def test_one_event_names_every_field_of_the_page(sheltered, acting, ledger):
    before = len(ledger(sheltered, "consult"))
    page = seen_by(acting, "ngo", sheltered)
    (event,) = ledger(sheltered, "consult")[before:]
    shown = {each.name for record in page.records for each in record.answers} | {
        each.name for each in page.person.answers
    }
    named = {name for fields in event["fields"].values() for name in fields}
    assert shown <= named
    assert "ilo.violence" not in str(event)
    assert "Codreanu" not in str(event)


@pytest.mark.parametrize("door", ["/cases/{}", "/api/cases/{}"])
def test_a_stranger_finds_nothing_and_a_missing_case_looks_the_same(sheltered, enter, door):
    other = enter("ngo2")
    theirs = other.client.get(door.format(sheltered))
    none = other.client.get(door.format(UUID(int=7)))
    assert (theirs.status_code, none.status_code) == (404, 404)
    same = [each.text.replace(each.headers["x-request-id"], "") for each in (theirs, none)]
    assert same[0] == same[1] or door.startswith("/cases")


def test_a_member_without_the_right_is_told_so(sheltered, enter, track_of):
    consent = track_of(sheltered, "consent")
    police = enter("police")
    police.get(f"/cases/{sheltered}/tracks/{consent.id}/withdraw", 403)
    police.get(f"/cases/{sheltered}/person", 403)
    answer = police.json(
        "POST", f"/api/cases/{sheltered}/tracks/consent/{consent.id}/withdraw", status=403, If_Match="2",
        body={"withdrawn_on": "2026-03-02", "scope": "everything"},
    )  # fmt: skip
    assert answer["type"] == "/problems/not-allowed"


def test_a_sender_sees_how_it_stands_and_nothing_of_where(sheltered, acting, enter):
    page = seen_by(acting, "police", sheltered)
    assert page.bare
    assert page.safety.words == "In safe accommodation: Yes"
    assert [(each.label, each.words) for each in page.status] == [
        ("Referral", "Accepted"),
        ("Accepted by", "NGO caseworker"),
    ]
    assert (page.whereabouts, page.team, page.consents, page.panels, page.elsewhere) == (
        None,
        (),
        None,
        (),
        (),
    )
    assert {each.title for each in page.records} == {"Begin a referral", "Send the referral"}
    with acting("shelter") as work:
        places = work.session.scalars(select(Place.code)).all()
    browser = enter("police")
    said = browser.get(f"/cases/{sheltered}").text + browser.client.get(f"/api/cases/{sheltered}").text
    said += browser.get("/").text + everything(page)
    for word in ("House Linden", "place_id", "Samir", '"LOC"', "Place", *places):
        assert word not in said, word


def test_only_those_who_must_know_learn_the_place(sheltered, acting):
    found = {who: seen_by(acting, who, sheltered).whereabouts for who in EVERYBODY}
    assert found["police"] is None
    assert found["authority"] is None
    assert {"place", "address"} <= {each.name for each in found["ngo"]}
    assert found["shelter"] == found["ngo"]
    assert all(
        each.category != Category.LOC.value
        for who in EVERYBODY for record in seen_by(acting, who, sheltered).records for each in record.answers
    )  # fmt: skip


def test_the_house_and_its_staff_stay_unnamed_outside_it(sheltered, acting):
    outside = everything(seen_by(acting, "authority", sheltered))
    assert "House Linden" not in outside
    assert "Samir" not in outside
    assert "Shelter staff recorded the arrival in a shelter" in outside
    assert "Samir" not in everything(seen_by(acting, "ngo", sheltered))


def test_who_was_only_asked_sees_the_least_and_can_answer(waiting, acting):
    page = seen_by(acting, "ngo2", waiting)
    assert (page.asked, page.team, page.consents, page.whereabouts) == (True, (), None, None)
    assert "Adaeze" not in everything(page)
    assert {each.slug for each in page.panels} == {"referral"}
    assert {"accept", "decline", "acknowledge"} <= {each.step for each in page.acts}
    said = {each.name for record in page.records for each in record.answers}
    assert {"immediate_needs", "urgency", "language"} <= said
    assert not said & {"given_names", "nationalities", "safe_contact", "indicators"}


def test_what_is_kept_elsewhere_is_said_in_lines_of_one_shape(sheltered, acting):
    page = seen_by(acting, "authority", sheltered)
    assert {each.ask for each in page.elsewhere} == {"Harbour Association"}
    assert [each.category for each in page.elsewhere] == sorted({each.category for each in page.elsewhere})


def test_a_consent_that_is_taken_back_ends_access_at_the_next_request(
    sheltered, teller, acting, enter, ledger
):
    ngo = enter("ngo")
    ngo.get(f"/cases/{sheltered}/person")
    ngo.send(name_to_use="Irinka")
    police = enter("police")
    police.get(f"/cases/{sheltered}")
    assert "Irinka" in police.text
    teller.act("ngo", sheltered, "consent", "withdraw", withdrawn_on=teller.today(), scope="everything")
    police.get(f"/cases/{sheltered}")
    assert "Irinka" not in police.text
    revoked = [each["rests_on"] for each in ledger(sheltered, "revoke") if "rests_on" in each]
    assert len(revoked) == 1


def test_a_row_of_the_team_that_has_ended_opens_nothing(sheltered, clock, enter, acting):
    supervisor = enter("supervisor")
    supervisor.get(f"/cases/{sheltered}", 404)
    supervisor.get(f"/cases/{sheltered}/oversight")
    supervisor.follow(supervisor.send(reason="Quality review of the first week"))
    assert "Ira" in supervisor.text
    clock.move(timedelta(hours=4))
    with acting("supervisor") as work, pytest.raises(Unknown):
        case_page(work, sheltered)


def test_a_supervisor_states_a_reason_first(sheltered, enter, ledger, owner):
    supervisor = enter("supervisor")
    supervisor.get("/")
    assert "Cases of your organisation" in supervisor.text
    assert "Ira" not in supervisor.text
    supervisor.get(f"/cases/{sheltered}/oversight")
    supervisor.send(422, reason="why")
    supervisor.send(reason="Complaint received about the first contact")
    (granted,) = [each for each in ledger(sheltered, "grant") if each["relation"] == "oversight"]
    assert granted["justification"]
    assert "Complaint" not in str(ledger(sheltered))
    page = supervisor.get(f"/cases/{sheltered}").text
    assert "Whereabouts" not in page
    assert 'id="where"' not in page


def test_a_supervisor_of_another_organisation_is_a_stranger(sheltered, enter):
    other = enter("supervisor3")
    other.get(f"/cases/{sheltered}/oversight", 404)
    other.post(f"/cases/{sheltered}/oversight", {"reason": "I would like to know more"}, 404)


def test_the_page_reads_in_french(sheltered, enter):
    browser = enter("ngo")
    browser.get(f"/cases/{sheltered}?lang=fr")
    assert "Qui est-ce" in browser.text
    assert not re.search(
        r"[0-9a-f]{8}-[0-9a-f]{4}-", browser.text
    )  # no identifier that says nothing to anybody
    assert "Lieu de vie" in browser.text
    assert "Coordonne" in browser.text or "coordonne le dossier" in browser.text

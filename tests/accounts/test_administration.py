"""What an administrator does, through the doors."""

import html
import re
from datetime import timedelta

import pytest

PERSON = {"name": "Noor Vale", "email": "noor@vale.example", "role": "POL"}


@pytest.fixture
def house(ruler):
    said = {"name": "House of Orme", "kind": "NGO", "takes_referrals": True}
    return ruler.tell("/api/organisations", said).json()["id"]


@pytest.fixture
def officer(ruler, doors, house):
    """The browser of somebody whom the administrator invited."""
    link = ruler.tell("/api/invitations", {**PERSON, "organisation_id": house}).json()["link"]
    reader = type(ruler)(doors)
    assert reader.accept(link.split("#")[1]).status_code == 200
    return reader


def test_a_page_invites_and_shows_the_link_once(ruler, house, reader):
    assert 'name="organisation_id"' in ruler.get("/administration/invite").text
    page = ruler.fill("/administration/invite", **PERSON, organisation_id=house, idempotency_key="one")
    assert page.status_code == 200
    token = html.unescape(re.search(r"/invitation#([\w-]+)", page.text)[1])
    assert reader.post("/api/invitations/open", json={"token": token}).json()["name"] == "Noor Vale"
    shown = ruler.get("/administration").text
    assert "Noor Vale" in shown
    assert token not in shown


def test_a_bad_invitation_shows_what_was_typed_and_why(ruler, house):
    page = ruler.fill("/administration/invite", **{**PERSON, "email": "noor"}, organisation_id=house)
    assert page.status_code == 422
    assert "Write the e-mail address like name@example.org." in page.text
    assert "Noor Vale" in page.text
    assert 'href="#f-email"' in page.text


@pytest.mark.parametrize(
    "wrong",
    [{"role": "SYS"}, {"role": "VIC"}, {"email": "x"}, {"name": ""}, {"name": "x" * 10_000}, {"name": "a\0"},
     {"organisation_id": "7"}, {"extra": "1"}],
)  # fmt: skip
def test_json_that_does_not_fit_is_refused(ruler, house, wrong):
    answer = ruler.tell("/api/invitations", {**PERSON, "organisation_id": house, **wrong})
    assert answer.status_code == 422
    assert answer.json()["faults"]
    assert (
        ruler.fill("/administration/invite", **{**PERSON, "organisation_id": house, **wrong}).status_code
        == 422
    )


def test_one_account_for_one_address(ruler, officer, house):
    answer = ruler.tell("/api/invitations", {**PERSON, "organisation_id": house})
    assert answer.status_code == 409
    assert answer.json()["faults"][0]["field"] == "email"
    assert ruler.fill("/administration/invite", **PERSON, organisation_id=house).status_code == 422


def test_a_closed_account_is_out_at_once_and_comes_back_when_opened(ruler, officer):
    user = officer.get("/api/session").json()["user"]
    assert ruler.fill(f"/administration/users/{user}/close").status_code == 303
    assert officer.get("/api/session").status_code == 401
    assert officer.enter().status_code == 403
    assert "Open the account again" in ruler.get("/administration").text
    assert ruler.fill(f"/administration/users/{user}/open").status_code == 303
    assert officer.enter().status_code == 200


def test_nobody_else_even_learns_that_there_is_an_administration(ruler, officer, house):
    for path in ("/administration", "/administration/invite", "/api/users", "/api/invitations"):
        assert officer.get(path).status_code == 404
    user = ruler.get("/api/session").json()["user"]
    assert officer.fill(f"/administration/users/{user}/close").status_code == 404
    assert officer.tell("/api/invitations", {**PERSON, "organisation_id": house}).status_code == 404
    assert officer.get("/api/organisations").status_code == 200


def test_it_asks_for_a_new_sign_in_after_five_minutes(ruler, house, clock):
    clock.move(timedelta(minutes=5))
    assert ruler.get("/administration/invite").headers["location"] == "/sign-in?next=/administration/invite"
    assert "Sign in again to change anything here" in ruler.get("/administration").text
    answer = ruler.fill("/administration/invite", **PERSON, organisation_id=house)
    assert answer.status_code == 401
    assert "/sign-in?next=/held/" in answer.text
    assert ruler.tell("/api/invitations", {**PERSON, "organisation_id": house}).status_code == 401
    ruler.enter()
    assert ruler.get("/administration/invite").status_code == 200


def test_organisations_are_added_on_a_page(ruler, house):
    typed = {"name": "Legal Vale", "kind": "LegalService", "takes_referrals": "no"}
    assert "takes_referrals" in ruler.get("/administration/organisations/add").text
    assert ruler.fill("/administration/organisations/add", **typed).status_code == 303
    assert "Legal Vale" in ruler.get("/administration").text
    assert ruler.fill("/administration/organisations/add", **typed).status_code == 422
    assert ruler.fill("/administration/organisations/add", name="").status_code == 422


def test_the_link_is_not_told_twice(ruler, house):
    headers = {"X-CSRF-Token": ruler.token(), "Idempotency-Key": "one"}
    sent = {**PERSON, "organisation_id": house}
    first = ruler.post("/api/invitations", json=sent, headers=headers)
    again = ruler.post("/api/invitations", json=sent, headers=headers)
    assert first.json()["link"]
    assert again.json() == {"link": None}


def test_a_form_page_is_not_felled_by_json(ruler):
    headers = {"X-CSRF-Token": ruler.token()}
    for path in ("/administration/invite", "/administration/organisations/add", "/account/language"):
        assert ruler.post(path, json={}, headers=headers).status_code == 415


def test_pages_of_the_administration_speak_french(ruler):
    page = ruler.get("/administration?lang=fr").text
    assert "Comptes et organisations" in page
    assert "administrateur" in page.lower()

"""The doors by which a worker lets the person be told: pages and JSON alike."""

import pytest

from tests.notices.conftest import NUMBER, SAFE

TYPED = {
    "way": "0", "language": "fr", "days": ["mon", "fri"], "from_hour": "9", "until_hour": "17", "confirmed": "yes",
}  # fmt: skip


@pytest.fixture
def nadia(enter, led):
    return enter("ngo")


def test_the_case_page_leads_there_for_the_lead_only(nadia, enter, led):
    nadia.get(f"/cases/{led}")
    assert nadia.page.xpath(f"//a[@href='/cases/{led}/message']")
    police = enter("police")
    police.get(f"/cases/{led}")
    assert not police.page.xpath(f"//a[@href='/cases/{led}/message']")
    police.get(f"/cases/{led}/message", status=403)
    enter("ngo2").get(f"/cases/{led}/message", status=404)


def test_she_is_told_by_a_page_and_it_can_be_called_off(nadia, led):
    nadia.get(f"/cases/{led}/message")
    assert "+43660123456" in nadia.text
    assert "old@mail.example" not in nadia.text
    nadia.follow(nadia.send(**TYPED))
    assert "Waits to be sent" in nadia.text
    nadia.follow(nadia.send(action="call-off"))
    assert "It was not sent · " in nadia.text.replace("\u00a0", " ")
    assert "Called off" in nadia.text


def test_what_stands_against_it_is_said_beside_what_was_chosen(nadia, led):
    nadia.get(f"/cases/{led}/message")
    nadia.send(status=409, **{**TYPED, "confirmed": "no", "language": "en"})
    assert "Nothing is sent until the person has said that it is safe." in nadia.text
    assert "The person asked to be written to in another language there." in nadia.text
    assert nadia.page.xpath("//input[@name='days' and @value='mon' and @checked]")
    nadia.get(f"/cases/{led}/message")
    assert "Waits to be sent" not in nadia.text


def test_a_page_that_is_not_answered_is_not_sent(nadia, led):
    nadia.get(f"/cases/{led}/message")
    nadia.send(status=422)
    assert "must be answered" in nadia.text


def test_a_page_made_before_the_record_changed_is_not_sent(nadia, led):
    nadia.get(f"/cases/{led}/message")
    nadia.send(status=409, version="7", **TYPED)
    assert "The person’s record changed in the meantime." in nadia.text


def test_the_json_doors_do_the_same(nadia, led):
    path = f"/api/cases/{led}/message"
    found = nadia.json("GET", path)
    assert [each["to"] for each in found["ways"]] == [NUMBER, "ira@mail.example"]
    nadia.json("POST", path, SAFE, status=409, If_Match="9")
    refused = nadia.json(
        "POST", path, {**SAFE, "confirmed": "no"}, status=409, If_Match=str(found["version"])
    )
    assert [each["field"] for each in refused["faults"]] == ["confirmed"]
    made = nadia.json("POST", path, SAFE, status=201, If_Match=str(found["version"]))
    (line,) = nadia.json("GET", path)["messages"]
    assert (line["id"], line["state"]) == (made["message_id"], "waiting")
    assert nadia.json("POST", f"{path}/call-off") == {"called_off": 1}


def test_a_message_to_a_child_has_no_form(enter, teller):
    case_id = teller.refer(
        "inspector", "social", [{"source": "told", "signs": ["ilo.wages"]}], age_class="child", consent=None,
        consent_explained=None, consent_notice=None,
    )  # fmt: skip
    teller.act("social", case_id, "referral", "accept")
    social = enter("social")
    social.get(f"/cases/{case_id}/message")
    assert "A child is told in person" in social.text
    assert not social.page.xpath("//input[@name='way']")


def test_the_page_reads_in_french(nadia, led):
    nadia.get(f"/cases/{led}/message?lang=fr")
    assert "Faire savoir à la personne qu’il y a du nouveau" in nadia.text

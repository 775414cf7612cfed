"""Known elsewhere: a yes or no and a request that only the other side can open; never who, how many, or where."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from app.cases.models import ContactRequest
from app.safeguards import rationing

SIGNS = [{"source": "told", "signs": ["ilo.violence"]}]
HERS = {
    "given_names": "ليلى", "family_names": "الحسيني", "born_on": {"year": 1996, "month": 3, "day": 9},
    "gender": "Feminine", "nationalities": ["SY"],
}  # fmt: skip
AGAIN = {"given_names": "Leila", "family_names": "Husaini", "born_on": {"year": 1996, "month": 9, "day": 3}}
NAMES = {"given_names", "family_names"}
STRANGER = {
    "given_names": "Oksana",
    "family_names": "Bondarenko",
    "born_on": {"year": 1990, "month": 1, "day": 2},
}


@pytest.fixture
def leila(teller):
    """Led by one organisation; another one is about to enter the same person."""
    case_id = teller.refer("police", "ngo", SIGNS, **HERS)
    teller.act("ngo", case_id, "referral", "accept")
    return case_id


@pytest.fixture
def again(teller):
    case_id = teller.refer("inspector", "ngo2", SIGNS, **AGAIN)
    teller.act("ngo2", case_id, "referral", "accept")
    return case_id


@pytest.fixture
def nobody(teller):
    case_id = teller.refer("inspector", "ngo2", SIGNS, **STRANGER)
    teller.act("ngo2", case_id, "referral", "accept")
    return case_id


def test_she_is_known_by_another_spelling_and_her_lead_decides_who_learns_it(
    enter, leila, again, owner_rows, clock
):
    asking, lead = enter("ngo2"), enter("ngo")
    asking.get(f"/cases/{again}/same")
    page = asking.follow(asking.send(303, action="/known"))
    assert "may already be known" in asking.text
    for secret in ("Harbour", "Nadia", str(leila), "ليلى"):
        assert secret not in page.text
    asking.follow(asking.send(303))
    assert "passed on" in asking.text
    answer = asking.path
    assert "ready to talk" not in asking.get("/").text
    with_lead = lead.get("/contacts")
    assert "Omar Diallo" in with_lead.text
    assert "Leila" not in with_lead.text
    assert enter("police").json("GET", "/api/contacts", status=200) == []  # on the team, but not the lead
    clock.move(timedelta(minutes=5))
    lead.send(401, button="agree")  # to say yes is to disclose: it needs a new sign-in
    lead = enter("ngo")
    lead.get("/contacts")
    lead.send(303, button="agree")
    for page in ("/", f"/cases/{again}/same"):
        asking.get(page)
        assert "ready to talk to you" in asking.text
        assert asking.page.xpath(f"//main//a[@href='{answer}']"), page
    asking.get(answer)
    assert "Nadia Okoye" in asking.text
    clock.move(timedelta(days=15))
    assert enter("ngo2").json("GET", "/api/work")["ready"] == []
    kinds = owner_rows("SELECT act, body::json ->> 'role' FROM ledger.event WHERE case_id = :id"
                       " AND body LIKE '%\"register\":\"known\"%' ORDER BY id", id=leila)  # fmt: skip
    assert kinds == [("combine", "SYS"), ("combine", "SYS"), ("disclose", "NGO")]


def test_a_silent_lead_leaves_no_trace_with_whoever_asked(enter, leila, again, acting, owner_rows):
    asking, lead = enter("ngo2"), enter("ngo")
    said = asking.json("POST", f"/api/cases/{again}/known")
    assert said["known"] is True
    path = f"/api/cases/{again}/known/{said['check_id']}"
    asking.json("POST", path)
    before = asking.json("GET", path)
    [wanted] = lead.json("GET", "/api/contacts")
    lead.json("POST", f"/api/contacts/{wanted['id']}", {"agreed": False})
    assert asking.json("GET", path) == before
    asking.json("POST", path, status=409)
    asking.json("POST", f"/api/contacts/{wanted['id']}", {"agreed": True}, status=404)
    with acting("ngo2") as work:
        assert work.session.scalars(select(ContactRequest.id)).all() == []
    enter("police").json("GET", path, status=404)


def test_a_draft_asks_before_it_is_sent_and_strangers_are_not_known(enter, leila, teller, acting):
    inspector = enter("inspector")
    for answers, known in ((AGAIN, True), (STRANGER, False)):
        track = inspector.json("POST", "/api/referrals/drafts", {"type": "initial"}, status=201)["track_id"]
        path, version = f"/api/referrals/drafts/{track}", 0
        for page, names in (("names", NAMES), ("birth", {"born_on"})):
            said = {name: each for name, each in answers.items() if name in names}
            body = {"version": version, "answers": said}
            version = inspector.json("PUT", f"{path}/{page}", body)["version"]
        assert inspector.json("POST", f"{path}/known")["known"] is known
        inspector.get(f"/referrals/{track}/check")
        inspector.follow(inspector.send(303, action="/known"))
        assert ("may already be known" in inspector.text) is known
        if known:
            inspector.follow(inspector.send(303))
            assert inspector.page.xpath(
                f"//a[@href='/referrals/{track}/check']"
            )  # back to what is not sent yet


@pytest.mark.usefixtures("leila")
def test_yes_and_no_take_the_same_statements_and_questions_are_counted(
    enter, again, runtime, monkeypatch, nobody
):
    seen: list[str] = []
    asking = enter("ngo2")
    event.listen(runtime.engine, "before_cursor_execute", lambda _c, _u, said, *_more: seen.append(said))
    counts = []
    for case_id in (again, nobody):
        seen.clear()
        asking.json("POST", f"/api/cases/{case_id}/known")
        counts.append([each[:60] for each in seen if "ledger.event" not in each])
    assert counts[0] == counts[1]
    monkeypatch.setitem(rationing.QUOTAS["known"], "default", rationing.Quota(2, 9))
    asking.json("POST", f"/api/cases/{again}/known", status=429)


def test_a_destroyed_key_is_known_no_more_even_if_a_backup_brings_the_tokens_back(
    enter, leila, again, owner_rows, runtime
):
    tokens = owner_rows("SELECT * FROM search_token WHERE case_id = :id", id=leila)
    runtime.keys.destroy(leila, runtime.clock.now())
    assert tokens  # they stand there still, as after a restore
    assert enter("ngo2").json("POST", f"/api/cases/{again}/known")["known"] is False

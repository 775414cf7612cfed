"""A referral of full size goes in by JSON or by pages, and comes back whole to those who may see it."""

from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app.cases.models import Person
from app.casework import service as engine
from app.casework.forms import PersonRecord
from app.kit.errors import Unknown
from app.referrals import queries, service
from app.safeguards.words import Category
from app.tracks.intake.referral_answers import Accept
from app.tracks.intake.sections import SECTIONS, journey
from tests.fixtures.service import As, Enter
from tests.referrals import made


def receiver(acting: As) -> UUID:
    with acting("ngo") as work:
        return made.organisation(work)


def accept(acting: As, track_id: str) -> None:
    with acting("ngo") as work:
        engine.take_step(work, UUID(track_id), "accept", Accept())
        work.commit()


def revealed(acting: As, key: str, sent: dict[str, str]) -> dict[str, Any]:
    with acting(key) as work:
        step = made.sent_step(work, UUID(sent["track_id"]))
        found = work.reveal(UUID(sent["case_id"]), [step]).of(step)
        work.commit()
    return made.without_blanks(found)


def by_pages(enter: Enter, whole: dict[str, Any]) -> dict[str, str]:
    """Send a referral through the pages, from the first to the last."""
    police = enter("police")
    police.get("/referrals/new")
    page = police.follow(police.send())
    answers: dict[str, Any] = {}
    for _number in range(len(SECTIONS)):
        slug = page.url.path.rsplit("/", 1)[1]
        if slug == "check":
            break
        asked = next(each for each in SECTIONS if each.slug == slug)
        answers |= {name: whole[name] for name in asked.form.model_fields if name in whole}
        version = police.form().xpath(".//input[@name='version']/@value")[0]
        page = police.follow(police.post(page.url.path, {"version": version, **made.typed(asked, whole)}))
    assert page.url.path.endswith("/check")
    assert len(journey(answers)) == len(journey(whole))
    page = police.follow(police.send())
    assert page.url.path.endswith("/sent")
    track_id = page.url.path.split("/")[2]
    found = police.json("GET", f"/api/referrals/{track_id}")
    assert found["reference"] in police.text
    return {name: found[name] for name in ("case_id", "track_id", "reference")}


def by_json(enter: Enter, whole: dict[str, Any]) -> dict[str, str]:
    return enter("police").json("POST", "/api/referrals", whole, status=201)


@pytest.mark.parametrize("send", [by_json, by_pages])
def test_every_answer_comes_back_whole_to_the_lead(send: Any, enter: Enter, acting: As) -> None:
    whole = made.addressed(receiver(acting))
    sent = send(enter, whole)
    accept(acting, sent["track_id"])
    expected = made.of_categories(made.kept(whole), Category.CRI)
    assert revealed(acting, "ngo", sent) == expected
    assert {"current_place", "exploiters", "situations", "children", "nationalities", "safe_contact"} <= set(
        expected
    )


@pytest.mark.parametrize("send", [by_json, by_pages])
def test_whoever_referred_reads_back_all_but_the_whereabouts(send: Any, enter: Enter, acting: As) -> None:
    whole = made.addressed(receiver(acting))
    sent = send(enter, whole)
    accept(acting, sent["track_id"])
    assert revealed(acting, "police", sent) == made.of_categories(made.kept(whole), Category.LOC)


def test_a_stranger_finds_nothing_at_all(enter: Enter, acting: As) -> None:
    sent = by_json(enter, made.addressed(receiver(acting)))
    with acting("ngo2") as work, pytest.raises(Unknown):
        work.reveal(UUID(sent["case_id"]), [UUID(sent["track_id"])])
    with acting("ngo2") as work, pytest.raises(Unknown):
        queries.status(work, UUID(sent["track_id"]))


def test_the_person_s_record_begins_with_what_was_said_of_her(enter: Enter, acting: As) -> None:
    whole = made.addressed(receiver(acting))
    sent = by_json(enter, whole)
    accept(acting, sent["track_id"])
    with acting("ngo") as work:
        person = work.session.scalars(select(Person.id).where(Person.case_id == UUID(sent["case_id"]))).one()
        record = made.without_blanks(work.reveal(UUID(sent["case_id"]), [person]).of(person))
        work.commit()
    assert record == {
        name: each for name, each in made.kept(whole).items() if name in PersonRecord.model_fields
    }


def test_pages_and_json_leave_the_same_acts_on_the_ledger(enter: Enter, acting: As, runtime: Any) -> None:
    whole = made.addressed(receiver(acting))
    by_draft = {by_drafts(enter, whole)["case_id"], by_pages(enter, whole)["case_id"]}
    acts = [_written(acting, case_id) for case_id in by_draft]
    assert acts[0] == acts[1]
    assert {"grant", "step", "collect", "alter", "erase", "disclose"} <= set(acts[0])


def by_drafts(enter: Enter, whole: dict[str, Any]) -> dict[str, str]:
    """Send a referral through the JSON doors of drafts, page by page as the pages ask."""
    police = enter("police")
    track_id = police.json("POST", "/api/referrals/drafts", {"type": "initial"}, status=201)["track_id"]
    version = 0
    for page in journey(whole):
        body = {
            "version": version,
            "answers": {n: v for n, v in whole.items() if n in page.form.model_fields},
        }
        version = police.json("PUT", f"/api/referrals/drafts/{track_id}/{page.slug}", body)["version"]
    return police.json("POST", f"/api/referrals/drafts/{track_id}/submit", {"version": version})


def _written(acting: As, case_id: str) -> Counter[str]:
    """Count the acts on a case that wrote something; how often a page was looked at does not matter."""
    with acting("auditor") as work:
        rows = work.session.execute(
            text("SELECT act FROM ledger.event WHERE case_id = :case AND act <> 'consult'"), {"case": case_id}
        )
        return Counter(act for (act,) in rows)


def test_the_sender_sees_a_bare_status(enter: Enter, acting: As) -> None:
    sent = by_json(enter, made.addressed(receiver(acting)))
    police = enter("police")
    police.get(f"/referrals/{sent['track_id']}/status")
    assert "Not confirmed yet" in police.text
    accept(acting, sent["track_id"])
    police.get(f"/referrals/{sent['track_id']}/status")
    assert "Non-governmental organisation" in police.text
    assert "Harbour" not in police.text


def test_whoever_is_asked_sees_the_least_that_is_needed(enter: Enter, acting: As) -> None:
    whole = made.addressed(receiver(acting))
    by_json(enter, whole)
    ngo = enter("ngo")
    ngo.get("/referrals/inbox")
    assert whole["reason_details"][:30] in ngo.text
    for told in (whole["given_names"], whole["current_town"], whole["health_now"][:20], "Bacho"):
        assert told not in ngo.text
    [waiting] = ngo.json("GET", "/api/referrals/inbox")["waiting"]
    assert set(waiting["minimum"]) <= set(queries.MINIMUM)
    assert [name for name, _label in waiting["steps"]] == ["accept", "decline", "acknowledge"]
    assert enter("ngo2").json("GET", "/api/referrals/inbox")["waiting"] == []


def test_a_draft_is_nobody_else_s(acting: As) -> None:
    with acting("police") as work:
        track_id = service.begin_referral(work)[1]
        work.commit()
    with acting("police") as work:
        assert [each.track_id for each in queries.my_drafts(work)] == [track_id]
    with acting("inspector") as work:
        assert queries.my_drafts(work) == []
        with pytest.raises(Unknown):
            service.draft_answers(work, track_id)

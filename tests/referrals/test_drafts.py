"""Save and return: nothing typed is lost or overwritten unseen, and what was given up does not come back."""

from typing import Any
from uuid import UUID

from app.casework import service as engine
from app.referrals import drafts, service
from app.safeguards.fields import questions
from app.safeguards.words import Category, Relation
from app.tracks.intake.referral_answers import Accept, Decline, Reroute
from app.tracks.intake.referral_form import SubmitReferral
from app.tracks.intake.referral_start import CreateReferral
from app.tracks.intake.sections import SECTIONS
from tests.fixtures.service import As, Browser, Enter, Told
from tests.referrals import made
from tests.referrals.made import answers, begun, filled, put


def test_what_was_saved_is_there_in_another_session(enter: Enter) -> None:
    track_id = begun(enter("police"))
    put(enter("police"), track_id, "names", {"given_names": "Mzia მზია", "nicknames": "Mzi"}, 0)
    later = enter("police")
    assert answers(later, track_id) == {"given_names": "Mzia მზია", "nicknames": "Mzi"}
    later.get(f"/referrals/{track_id}/pages/names")
    assert later.page.xpath("//input[@name='given_names']/@value") == ["Mzia მზია"]
    later.get("/referrals")
    assert later.page.xpath(f"//a[@href='/referrals/{track_id}']")


def test_a_page_saved_again_replaces_only_its_own_answers(police: Browser) -> None:
    track_id = begun(police)
    put(police, track_id, "names", {"given_names": "Ana", "nicknames": "An"}, 0)
    put(police, track_id, "birth", {"born_on": {"year": 1994}}, 1)
    put(police, track_id, "names", {"given_names": "Anna"}, 2)
    assert answers(police, track_id) == {"given_names": "Anna", "born_on": {"year": 1994}}
    put(police, track_id, "names", {}, 3)
    put(police, track_id, "birth", {}, 4)
    assert answers(police, track_id) == {}


def test_a_stale_page_is_refused_with_both_versions_field_by_field(police: Browser) -> None:
    track_id = begun(police)
    put(police, track_id, "names", {"given_names": "Ana"}, 0)
    problem = put(police, track_id, "names", {"given_names": "Hana"}, 0, status=409)
    assert problem["sent"] == {"version": 0, "given_names": "Hana"}
    assert problem["held"] == {"version": 1, "given_names": "Ana"}
    assert answers(police, track_id) == {"given_names": "Ana"}


def test_a_stale_page_shows_both_and_can_be_saved_then(police: Browser) -> None:
    track_id = begun(police)
    put(police, track_id, "names", {"given_names": "Ana"}, 0)
    path = f"/referrals/{track_id}/pages/names"
    police.post(path, {"version": "0", "given_names": "Hana"}, 409)
    assert "Hana" in police.text
    assert "Ana" in police.text
    police.send()
    assert answers(police, track_id) == {"given_names": "Hana"}


def test_another_page_saved_meanwhile_is_no_conflict(police: Browser) -> None:
    track_id = begun(police)
    put(police, track_id, "names", {"given_names": "Ana"}, 0)
    put(police, track_id, "birth", {"birthplace": "Poti"}, 0)
    assert answers(police, track_id) == {"given_names": "Ana", "birthplace": "Poti"}


def test_what_must_be_answered_may_wait_when_one_comes_back_later(police: Browser) -> None:
    track_id = begun(police)
    path = f"/referrals/{track_id}/pages/safe-contact"
    typed = {"version": "0", "safe_contact-0-hours": "After eight", "safe_contact-0-channel": "phone"}
    police.post(path, typed, 422)
    assert "must be answered" in police.text
    assert police.page.xpath("//input[@name='safe_contact-0-hours']/@value") == ["After eight"]
    answer = police.post(path, {**typed, "_later": "1"})
    assert answer.headers["location"] == f"/referrals/{track_id}"
    police.get(path)
    assert police.page.xpath("//input[@name='safe_contact-0-hours']/@value") == ["After eight"]


def test_rows_come_and_go_without_a_script(police: Browser) -> None:
    track_id = begun(police)
    path = f"/referrals/{track_id}/pages/names"
    police.post(path, {"version": "0", "other_names-0-name": "Mzi", "_add": "other_names"}, 200)
    assert police.page.xpath("//input[@name='other_names-0-name']/@value") == ["Mzi"]
    assert police.page.xpath("//input[@name='other_names-1-name']")
    two = {"version": "0", "other_names-0-name": "Mzi", "other_names-1-name": "Bela"}
    police.post(path, {**two, "_remove": "other_names-0"}, 200)
    assert police.page.xpath("//input[@name='other_names-0-name']/@value") == ["Bela"]
    assert answers(police, track_id) == {}


def test_whereabouts_are_kept_and_sent_but_never_shown_again(
    police: Browser, receiver: UUID, acting: As
) -> None:
    track_id, version = filled(police, receiver)
    version = put(police, track_id, "stays", {"current_town": "Rosenbruck"}, version)["version"]
    draft = police.json("GET", f"/api/referrals/drafts/{track_id}")
    assert draft["withheld"] == ["LOC"]
    for page in ("pages/stays", "check", ""):
        police.get(f"/referrals/{track_id}/{page}".rstrip("/"))
        assert "Rosenbruck" not in police.text
    version = put(police, track_id, "stays", {}, version)["version"]
    sent = police.json("POST", f"/api/referrals/drafts/{track_id}/submit", {"version": version})
    with acting("ngo") as work:
        step = made.sent_step(work, UUID(track_id))
    with acting("ngo") as work:
        engine.take_step(work, UUID(track_id), "accept", Accept())
        work.commit()
    with acting("ngo") as work:
        found = work.reveal(UUID(sent["case_id"]), [step]).of(step)
        work.commit()
    assert found["current_town"] == "Rosenbruck"


def test_whereabouts_can_be_erased_from_a_draft(police: Browser) -> None:
    track_id = begun(police)
    put(police, track_id, "stays", {"current_town": "Rosenbruck"}, 0)
    police.get(f"/referrals/{track_id}/pages/stays")
    police.send(_forget="1")
    assert police.json("GET", f"/api/referrals/drafts/{track_id}")["withheld"] == []


def test_what_cannot_be_shown_again_is_asked_on_one_page_only() -> None:
    """Else a page would overwrite what another page of the same category had kept."""
    asked = questions(SubmitReferral)
    pages = [
        page.slug for page in SECTIONS
        if any(asked[name].category is Category.LOC for name in page.form.model_fields if name in asked)
    ]  # fmt: skip
    assert pages == ["stays"]


def test_a_draft_erased_on_sending_leaves_no_row(police: Browser, receiver: UUID, given: Any) -> None:
    track_id, version = filled(police, receiver)
    assert made.rows(given, "part WHERE record_type = 'draft'") > 0
    police.json("POST", f"/api/referrals/drafts/{track_id}/submit", {"version": version})
    assert made.rows(given, "part WHERE record_type = 'draft'") == 0


def test_a_draft_that_changed_after_it_was_checked_is_not_sent(police: Browser, receiver: UUID) -> None:
    track_id, version = filled(police, receiver)
    put(police, track_id, "needs", {"immediate_needs": ["money"]}, version)
    police.json("POST", f"/api/referrals/drafts/{track_id}/submit", {"version": version}, status=409)
    police.get(f"/referrals/{track_id}/check")
    police.send(status=409, version=str(version))
    assert "saved elsewhere" in police.text


def test_what_is_missing_is_named_before_sending(police: Browser) -> None:
    track_id = begun(police)
    problem = police.json("POST", f"/api/referrals/drafts/{track_id}/submit", {"version": 0}, status=422)
    assert {"age_class", "indicators", "consent"} - {each["field"] for each in problem["faults"]} <= {
        "consent"
    }
    police.get(f"/referrals/{track_id}/check")
    assert "Before you can send" in police.text


def test_sent_twice_is_refused_and_pages_lead_to_the_status(police: Browser, receiver: UUID) -> None:
    track_id, version = filled(police, receiver)
    police.json("POST", f"/api/referrals/drafts/{track_id}/submit", {"version": version})
    police.json("POST", f"/api/referrals/drafts/{track_id}/submit", {"version": version}, status=409)
    for page in ("", "/check", "/pages/age", "/anonymous", "/discard"):
        answer = police.get(f"/referrals/{track_id}{page}", 303)
        assert answer.headers["location"] == f"/referrals/{track_id}/status"


def test_a_discarded_draft_is_gone_with_its_keys(
    police: Browser, receiver: UUID, given: Any, acting: As
) -> None:
    track_id, _version = filled(police, receiver)
    case_id = police.json("GET", f"/api/referrals/drafts/{track_id}")["case_id"]
    police.get(f"/referrals/{track_id}/discard")
    police.post(f"/referrals/{track_id}/discard", {"reason": "mistake"})
    assert made.rows(given, "part WHERE record_type = 'draft'") == 0
    assert made.live_keys(given, case_id) == set()
    police.get("/referrals")
    assert "No draft is open" in police.text
    police.json("GET", f"/api/referrals/drafts/{track_id}", status=409)


def test_a_second_referral_of_a_case_does_not_take_its_keys_along(
    police: Browser, receiver: UUID, acting: As, given: Any
) -> None:
    track_id, version = filled(police, receiver)
    sent = police.json("POST", f"/api/referrals/drafts/{track_id}/submit", {"version": version})
    with acting("police") as work:
        second = engine.open_track(
            work, UUID(sent["case_id"]), "referral", "create", CreateReferral(type="service")
        )
        work.commit()
    before = made.live_keys(given, sent["case_id"])
    police.json("POST", f"/api/referrals/drafts/{second.track_id}/discard", {"reason": "mistake"})
    assert before <= made.live_keys(given, sent["case_id"])


def test_who_meets_one_need_works_beside_whoever_leads_the_case(told_sheltered: Told, acting: As) -> None:
    case_id, door = told_sheltered.about, CreateReferral(type="service")
    with acting("ngo") as work:
        other = made.organisation(work, "Open Door Network")
        begun = engine.open_track(work, case_id, "referral", "create", door).track_id
        form = SubmitReferral.model_validate(made.short(other, consent="yes"))
        service.submit_referral(work, begun, form)
        work.commit()
    with acting("ngo2") as work:
        engine.take_step(work, begun, "accept", Accept())
        assert work.standing(case_id).relations == {Relation.ASSIGNED}
        assert not work.may(case_id, Category.LOC).allowed
        work.commit()
    with acting("ngo") as work:
        assert Relation.LEAD in work.standing(case_id).relations


def test_a_referral_sent_elsewhere_begins_with_what_was_written_but_not_with_its_consent(
    police: Browser, receiver: UUID, acting: As
) -> None:
    sent = police.json("POST", "/api/referrals", made.addressed(receiver), status=201)
    with acting("ngo") as work:
        other = made.organisation(work, "Open Door Network")
        no = Decline(decline_code="no_capacity", alternative_organisation_id=other)
        engine.take_step(work, UUID(sent["track_id"]), "decline", no)
        work.commit()
    with acting("police") as work:
        elsewhere = Reroute(receiving_organisation_id=other)
        engine.take_step(work, UUID(sent["track_id"]), "reroute", elsewhere)
        work.commit()
    [line] = police.json("GET", "/api/referrals")["drafts"]
    draft = police.json("GET", f"/api/referrals/drafts/{line['track_id']}")
    assert draft["answers"]["situations"] == made.kept(made.FULL)["situations"]
    assert draft["answers"]["receiving_organisation_id"] == str(other)
    assert not {"consent", "shared_categories"} & set(draft["answers"])
    version = put(police, line["track_id"], "needs", {"immediate_needs": ["money"]}, 0)["version"]
    consent = {"consent": "yes", "consent_explained": "yes", "consent_notice": "yes"}
    version = put(police, line["track_id"], "consent", consent, version)["version"]
    version = put(police, line["track_id"], "sharing", {"shared_categories": ["ID"]}, version)["version"]
    again = police.json("POST", f"/api/referrals/drafts/{line['track_id']}/submit", {"version": version})
    assert again["case_id"] == sent["case_id"]
    with acting("ngo2") as work:
        engine.take_step(work, UUID(line["track_id"]), "accept", Accept())
        work.commit()
    with acting("ngo2") as work:
        step = made.sent_step(work, UUID(line["track_id"]))
        found = work.reveal(UUID(sent["case_id"]), [step]).of(step)
        work.commit()
    assert found["current_place"] == made.FULL["current_place"]
    assert found["immediate_needs"] == ["money"]
    assert found["exploiters"]


def test_nothing_of_a_draft_is_numbered_by_what_it_says() -> None:
    assert drafts.NUMBERING is Category.STA
    assert [n for n, each in questions(SubmitReferral).items() if each.category is Category.STA] == []

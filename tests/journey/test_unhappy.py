"""What must hold when it does not go well: a no, no bed, no answer, a consent taken back, a stranger."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from app.jobs.sweep import sweep
from app.kit.clock import HeldClock
from tests.journey.conftest import Events
from tests.journey.json_hand import JsonHand
from tests.journey.story import TODAY, Story, full_referral
from tests.referrals import made

FOUR = {"sex": "female", "nationality": "GE", "region": "south", "indicators": ["ilo.debt", "ilo.threats"]}
Jobs = Callable[[], Any]


def state(hand: JsonHand, who: str, case: str, slug: str) -> str:
    return next(each["state"] for each in hand.page(who, case)["panels"] if each["slug"] == slug)


def called(hand: JsonHand, who: str) -> list[str]:
    """The notices that wait for somebody."""
    mine = hand.of(who).json("GET", "/api/work")
    return [each["words"] for each in (*mine["urgent"], *mine["notices"])]


# An adult does not agree.


def test_of_an_adult_who_does_not_agree_four_answers_are_kept_and_nothing_else(
    by_json: JsonHand, owner: Engine, events: Events
) -> None:
    police = by_json.of("police")
    begun = police.json("POST", "/api/referrals/drafts", {"type": "initial"}, status=201)
    draft, version = f"/api/referrals/drafts/{begun['track_id']}", 0
    for page, answers in (
        ("age", {"age_class": "adult"}),
        ("names", {"given_names": "Nestan-Unmistakable", "name_to_use": "Nestan"}),
        ("stays", {"current_town": "Unmistakable-on-Sea"}),
        ("consent", {"consent": "no", "consent_explained": "yes", "consent_notice": "yes"}),
    ):
        version = police.json("PUT", f"{draft}/{page}", {"version": version, "answers": answers})["version"]
    police.json("POST", f"{draft}/submit", {"version": version}, status=409)
    sent = police.json("POST", f"{draft}/notify", FOUR)
    case = {"case": sent["case_id"]}
    with owner.connect() as database:
        # That a referral was begun stays sealed under a key that is destroyed with the draft's.
        parts = text(
            "SELECT record_type, part.category, wrapped IS NOT NULL FROM part"
            " JOIN keys.wrapped_key AS its ON its.id = key_id WHERE part.case_id = :case ORDER BY 1"
        )
        assert [tuple(each) for each in database.execute(parts, case)] == [
            ("step:referral:create", "SVC", False),
            ("step:referral:notify", "STA", True),
        ]
        alive = text("SELECT category FROM keys.wrapped_key WHERE case_id = :case AND wrapped IS NOT NULL")
        assert [each for (each,) in database.execute(alive, case)] == ["STA"]
        persons = text("SELECT count(*) FROM person WHERE case_id = :case")
        assert database.execute(persons, case).scalar_one() == 0
        tracks = text("SELECT slug, marks FROM track WHERE case_id = :case")
        ((slug, marks),) = database.execute(tracks, case)
        assert slug == "referral"
        assert set(marks) <= {"type", "receiving_organisation_id"}
        assert "nmistakable" not in everything(database)
    assert "nmistakable" not in str(events(sent["case_id"]))
    shown = police.json("GET", f"/api/cases/{sent['case_id']}")
    assert shown["person"] is None


def everything(database: Any) -> str:
    """Return every row of every table of the service, as text."""
    tables = database.execute(
        text(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'ledger')"
        )
    )
    return "".join(
        str(row)
        for (table,) in list(tables)
        for (row,) in database.execute(text(f"SELECT t::text FROM {table} t"))
    )


# No bed.


def test_a_house_without_a_place_says_so_and_the_request_waits(accepted: Story, by_json: JsonHand) -> None:
    accepted.ngo_asks_for_a_bed()
    by_json.act("shelter", accepted.case, "shelter_placement", "no_place", {"code": "full"})
    assert state(by_json, "ngo", accepted.case, "shelter_placement") == "waiting"
    assert by_json.page("ngo", accepted.case)["safety"]["code"] == "not_yet"
    assert called(by_json, "ngo")
    accepted.shelter_offers_a_bed()
    accepted.she_arrives()
    assert by_json.page("ngo", accepted.case)["safety"]["code"] == "yes"


def test_an_offer_that_she_declines_frees_the_bed_and_the_house_forgets_her(
    accepted: Story, by_json: JsonHand
) -> None:
    accepted.ngo_asks_for_a_bed()
    accepted.shelter_offers_a_bed()
    declined = {"declined_on": TODAY.isoformat(), "other_help_offered": "yes"}
    by_json.act("ngo", accepted.case, "shelter_placement", "decline", declined)
    assert {each["state"] for each in places(by_json)} == {"free"}
    by_json.of("shelter").json("GET", f"/api/cases/{accepted.case}", status=404)
    assert (
        state(by_json, "ngo", accepted.case, "case") == "open"
    )  # help does not end with a bed that was not wanted


def places(hand: JsonHand) -> list[dict[str, Any]]:
    return [
        each
        for house in hand.of("shelter").json("GET", "/api/shelters")["houses"]
        for each in house["places"]
    ]


def test_two_cases_do_not_get_one_bed(accepted: Story, by_json: JsonHand) -> None:
    other = Story(by_json, full_referral())
    other.police_refer()
    other.ngo_accepts()
    for each in (accepted, other):
        each.ngo_asks_for_a_bed()
    accepted.shelter_offers_a_bed()
    by_json.free_place = lambda _who: accepted.place  # type: ignore[method-assign]  # from a board read before
    with pytest.raises(AssertionError, match="not free any more"):
        other.shelter_offers_a_bed()


# Nobody answers.


def test_a_referral_that_nobody_answers_goes_to_the_supervisors_once(
    story: Story, by_json: JsonHand, clock: HeldClock, jobs: Jobs, events: Events
) -> None:
    story.police_refer()
    assert sweep(jobs).done == 0
    clock.at = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)  # a working day was given to say that it arrived
    by_json.browsers.clear()  # everybody signs in anew
    assert sweep(jobs).done > 0
    sent = by_json.of("police").json("GET", "/api/referrals")["sent"]
    assert [each["state"] for each in sent] == ["Unanswered, brought to a supervisor"]
    assert "A referral has found nobody yet" in called(by_json, "supervisor")
    told, happened = called(by_json, "supervisor"), events(story.case)
    assert sweep(jobs).done == 0
    assert called(by_json, "supervisor") == told
    assert [each for each in events(story.case) if each["act"] != "consult"] == [
        each for each in happened if each["act"] != "consult"
    ]
    story.ngo_accepts()  # late is better than never


def test_two_sweeps_at_once_deal_with_each_clock_once(
    by_json: JsonHand, clock: HeldClock, jobs: Jobs, owner: Engine
) -> None:
    stories = [Story(by_json, made.FULL) for _number in range(4)]
    for each in stories:
        each.police_refer()
    clock.at = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
    done: list[int] = []
    sweeps = [threading.Thread(target=lambda: done.append(sweep(jobs).done)) for _number in range(2)]
    for each in sweeps:
        each.start()
    for each in sweeps:
        each.join()
    with owner.connect() as database:
        overdue = database.execute(
            text("SELECT count(*) FROM deadline WHERE overdue_at IS NOT NULL")
        ).scalar_one()
        steps = database.execute(text("SELECT count(*) FROM step WHERE name = 'timeout'")).scalar_one()
    assert (sum(done), len(done), steps) == (overdue, 2, 4)
    assert sweep(jobs).done == 0


# The time to recover ends.


def test_when_the_time_to_recover_ends_help_stays(
    accepted: Story, by_json: JsonHand, clock: HeldClock, jobs: Jobs
) -> None:
    accepted.ngo_asks_for_a_bed()
    accepted.shelter_offers_a_bed()
    accepted.she_arrives()
    accepted.authority_finds_reasonable_grounds()
    accepted.she_is_told_of_the_time_to_recover()
    accepted.time_to_recover_is_granted()
    clock.at = datetime(2026, 4, 1, 9, 0, tzinfo=UTC) - timedelta(days=1)
    sweep(jobs)
    by_json.browsers.clear()
    assert state(by_json, "ngo", accepted.case, "reflection_period") == "active"
    clock.at = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
    by_json.browsers.clear()
    assert sweep(jobs).done > 0
    assert state(by_json, "ngo", accepted.case, "reflection_period") == "ended_expired"
    assert state(by_json, "ngo", accepted.case, "case") == "open"
    assert state(by_json, "ngo", accepted.case, "shelter_placement") == "placed"
    assert by_json.page("police", accepted.case)["safety"]["words"] == "In safe accommodation: Yes"
    assert any("help goes on" in each for each in called(by_json, "ngo"))
    assert sweep(jobs).done == 0

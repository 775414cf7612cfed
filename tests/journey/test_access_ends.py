"""Access ends where its ground ends: a consent taken back, a guardian replaced; and a stranger never had any."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text

from app.kit.clock import HeldClock
from app.kit.ids import new_id
from tests.doors.knocking import without_its_number
from tests.fixtures.service import Enter
from tests.journey.json_hand import JsonHand
from tests.journey.story import CALLED, TODAY, Story

# Consent is taken back.


def test_access_ends_in_the_transaction_that_takes_consent_back(
    accepted: Story, by_json: JsonHand, owner: Engine
) -> None:
    accepted.ngo_writes_how_she_is_called()
    by_json.oversee("supervisor", accepted.case, "To hear it from her, and record what she says")
    accepted.she_consents_that_the_police_know_who_she_is(recorded_by="supervisor")
    assert CALLED in accepted.seen_by("police")
    accepted.she_takes_it_back()
    assert CALLED not in accepted.seen_by("police")
    assert by_json.page("police", accepted.case)["person"]["called"] != CALLED
    with owner.connect() as database:
        together = text(
            "SELECT count(DISTINCT xid) FROM ledger.event WHERE case_id = :case AND id >= "
            "(SELECT id FROM ledger.event WHERE case_id = :case AND body::jsonb ->> 'step' = 'withdraw')"
            " AND act IN ('step', 'revoke')"
        )
        assert database.execute(together, {"case": accepted.case}).scalar_one() == 1


def test_consent_ends_by_itself_at_the_end_of_its_last_day(
    accepted: Story, by_json: JsonHand, clock: HeldClock
) -> None:
    accepted.ngo_writes_how_she_is_called()
    by_json.oversee("supervisor", accepted.case, "To hear it from her, and record what she says")
    accepted.she_consents_that_the_police_know_who_she_is(recorded_by="supervisor")
    clock.at = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)  # no sweep was needed
    by_json.browsers.clear()
    assert CALLED not in accepted.seen_by("police")


# A stranger, and those who are no strangers.


@pytest.mark.parametrize("path", ["/cases/{case}", "/api/cases/{case}", "/cases/{case}/person"])
def test_a_stranger_cannot_tell_a_case_from_none(accepted: Story, enter: Enter, path: str) -> None:
    stranger = enter("ngo2").client
    asked = [stranger.get(path.format(case=case)) for case in (accepted.case, new_id())]
    there, nowhere = (without_its_number(each) for each in asked)
    assert there == nowhere
    assert there[0] == 404


def test_after_acceptance_the_police_see_nothing_that_others_write(
    accepted: Story, by_json: JsonHand
) -> None:
    before = by_json.page("police", accepted.case)
    accepted.ngo_asks_for_a_bed()
    accepted.authority_finds_reasonable_grounds()
    after = by_json.page("police", accepted.case)
    begun = {"openings"}  # a place can be asked for once, so the police are not offered to ask again
    assert {name: each for name, each in before.items() if name not in begun} == {
        name: each for name, each in after.items() if name not in begun
    }


# A child's guardian.


def test_a_guardian_who_is_replaced_loses_access_at_the_next_request(story: Story, by_json: JsonHand) -> None:
    asked = ("consent", "consent_explained", "consent_notice", "consent_language", "consent_note")
    child = {name: each for name, each in story.referral.items() if name not in asked}
    story.referral = {**child, "age_class": "child", "age_from": 15, "age_to": 16, "born_on": {"year": 2010}}
    story.police_refer()
    guardian = by_json.of("guardian")
    guardian.json("GET", f"/api/cases/{story.case}", status=404)
    who = guardian.json("GET", "/api/session")["user"]
    appoint(by_json, story.case, who)
    assert "tonight in the parish hall" in story.seen_by("guardian").lower()
    by_json.act(
        "social", story.case, "guardian", "replace", {"reason": "child_wishes", "childs_view": "Another one"}
    )
    guardian.json("GET", f"/api/cases/{story.case}", status=404)
    assert story.case not in guardian.client.get("/api/work").text


def appoint(hand: JsonHand, case: str, guardian: str) -> None:
    day = TODAY.isoformat()
    hand.act(
        "social", case, "guardian", "nominate",
        {
            "guardian_user": guardian, "vetted_on": day, "vetting_reference": "V-1", "trained_on": day,
            "wished_language": "ka", "speaks_it": False, "wished_sex": "female", "wish_met": True,
            "no_immigration_role": True, "no_shelter_role": True, "no_exploiter_tie": True, "caseload": 3,
        },
    )  # fmt: skip
    order = {"authority": "Court", "order": "7/26", "order_on": day, "scope": ["all"], "from_on": day}
    hand.act("social", case, "guardian", "appoint", order)

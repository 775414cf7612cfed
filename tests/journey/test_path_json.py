"""The main path through the JSON doors: referred, sheltered, and given time to recover."""

from datetime import timedelta
from uuid import UUID

import pytest

from app.casework.facts import facts_of
from app.kit.clock import HeldClock
from app.procedure.predicates import removal_blocked
from tests.fixtures.service import As
from tests.journey.json_hand import JsonHand
from tests.journey.story import CALLED, WHEREABOUTS, Story, full_referral, tell

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def story(by_json: JsonHand, clock: HeldClock) -> Story:
    return Story(by_json, full_referral(), later=lambda: clock.move(A_MINUTE))


def panels(hand: JsonHand, who: str, case: str) -> dict[str, str]:
    """How each track stands, as somebody sees it."""
    return {each["slug"]: each["state"] for each in hand.page(who, case)["panels"]}


def clocks(hand: JsonHand, who: str, case: str, slug: str) -> dict[str, str]:
    """When the clocks of a track ring, as somebody reads it."""
    return {each["label"]: each["due"] for each in hand.page(who, case)["due"] if each["slug"] == slug}


def test_she_is_referred_sheltered_and_given_time_to_recover(
    story: Story, by_json: JsonHand, acting: As
) -> None:
    story.police_refer()
    story.ngo_accepts()
    opened = {
        "referral": "accepted", "case": "open", "identification": "presumed", "inra": "planned",
        "asylum_claim": "none", "voluntary_return": "not_considered",
    }  # fmt: skip
    assert panels(by_json, "ngo", story.case) == opened
    assert clocks(by_json, "ngo", story.case, "identification") == {
        "Decision on reasonable grounds": "9 March 2026"  # five working days after a Monday
    }
    assert clocks(by_json, "ngo", story.case, "inra") == {
        "Safety and what is needed at once": "3 March 2026, 10:00",  # a day later, in Vienna
        "Full assessment after the first look": "16 March 2026",
    }

    story.ngo_writes_how_she_is_called()
    assert by_json.page("police", story.case)["safety"]["words"] == "In safe accommodation: Not yet known"
    story.ngo_asks_for_a_bed()
    story.shelter_offers_a_bed()
    story.she_arrives()
    assert by_json.page("police", story.case)["safety"]["words"] == "In safe accommodation: Yes"
    assert where_told(story, by_json, "ngo") == where_told(story, by_json, "shelter")

    assert CALLED not in story.seen_by("police")
    story.she_consents_that_the_police_know_who_she_is()
    assert CALLED in story.seen_by("police")

    story.authority_finds_reasonable_grounds()
    assert panels(by_json, "authority", story.case)["reflection_period"] == "not_offered"
    story.she_is_told_of_the_time_to_recover()
    story.time_to_recover_is_granted()
    assert panels(by_json, "ngo", story.case)["reflection_period"] == "active"
    assert clocks(by_json, "ngo", story.case, "reflection_period") == {
        "Review of the period": "22 March 2026",
        "End of the period": "1 April 2026",
    }
    with acting("immigration") as work:
        reasons = removal_blocked(facts_of(work, UUID(story.case)))
    assert {each.rule for each in reasons} == {"INV-02", "INV-03"}


def where_told(story: Story, hand: JsonHand, who: str) -> str:
    """The address of her house, as somebody who may know it reads it."""
    told = {each["name"]: each["words"][0] for each in hand.page(who, story.case)["whereabouts"]}
    assert "current_town" not in told  # where she was before she came
    assert any(code in told["place"] for code in hand.codes("shelter"))
    return str(told["address"])


def test_the_police_see_that_she_is_safe_and_nothing_of_where(story: Story, by_json: JsonHand) -> None:
    tell(story)
    codes = by_json.codes("shelter")
    for who in ("police", "authority", "immigration"):
        shown = story.seen_by(who) + by_json.anything_else(who, story.case)
        assert not [each for each in (*WHEREABOUTS, *codes, story.place) if each in shown], who
    assert [each for each in (*WHEREABOUTS, *codes) if each in story.seen_by("ngo")]


def test_a_period_shorter_than_the_treaty_is_refused(story: Story, by_json: JsonHand) -> None:
    for act in (
        story.police_refer, story.ngo_accepts, story.authority_finds_reasonable_grounds,
        story.she_is_told_of_the_time_to_recover,
    ):  # fmt: skip
        act()
    with pytest.raises(AssertionError, match="at least 30 days"):
        story.time_to_recover_is_granted(timedelta(days=29))
    assert panels(by_json, "ngo", story.case)["reflection_period"] == "offered"


@pytest.mark.parametrize("age", ["child", "uncertain"])
def test_a_child_is_referred_without_consent_and_a_guardian_is_sought(
    story: Story, by_json: JsonHand, age: str
) -> None:
    asked = ("consent", "consent_explained", "consent_notice", "consent_language", "consent_note")
    child = {name: each for name, each in story.referral.items() if name not in asked}
    story.referral = {**child, "age_class": age}
    story.police_refer()
    story.ngo_accepts()
    assert panels(by_json, "ngo", story.case)["guardian"] == "needed"
    assert clocks(by_json, "ngo", story.case, "guardian") == {
        "Somebody acts for the child": "3 March 2026, 10:00",
        "Guardian appointed: target": "9 March 2026",
        "Guardian appointed: limit of the law": "23 March 2026",
    }
    assert (
        by_json.waits("social", story.case) or panels(by_json, "social", story.case)["guardian"] == "needed"
    )

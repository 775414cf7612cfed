"""The main path through pages and forms, and that it leaves the same ledger as the JSON doors do."""

from collections import Counter
from datetime import timedelta

import pytest

from app.kit.clock import HeldClock
from tests.fixtures.service import Enter
from tests.journey.conftest import Events, essence
from tests.journey.json_hand import JsonHand
from tests.journey.page_hand import PageHand
from tests.journey.story import Story, full_referral, tell, tell_and_look


@pytest.fixture
def by_pages(enter: Enter) -> PageHand:
    return PageHand(enter)


@pytest.fixture
def story(by_pages: PageHand, clock: HeldClock) -> Story:
    return Story(by_pages, full_referral(), later=lambda: clock.move(timedelta(minutes=1)))


def test_she_is_referred_sheltered_and_given_time_to_recover(
    story: Story, by_pages: PageHand, enter: Enter, events: Events
) -> None:
    story.police_refer()
    story.ngo_accepts()
    shown = story.seen_by("ngo")
    for words in ("Presumed victim", "Decision on reasonable grounds", "Safety and what is needed at once"):
        assert words in shown

    tell_and_look(story)
    assert "End of the period" in story.seen_by("ngo")

    by_pages.of("supervisor").get(f"/oversight?case={story.case}")
    for words in ("Clara Weiss", "work on the case", "2 March 2026"):
        assert words in by_pages.of("supervisor").text
    leaves_the_same_ledger(story, enter, events)
    by_pages.of("ngo2").get(f"/cases/{story.case}", 404)


def leaves_the_same_ledger(story: Story, enter: Enter, events: Events) -> None:
    """The pages and the JSON doors are two hands of the same services, so the ledger cannot tell them apart.

    Compared is every act that changes something: what was collected, altered, disclosed, erased, granted and ended,
    and every step, with role, purpose, kind of track, step, categories, legal basis and relation; how often each;
    the saving of a draft page by page is done in both, so it is compared as well. Left out are the looks
    (`consult`): a page shows a case between two acts where a program need not. Identifiers and instants differ by
    their nature.
    """
    other = Story(JsonHand(enter, page_by_page=True), full_referral())
    tell(other)
    other.she_takes_it_back()
    story.she_takes_it_back()
    pages, json = (
        Counter(essence(each) for each in events(told.case) if each["act"] != "consult")
        for told in (story, other)
    )
    assert json - pages == Counter()
    assert pages - json == Counter()
    assert {"collect", "alter", "erase", "disclose", "grant", "revoke", "step"} == {each[0] for each in json}

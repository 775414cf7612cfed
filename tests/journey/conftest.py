"""Who tells the story, and what is looked at besides what its people are shown."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text

from app.kit.clock import HeldClock
from tests.fixtures.service import Enter
from tests.journey.json_hand import JsonHand
from tests.journey.page_hand import PageHand
from tests.journey.story import Story, full_referral
from tests.journey.told import Told


@pytest.fixture
def by_json(enter: Enter) -> JsonHand:
    """The JSON doors, with everybody's client."""
    return JsonHand(enter)


@pytest.fixture
def story(by_json: JsonHand) -> Story:
    """A story that the JSON doors will tell."""
    return Story(by_json, full_referral())


@pytest.fixture
def accepted(story: Story) -> Story:
    """She was referred, and the NGO leads."""
    story.police_refer()
    story.ngo_accepts()
    return story


Events = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def events(owner: Engine) -> Events:
    """Return what the ledger says of a case, the first first."""

    def of(case: str) -> list[dict[str, Any]]:
        query = text("SELECT body FROM ledger.event WHERE case_id = :case ORDER BY id")
        with owner.connect() as connection:
            return [json.loads(body) for (body,) in connection.execute(query, {"case": case})]

    return of


LOOKS = ("consult", "refuse")  # a page shows a case between two acts where a program need not
SAID = (
    "act", "role", "purpose", "slug", "step", "from", "to", "basis", "relation", "to_role", "what", "state",
)  # fmt: skip


def essence(event: dict[str, Any]) -> tuple[str, ...]:
    """What an event says, without its identifiers and instants."""
    kept = [str(event.get(name, "")) for name in SAID]
    written = [category for _record, category, *_version in event.get("records", ())]
    return (*kept, ",".join(event.get("categories", ())), ",".join(sorted(written)))


@pytest.fixture
def by_both_hands(
    enter: Enter, clock: HeldClock, jobs: Callable[[], Any], events: Events
) -> Callable[[Callable[[Told], None]], None]:
    """Tell a story through JSON and again through pages; the ledger cannot tell them apart."""

    def telling(story: Callable[[Told], None]) -> None:
        begun, left = clock.at, []
        for hand in (JsonHand(enter, page_by_page=True), PageHand(enter)):
            clock.at = begun
            told = Told(hand, clock, jobs)
            story(told)
            happened = [each for case in told.cases for each in events(case)]
            left.append(Counter(essence(each) for each in happened if each["act"] not in LOOKS))
        by_json, by_pages = left
        assert by_json - by_pages == Counter()
        assert by_pages - by_json == Counter()

    return telling

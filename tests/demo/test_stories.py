"""The stories of the demonstration can be told: every step of them is lawful."""

import pytest

from app.casework.facts import facts_of
from app.demo import stories
from app.kit.errors import Problem


@pytest.mark.parametrize("story", [stories.sheltered, stories.a_child, stories.waiting])
def test_a_story_can_be_told(runtime, clock, acting, story):
    try:
        case_id = story(stories.Teller(runtime, clock))
    except Problem as problem:
        pytest.fail(str([(fault.field, fault.rule, fault.message) for fault in problem.faults]))
    with acting("police" if story is not stories.a_child else "inspector") as work:
        states = {each.slug: each.state for each in facts_of(work, case_id).tracks}
    expected = {
        stories.sheltered: {
            "referral": "accepted",
            "case": "open",
            "shelter_placement": "placed",
            "consent": "given",
            "identification": "presumed",
        },
        stories.a_child: {"referral": "accepted", "guardian": "needed", "identification": "presumed"},
        stories.waiting: {"referral": "submitted", "identification": "presumed"},
    }[story]
    assert expected.items() <= states.items()

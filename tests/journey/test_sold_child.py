"""A girl whom an uncle sold, of an age that nobody knew: a child from the first hour, at home here in the end."""

from collections.abc import Callable
from typing import Any

from tests.journey.test_missing_child import guarded
from tests.journey.told import Told

HERE = "I want to stay with Mrs Lang and go to school."
RETURN, INTEGRATION = "return_reintegration", "local_integration"
VIEWS = {"childs_views": HERE, "guardian_heard": True}
FOUR = ["right_to_stay", "school", "guardian_until_18", "aftercare"]


def treated_as_a_child(told: Told) -> None:
    told.refer(
        "inspector", "Social Services of the Lake District", age_class="uncertain", given_names="Hoa",
        age_from=15, age_to=19, language="vi", urgency="immediate",
        indicators=[{"source": "told", "signs": ["ilo.movement"], "note": "Sold by her uncle"}],
    )  # fmt: skip
    told.act("social", "referral", "accept")
    told.stands(
        "social", age_assessment="presumed_child", guardian="needed", bia="due", durable_solution="assessing",
        identification="presumed",
    )  # fmt: skip
    told.runs(
        "social", guardian__provisional="3 March 2026, 10:", guardian__limit="23 March 2026",
        bia__initial="",
    )  # fmt: skip
    told.is_closed_to("guardian", "panel", "immigration", "police")
    # An assessment of the age waits for somebody who acts for her; help waits for nobody.
    doubts = {
        "need": "No papers", "less_invasive": ["own_account"], "guardian_present": True, "guardian_heard": True,
        "child_consents": True, "guardian_consents": True,
    }  # fmt: skip
    told.refuses("social", "age_assessment", "order", "INV-07", **doubts)
    told.sheltered("social", age="uncertain", language="vi")
    guarded(told)
    told.shows("guardian", "Sold by her uncle", "Quince Lane 4, Northfield")
    told.hides(("inspector", "authority"), "Quince Lane", "House Linden")
    told.act(
        "guardian", "age_assessment", "prove", document="birth_certificate", reference="No. 88",
        turns_18_on="2027-11-30",
    )  # fmt: skip
    told.stands("social", age_assessment="concluded_child", guardian="active")


def best_interests(told: Told) -> None:
    told.act("social", "bia", "start", child_trained=True)
    sides = ("safety", "family", "development", "identity", "health", "education")
    told.act(
        "social", "bia", "complete", child_heard="heard", childs_views=HERE, guardian_view="heard",
        recommends="in_favour", recommendation="She is well where she is.", **dict.fromkeys(sides, "Looked at."),
    )  # fmt: skip
    told.never_offers("social", "bia", "approve")
    told.oversee("supervisor3")
    told.act("supervisor3", "bia", "approve")
    told.act("social", "bid", "open", question="durable_solution", guardian_heard=True)
    told.rests("social", "durable_solution__begin")
    facts: dict[str, Any] = {
        "towards": "nobody", "childs_views": HERE, "tracing": "not_looked", "origin_findings": "The uncle is there.",
        "risk_analysis": "She would be sold again.", "option_return": "Not safe", "option_integration": "School, home",
    }  # fmt: skip
    told.refuses("social", "bid", "gather", "INV-18", **facts)
    told.act("social", "bid", "gather", **facts, option_resettlement="Nobody there")
    told.act("social", "bid", "submit", report="For the panel", guardian_heard=True)
    told.calls("panel", "A case is ready for the panel")
    told.hides("panel", HERE, "Hoa")  # not before it says why, and no longer than its session
    told.hand.oversee("panel", told.case, "The session of 2 March")
    told.shows("panel", HERE)
    told.hides("panel", "Quince Lane", "House Linden")
    told.never_offers("social", "bid", "decide")
    told.never_offers("guardian", "bid", "decide")
    panel = [
        {"member": told.hand.user(who), "organisation": told.house(house), "function": function, "vote": "for"}
        for who, house, function in (
            ("panel", "Best Interests Panel", "child_protection"), ("ngo2", "Open Door Network", "organisation"),
            ("lawyer", "Legal Aid Bureau", "child_law"),
        )
    ]  # fmt: skip
    decides = {
        "option": INTEGRATION, "individual": True, "decision": "She stays.", "reasons": "She is safe here.",
        "guardian_heard": True, "child_heard": "heard", "review_on": told.today(days=180),
    }  # fmt: skip
    own = [*panel[:2], {**panel[2], "member": told.hand.user("social")}]
    told.refuses("panel", "bid", "decide", "INV-20", members=own, **decides)
    told.act("panel", "bid", "decide", members=panel, **decides)


def solution(told: Told) -> None:
    told.act(
        "guardian", "durable_solution", "propose", option=INTEGRATION, reasons="Her wish, and safe.",
        alternatives="Return: not safe. A third country: nobody there.", **VIEWS,
    )  # fmt: skip
    decides = {"individual": True, "reasons": "Each of the three was looked at."}
    told.refuses("panel", "durable_solution", "decide", "INV-06", option=RETURN, **decides)
    told.act("panel", "durable_solution", "decide", option=INTEGRATION, **decides)
    starts = {
        "plan": "School from Monday; the foster family applies.", "owner": told.hand.user("social"),
        "starts_on": told.today(), "ends_on": told.today(days=365), "guardian_heard": True,
    }  # fmt: skip
    told.refuses(
        "social",
        "durable_solution",
        "start",
        "OSCE Addendum 9",
        "OSCE Addendum 9",
        integration=FOUR[:3],
        **starts,
    )
    told.act("social", "durable_solution", "start", integration=FOUR, **starts)
    told.wait(days=200)
    lives = {
        "evidence": "A year at school, a family, a permit.",
        "child_heard": "heard",
        "childs_views": HERE,
    }
    told.refuses("social", "durable_solution", "achieve", "INV-20", **lives)
    told.oversee("supervisor3")
    told.act("supervisor3", "durable_solution", "achieve", **lives)
    told.stands(
        "social", durable_solution="achieved", guardian="active", case="open", shelter_placement="placed"
    )
    told.shows("guardian", HERE)
    told.is_closed_to("police", "immigration", "ngo")


def story(told: Told) -> None:
    treated_as_a_child(told)
    best_interests(told)
    solution(told)


def test_a_sold_child_of_unknown_age_is_at_home_here_in_the_end(
    by_both_hands: Callable[[Callable[[Told], None]], None],
) -> None:
    by_both_hands(story)

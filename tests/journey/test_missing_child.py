"""A child who does not come back: searched for by who it is, never by where it lived; found, and told of to few."""

from collections.abc import Callable

from tests.journey.told import Told

GUARDIAN = {
    "vetting_reference": "V-1", "wished_language": "ro", "speaks_it": True, "wished_sex": "female",
    "wish_met": True, "no_immigration_role": True, "no_shelter_role": True, "no_exploiter_tie": True, "caseload": 3,
}  # fmt: skip
WHERE = ("Quince Lane", "House Linden", "the bus stop by the mill")


def guarded(told: Told) -> None:
    """Give the child a guardian."""
    day = told.today()
    told.act(
        "social", "guardian", "nominate", guardian_user=told.hand.user("guardian"), vetted_on=day,
        trained_on=day, **GUARDIAN,
    )  # fmt: skip
    told.act(
        "social", "guardian", "appoint", authority="Court", order="7/26", order_on=day, scope=["all"],
        from_on=day, met_on=day,
    )  # fmt: skip


def story(told: Told) -> None:
    told.refer(
        "inspector", "Social Services of the Lake District", age_class="child", given_names="Denisa",
        born_on={"year": 2011}, urgency="immediate",
    )  # fmt: skip
    told.act("social", "referral", "accept")
    told.is_closed_to("guardian")
    guarded(told)
    told.sheltered("social", age="child")
    told.shows("guardian", "Quince Lane 4, Northfield")
    told.is_closed_to("police", "ngo", "immigration")

    told.act(
        "shelter", "shelter_placement", "not_back", last_seen_at=told.clock.now().isoformat(),
        last_seen_where="At the bus stop by the mill, with a man in a grey car", contact_missed="yes",
    )  # fmt: skip
    told.runs("shelter", shelter_placement__child_missing="2 March 2026, 12:")
    told.wait(hours=2, minutes=1)

    # The timer says what nobody said: the child is missing, and those who act for it hear of it at once.
    told.stands(
        "social", shelter_placement="missing", missing_person="reported", guardian="active", case="open"
    )
    told.shows("guardian", "Missing")
    for who in ("guardian", "social", "shelter"):
        told.calls(who, "Somebody is missing: decide about the police now")
    told.runs("shelter", missing_person__child="2 March 2026, ")
    told.is_closed_to("police")
    told.act(
        "social", "missing_person", "inform_police", police=told.house("Kestrel City Police"),
        identity_set=["name", "birth", "description"], basis="child_protection", cross_border="unknown",
    )  # fmt: skip
    told.stands("social", missing_person="search")
    told.rests("social", "missing_person__child")
    told.calls("police", "Somebody is missing: look for them")
    told.shows("police", "Denisa")
    told.hides(("police", "police2", "inspector", "authority"), *WHERE)
    told.never_offers("police", "missing_person", "close_search", "inform_police")

    # That a child is gone closes nothing.
    told.oversee("supervisor3")
    told.act(
        "supervisor3", "missing_person", "close_search", reason="all_traces", reviewed_on=told.today(),
        next_review_on=told.today(days=20),
    )  # fmt: skip
    told.stands("social", missing_person="closed_not_found", guardian="active", case="open")
    told.shows("social", "Missing")
    told.wait(days=3)
    told.act("police", "missing_person", "reopen_search", reason="sighting")
    told.act(
        "police", "missing_person", "find_safe", found_on=told.today(), wishes_privacy="no",
        where="In the station hall, cold and well", guardian_told="yes",
    )  # fmt: skip
    told.stands("social", missing_person="found_safe", inra="planned", guardian="active")
    told.act("shelter", "shelter_placement", "found_back")
    told.stands("social", shelter_placement="placed")
    told.shows("guardian", "Quince Lane 4, Northfield", "In safe accommodation")
    told.hides(("police", "inspector", "authority"), *WHERE)


def test_a_missing_child_is_found_and_where_it_lives_stays_unknown(
    by_both_hands: Callable[[Callable[[Told], None]], None],
) -> None:
    by_both_hands(story)

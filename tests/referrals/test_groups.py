"""Several people found together: said once, a few lines each, a file for each, and nothing of one in another's."""

from datetime import timedelta
from typing import Any

import pytest

from app.kit.clock import HeldClock
from tests.fixtures.service import As, Browser, Enter
from tests.referrals import made

A_MINUTE = timedelta(minutes=1)
LEAST: dict[str, dict[str, Any]] = {
    "safety": {"immediate_safety": "not_safe"},
    "sharing": {"shared_categories": ["ID", "NAT", "EXP", "SVC"]},
    "needs-of-all": {"immediate_needs": ["safe_place", "food_clothing"]},
    "urgency": {"urgency": "immediate", "reason": "Other"},
    "signs": {"indicators": [{"source": "seen", "signs": ["ilo.conditions", "ilo.wages"]}]},
    "language": {"language": "ro", "interpreter": "yes"},
    "region": {"current_region": "north"},
    "safe-contact": {"safe_contact": [{"channel": "through_referrer", "safe": "yes"}]},
    "stays": {"current_place": "The sports hall at Unmistakable Meadow"},
    "places": {"places_details": "Strawberry fields north of the river"},
}
AGREES = {"age_class": "adult", "consent": "yes", "consent_explained": "yes", "consent_notice": "yes"}


@pytest.fixture
def police(enter: Enter) -> Browser:
    return enter("police")


@pytest.fixture
def group(police: Browser, acting: As) -> str:
    """What several people have in common, whole."""
    with acting("police") as work:
        to = str(made.organisation(work))
    begun = police.json("POST", "/api/referrals/drafts", {"type": "group"}, status=201)["track_id"]
    for version, (page, said) in enumerate(
        [*LEAST.items(), ("recipient", {"receiving_organisation_id": to})]
    ):
        made.put(police, begun, page, said, version)
    return str(begun)


def add(police: Browser, group: str, **said: Any) -> str:
    body = {"type": "initial", "group_id": group}
    person = police.json("POST", "/api/referrals/drafts", body, status=201)["track_id"]
    made.put(police, person, "in-brief", said, 0)
    return str(person)


def send(police: Browser, group: str, status: int = 200) -> Any:
    said = {"version": len(LEAST) + 1}
    return police.json("POST", f"/api/referrals/groups/{group}/submit", said, status=status)


def test_each_is_referred_alone_and_whoever_says_no_is_only_counted(
    police: Browser, group: str, enter: Enter, given: Any, clock: HeldClock
) -> None:
    add(police, group, **AGREES, name_to_use="Ion", gender="Masculine", language="uk")
    clock.move(A_MINUTE)
    add(police, group, age_class="uncertain", name_to_use="Petru")
    clock.move(A_MINUTE)
    add(
        police, group, **{**AGREES, "consent": "no"}, name_to_use="Unmistakable-Vasile", gender="Masculine",
        nationalities=["MD"],
    )  # fmt: skip
    told = police.json("GET", f"/api/referrals/groups/{group}")
    assert [each["missing"] for each in (told, *told["people"])] == [[], [], [], []]
    assert [(each["counted"], each["child"]) for each in told["people"]] == [
        (False, False), (False, True), (True, False),
    ]  # fmt: skip
    assert len(police.json("GET", "/api/referrals")["drafts"]) == 1
    ion, petru, counted = send(police, group)["sent"]

    ngo = enter("ngo")
    waiting = {
        each["case_id"]: each["minimum"] for each in ngo.json("GET", "/api/referrals/inbox")["waiting"]
    }
    assert {waiting[each["case_id"]]["found_together"] for each in (ion, petru)} == {3}
    assert waiting[ion["case_id"]]["language"] == "uk"
    assert waiting[petru["case_id"]]["language"] == "ro"
    shown = {}
    for each in (ion, petru):
        door = f"/api/cases/{each['case_id']}/tracks/referral/{each['track_id']}/accept"
        ngo.json("POST", door, {}, If_Match='"2"')
        shown[each["case_id"]] = str(ngo.json("GET", f"/api/cases/{each['case_id']}"))
    for case, own, other in ((ion, "Ion", "Petru"), (petru, "Petru", "Ion")):
        assert own in shown[case["case_id"]]
        assert other not in shown[case["case_id"]]
        assert "Strawberry fields" in shown[case["case_id"]]
        assert "Unmistakable Meadow" in shown[case["case_id"]]  # whereabouts, carried unseen, for the lead
    assert made.live_keys(given, counted["case_id"]) == {"STA"}
    assert "Vasile" not in str(enter("authority").json("GET", f"/api/cases/{counted['case_id']}"))
    police.get(f"/referrals/{group}/status", 303)
    police.get(f"/referrals/{group}/people")
    assert "Sent: 3" in police.text
    assert "Ion" not in police.text


def test_nobody_is_sent_while_something_is_wanting(police: Browser, group: str, enter: Enter) -> None:
    assert "Add each person" in str(send(police, group, 422))
    add(police, group, **AGREES, name_to_use="Ion")
    unasked = police.json(
        "POST", "/api/referrals/drafts", {"type": "initial", "group_id": group}, status=201
    )["track_id"]
    refused = made.put(police, unasked, "in-brief", {"age_class": "adult", "name_to_use": "Ana"}, 0, 422)
    assert "INV-17" in str(refused)
    assert "age_class" in str(send(police, group, 422))
    assert enter("ngo").json("GET", "/api/referrals/inbox")["waiting"] == []
    police.get(f"/referrals/{group}")
    assert "Needed" in police.text
    assert "Send all" not in police.text
    # Whoever is in danger goes ahead of the others, on their own.
    made.put(police, unasked, "in-brief", {"age_class": "child", "name_to_use": "Ana"}, 0)
    police.json("POST", f"/api/referrals/drafts/{unasked}/submit", {"version": 1})
    assert len(police.json("GET", f"/api/referrals/groups/{group}")["people"]) == 1


def test_what_they_have_in_common_holds_nobody_and_goes_with_all_when_thrown_away(
    police: Browser, group: str, enter: Enter, given: Any
) -> None:
    made.put(police, group, "names", {"given_names": "Ion"}, 12, 404)
    police.json("POST", f"/api/referrals/drafts/{group}/submit", {"version": 11}, status=422)
    person = add(police, group, **AGREES, name_to_use="Ion")
    stranger = enter("inspector")
    stranger.json("GET", f"/api/referrals/groups/{group}", status=404)
    stranger.json("POST", "/api/referrals/drafts", {"type": "initial", "group_id": group}, status=404)
    case = police.json("GET", f"/api/referrals/drafts/{person}")["case_id"]
    assert "ID" in made.live_keys(given, case)
    police.json("POST", f"/api/referrals/drafts/{group}/discard", {"reason": "mistake"})
    assert made.live_keys(given, case) == set()
    assert police.json("GET", "/api/referrals")["drafts"] == []


def test_a_program_sends_a_whole_group_in_one_call_or_nobody(
    police: Browser, acting: As, enter: Enter
) -> None:
    with acting("police") as work:
        to = made.organisation(work)
    ion, ana = made.short(to, given_names="Ion"), made.short(to, given_names="Ana", found_together=40)
    no = {"sex": "male", "nationality": "MD", "region": "north", "indicators": ["ilo.wages"]}
    unasked = {name: each for name, each in ana.items() if name != "consent"}
    refused = police.json(
        "POST", "/api/referrals/groups", {"people": [ion, unasked], "counted": [no]}, status=409
    )
    assert [each["field"] for each in refused["faults"]] == ["people.1.consent"]
    assert enter("ngo").json("GET", "/api/referrals/inbox")["waiting"] == []
    sent = police.json("POST", "/api/referrals/groups", {"people": [ion, ana], "counted": [no]}, status=201)
    assert len({each["case_id"] for each in sent["sent"]}) == 3
    waiting = enter("ngo").json("GET", "/api/referrals/inbox")["waiting"]
    assert {each["minimum"].get("found_together") for each in waiting} == {3}

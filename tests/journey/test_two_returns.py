"""Two who wish to go home: one whom a danger stops until it is met, and one whom every rule goes on stopping."""

import re
from collections.abc import Callable
from typing import Any

from tests.journey.told import Told

ADVISED = {
    **dict.fromkeys(("told_stay", "told_asylum", "told_return", "told_revocable"), True), "language": "ro",
    "legal_advice": "taken",
}  # fmt: skip
WISHES = {"country": "RO", "place": "Bistrita", "own_reasons": "My mother is ill."}
RISKS = (
    "reprisal_self", "reprisal_family", "retrafficking", "stigma", "debt", "health", "shelter", "livelihood",
    "authorities",
)  # fmt: skip
WAY = "By night train through Oradea"


def found(outcome: str, **levels: str) -> dict[str, Any]:
    """The nine risks: low but for those named, each high one with a measure."""
    rated = [
        {"risk": each, "level": levels.get(each, "low"), "mitigation": "The partner goes along."}
        for each in RISKS
    ]
    return {"risks": rated, "outcome": outcome, "reasons": "Seen with the partner at the place."}


def wish(told: Told) -> None:
    """Explain all ways, and write down her own wish; without her consent there is none."""
    told.refer("police", given_names="Anca")
    told.act("ngo", "referral", "accept")
    told.act("ngo", "voluntary_return", "counsel", **ADVISED)
    told.refuses("ngo", "voluntary_return", "wish", "INV-09", **WISHES)
    told.consent("return", "Harbour Association", "ID", "NAT")
    told.act("ngo", "voluntary_return", "wish", **WISHES)
    told.refuses("ngo", "voluntary_return", "start_assessment", "INV-08")
    told.act("ngo", "return_safety_assessment", "request", family=["parents"], country="RO", place="Bistrita")
    told.act(
        "ngo", "return_safety_assessment", "start", towards="organisation", partner="Casa Noua",
        own_view="She is not afraid of the town, but of one man there.", own_fear="unknown",
    )  # fmt: skip


def assessed(told: Told, outcome: str, **levels: str) -> None:
    """Complete the assessment, and have another person approve it."""
    told.act("ngo", "return_safety_assessment", "complete", **found(outcome, **levels))
    told.oversee()
    told.act("supervisor", "return_safety_assessment", "approve", valid_until=told.today(days=30))


def awaited(told: Told) -> None:
    """Find a partner abroad who waits; nothing crosses the border without her consent."""
    told.act(
        "ngo", "transnational_referral", "create", purpose="return", country="RO", towards="organisation",
        partner="Casa Noua", contact="By the network", contact_checked="network",
        contact_verified_on=told.today(), urgent="no",
    )  # fmt: skip
    checked = {
        "towards": "organisation", "agreement": "Network agreement 4", "transfer_basis": "same_law",
        "data_set": ["ID"], "minimised": True,
    }  # fmt: skip
    told.refuses("supervisor", "transnational_referral", "check", "INV-24", **checked)
    told.consent("transnational_referral", "Harbour Association", "ID")
    told.act("supervisor", "transnational_referral", "check", **checked)
    told.act("ngo", "transnational_referral", "send", sent_on=told.today(), channel="portal")
    told.act(
        "ngo", "transnational_referral", "accept", receiving_worker="M. Pop", promised=["reception", "medical"],
        arrives_on=told.today(days=9),
    )  # fmt: skip


def first_blocked_then_permitted(told: Told) -> None:
    wish(told)
    assessed(told, "unsafe", reprisal_self="critical")
    told.act("ngo", "voluntary_return", "start_assessment")
    proceeds = {
        "same_place": True, "proceedings": "None here needs her.", "receiving_organisation": "Casa Noua",
    }  # fmt: skip
    told.refuses("supervisor", "voluntary_return", "approve", "INV-08", **proceeds)
    told.never_offers("ngo", "voluntary_return", "approve")
    told.stands("ngo", voluntary_return="assessment", case="open")

    told.act("ngo", "return_safety_assessment", "renew", trigger="new_facts")  # the man was sentenced
    told.refuses(
        "ngo", "return_safety_assessment", "complete", "INV-08", **found("safe", reprisal_self="high")
    )
    assessed(told, "safe_with_measures", reprisal_self="high")
    told.act("supervisor", "voluntary_return", "approve", **proceeds)
    journey = {
        "towards": "organisation", "travel": "By train", "travel_document": "own", "escort": "not_wanted",
        "care_plan": "None needed", "pack_handed": True, "pack_language": "ro", "monitoring": "Casa Noua, monthly",
    }  # fmt: skip
    told.refuses("ngo", "voluntary_return", "prepare", "INV-25", "OSCE Action Plan V.7.1", **journey)
    awaited(told)
    told.act("ngo", "voluntary_return", "prepare", **journey)
    leaves = {"departed_on": told.today(), "route": WAY, "still_wishes": True}
    told.refuses(
        "ngo", "voluntary_return", "depart", "return.cooling_off_days", "CETS 197 art. 16(2)", **leaves
    )
    told.wait(days=8)
    told.act("ngo", "voluntary_return", "depart", **{**leaves, "departed_on": told.today()})
    told.stands("ngo", voluntary_return="departed")
    told.shows("ngo", WAY)
    told.hides(("police", "authority"), WAY)
    told.hides("police", "Bistrita")
    told.is_closed_to("consul", "immigration")
    told.act(
        "ngo", "voluntary_return", "hand_over", received_by="M. Pop, Casa Noua", received_on=told.today()
    )
    told.act("ngo", "voluntary_return", "start_reintegration", plan="A room, then a course.")
    told.stands("ngo", voluntary_return="reintegration", case="open")


def for_ever_blocked(told: Told) -> None:
    wish(told)
    assessed(told, "unsafe", reprisal_self="critical", retrafficking="critical")
    told.act("ngo", "voluntary_return", "start_assessment")
    told.act(
        "ngo", "asylum_claim", "express", said_on=told.today(), told_asylum=True, language="ro",
        interpreter="E. Popa",
    )  # fmt: skip
    proceeds = {
        "same_place": True, "proceedings": "None here needs her.", "receiving_organisation": "Casa Noua",
    }  # fmt: skip
    # Who approves may not know of a claim: the page names something that protects her, and whom to ask.
    told.hides(("police", "authority", "immigration", "supervisor"), "Bistrita")  # where she would be found
    told.shows("ngo", "Bistrita")
    told.refuses("supervisor", "voluntary_return", "approve", "INV-08", **proceeds)
    said = told.hand.refused("supervisor", told.case, "voluntary_return", "approve", proceeds)
    assert "your work does not let us say what" in said
    assert not re.search("asylum|INV-04|Refugees", said)
    for who in ("police", "authority"):
        assert "Asylum claim" not in told.hand.seen(who, told.case)
    told.act("supervisor", "voluntary_return", "refuse_unsafe", reasons="The man is free and knows the town.")
    told.stands("ngo", voluntary_return="refused_unsafe", return_safety_assessment="closed", case="open")
    told.calls("ngo", "it would not be safe")

    # What the State orders is blocked as well, and stays so: nobody is offered to record it as lawful.
    told.act(
        "ngo", "removal_measure", "notify", authority="Aliens Office", kind="expulsion", ordered_on=told.today(),
        legal_basis="Aliens Act, section 52", remedy="The administrative court", remedy_until=told.today(days=14),
        held=False,
    )  # fmt: skip
    told.stands("ngo", removal_measure="blocked")
    told.wait(days=400)
    told.stands("ngo", removal_measure="blocked", asylum_claim="intention", voluntary_return="refused_unsafe")
    told.never_offers("ngo", "removal_measure", "record_execution", "lift")
    told.act("ngo", "voluntary_return", "counsel", **ADVISED)
    told.refuses("ngo", "voluntary_return", "wish", "INV-04", **WISHES)


def test_a_return_that_danger_stops_is_permitted_once_the_danger_is_met(
    by_both_hands: Callable[[Callable[[Told], None]], None],
) -> None:
    by_both_hands(first_blocked_then_permitted)


def test_a_return_into_danger_stays_blocked_for_ever(
    by_both_hands: Callable[[Callable[[Told], None]], None],
) -> None:
    by_both_hands(for_ever_blocked)

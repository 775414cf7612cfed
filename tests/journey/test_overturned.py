"""A no that two people gave, and that a third took back: she loses nothing meanwhile, and nobody is removed."""

from collections.abc import Callable
from typing import Any

from tests.journey.decided import decision
from tests.journey.told import Told

ENDS_WITH = {"purpose": "not_found", "outcome": "elements_missing", "labour_remedy": False}
OPINION = {"read_file": True, "reasons": "I read the file; it shows no purpose of exploitation."}


def refused(told: Told) -> dict[str, Any]:
    remedy = "Ask the authority within thirty days; the NGO helps, and it costs nothing."
    return {
        name: each for name, each in decision(told, remedy=remedy, **ENDS_WITH).items() if name != "forms"
    }


def story(told: Told) -> None:
    told.refer("police", given_names="Mirela")
    told.act("ngo", "referral", "accept")
    told.sheltered()
    told.runs("ngo", identification__reasonable_grounds="9 March 2026")
    told.act("authority", "identification", "propose_no_reasonable_grounds", **refused(told))

    # One person alone cannot say no, and until another did nothing has changed.
    told.refuses("authority", "identification", "confirm_no_reasonable_grounds", "INV-20", **OPINION)
    told.stands("ngo", identification="rg_negative_proposed", shelter_placement="placed")
    told.act("authority2", "identification", "confirm_no_reasonable_grounds", **OPINION)
    told.stands("ngo", identification="rg_negative", case="open", shelter_placement="placed")
    told.calls("ngo", "A decision is to be explained, and its remedy; help goes on")
    told.runs("ngo", identification__explain="5 March 2026")
    told.rests("ngo", "identification__ask_review")  # her time does not run before she knows
    told.shows("ngo", "She disagrees.", "Quince Lane 4, Northfield")
    told.hides(("police", "authority", "authority2", "immigration"), "Quince Lane", "House Linden")
    told.is_closed_to("ngo2", "immigration", "police2")

    # A removal is ordered on the no: while she can still ask for a review, and while it lasts, it is blocked.
    told.act(
        "ngo", "removal_measure", "notify", authority="Aliens Office", kind="expulsion", ordered_on=told.today(),
        legal_basis="Aliens Act, section 52", remedy="The administrative court", remedy_until=told.today(days=14),
        held=False,
    )  # fmt: skip
    told.stands("ngo", removal_measure="blocked")

    told.act(
        "ngo", "identification", "explain_decision", notified_on=told.today(), notified_language="ro",
        interpreter="E. Popa", how="by_lead", letter_handed=True,
    )  # fmt: skip
    told.runs("ngo", identification__ask_review="1 April 2026")
    told.wait(days=20)
    told.act(
        "ngo", "identification", "ask_review", grounds="The contract shows what she was promised.",
        filed_on=told.today(),
        new_evidence=[{"element": "purpose", "source": "document", "weight": "supports", "what": "The contract"}],
    )  # fmt: skip
    told.stands("ngo", identification="reconsideration_requested", removal_measure="blocked")
    answer = {"reasons": "The contract shows that the work was forced.", "language": "ro"}
    for decider in ("authority", "authority2"):
        told.refuses(decider, "identification", "uphold_reasonable_grounds", "INV-20", **answer)
    told.never_offers("ngo", "identification", "uphold_reasonable_grounds", "reject_review")
    told.act("authority3", "identification", "uphold_reasonable_grounds", **answer)
    told.stands(
        "ngo", identification="rg_positive", reflection_period="not_offered", removal_measure="blocked",
        shelter_placement="placed", case="open",
    )  # fmt: skip
    told.rests("ngo", "identification__ask_review", "identification__answer_review")
    told.calls("ngo", "Reasonable grounds found")


def test_a_no_of_two_is_overturned_by_a_third_and_she_lost_nothing(
    by_both_hands: Callable[[Callable[[Told], None]], None],
) -> None:
    by_both_hands(story)

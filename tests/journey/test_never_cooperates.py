"""A woman who tells the police nothing, now or ever: she has the same house, help, time and stay as anybody."""

from collections.abc import Callable
from typing import Any

from tests.journey.decided import decision, time_to_recover
from tests.journey.story import TOLD
from tests.journey.told import Told

HELP = {"shelter_placement": "placed", "assistance_service": "active", "case": "open"}


def service(told: Told) -> None:
    """Plan a service, and let it begin."""
    told.act(
        "ngo", "assistance_service", "plan", type="psychological", provider=told.house("Harbour Association"),
        goal="To sleep again", need="Sleep",
    )  # fmt: skip
    told.act("ngo", "assistance_service", "offer", language="ro", informed=["what", "free", "voluntary"])
    told.act("ngo", "assistance_service", "accept", agreed="aloud")
    told.act("ngo", "assistance_service", "start", start_on=told.today())


def story(told: Told) -> None:
    told.refer("police", given_names="Lucia")
    told.act("ngo", "referral", "accept")
    told.sheltered()
    service(told)
    time_to_recover(told, "RP-0418")
    told.runs("ngo", reflection_period__end="1 April 2026")

    # She was advised before she chose.
    told.act(
        "ngo", "proceedings_participation", "advise", provider="Legal Aid Centre", offered_on=told.today(),
        legal_advice="taken", language="ro", protection_explained=True, free_choice_explained=True,
    )  # fmt: skip
    told.never_offers("police", "proceedings_participation", "choose_yes", "choose_no", "statement")
    told.act("ngo", "proceedings_participation", "choose_no")
    told.stands("ngo", proceedings_participation="will_not_cooperate", reflection_period="active", **HELP)
    told.knows_nothing_of("immigration", "proceedings_participation")
    told.knows_nothing_of("shelter", "proceedings_participation")
    told.knows_nothing_of("authority", "proceedings_participation")

    # Her consent to tell the police is asked once, and her no is the end of it.
    asked: dict[str, Any] = {"purpose": "share_police", "categories": ["ID"], "language": "ro"}
    told.act(
        "ngo", "consent", "ask", recipients=[told.house("Kestrel City Police")], interpreter="E. Popa",
        capacity_note="Rested; understood", **asked, **dict.fromkeys(TOLD, True),
    )  # fmt: skip
    told.act("ngo", "consent", "refuse", refused_on=told.today())
    told.stands("ngo", reflection_period="active", **HELP)
    told.hides(("police", "authority", "immigration"), "Quince Lane", "House Linden", "To sleep again")

    # The period ends by time; help does not, and nobody can end it for want of a statement.
    told.wait(days=31)
    told.stands("ngo", reflection_period="ended_expired", identification="rg_positive", **HELP)
    told.calls("ngo", "help goes on")
    told.refuses(
        "ngo",
        "assistance_service",
        "discontinue",
        "INV-20",
        "CETS 197 art. 12(6)",
        ended_for="no_contact",
        ended_on=told.today(),
    )
    panel = {"panel": [told.hand.user("authority")]}
    told.act("authority", "identification", "identify", **decision(told), **panel)
    told.stands(
        "ngo", identification="conclusive_positive", proceedings_participation="will_not_cooperate", **HELP
    )
    told.shows("ngo", "Quince Lane 4, Northfield")


def test_who_never_cooperates_loses_nothing(
    by_both_hands: Callable[[Callable[[Told], None]], None],
) -> None:
    by_both_hands(story)

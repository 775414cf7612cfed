"""The main path in a real browser: the police officer on a phone, everybody else at a desk."""

from tests.browser.chromium_hand import ChromiumHand
from tests.journey.story import Story, full_referral, tell_and_look
from tests.referrals import made

KEPT = (
    "met_in_region", "safety_details", "consent_language", "access_needs", "current_area", "current_town",
    "current_place", "name_to_use", "given_names", "family_names", "born_on", "gender", "nationalities",
    "what_happened", "types_of_exploitation", "professional_insight", "responder_name", "responder_phone",
    "other_languages",
)  # fmt: skip


def roadside_referral() -> dict[str, object]:
    """What is answered in ten minutes beside the road, in several scripts."""
    whole = full_referral()
    return {
        **{name: value for name, value in made.short("").items() if name != "receiving_organisation_id"},  # type: ignore[arg-type]
        **{name: whole[name] for name in KEPT},
        "indicators": whole["indicators"][:2], "safe_contact": whole["safe_contact"][:2], "language": "ka",
        "interpreter": "yes", "immediate_safety": "not_safe",
    }  # fmt: skip


def test_she_is_referred_sheltered_and_given_time_to_recover(by_hand: ChromiumHand) -> None:
    story = Story(by_hand, roadside_referral())
    story.police_refer()
    story.ngo_accepts()
    tell_and_look(story)

    looks = by_hand.read("supervisor", "Who looked")
    assert "Clara Weiss" in looks
    assert "work on the case" in looks
    assert "House Linden" not in looks
    by_hand.read("auditor", "Who looked")

    assert "Mes dossiers" in by_hand.in_french("ngo", "/")
    assert "1 avril 2026" in by_hand.in_french("ngo", f"/cases/{story.case}")
    for who, path in (
        ("police", "/referrals/new"),
        ("police", f"/cases/{story.case}"),
        ("shelter", "/shelters"),
    ):
        assert by_hand.in_french(who, path)

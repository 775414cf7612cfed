"""What walks are about: chance alone would seldom lead a case to its end, so most walks have somewhere to go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Way = tuple[str, str] | tuple[str, str, Mapping[str, Any]]  # track, step, answers that matter


@dataclass(frozen=True)
class Theme:
    """Steps that are tried in this order, tracks that are walked more often, codes that are chosen more often."""

    path: tuple[Way, ...] = ()
    slugs: tuple[str, ...] = ()
    likely: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    calm: bool = False  # little else happens before the end of the path


# What chance would seldom come to, and what most depends on it.
TURNS = (
    ("consent", "withdraw"), ("asylum_claim", "express"), ("removal_measure", "notify"), ("consent", "give"),
    ("removal_measure", "record_execution"), ("voluntary_return", "depart"), ("case", "approve_closure"),
    ("reflection_period", "waive"), ("referral", "accept"), ("shelter_placement", "leave"),
)  # fmt: skip
TAKEN_ON: tuple[Way, ...] = (
    ("referral", "create", {"type": "initial"}),
    ("referral", "submit"),
    ("referral", "accept"),
)
YES = dict.fromkeys(("safety", "protection", "rehabilitation", "reintegration"), ("yes",))
LOW = {"level": ("low",), "risk": ("low",), "outcome": ("safe",), "vote": ("for",)}
ADULT = {"age_class": ("adult",), "consent": ("yes",), "given_by": ("self",), "legal_advice": ("taken",)}
CHILD = {"age_class": ("child",), "given_by": ("guardian",), "childs_view": ("agrees",)}
SAFE: tuple[Way, ...] = (
    ("return_safety_assessment", "request"), ("return_safety_assessment", "start", {"towards": "organisation"}),
    ("return_safety_assessment", "complete"), ("return_safety_assessment", "approve"),
    ("voluntary_return", "start_assessment"), ("voluntary_return", "approve"),
)  # fmt: skip
ABROAD: tuple[Way, ...] = (
    ("transnational_referral", "create", {"purpose": "return", "towards": "organisation"}),
    ("transnational_referral", "check"), ("transnational_referral", "send"), ("transnational_referral", "accept"),
)  # fmt: skip
JOURNEY: tuple[Way, ...] = (
    ("voluntary_return", "prepare", {"travel_document": "own", "towards": "organisation"}),
    ("voluntary_return", "depart"), ("voluntary_return", "hand_over"), ("voluntary_return", "start_reintegration"),
    ("voluntary_return", "conclude"),
)  # fmt: skip
HOME: tuple[Way, ...] = (
    *TAKEN_ON, ("voluntary_return", "counsel"), ("consent", "ask", {"purpose": "return"}), ("consent", "give"),
    ("voluntary_return", "wish"), *SAFE, ("consent", "ask", {"purpose": "transnational_referral"}),
    ("consent", "give"), *ABROAD, *JOURNEY,
)  # fmt: skip
CHILDS_WAY: tuple[Way, ...] = (
    *TAKEN_ON, ("guardian", "nominate"), ("guardian", "appoint"), ("bid", "open", {"question": "durable_solution"}),
    ("bid", "gather", {"towards": "organisation"}), ("bid", "submit"),
    ("bid", "decide", {"option": "return_reintegration"}), ("durable_solution", "find_reception"),
    ("durable_solution", "propose", {"option": "return_reintegration"}),
    ("durable_solution", "decide", {"option": "return_reintegration"}), ("durable_solution", "start"),
    ("voluntary_return", "counsel"), ("voluntary_return", "wish"), *SAFE, *ABROAD,
    ("post_return_monitoring", "plan"), *JOURNEY[:3], ("post_return_monitoring", "arrive"),
    ("post_return_monitoring", "visit"), ("durable_solution", "achieve"),
)  # fmt: skip
GROWING: tuple[Way, ...] = (
    *TAKEN_ON, ("guardian", "name_provisional"), ("age_assessment", "order"), ("age_assessment", "start"),
    ("age_assessment", "conclude_adult"), ("age_assessment", "challenge"), ("age_assessment", "uphold"),
)  # fmt: skip
DOUBTED: tuple[Way, ...] = (
    *TAKEN_ON, ("identification", "propose_no_reasonable_grounds"),
    ("identification", "confirm_no_reasonable_grounds"), ("removal_measure", "notify"),
    ("identification", "ask_review"), ("identification", "uphold_reasonable_grounds"),
    ("reflection_period", "inform"), ("reflection_period", "grant"),
)  # fmt: skip
COURT: tuple[Way, ...] = (
    *TAKEN_ON, ("proceedings_participation", "advise"), ("proceedings_participation", "choose_yes"),
    ("proceedings_participation", "statement", {"capacity": "accused"}), ("proceedings_participation", "fix_hearing"),
    ("proceedings_participation", "further_statement"),
)  # fmt: skip
THEMES = (
    Theme(),
    Theme(
        HOME,
        ("voluntary_return", "return_safety_assessment", "transnational_referral", "consent", "identity_document"),
        {**ADULT, **LOW, "purpose": ("return", "transnational_referral"), "travel_document": ("own",)}, calm=True,
    ),
    Theme(
        CHILDS_WAY,
        ("durable_solution", "bid", "bia", "guardian", "voluntary_return", "post_return_monitoring"),
        {**CHILD, **YES, **LOW, "escort": ("named",), "receiver": ("family",), "travel_document": ("own",)}, calm=True,
    ),
    Theme(
        GROWING, ("age_assessment", "guardian", "bia", "child_interview", "missing_person"),
        {"age_class": ("uncertain",), "given_by": ("guardian",)},
    ),
    Theme(COURT, ("proceedings_participation", "witness_protection", "non_punishment", "compensation_claim"), ADULT),
    Theme(DOUBTED, ("identification", "reflection_period", "residence_permit", "removal_measure", "case"), ADULT),
    Theme(TAKEN_ON, ("inra", "assistance_service", "shelter_placement", "case", "asylum_claim"), {**ADULT, **LOW}),
)  # fmt: skip

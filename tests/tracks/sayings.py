"""What somebody types into the forms of the tracks, where a test does not care what exactly."""

from typing import Any
from uuid import UUID

PARTNER = UUID("5f0f3c1e-0000-4000-8000-000000000001")
OTHER = UUID("5f0f3c1e-0000-4000-8000-000000000002")
TOLD = (
    "agreed_to_talk", "told_purpose", "told_use", "told_research", "told_access", "told_storage",
    "told_withdrawal",
)  # fmt: skip


def asks(**more: Any) -> dict[str, Any]:
    return {
        "purpose": "assistance", "recipients": [PARTNER, OTHER], "categories": ["ID", "CON"],
        "language": "ro",
        "capacity_note": "Rested, alone with me, understood.", **dict.fromkeys(TOLD, True), **more,
    }  # fmt: skip


def gives(**more: Any) -> dict[str, Any]:
    return {
        "given_by": "self", "method": "written", "evidence": "signed_form", "evidence_reference": "C 12",
        **more,
    }  # fmt: skip


def decides(**more: Any) -> dict[str, Any]:
    return {
        "deciders": [PARTNER], "decided_on": "2026-03-02", "act": "reasonable_grounds",
        "acts": ["recruitment"],
        "means": "reasonable_grounds", "means_used": ["deception"], "purpose": "reasonable_grounds",
        "forms": ["ForcedLabour"], "age_at_exploitation": "adult",
        "places": [{"kind": "Exploitation", "country": "AT", "place": "a farm"}],
        "evidence": [{"element": "act", "source": "account", "weight": "supports", "what": "Recruited at home."}],
        "reasons": "The account is coherent.", "guidance_version": "2026-1", "victim_view": "Agrees.",
        "language": "ro", **more,
    }  # fmt: skip


def denies(**more: Any) -> dict[str, Any]:
    return decides(
        purpose="not_found", forms=[], outcome="elements_missing", remedy="Ask the authority within 30 days.",
        labour_remedy=False, **more,
    )  # fmt: skip


def closes(**more: Any) -> dict[str, Any]:
    return {
        "closure_reason": "goals_reached", "summary": "Housed and working.", "victim_view": "Content.",
        "knows_contact": "declined", "claims_run": False, **more,
    }  # fmt: skip


def nominates(**more: Any) -> dict[str, Any]:
    return {
        "guardian_user": OTHER, "vetted_on": "2026-02-01", "vetting_reference": "V 1",
        "trained_on": "2026-01-01",
        "wished_language": "ro", "speaks_it": True, "wished_sex": "no_wish", "wish_met": True,
        "no_immigration_role": True, "no_shelter_role": True, "no_exploiter_tie": True, "caseload": 3, **more,
    }  # fmt: skip


def appoints(**more: Any) -> dict[str, Any]:
    return {
        "authority": "District court", "order": "3 P 7", "order_on": "2026-03-02", "scope": ["all"],
        "from_on": "2026-03-02", **more,
    }  # fmt: skip

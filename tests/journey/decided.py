"""What several stories have decided for them: that there are reasonable grounds, and time to recover."""

from typing import Any

from tests.journey.told import Told


def decision(told: Told, **said: Any) -> dict[str, Any]:
    return {
        "deciders": [told.house("National Identification Authority")], "decided_on": told.today(), "act": "found",
        "acts": ["recruitment"], "means": "found", "means_used": ["deception"], "purpose": "found",
        "forms": ["ForcedLabour"], "age_at_exploitation": "adult",
        "places": [{"kind": "Exploitation", "country": "AT"}],
        "evidence": [{"element": "act", "source": "referral", "weight": "supports", "what": "The notebook"}],
        "reasons": "What you told us is coherent.", "guidance_version": "2026-1", "victim_view": "She disagrees.",
        "language": "ro", **said,
    }  # fmt: skip


def time_to_recover(told: Told, document_number: str) -> None:
    """Find reasonable grounds, tell the person of the period, and grant it for thirty days."""
    told.act("authority", "identification", "find_reasonable_grounds", **decision(told))
    informed = dict.fromkeys(("told_reflection", "told_residence", "told_asylum", "told_consular"), True)
    told.act(
        "ngo", "reflection_period", "inform", language="ro", authority=told.house("Residence Office"), **informed,
    )  # fmt: skip
    told.act(
        "immigration", "reflection_period", "grant", start_on=told.today(), end_on=told.today(days=30),
        document_number=document_number, work_allowed=True,
    )  # fmt: skip

"""What a call to the hotline gives to the referral that is made of it: signs, language, region; never who called."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.casework.models import CaseStep, CaseTrack
from app.safeguards.work import Work

TOLD = {"person": "told", "professional": "other_service"}  # who called -> how the signs are known


def from_call(work: Work, case_id: UUID) -> dict[str, Any]:
    """Return the first answers of a referral that a call became, from what the hotline wrote of it; else nothing."""
    query = (
        select(CaseStep.id)
        .join(CaseTrack, CaseTrack.id == CaseStep.track_id)
        .where(
            CaseTrack.case_id == case_id, CaseTrack.slug == "hotline_report", CaseTrack.state == "converted"
        )
        .where(CaseStep.name.in_(("take", "triage")))
    )
    steps = list(work.session.scalars(query.order_by(CaseStep.number)))
    if not steps:
        return {}
    revealed, said = work.reveal(case_id, steps), dict[str, Any]()
    for step in steps:
        said |= revealed.of(step)
    found = {"language": said.get("language"), "current_region": said.get("coarse_location")}
    if said.get("child_indicated") == "yes":
        found["age_class"] = "child"
    if said.get("indicators"):
        source = TOLD.get(said.get("caller_role", ""), "told_by_other")
        found["indicators"] = [{"source": source, "signs": list(said["indicators"])}]
    return {name: value for name, value in found.items() if value}

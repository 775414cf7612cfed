"""A supervisor's look at a case of the organisation: with a stated reason, for a few hours."""

from datetime import timedelta
from uuid import UUID

from app.cases.queries import supervised_cases
from app.kit.errors import Unknown
from app.safeguards import access
from app.safeguards.words import Relation
from app.safeguards.work import Work

A_LOOK = timedelta(hours=4)  # how long a supervisor's reason holds


def supervised(work: Work, case_id: UUID) -> str:
    """Return the reference of a case of the supervisor's organisation, or raise Unknown."""
    found = next((each.reference for each in supervised_cases(work) if each.id == case_id), None)
    if found is None:
        raise Unknown
    return found


def oversee(work: Work, case_id: UUID, reason: str) -> None:
    """Let a supervisor in for a few hours; the reason is sealed and stands on the ledger."""
    supervised(work, case_id)
    assert work.actor.organisation_id is not None
    access.grant(
        work, case_id, Relation.OVERSIGHT, role=work.actor.role, organisation_id=work.actor.organisation_id,
        user_id=work.actor.user_id, until=work.clock.now() + A_LOOK, reason=reason,
    )  # fmt: skip

"""A look at a case by office: with a stated reason, for a few hours, as far as the matrix gives it."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import any_, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from app.cases.models import Case
from app.kit.errors import Unknown
from app.safeguards import access
from app.safeguards.matrix import MATRIX
from app.safeguards.words import Relation, Role
from app.safeguards.work import Work

A_LOOK = timedelta(hours=4)  # how long a stated reason holds
# Whoever has a cell with "t": what it gives, it gives for a limited time with a stated reason.
WITH_REASON = frozenset(
    role
    for (role, _category), cell in MATRIX.cells.items()
    if "t" in cell.foreign.qualifiers | cell.own.qualifiers
)


def overseen(work: Work, case_id: UUID) -> str:
    """Return the reference of a case that the actor may ask to open, or raise Unknown.

    A supervisor asks for cases of the own organisation, the panel for those it was called into, the data-protection
    officer for any; the database shows each of them no others.
    """
    query = select(Case.reference).where(Case.id == case_id)
    if work.actor.role is Role.SUP:
        query = query.where(Case.id == any_(cast(func.nrm.cases_of_my_organisation(), ARRAY(Uuid()))))
    found = work.session.scalar(query) if work.actor.role in WITH_REASON else None
    if found is None:
        raise Unknown
    return found


def oversee(work: Work, case_id: UUID, reason: str) -> None:
    """Let the actor in for a few hours; the reason is sealed and stands on the ledger."""
    overseen(work, case_id)
    assert work.actor.organisation_id is not None
    access.grant(
        work, case_id, Relation.OVERSIGHT, role=work.actor.role, organisation_id=work.actor.organisation_id,
        user_id=work.actor.user_id, until=work.clock.now() + A_LOOK, reason=reason,
    )  # fmt: skip

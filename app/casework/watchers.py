"""Who can review an emergency access to a case: who was called in to watch it, has an account, and is not barred."""

from uuid import UUID

from sqlalchemy import and_, or_, select

from app.accounts.models import UserAccount
from app.safeguards import ties
from app.safeguards.models import Barring, TeamMember
from app.safeguards.words import Relation, Role
from app.safeguards.work import Work
from app.tracks.oversight.reviewing import REVIEWING


def watchers(work: Work, case_id: UUID) -> frozenset[tuple[UUID, Role]]:
    """Return the people who watch a case now, each with the duty in which they do."""
    called = [
        each
        for each in ties.rows(
            work, TeamMember.case_id == case_id, TeamMember.relation == Relation.OVERSIGHT.value
        )
        if each.role in REVIEWING
    ]
    if not called:
        return frozenset()
    meant = (
        UserAccount.id == each.user_id
        if each.user_id
        else and_(UserAccount.organisation_id == each.organisation_id, UserAccount.role == each.role)
        for each in called
    )
    barred = select(Barring.id).where(
        Barring.case_id == case_id, Barring.ended_at.is_(None),
        or_(Barring.user_id == UserAccount.id, Barring.organisation_id == UserAccount.organisation_id),
    )  # fmt: skip
    query = select(UserAccount.id, UserAccount.role).where(
        or_(*meant), UserAccount.disabled_at.is_(None), ~barred.exists()
    )
    return frozenset((row.id, Role(row.role)) for row in work.session.execute(query))

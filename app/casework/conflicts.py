"""Conflicts of interest in a case, in words: who is barred, and whose word barred them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import UserAccount
from app.accounts.queries import organisation_names, user_names
from app.casework.forms import GROUNDS, DeclareConflict, OwnConflict
from app.casework.named import refuse_unknown
from app.kit.errors import Fault, Invalid
from app.kit.i18n import _
from app.notices.service import alert
from app.safeguards import conflicts
from app.safeguards.words import Role
from app.safeguards.work import Work

BARRED = _("Somebody was barred from a case by a conflict of interest: see that it is led")
NOBODY = Fault(_("Nobody of that organisation uses this service with that address"), "email")


@dataclass(frozen=True)
class Conflict:
    """A conflict of interest that stands."""

    id: UUID
    who: str
    ground: str
    declared_by: str
    since: datetime
    lifting_by: str | None  # who proposed to lift it
    mine_to_lift: bool  # not by whoever proposed it


def standing(work: Work, case_id: UUID) -> list[Conflict]:
    """Return the conflicts that stand, for those who may lift them."""
    rows = conflicts.standing_conflicts(work, case_id)
    people = {each for row in rows for each in (row.user_id, row.declared_by, row.lifting_by) if each}
    users, houses = user_names(work, people), organisation_names(work)
    return [
        Conflict(
            row.id, users[row.user_id] if row.user_id else houses[row.organisation_id or row.id],
            GROUNDS.get(row.ground, row.ground), users[row.declared_by], row.from_at,
            users[row.lifting_by] if row.lifting_by else None, row.lifting_by != work.actor.user_id,
        )
        for row in rows
    ]  # fmt: skip


def declare_own(work: Work, case_id: UUID, said: OwnConflict) -> None:
    """Bar the actor, by their own word; their supervisor is told that the case may need somebody."""
    held = work.member(case_id)
    if held.relations:
        alert(work, case_id, BARRED, role=Role.SUP, urgent=True)
    conflicts.bar(work, case_id, ground=said.ground, reason=said.reason, user_id=work.actor.user_id)


def declare(work: Work, case_id: UUID, said: DeclareConflict) -> None:
    """Bar somebody else, or an organisation; raises Invalid where nobody has that address."""
    work.member(case_id)
    refuse_unknown(work, said)
    user_id = _whose(work, said) if said.email else None
    organisation_id = None if user_id else said.organisation_id
    conflicts.bar(
        work,
        case_id,
        ground=said.ground,
        reason=said.reason,
        user_id=user_id,
        organisation_id=organisation_id,
    )
    alert(work, case_id, BARRED, role=Role.SUP, urgent=True)


def _whose(work: Work, said: DeclareConflict) -> UUID:
    found = work.session.scalar(
        select(UserAccount.id).where(
            UserAccount.organisation_id == said.organisation_id,
            UserAccount.email == (said.email or "").lower(),
        )
    )
    if found is None:
        raise Invalid(NOBODY)
    return found

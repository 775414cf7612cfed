"""Who asks, what ties them to a case, and the only way onto or off its team."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kit.errors import FreshSignInNeeded
from app.kit.ids import new_id
from app.safeguards.models import Share, TeamMember
from app.safeguards.stamps import change, stamp
from app.safeguards.ties import rows, running
from app.safeguards.words import Act, Category, Relation, Role

if TYPE_CHECKING:
    from app.safeguards.work import Work

SYSTEM = UUID(int=0)  # the actor of timers and of what follows from a rule
NOBODY = UUID(int=1)  # whoever has not signed in


@dataclass(frozen=True)
class Actor:
    """Who acts, in which role, for whom, and how they proved it."""

    user_id: UUID
    role: Role
    organisation_id: UUID | None
    name: str = ""
    language: str = "en"
    session_id: UUID | None = None
    authenticator: str = "none"
    cause: UUID | None = None  # whose act the rule engine follows

    @property
    def is_system(self) -> bool:
        """Say whether this is the timer or rule engine."""
        return self.user_id == SYSTEM and self.role is Role.SYS


def system_actor(cause: Actor | None = None) -> Actor:
    """Return the actor of timers and rules, without organisation; `cause` is whose act it follows."""
    if cause is None:
        return Actor(SYSTEM, Role.SYS, None, name="system", authenticator="timer")
    return Actor(
        SYSTEM, Role.SYS, None, name="system", session_id=cause.session_id, authenticator="rule",
        cause=cause.cause or cause.user_id,
    )  # fmt: skip


def anonymous() -> Actor:
    """Return whoever has not signed in: no role at all, so that the matrix gives nothing."""
    return Actor(NOBODY, Role.SYS, None)


CONTEXT = text(
    "SELECT set_config('nrm.user', :user, true), set_config('nrm.role', :role, true),"
    " set_config('nrm.organisation', :organisation, true), set_config('nrm.now', :now, true)"
)


def set_context(session: Session, actor: Actor, now: datetime) -> None:
    """Tell row-level security who asks, for this transaction only."""
    session.connection().execute(
        CONTEXT,
        {
            "user": str(actor.user_id),
            "role": actor.role.value,
            "organisation": str(actor.organisation_id or ""),
            "now": now.isoformat(),
        },
    )


def grant(  # noqa: PLR0913 -- who, where, as what, why, until when; all named at the call
    work: "Work", case_id: UUID, relation: Relation, *, role: Role, organisation_id: UUID,
    user_id: UUID | None = None, until: datetime | None = None, reason: str | None = None,
    categories: Iterable[Category] = (),
) -> None:  # fmt: skip
    """Bring a user (or, without one, whoever has the role in the organisation) onto the team; on the ledger.

    `categories` are what an emergency opens.
    """
    opened = sorted(category.value for category in categories)
    now = work.clock.now()
    same_user = TeamMember.user_id.is_(None) if user_id is None else TeamMember.user_id == user_id
    already = (
        TeamMember.case_id == case_id, TeamMember.relation == relation.value, TeamMember.role == role.value,
        TeamMember.organisation_id == organisation_id, same_user, TeamMember.until_at.is_(None),
    )  # fmt: skip
    if until is None and rows(work, *already):
        return
    made = TeamMember(
        id=new_id(), case_id=case_id, organisation_id=organisation_id, user_id=user_id, role=role.value,
        relation=relation.value, reasoned=reason is not None, categories=opened, granted_by=work.actor.user_id,
        from_at=now, until_at=until,
    )  # fmt: skip
    stamp(work, made)
    work.session.add(made)
    work.session.flush()
    work.forget_standing(case_id)
    work.record(
        Act.GRANT, case_id=case_id, justification=reason,
        relation=relation.value, to_role=role.value, recipient=organisation_id, to_user=user_id,
        until=until.isoformat() if until else None, categories=opened or None,
    )  # fmt: skip


def knock(work: "Work", case_id: UUID) -> None:
    """Stand before a case for this act alone: nothing is seen, and the next request finds nobody there."""
    organisation_id = work.actor.organisation_id
    assert organisation_id is not None
    grant(
        work, case_id, Relation.EMERGENCY, role=work.actor.role, organisation_id=organisation_id,
        user_id=work.actor.user_id, until=work.clock.now() + timedelta(microseconds=1),
    )  # fmt: skip


KEPT = text("SELECT set_config('nrm.case', :case, true)")


def end(  # noqa: PLR0913 -- what may be ended is narrowed by each; all named at the call
    work: "Work", case_id: UUID, relations: Iterable[Relation], *,
    organisation_id: UUID | None = None, user_id: UUID | None = None, role: Role | None = None,
) -> None:  # fmt: skip
    """End rows of the team, effective with this transaction: the next request sees nothing through them.

    The case stays in reach until the transaction is over: what else follows from the step is still to be done in it.
    """
    now = work.clock.now()
    codes = [relation.value for relation in relations]
    which = (TeamMember.case_id == case_id) & TeamMember.relation.in_(codes) & running(now)
    if organisation_id is not None:
        which &= TeamMember.organisation_id == organisation_id
    if user_id is not None:
        which &= TeamMember.user_id == user_id
    if role is not None:
        which &= TeamMember.role == role.value
    if change(work, TeamMember, which, until_at=now):
        work.session.execute(KEPT, {"case": str(case_id)})
    work.forget_standing(case_id)
    work.record(
        Act.REVOKE, case_id=case_id, relation=",".join(codes), recipient=organisation_id, to_user=user_id
    )


def require_fresh(work: "Work") -> None:
    """Ask a person for a sign-in of the last minutes before anything of a case is disclosed."""
    if not work.may_lend:
        raise RuntimeError("a door discloses, and its line in doors.yaml does not say `fresh`")
    if not work.is_fresh:
        raise FreshSignInNeeded


def share(  # noqa: PLR0913 -- what, to whom, for what, on which basis, until when; all named at the call
    work: "Work", case_id: UUID, *, organisation_id: UUID, categories: Iterable[Category], purpose: str,
    basis: str, track_id: UUID, until: datetime | None,
) -> None:  # fmt: skip
    """Lend categories of a case to an organisation (INV-17); on the ledger as a disclosure."""
    require_fresh(work)
    now, lent = work.clock.now(), sorted(category.value for category in categories)
    lending = [
        Share(
            id=new_id(), case_id=case_id, organisation_id=organisation_id, category=code, purpose=purpose,
            basis=basis, track_id=track_id, from_at=now, until_at=until,
        )
        for code in lent
    ]  # fmt: skip
    stamp(work, *lending)
    work.session.add_all(lending)
    work.session.flush()
    work.forget_standing(case_id)
    work.record(
        Act.DISCLOSE, case_id=case_id, recipient=organisation_id, categories=lent, basis=basis,
        lent_for=purpose, rests_on=track_id, until=until.isoformat() if until else None, rule="INV-17",
    )  # fmt: skip


def end_shares(work: "Work", case_id: UUID, track_id: UUID | None = None) -> None:
    """End all that rested on one consent or referral (or on any), now; the next request goes without."""
    which = (Share.case_id == case_id) & Share.ended_at.is_(None)
    if track_id is not None:
        which &= Share.track_id == track_id
    change(work, Share, which, ended_at=work.clock.now())
    work.forget_standing(case_id)
    work.record(Act.REVOKE, case_id=case_id, rests_on=track_id)

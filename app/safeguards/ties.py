"""What ties somebody to a case: rows of its team and what is lent, read only where their stamps fit."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Row,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.kit.database import Ready
from app.safeguards.matrix import CONFLICT, Standing
from app.safeguards.models import Barring, Share, TeamMember
from app.safeguards.stamps import vouched, vouched_values
from app.safeguards.words import Category, Relation, Role

if TYPE_CHECKING:
    from app.safeguards.work import Work

TIMED = (Relation.OVERSIGHT.value, Relation.EMERGENCY.value)


def row_is_mine(work: "Work") -> ColumnElement[bool]:
    """Match rows of the team that name the actor, or their role in their organisation."""
    return _names(work.actor.user_id, work.actor.organisation_id, work.actor.role.value)


def _names(user_id: Any, organisation_id: Any, role: Any) -> ColumnElement[bool]:
    desk = and_(
        TeamMember.user_id.is_(None), TeamMember.organisation_id == organisation_id, TeamMember.role == role
    )
    return or_(TeamMember.user_id == user_id, desk)


def running(now: Any) -> ColumnElement[bool]:
    """Match rows of the team that have begun and not ended; `now` is an instant, or a parameter for one."""
    return and_(TeamMember.from_at <= now, or_(TeamMember.until_at.is_(None), TeamMember.until_at > now))


def rows(work: "Work", *which: ColumnElement[bool]) -> list[Row[Any]]:
    """Return the rows of teams that run now and match, in the order in which they came; a forged one is missing."""
    columns = [getattr(TeamMember, name) for name in (*TeamMember.stamped, "stamp")]
    query = select(*columns).where(running(work.clock.now()), *which)
    found = work.session.execute(query.order_by(TeamMember.from_at, TeamMember.id)).all()
    return [each for each in found if vouched(work, TeamMember, each)]


_CASE: Any = bindparam("case_id")
_NOW: Any = bindparam("now")
_ORGANISATION: Any = bindparam("organisation_id")


class Tie(NamedTuple):
    """A row of the team, of what is lent, or of a conflict of interest, in the columns that all have."""

    lent: bool | None  # a conflict is neither
    stamp: bytes
    id: UUID
    organisation_id: UUID
    from_at: datetime
    until_at: datetime | None
    tie: str  # relation, category or ground
    role: str  # or purpose
    by: UUID
    user_id: UUID | None
    reasoned: bool
    categories: Any  # or basis, or who lifts
    case_id: UUID


# One statement, made once: every request asks it. What is lent counts only beside a row of the team. Each half reads
# what its stamp covers, except what the question itself fixes.
def _ties(
    of_team: ColumnElement[bool], of_shares: ColumnElement[bool], of_barrings: ColumnElement[bool]
) -> Ready:
    return Ready(union_all(
        select(
            literal(value=False), TeamMember.stamp, TeamMember.id, TeamMember.organisation_id,
            TeamMember.from_at, TeamMember.until_at, TeamMember.relation, TeamMember.role,
            TeamMember.granted_by, TeamMember.user_id, TeamMember.reasoned, TeamMember.categories,
            TeamMember.case_id,
        ).where(
            of_team,
            running(_NOW),
            _names(bindparam("user_id"), _ORGANISATION, bindparam("role")),
        ),
        select(
            literal(value=True), Share.stamp, Share.id, Share.organisation_id,
            Share.from_at, Share.until_at, Share.category, Share.purpose,
            Share.track_id, cast(null(), Uuid()), Share.basis.is_(None), func.to_jsonb(Share.basis),
            Share.case_id,
        ).where(
            of_shares,
            Share.organisation_id == _ORGANISATION,
            Share.ended_at.is_(None),
            or_(Share.until_at.is_(None), Share.until_at > _NOW),
        ),
        select(
            cast(null(), Boolean()), Barring.stamp, Barring.id, Barring.organisation_id,
            Barring.from_at, Barring.ended_at, Barring.ground, null(),
            Barring.declared_by, Barring.user_id, null(), func.jsonb_build_array(Barring.lifting_by, Barring.ended_by),
            Barring.case_id,
        ).where(
            of_barrings,
            or_(Barring.user_id == bindparam("user_id"), Barring.organisation_id == _ORGANISATION),
        ),
    ))  # fmt: skip


_CASES: Any = cast(func.string_to_array(bindparam("cases"), literal_column("','")), ARRAY(Uuid()))
TIES = _ties(TeamMember.case_id == _CASE, Share.case_id == _CASE, Barring.case_id == _CASE)
TIES_OF_MANY = _ties(
    TeamMember.case_id == any_(_CASES), Share.case_id == any_(_CASES), Barring.case_id == any_(_CASES)
)
ASYLUM_OPEN = select(func.nrm.asylum_open(_CASE))
IS_CASE = select(func.nrm.is_case(_CASE))


def standing(work: "Work", case_id: UUID) -> Standing:
    """Return what ties the actor to the case at this instant: relations, and categories lent."""
    ties = TIES.rows(work.session, {"case_id": case_id, **_asked(work)})
    return _standing(work, case_id, map(Tie._make, ties))


def why_unknown(work: "Work", case_id: UUID) -> str:
    """Return why the actor was told that there is nothing; it asks the same whatever the answer."""
    held = work.standing(case_id)
    there = work.session.connection().scalar(IS_CASE, {"case_id": case_id})
    if held.barred:
        return CONFLICT
    if held.relations:
        return "nothing of that address in the case"
    return "no relation to the case" if there else "no such case"


def standings(work: "Work", cases: Iterable[UUID]) -> dict[UUID, Standing]:
    """Return what ties the actor to each of those cases, in one statement."""
    found: dict[UUID, list[Tie]] = {case_id: [] for case_id in cases}
    said = {"cases": ",".join(map(str, found)), **_asked(work)}
    for each in map(Tie._make, TIES_OF_MANY.rows(work.session, said) if found else ()):
        found[each.case_id].append(each)
    return {case_id: _standing(work, case_id, ties) for case_id, ties in found.items()}


def _asked(work: "Work") -> dict[str, Any]:
    actor = work.actor
    return {
        "now": work.clock.now(), "user_id": actor.user_id, "organisation_id": actor.organisation_id,
        "role": actor.role.value,
    }  # fmt: skip


def _standing(work: "Work", case_id: UUID, found: Iterable[Tie]) -> Standing:
    found = list(found)
    if any(each.lent is None and _bars(work, case_id, each) for each in found):
        return Standing(frozenset(), barred=True)
    ties = [each for each in found if each.lent is not None and _vouched(work, case_id, each)]
    members = [each for each in ties if not each.lent]
    if not members:
        return Standing(frozenset())
    # Row-level security keeps the case from a consulate in any case; the decision must not rest on that alone.
    dark = work.actor.role is Role.CON and bool(
        work.session.connection().scalar(ASYLUM_OPEN, {"case_id": case_id})
    )
    return Standing(
        relations=frozenset(Relation(each.tie) for each in members),
        lent=frozenset(Category(each.tie) for each in ties if each.lent),
        timed_reason=any(each.reasoned for each in members if each.tie in TIMED),
        emergency=_opened_by_emergency(members),
        asylum_open=dark,
    )


def _bars(work: "Work", case_id: UUID, tie: Tie) -> bool:
    """Say whether a conflict of interest stands; one that was ended past the service does."""
    lifting_by, ended_by = (UUID(each) if each else None for each in tie.categories)
    values = (
        tie.id, case_id, tie.user_id, tie.organisation_id, tie.tie, tie.by, tie.from_at, lifting_by, ended_by,
        tie.until_at,
    )  # fmt: skip
    return not vouched_values(work, Barring, values, tie.stamp) or tie.until_at is None


def _vouched(work: "Work", case_id: UUID, tie: Tie) -> bool:
    ends = (tie.from_at, tie.until_at)
    if tie.lent:
        lent = (tie.id, case_id, tie.organisation_id, tie.tie, tie.role, tie.categories, tie.by, *ends, None)
        return vouched_values(work, Share, lent, tie.stamp)
    values = (
        tie.id, case_id, tie.organisation_id, tie.user_id, tie.role, tie.tie, tie.reasoned, tie.categories, tie.by,
        *ends,
    )  # fmt: skip
    return vouched_values(work, TeamMember, values, tie.stamp)


def _opened_by_emergency(members: Iterable[Tie]) -> frozenset[Category]:
    """Return what rows of emergency name, each with its reason."""
    named = (each.categories for each in members if each.reasoned and each.tie == Relation.EMERGENCY)
    return frozenset(Category(code) for opened in named for code in opened)

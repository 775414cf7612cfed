"""What is read about files of persons: the case, its team, and the cases that are one's own."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text

from app.cases.models import Case, Person
from app.kit.errors import Unknown
from app.safeguards import ties
from app.safeguards.matrix import BY_OFFICE
from app.safeguards.models import TeamMember
from app.safeguards.words import Category, Relation, Role
from app.safeguards.work import Work


@dataclass(frozen=True)
class CaseLine:
    """A case as lists show it: nothing of the person but a coarse class of age."""

    id: UUID
    reference: str
    age_class: str | None
    profile_code: str
    profile_version: int
    created_at: datetime
    created_by: UUID
    relations: frozenset[Relation] = frozenset()


@dataclass(frozen=True)
class PersonLine:
    """The person's record, unopened."""

    id: UUID
    row_version: int


@dataclass(frozen=True)
class Membership:
    """One row of the team: who, as what, from when, until when."""

    relation: Relation
    role: Role
    organisation_id: UUID
    user_id: UUID | None
    from_at: datetime
    until_at: datetime | None


LINE = (
    Case.id, Case.reference, Case.age_class, Case.profile_code, Case.profile_version, Case.created_at,
    Case.created_by,
)  # fmt: skip


def case_line(work: Work, case_id: UUID) -> CaseLine:
    """Return the case; raises Unknown where there is none for the actor."""
    row = work.session.execute(select(*LINE).where(Case.id == case_id)).first()
    if row is None:
        raise Unknown
    return CaseLine(*row, work.standing(case_id).relations)


def references_by_office(work: Work, cases: Collection[UUID]) -> dict[UUID, str]:
    """Return the references of those cases that the actor knows of by office, and by no row of a team."""
    if not cases or work.actor.role not in BY_OFFICE:
        return {}
    return {
        row.id: row.reference for row in work.session.execute(select(*LINE[:2]).where(Case.id.in_(cases)))
    }


def person_line(work: Work, case_id: UUID) -> PersonLine | None:
    """Return the person's record of a case, or None before there is one."""
    row = work.session.execute(select(Person.id, Person.row_version).where(Person.case_id == case_id)).first()
    return PersonLine(row.id, row.row_version) if row else None


def team_of(work: Work, case_id: UUID) -> list[Membership]:
    """Return who is on the team now, in the order in which they came."""
    return [
        Membership(
            Relation(each.relation), Role(each.role), each.organisation_id, each.user_id, each.from_at,
            each.until_at,
        )
        for each in ties.rows(work, TeamMember.case_id == case_id)
    ]  # fmt: skip


def my_cases(work: Work) -> list[CaseLine]:
    """Return the cases on whose team the actor is now, the newest first, with what ties them to each."""
    tied: defaultdict[UUID, set[Relation]] = defaultdict(set)
    for each in ties.rows(work, ties.row_is_mine(work)):
        tied[each.case_id].add(Relation(each.relation))
    query = select(Case).where(Case.id.in_(list(tied))).order_by(Case.created_at.desc(), Case.id)
    return [_line(case, frozenset(tied[case.id])) for case in (work.session.scalars(query) if tied else ())]


def supervised_cases(work: Work) -> list[CaseLine]:
    """Return the cases of a supervisor's organisation, without anything of their content."""
    if work.actor.role is not Role.SUP:
        return []
    rows = work.session.scalars(select(Case).order_by(Case.created_at.desc(), Case.id))
    return [_line(case, frozenset()) for case in rows]


def kept_categories(work: Work, case_id: UUID) -> dict[Category, UUID | None]:
    """Return which categories hold anything in a case, and which organisation wrote there last."""
    kept = select(text("category"), text("organisation_id")).select_from(func.nrm.kept(case_id))
    return {Category(category): organisation_id for category, organisation_id in work.session.execute(kept)}


def _line(row: Case, relations: frozenset[Relation]) -> CaseLine:
    return CaseLine(
        row.id, row.reference, row.age_class, row.profile_code, row.profile_version, row.created_at,
        row.created_by, relations,
    )  # fmt: skip

"""Whether another organisation may know a person: a yes or no, and a request that only the other side can open."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update

from app.accounts.models import Organisation, UserAccount
from app.cases.models import Case, ContactAnswer, ContactRequest, KnownCheck
from app.kit.errors import Fault, Refused, Unknown
from app.kit.i18n import _
from app.kit.ids import new_id
from app.safeguards import access, ties
from app.safeguards.finding import Question, known_elsewhere, of_record, of_traits
from app.safeguards.models import TeamMember
from app.safeguards.traits import Traits
from app.safeguards.words import Act, Category, Relation, Role
from app.safeguards.work import Work

ENTERS = frozenset(
    {Relation.REFERRER, Relation.LEAD, Relation.ASSIGNED, Relation.GUARDIAN, Relation.AUTHORITY}
)

TOLD_FOR = timedelta(days=14)  # so long a person is led from their work to an answer
RECENT = select(func.max(ContactAnswer.at)).where(ContactAnswer.check_id == KnownCheck.id).scalar_subquery()


def may_enter(role: Role, relations: Collection[Relation]) -> bool:
    """Say whether somebody may ask who else knows the person: a consulate only of whom it referred itself."""
    ties = ENTERS & {Relation.REFERRER} if role is Role.CON else ENTERS
    return not ties.isdisjoint(relations)


@dataclass(frozen=True)
class Colleague:
    """Somebody of another organisation with whom one may talk."""

    name: str
    organisation: str
    email: str


@dataclass(frozen=True)
class Checked:
    """What was answered to a question; never who, how many, or where."""

    id: UUID
    case_id: UUID
    at: datetime
    known: bool
    asked_at: datetime | None
    ready: tuple[Colleague, ...]


@dataclass(frozen=True)
class Asked:
    """A question of one’s own, by which its answer is found again; `ready_at`: since when somebody will talk."""

    check_id: UUID
    case_id: UUID
    reference: str
    at: datetime
    known: bool
    asked_at: datetime | None
    ready_at: datetime | None


@dataclass(frozen=True)
class Wanted:
    """A request by somebody of another organisation to talk about a case that one coordinates."""

    id: UUID
    case_id: UUID
    reference: str
    at: datetime
    by: Colleague
    agreed: bool | None


def check(work: Work, case_id: UUID, asked: Mapping[Category, Traits] | None = None) -> UUID:
    """Ask whether the person may be known elsewhere; return the check.

    `asked` is what a draft says; without it the records of the case are compared as they stand. Raises Rationed after
    too many questions, Refused when there is nothing to compare.
    """
    work.refuse_unless(
        may_enter(work.actor.role, work.member(case_id).relations),
        _("Only whoever enters or coordinates the case asks this."),
    )
    question = of_record(work, case_id) if asked is None else of_traits(work, asked)
    if question.is_empty:
        raise Refused(
            Fault(
                _(
                    "There is too little to compare: give two parts of the name, or one with the year of birth."
                )
            )
        )
    found, check_id = known_elsewhere(work, case_id, question), new_id()
    key_id, envelope = question.sealed(work, case_id, check_id)
    work.session.add(
        KnownCheck(
            id=check_id, case_id=case_id, user_id=work.actor.user_id, at=work.clock.now(), known=bool(found),
            key_id=key_id, question=envelope, asked_at=None,
        )
    )  # fmt: skip
    work.session.flush()
    return check_id


def ask_contact(work: Work, case_id: UUID, check_id: UUID) -> None:
    """Ask whoever coordinates the other case to get in touch; it counts as a question."""
    row = _check(work, case_id, check_id)
    if not row.known or row.asked_at is not None:
        raise Refused(Fault(_("There is nothing to ask here, or it was asked already.")))
    question = Question.opened(work, case_id, row.id, row.key_id, row.question)
    for other in known_elsewhere(work, case_id, question):
        work.session.add(
            ContactRequest(
                case_id=other, check_id=row.id, asked_by=work.actor.user_id, at=work.clock.now(),
                answered_at=None, agreed=None,
            )
        )  # fmt: skip
    row.asked_at = work.clock.now()
    work.session.flush()


def checked(work: Work, case_id: UUID, check_id: UUID) -> Checked:
    """Return one's own question and what became of it."""
    row = _check(work, case_id, check_id)
    said = work.session.scalars(select(ContactAnswer.user_id).where(ContactAnswer.check_id == row.id))
    people = _colleagues(work, set(said)).values()
    ready = tuple(sorted(people, key=lambda each: each.name))
    return Checked(row.id, row.case_id, row.at, row.known, row.asked_at, ready)


def asked(work: Work, case_id: UUID) -> list[Asked]:
    """Return one's own questions about the person of a case, the latest first."""
    return _asked(work, KnownCheck.case_id == case_id)


def ready(work: Work) -> list[Asked]:
    """Return those of one's own questions to which somebody answered lately that they are ready to talk."""
    since = work.clock.now() - TOLD_FOR
    return [each for each in _asked(work, since < RECENT) if each.ready_at is not None]


def _asked(work: Work, which: ColumnElement[bool]) -> list[Asked]:
    query = (
        select(KnownCheck, Case.reference, RECENT.label("ready_at"))
        .join(Case, Case.id == KnownCheck.case_id)
        .where(KnownCheck.user_id == work.actor.user_id, which)
        .order_by(KnownCheck.at.desc())
    )
    return [
        Asked(row.id, row.case_id, reference, row.at, row.known, row.asked_at, ready_at)
        for row, reference, ready_at in work.session.execute(query)
    ]


def _check(work: Work, case_id: UUID, check_id: UUID) -> KnownCheck:
    work.member(case_id)
    found = work.session.scalars(
        select(KnownCheck).where(KnownCheck.id == check_id, KnownCheck.case_id == case_id)
    ).one_or_none()
    if found is None:
        raise Unknown
    return found


def wanted(work: Work) -> list[Wanted]:
    """Return the requests about cases that the actor coordinates, those without an answer first."""
    led = ties.rows(work, TeamMember.relation == Relation.LEAD.value, ties.row_is_mine(work))
    rows = work.session.execute(
        select(ContactRequest, Case.reference)
        .join(Case, Case.id == ContactRequest.case_id)
        .where(Case.id.in_([each.case_id for each in led]))
        .order_by(ContactRequest.answered_at.is_not(None), ContactRequest.at.desc())
    ).all()
    people = _colleagues(work, {row.asked_by for row, _reference in rows})
    return [
        Wanted(row.id, row.case_id, reference, row.at, people[row.asked_by], row.agreed)
        for row, reference in rows
    ]


def answer(work: Work, request_id: UUID, *, agreed: bool) -> None:
    """Say whether one is ready to talk; only a yes is told to whoever asked."""
    if request_id not in {each.id for each in wanted(work) if each.agreed is None}:
        raise Unknown
    row = work.session.scalars(select(ContactRequest).where(ContactRequest.id == request_id)).one()
    now = work.clock.now()
    if agreed:
        access.require_fresh(work)
        work.session.add(ContactAnswer(check_id=row.check_id, user_id=work.actor.user_id, at=now))
        work.session.flush()
    query = update(ContactRequest).where(ContactRequest.id == request_id)
    work.session.execute(
        query.values(answered_at=now, agreed=agreed).execution_options(synchronize_session=False)
    )
    if not agreed:
        work.record(Act.REFUSE, case_id=row.case_id, register="known", to_user=row.asked_by)
        return
    work.record(  # of the case nothing is told but that its coordinator will talk
        Act.DISCLOSE, case_id=row.case_id, register="known", to_user=row.asked_by, categories=[],
        recipient=work.session.scalar(select(UserAccount.organisation_id).where(UserAccount.id == row.asked_by)),
        basis="agreement of the coordinator", rule="agreement of the coordinator",
    )  # fmt: skip


def _colleagues(work: Work, ids: set[UUID]) -> dict[UUID, Colleague]:
    rows = work.session.execute(
        select(UserAccount.id, UserAccount.name, Organisation.name, UserAccount.email)
        .join(Organisation, Organisation.id == UserAccount.organisation_id)
        .where(UserAccount.id.in_(ids))
    ).all()
    return {user_id: Colleague(name, organisation, email) for user_id, name, organisation, email in rows}

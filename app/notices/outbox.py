"""The outbox: messages to people who work with the service, written in the transaction of what they are about."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Exists, Select, and_, func, insert, literal, or_, select, update

from app.accounts.models import AccountNews, UserAccount
from app.notices.models import Outgoing
from app.safeguards.models import Barring, TeamMember
from app.safeguards.ties import running
from app.safeguards.words import Role
from app.safeguards.work import Work

GATHERING = timedelta(minutes=10)  # what is not urgent waits so long, so that many notices are one message
COLUMNS = (
    "id", "user_id", "kind", "channel", "language", "queued_at", "queued_by", "not_before", "attempts",
)  # fmt: skip


def queue_mail(
    work: Work, case_id: UUID | None, organisations: Collection[UUID], role: Role | None, *, urgent: bool
) -> None:
    """Let those for whom a notice waits be told by e-mail that there is something new; the case is not named."""
    if not organisations or (case_id is None and role is None):
        return
    now = work.clock.now()
    due = now if urgent else now + GATHERING
    waits = select(Outgoing.id).where(
        Outgoing.user_id == UserAccount.id,
        Outgoing.sent_at.is_(None),
        Outgoing.refused_at.is_(None),
        Outgoing.attempts == 0,  # one that is on its way may have left before this
        Outgoing.not_before <= due,
    )
    told: Select[tuple[object, ...]] = select(
        func.gen_random_uuid(), UserAccount.id, literal("something_new"), literal("email"), UserAccount.language,
        literal(now), literal(work.actor.user_id), literal(due), literal(0),
    ).where(
        UserAccount.organisation_id.in_(organisations),
        UserAccount.disabled_at.is_(None),
        UserAccount.is_client.is_(False),
        UserAccount.id != work.actor.user_id,
        UserAccount.role == role.value if role else _on_the_team(work, case_id),
        ~_barred(case_id),
        ~waits.exists(),
    )  # fmt: skip
    work.session.execute(insert(Outgoing).from_select(COLUMNS, told, include_defaults=False))


def queue_news(work: Work) -> None:
    """Let those be told by e-mail to whose way of signing in something happened: of many things at once, once."""
    now = work.clock.now()
    fresh = update(AccountNews).where(AccountNews.mailed_at.is_(None)).values(mailed_at=now)
    whom = set(work.session.scalars(fresh.returning(AccountNews.user_id)))
    told: Select[tuple[object, ...]] = select(
        func.gen_random_uuid(), UserAccount.id, literal("signing_in"), literal("email"), UserAccount.language,
        literal(now), literal(work.actor.user_id), literal(now), literal(0),
    ).where(UserAccount.id.in_(whom), UserAccount.disabled_at.is_(None), UserAccount.is_client.is_(False))  # fmt: skip
    if whom:
        work.session.execute(insert(Outgoing).from_select(COLUMNS, told, include_defaults=False))


def _barred(case_id: UUID | None) -> Exists:
    """Match accounts for whom there is no such case: nothing is new for them."""
    whom = or_(Barring.user_id == UserAccount.id, Barring.organisation_id == UserAccount.organisation_id)
    return select(Barring.id).where(Barring.case_id == case_id, Barring.ended_at.is_(None), whom).exists()


def _on_the_team(work: Work, case_id: UUID | None) -> Exists:
    """Match accounts that a row of the team names, or whose desk it names."""
    desk = and_(TeamMember.user_id.is_(None), TeamMember.role == UserAccount.role)
    found = select(TeamMember.id).where(
        TeamMember.case_id == case_id,
        TeamMember.organisation_id == UserAccount.organisation_id,
        running(work.clock.now()),
        or_(TeamMember.user_id == UserAccount.id, desk),
    )
    return found.exists()

"""Sending what waits in the outbox: each message once, however often and by however many it is run."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select

from app.accounts.models import UserAccount
from app.cases.models import Case, Person
from app.casework.models import CaseTrack
from app.jobs.sweep import OpenWork
from app.kit.i18n import _
from app.notices import service as notices
from app.notices import texts
from app.notices.message import Message, Post, Rejected, Unreachable
from app.notices.models import Outgoing
from app.notices.outbox import queue_news
from app.notices.sending import WAITING, opened, settle_message
from app.safeguards.words import Role
from app.safeguards.work import Work

# Minutes until the next attempt. The first is longer than any post waits for its answer, so that nobody else takes
# a message that is on its way.
BACK_OFF = (5, 15, 45, 135, 405)
KEPT = timedelta(days=30)  # that a message was sent or refused; the ledger keeps it longer
NOT_NOW = {  # states in which a message might reach somebody else, or nobody is there any more to be answered
    ("shelter_placement", "absent"): "person_missing",
    ("shelter_placement", "missing"): "person_missing",
    ("missing_person", "reported"): "person_missing",
    ("missing_person", "search"): "person_missing",
    ("missing_person", "closed_not_found"): "person_missing",
    ("case", "closed"): "case_closed",
    ("case", "restricted"): "case_closed",
    ("case", "anonymisation_proposed"): "case_closed",
    ("case", "anonymised"): "case_closed",
}


class NotSent(Exception):
    """What stands against sending a message, as a code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Later(Exception):
    """The message may not go now; at that instant it may."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at


@dataclass(frozen=True)
class Taken:
    """A message that was taken up: with somewhere to go, or dealt with already."""

    id: UUID
    case_id: UUID | None
    channel: str
    message: Message | None = None


def send(open_work: OpenWork, posts: Mapping[str, Post], most: int = 100_000) -> Counter[str]:
    """Send every message that is due; return how many were sent, refused, and left for later.

    A way out that cannot be reached is not tried again in the same run.
    """
    with open_work() as work:
        queue_news(work)
        work.commit()
    done: Counter[str] = Counter()
    closed: set[str] = set()
    for _each in range(most):
        with open_work() as work:
            taken = _take_up(work, posts, closed, done)
            work.commit()
        if taken is None:
            break
        if taken.message is not None and not _deliver(open_work, taken, posts[taken.channel], done):
            closed.add(taken.channel)
    with open_work() as work:
        _forget(work)
        work.commit()
    return done


def _deliver(open_work: OpenWork, taken: Taken, post: Post, done: Counter[str]) -> bool:
    """Hand over a message outside any transaction, then note what came of it; False if the way out is closed."""
    assert taken.message is not None
    refusal = None
    try:
        post.deliver(taken.message)
    except Unreachable:
        done["later"] += 1
        return False
    except Rejected:
        refusal = "address_rejected"
    with open_work() as work:
        _settle(work, taken.id, taken.case_id, refusal)
        work.commit()
    done["refused" if refusal else "sent"] += 1
    return True


def _take_up(work: Work, posts: Mapping[str, Post], closed: set[str], done: Counter[str]) -> Taken | None:
    """Take the message that has waited longest, check it now, and put off its next attempt before it is tried."""
    row = work.session.scalars(
        select(Outgoing)
        .where(*WAITING, Outgoing.not_before <= work.clock.now(), Outgoing.channel.not_in(closed))
        .order_by(Outgoing.not_before, Outgoing.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    try:
        to = _where(work, row, posts)
    except NotSent as why:
        _settle(work, row.id, row.case_id, why.code)
        done["refused"] += 1
        return Taken(row.id, row.case_id, row.channel)
    except Later as later:
        row.not_before = later.at
        return Taken(row.id, row.case_id, row.channel)
    row.not_before = work.clock.now() + timedelta(minutes=BACK_OFF[min(row.attempts, len(BACK_OFF) - 1)])
    row.attempts += 1
    said = texts.subject(row.kind, row.language), texts.body(row.kind, row.language)
    return Taken(row.id, row.case_id, row.channel, Message(to, *said, reference=str(row.id)))


def _where(work: Work, row: Outgoing, posts: Mapping[str, Post]) -> str:
    """Return where a message goes; raises NotSent or Later."""
    if row.channel not in posts:
        raise NotSent("not_configured")
    if row.attempts > len(BACK_OFF):
        raise NotSent("gave_up")
    return _account(work, row) if row.case_id is None else _person(work, row, row.case_id)


def _account(work: Work, row: Outgoing) -> str:
    open_ = select(UserAccount.email).where(UserAccount.id == row.user_id, UserAccount.disabled_at.is_(None))
    email = work.session.scalar(open_)
    if email is None:
        raise NotSent("account_closed")
    return email


def _person(work: Work, row: Outgoing, case_id: UUID) -> str:
    """Return where the person is told, if at this moment all that she confirmed still stands."""
    now = work.clock.now()
    if row.valid_until is None or now >= row.valid_until:
        raise NotSent("confirmation_expired")
    if work.session.scalar(select(Case.age_class).where(Case.id == case_id)) != "adult":
        raise NotSent("not_adult")
    version = select(Person.row_version).where(Person.case_id == case_id)
    if work.session.scalar(version) != row.person_version:
        raise NotSent("contact_changed")
    states = select(CaseTrack.slug, CaseTrack.state).where(CaseTrack.case_id == case_id)
    for slug, state in work.session.execute(states):
        if (slug, state) in NOT_NOW:
            raise NotSent(NOT_NOW[slug, state])
    found = opened(work, row)
    opens = found[1].opens(now) if found else None
    if found is None or opens is None:
        raise NotSent("unreadable")
    if opens > now:
        raise Later(opens)
    return found[0]


def _settle(work: Work, message_id: UUID, case_id: UUID | None, refusal: str | None) -> None:
    """Note what came of a message; who wanted the person told learns that she was not."""
    settle_message(work, message_id, case_id, refusal=refusal)
    if refusal is None or case_id is None:
        return
    asked = select(UserAccount.role, UserAccount.organisation_id).join(
        Outgoing, Outgoing.queued_by == UserAccount.id
    )
    role, organisation_id = work.session.execute(asked.where(Outgoing.id == message_id)).one()
    told = _("A message to the person was not sent. Ask them again how they can be reached safely.")
    notices.alert(work, case_id, told, role=Role(role), organisation_id=organisation_id)


def _forget(work: Work) -> None:
    """Delete what was dealt with long ago."""
    before = work.clock.now() - KEPT
    old = delete(Outgoing).where(or_(Outgoing.sent_at <= before, Outgoing.refused_at <= before))
    work.session.execute(old.execution_options(synchronize_session=False))

"""Drafts of referrals that nobody goes on with: whoever began one is told, a week later its keys are destroyed."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, cast, func, select
from sqlalchemy.dialects.postgresql import JSONB

from app.casework import service as engine
from app.casework.models import CaseTrack
from app.jobs.sweep import OpenWork
from app.kit.errors import Problem
from app.kit.i18n import _
from app.notices.models import Notice
from app.notices.service import alert
from app.safeguards import ties
from app.safeguards.models import LedgerEvent, TeamMember
from app.safeguards.words import Act, Relation
from app.safeguards.work import Work
from app.settings import settings
from app.tracks.intake.referral_answers import DiscardDraft
from app.tracks.intake.sections import GROUP

TOLD_BEFORE = timedelta(days=7)
ENDS = _("A draft that nobody sends is erased in a week: send it, or throw it away")
WAITS = _("A draft in a running case was not sent: send it, or throw it away")
ENDED = _("A draft that nobody sent was erased")


def end_unsent(open_work: OpenWork) -> int:
    """Tell of each draft that rests, and erase those told of a week ago; return how many. Safe to repeat."""
    with open_work() as work:
        found = list(work.session.scalars(_resting(work.clock.now() - kept() + TOLD_BEFORE)))
    return sum(_ended(open_work, each) for each in found)


def kept() -> timedelta:
    """Return how long a draft is kept after its last answer."""
    return timedelta(days=settings().draft_days)


def _resting(before: datetime) -> Select[UUID]:
    query = select(CaseTrack.id).where(
        CaseTrack.slug == "referral", CaseTrack.state == "draft", CaseTrack.opened_at <= before
    )
    return query.order_by(CaseTrack.opened_at, CaseTrack.id)


def _ended(open_work: OpenWork, track_id: UUID) -> bool:
    """See to one draft in a transaction of its own: whoever writes in it at this moment has it for themselves."""
    with open_work() as work:
        locked = select(CaseTrack).where(CaseTrack.id == track_id, CaseTrack.state == "draft")
        draft = work.session.scalars(locked.with_for_update(skip_locked=True)).one_or_none()
        if draft is None or _has_members(work, draft):
            return False
        done = _see_to(work, draft, _touched(work, draft))
        work.commit()
    return done


def _see_to(work: Work, draft: CaseTrack, touched: datetime) -> bool:
    """Tell once of a draft that rests; erase it a week after that, unless a legal hold keeps it."""
    now, alone = work.clock.now(), _stands_alone(work, draft)
    kind = ENDS if alone else WAITS
    told = select(func.max(Notice.at)).where(
        Notice.case_id == draft.case_id, Notice.kind == kind, Notice.at > touched
    )
    told_at = work.session.scalar(told)
    if told_at is None:
        if touched + kept() - TOLD_BEFORE <= now:
            _tell(work, draft, kind)
        return False
    if not alone or max(touched + kept(), told_at + TOLD_BEFORE) > now:
        return False
    try:
        with work.attempt():
            engine.take_step(work, draft.id, "discard", DiscardDraft(reason="not_sent"))
            work.destroy_keys(draft.case_id)
    except Problem:
        return False
    _tell(work, draft, ENDED)
    return True


def _tell(work: Work, draft: CaseTrack, kind: str) -> None:
    """Tell whoever writes referrals of this case; of an organisation it reaches only who is on the case."""
    senders = ties.rows(
        work, TeamMember.case_id == draft.case_id, TeamMember.relation == Relation.REFERRER.value
    )
    for each in sorted({sender.organisation_id for sender in senders}):
        alert(work, draft.case_id, kind, organisation_id=each)


def _touched(work: Work, draft: CaseTrack) -> datetime:
    """Return when something was last written in a draft: the ledger knows, no timer reads what it was."""
    at = func.max(cast(LedgerEvent.body, JSONB)["at"].astext)
    acts = (Act.COLLECT.value, Act.ALTER.value)
    last = work.session.scalar(
        select(at).where(LedgerEvent.case_id == draft.case_id, LedgerEvent.act.in_(acts))
    )
    return max(draft.opened_at, datetime.fromisoformat(last)) if last else draft.opened_at


def _stands_alone(work: Work, draft: CaseTrack) -> bool:
    """Say whether the container holds nothing but the draft; a case with a life of its own has its own calendar."""
    others = select(func.count()).select_from(CaseTrack).where(CaseTrack.case_id == draft.case_id)
    return (work.session.scalar(others) or 0) == 1


def _has_members(work: Work, draft: CaseTrack) -> bool:
    """Say whether people found together still wait to be sent: what they have in common ends after them."""
    if draft.marks.get("type") != GROUP:
        return False
    member = CaseTrack.marks["group_id"].as_string() == str(draft.id)
    query = select(CaseTrack.id).where(CaseTrack.slug == "referral", CaseTrack.state == "draft", member)
    return work.session.scalar(query.limit(1)) is not None

"""Who reached the end of what they may open or take away, and lifting it for an hour, with a reason."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import cast, select, true
from sqlalchemy.dialects.postgresql import JSONB

from app.accounts.models import UserAccount
from app.accounts.queries import user_names
from app.kit.errors import Unknown
from app.kit.ids import new_id
from app.oversight.forms import LiftQuota
from app.safeguards.models import LedgerEvent, QuotaLift
from app.safeguards.rationing import HOUR, LIFTABLE
from app.safeguards.stamps import stamp
from app.safeguards.words import Act, Role
from app.safeguards.work import Work

BACK = timedelta(days=7)


@dataclass(frozen=True)
class Reached:
    """That somebody reached the end of what they may do."""

    user_id: UUID
    who: str
    role: str
    kind: str
    at: datetime
    times: int


def reached(work: Work) -> list[Reached]:
    """Return who reached an end in the last days, the latest first; one line each and kind.

    Supervisors see their own people; those who watch for everybody see all, for where no supervisor does.
    """
    body = cast(LedgerEvent.body, JSONB)
    ours = LedgerEvent.organisation_id == work.actor.organisation_id
    query = select(LedgerEvent.body).where(
        LedgerEvent.act == Act.REFUSE.value, ours if work.actor.role is Role.SUP else true(),
        body["kind"].astext == "too-many", body["at"].astext >= (work.clock.now() - BACK).isoformat(),
    )  # fmt: skip
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for each in map(json.loads, work.session.scalars(query.order_by(LedgerEvent.id))):
        found.setdefault((each["actor"], each["register"]), []).append(each)
    work.record(Act.CONSULT, register="quotas")
    return sorted(_lines(work, found), key=lambda each: each.at, reverse=True)


def _lines(work: Work, found: dict[tuple[str, str], list[dict[str, str]]]) -> Iterator[Reached]:
    names = user_names(work, {UUID(who) for who, _kind in found})
    for (who, kind), events in found.items():
        last = events[-1]
        at = datetime.fromisoformat(last["at"])
        yield Reached(UUID(who), names[UUID(who)], last["role"], kind, at, len(events))


def lift(work: Work, form: LiftQuota) -> None:
    """Let a person of one’s own organisation do more of a kind for an hour; nobody lifts their own."""
    user = work.session.get(UserAccount, form.user_id)
    ours = user is not None and user.organisation_id == work.actor.organisation_id
    if not ours or form.user_id == work.actor.user_id or form.kind not in LIFTABLE:
        raise Unknown
    now = work.clock.now()
    lifted = QuotaLift(
        id=new_id(), user_id=form.user_id, kind=form.kind, reason=form.reason, given_by=work.actor.user_id,
        from_at=now, until_at=now + HOUR,
    )  # fmt: skip
    stamp(work, lifted)
    work.session.add(lifted)
    work.session.flush()
    work.record(
        Act.GRANT, by="quota lifted", to_user=form.user_id, register=form.kind, basis=form.reason,
        until=lifted.until_at.isoformat(),
    )  # fmt: skip

"""How much one person may open, search and take away in an hour and in a day; the numbers stand in quotas.yaml."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID

import yaml
from sqlalchemy import select, text

from app.kit.database import Ready
from app.kit.errors import Fault, TooMany
from app.kit.i18n import _
from app.kit.ids import new_id
from app.safeguards.models import QuotaLift
from app.safeguards.stamps import vouched
from app.safeguards.words import Act, Relation, Role
from app.safeguards.work import SPENT, Work
from app.settings import settings

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SAID: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("quotas.yaml").read_text("utf-8"))
LIFTED: int = SAID.pop("lifted")
TOLD = {  # what is said to whoever reached the end; nothing was opened
    "openings": _(
        "You have opened as many cases as your role may in this time. Nothing was shown."
        " Open again what you opened in this hour, wait, or ask your supervisor to lift it for an hour."
    ),
    "exports": _(
        "You have taken data away as often as your role may in this time. Nothing was taken."
        " Wait, or ask your supervisor."
    ),
    "emergencies": _(
        "You have opened as many cases in an emergency as one person may in this time."
        " Call your supervisor, who can lift it."
    ),
    "search": _(
        "You have searched 60 times within an hour. Nothing was opened. Wait a while, or open the case from your list."
    ),
    "known": _(
        "You have asked 20 times within an hour whether a person is known. Nothing was looked up. Wait a while."
    ),
}
# One statement counts and takes, so that two requests at once do not both read the same number first.
TAKE = Ready(
    text(
        "WITH held AS (SELECT count(*) FILTER (WHERE at > :hour) AS hour, count(*) AS day,"
        " coalesce(bool_or(mark = CAST(:mark AS bytea) AND at > :hour), false) AS again"
        " FROM asking WHERE user_id = :user_id AND kind = :kind AND at > :day),"
        " taken AS (INSERT INTO asking (id, user_id, kind, at, mark)"
        " SELECT :id, :user_id, :kind, CAST(:now AS timestamptz), CAST(:mark AS bytea) FROM held"
        " WHERE NOT again AND hour < :an_hour AND day < :a_day RETURNING 1)"
        " SELECT again OR EXISTS (SELECT FROM taken) FROM held"
    )
)


class Rationed(TooMany):
    """429: as much as may be within an hour or a day; that it was refused stays on the ledger."""

    keeps = True


@dataclass(frozen=True)
class Quota:
    """How often in an hour, and in a day."""

    hour: int
    day: int

    def times(self, factor: float) -> "Quota":
        """Return a larger or smaller one."""
        return Quota(max(1, int(self.hour * factor)), max(1, int(self.day * factor)))


QUOTAS = {kind: {role: Quota(*numbers) for role, numbers in said.items()} for kind, said in SAID.items()}
LIFTABLE = ("openings", "exports", "emergencies")


def quota(kind: str, role: Role) -> Quota:
    """Return how much of a kind a role may do."""
    said = QUOTAS[kind]
    return said.get(role.value, said["default"]).times(settings().quota_times)


def ration(work: Work, kind: str, about: UUID | None = None) -> None:
    """Count an act of the actor; raises Rationed once there were too many. The same case within an hour counts once."""
    if not _fits(work, kind, about):
        refuse_more(work, kind)


def ration_openings(work: Work) -> None:
    """Count the cases that this act opened, before anything of them leaves.

    Raises Rationed, and all else of the act is undone: what was opened in memory was shown to nobody.
    """
    for case_id in sorted(work.opened):
        if not _by_emergency(work, case_id) and not _fits(work, "openings", case_id):
            work.session.rollback()
            work.begin()
            refuse_more(work, "openings")


def refuse_more(work: Work, kind: str) -> NoReturn:
    """Put it on the ledger that there were too many, and refuse; those who watch are told by the door."""
    work.record(Act.REFUSE, kind="too-many", register=kind)
    work.sights.add((SPENT, None))
    raise Rationed(Fault(TOLD[kind]))


def is_spent(work: Work, kind: str) -> bool:
    """Say whether no more of a kind is left to the actor now, without taking any."""
    with work.session.begin_nested() as tried:
        fits = _fits(work, kind, None)
        tried.rollback()
    return not fits


def _fits(work: Work, kind: str, about: UUID | None) -> bool:
    allowed, mark = quota(kind, work.actor.role), _mark(work, about)
    if _take(work, kind, allowed, mark):
        return True
    return kind in LIFTABLE and _is_lifted(work, kind) and _take(work, kind, allowed.times(LIFTED), mark)


def _by_emergency(work: Work, case_id: UUID) -> bool:
    return Relation.EMERGENCY in work.standing(case_id).relations


def _take(work: Work, kind: str, allowed: Quota, mark: bytes | None) -> bool:
    now = work.clock.now()
    said = {
        "id": new_id(), "user_id": work.actor.user_id, "kind": kind, "mark": mark, "now": now, "hour": now - HOUR,
        "day": now - DAY, "an_hour": allowed.hour, "a_day": allowed.day,
    }  # fmt: skip
    ((taken,),) = TAKE.rows(work.session, said)
    return bool(taken)


def _mark(work: Work, about: UUID | None) -> bytes | None:
    """Return by what the same case is known again; who opened which case, the table tells nobody."""
    if about is None:
        return None
    said = b"nrm opening 1" + work.actor.user_id.bytes + about.bytes
    return hmac.digest(work.keys.stamping, said, sha256)[:16]


def _is_lifted(work: Work, kind: str) -> bool:
    now, lift = work.clock.now(), QuotaLift
    mine = (lift.user_id == work.actor.user_id, lift.kind == kind, lift.from_at <= now, lift.until_at > now)
    query = select(lift).where(*mine)
    return any(vouched(work, QuotaLift, each) for each in work.session.scalars(query))

"""The check of what is kept: each finding once on the ledger, and those who watch are told."""

import hmac
import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from app.accounts.models import UserAccount
from app.accounts.queries import organisations_with
from app.kit.i18n import _
from app.oversight.alarms import tell
from app.safeguards.canonical import canonical
from app.safeguards.ledger.compare import Finding, compare
from app.safeguards.ledger.notes import NOTED
from app.safeguards.models import LedgerEvent, Share, TeamMember
from app.safeguards.words import Act, Role
from app.safeguards.work import Work

PAST, ACCEPTED = "integrity", "integrity accepted"
FOUND = _(
    "Records were changed past the service: leave everything as it is, and call whoever keeps the database"
)
WATCHING = (Role.SUP, Role.AUD, Role.DPO, Role.ADM)
NOTE = text("SELECT nrm.note_as_it_stands(:tables)")
LABEL = b"nrm integrity accepted 1"
STANDING = tuple(
    select(table.stamp) for table in (UserAccount, TeamMember, Share)
)  # a backup may be of before an end

OpenWork = Callable[[], AbstractContextManager[Work]]


class Unacceptable(Exception):
    """The ledger itself is not what was signed: nobody can answer for that."""


def check(open_work: OpenWork, second_place: Path) -> list[Finding]:
    """Compare all that is kept with what was written; return what was found, whether or not it was told before."""
    found = _found(open_work, second_place)
    if found:
        with open_work() as work:
            _tell(work, found)
            work.commit()
    return found


def accept(open_work: OpenWork, second_place: Path) -> int:
    """Take what stands for right, in the name of whoever runs this: on the ledger; return how much there was.

    After an upgrade of a database in which nothing was noted yet, or after a repair. Raises `Unacceptable`.
    """
    found = _found(open_work, second_place)
    if wrong := [
        each for each in found if each.of_table == "ledger" and not each.kind.startswith(("act", "notes"))
    ]:
        raise Unacceptable(f"the ledger is not what was signed: {wrong[0].kind} {wrong[0].which}")
    with open_work() as work:
        rows = work.session.execute(NOTE, {"tables": list(NOTED)}).scalar_one()
        keys = sorted(each.key for each in found)
        work.record(Act.ALARM, by=ACCEPTED, rows=rows, keys=keys, mark=_mark(work, keys))
        stands = [stamp for query in STANDING for stamp in work.session.scalars(query)]
        work.commit()
        if work.keys.ended is not None:
            work.keys.ended.forget(stands)
    return len(found)


def _found(open_work: OpenWork, second_place: Path) -> list[Finding]:
    with open_work() as work:
        work.session.rollback()  # what is compared is one snapshot, in a transaction of its own
        found = compare(work.session, work.keys, second_place)
        if not found:
            return []
        known = {key for said in _alarms(work, ACCEPTED) if _vouched(work, said) for key in said["keys"]}
        return [each for each in found if each.key not in known]


def _tell(work: Work, found: Iterable[Finding]) -> None:
    """Put on the ledger what is new, and call those who watch if anything is."""
    known = {said.get("key") for said in _alarms(work, PAST)}
    fresh = [each for each in found if each.key not in known]
    for each in fresh:
        work.record(Act.ALARM, by=PAST, what=each.kind, table=each.of_table, which=each.which, key=each.key)
    for role in WATCHING if fresh else ():
        tell(work, FOUND, role, organisations_with(work, {role}))


def _alarms(work: Work, by: str) -> list[dict[str, Any]]:
    told = select(LedgerEvent.body).where(LedgerEvent.act == Act.ALARM.value).order_by(LedgerEvent.id)
    said = (json.loads(body) for body in work.session.scalars(told))
    return [each for each in said if each.get("by") == by]


def _vouched(work: Work, said: dict[str, Any]) -> bool:
    return hmac.compare_digest(str(said.get("mark")), _mark(work, said.get("keys")))


def _mark(work: Work, keys: object) -> str:
    """Return the mark under what was accepted, which the database cannot draw."""
    return hmac.digest(work.keys.stamping, LABEL + canonical(keys).encode(), "sha256").hex()

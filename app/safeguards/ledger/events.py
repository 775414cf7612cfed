"""Writing the ledger: one event for each act, in the same transaction as the act."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import bindparam, func, insert, literal_column, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.kit.database import Ready
from app.kit.errors import Fault, OutOfReach
from app.kit.i18n import _
from app.kit.ids import new_id
from app.kit.plain import plain
from app.safeguards.canonical import canonical
from app.safeguards.ledger.vouching import Voucher
from app.safeguards.models import LedgerEvent
from app.safeguards.words import Act

if TYPE_CHECKING:
    from app.safeguards.access import Actor

# Made once; nothing is asked back, because who writes the ledger may not read it. But it is counted what was written:
# a trigger could swallow an event without a word. One parameter holds all events, a line each: canonical text has no
# line break outside its escapes.
_LINES = func.string_to_array(bindparam("bodies"), literal_column("E'\\n'"))
WRITE = Ready(
    insert(LedgerEvent.metadata.tables["ledger.event"])
    .from_select(["body"], select(func.unnest(_LINES)))
    .inline()
)

NOT_WRITTEN = _("The ledger cannot be written. Nothing was lost and nothing was done; try again.")


@dataclass(frozen=True)
class Happened:
    """What an event says: who did what to which case, why, and with which records; never a value."""

    act: Act
    at: datetime
    actor: "Actor"
    purpose: str
    case_id: UUID | None
    about: dict[str, Any]

    def body(self) -> str:
        """Return the canonical text of an event that bears no mark."""
        return canonical(self.said())

    def said(self) -> dict[str, Any]:
        """Return what the tree holds (article 25 of Directive (EU) 2016/680)."""
        said: dict[str, Any] = {
            "v": 1,
            "id": new_id(),
            "at": self.at.isoformat(),
            "act": self.act.value,
            "case": self.case_id,
            "actor": self.actor.user_id,
            "role": self.actor.role.value,
            "organisation": self.actor.organisation_id,
            "session": self.actor.session_id,
            "authenticator": self.actor.authenticator,
            "caused_by": self.actor.cause,
            "purpose": self.purpose,
            **self.about,
        }
        return dict(plain({key: value for key, value in said.items() if value is not None}))


def write(session: Session, *happened: Happened, voucher: Voucher | None = None) -> None:
    """Insert the events; raises `OutOfReach` where they are not written, which undoes the act with them (INV-21).

    Without a voucher they bear no mark: that is for those who sign what they say.
    """
    if not happened:
        return
    try:
        said = [each.said() for each in happened]
        bodies = voucher.bodies(session, said) if voucher else [canonical(each) for each in said]
        count = WRITE.run(session, {"bodies": "\n".join(bodies)})
    except SQLAlchemyError as failure:
        raise OutOfReach(Fault(NOT_WRITTEN)) from failure
    if count != len(happened):
        raise OutOfReach(Fault(NOT_WRITTEN))

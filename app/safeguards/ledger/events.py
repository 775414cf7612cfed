"""Writing the ledger: one event for each act, in the same transaction as the act."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import bindparam, insert
from sqlalchemy.orm import Session

from app.kit.database import Ready
from app.kit.ids import new_id
from app.kit.plain import plain
from app.safeguards.canonical import canonical
from app.safeguards.models import LedgerEvent
from app.safeguards.words import Act

if TYPE_CHECKING:
    from app.safeguards.access import Actor

# Made once; nothing is asked back, because who writes the ledger may not read it.
WRITE = insert(LedgerEvent.metadata.tables["ledger.event"]).values(body=bindparam("body")).inline()
WRITE_ONE = Ready(WRITE)


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
        """Return the canonical text that the tree holds (article 25 of Directive (EU) 2016/680)."""
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
        return canonical(plain({key: value for key, value in said.items() if value is not None}))


def write(session: Session, *happened: Happened) -> None:
    """Insert the events; whatever goes wrong here undoes the act with them (INV-21)."""
    if len(happened) == 1:
        WRITE_ONE.run(session, {"body": happened[0].body()})
    elif happened:
        session.connection().execute(WRITE, [{"body": each.body()} for each in happened])

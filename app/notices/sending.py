"""What the sender does with one message: open where it goes, and note that it was sent or why it was not."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, update

from app.notices.hours import Hours
from app.notices.models import Outgoing
from app.safeguards.vault.envelope import Context, Unreadable, open_
from app.safeguards.words import Act, Category
from app.safeguards.work import Work

WAITING: Sequence[ColumnElement[bool]] = (Outgoing.sent_at.is_(None), Outgoing.refused_at.is_(None))


def opened(work: Work, row: Outgoing) -> tuple[str, Hours] | None:
    """Return where and when a message to the person may go; None where its key is gone, or what it opens is damaged."""
    if row.key_id is None or row.envelope is None or row.case_id is None:
        return None
    key = work.keys.opened([row.key_id]).get(row.key_id)
    if key is None:
        return None
    try:
        fields = open_(key, row.envelope, Context(row.case_id, Category.CON.value, row.id, 1, row.key_id))
    except Unreadable:
        return None
    hours = Hours(tuple(fields["days"]), int(fields["begins"]), int(fields["ends"]), str(fields["zone"]))
    return str(fields["to"]), hours


def settle_message(work: Work, message_id: UUID, case_id: UUID | None, *, refusal: str | None = None) -> None:
    """Note that a message was sent or refused; where it was to go is forgotten, and its key destroyed.

    Nothing is noted twice: of two who settle the same message, the second changes nothing.
    """
    now = work.clock.now()
    end = {"sent_at": now} if refusal is None else {"refused_at": now, "refusal": refusal}
    query = update(Outgoing).where(Outgoing.id == message_id, *WAITING).values(envelope=None, **end)
    settled = work.session.connection().execute(query).rowcount
    if not settled:
        return
    if case_id is not None:
        work.keys.destroy(message_id, now)
    if refusal is not None:
        work.record(Act.REFUSE, case_id=case_id, message=message_id, kind="message", rules=[refusal])
    elif case_id is not None:
        work.record(
            Act.DISCLOSE, case_id=case_id, message=message_id, categories=["CON"], basis="safe contact",
            recipient="the person", rule="safe contact",
        )  # fmt: skip

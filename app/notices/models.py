"""What needs attention, by role and organisation, and what is to be sent out; without personal data in the clear."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Base
from app.kit.ids import new_id


class Notice(Base):
    """Something that somebody must see; `kind` is a neutral text, translated when shown."""

    __tablename__ = "notice"
    __table_args__ = (Index(None, "organisation_id", "role"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str | None] = mapped_column(Text)  # None: every role of the organisation on the case
    kind: Mapped[str] = mapped_column(Text)
    urgent: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[UUID | None]


class Outgoing(Base):
    """A message that is to leave the service, written in the transaction of the act that calls for it.

    To somebody who works with the service it names the account, and no case. To the person herself it names the case,
    and where to send it lies sealed under a key of its own, which is destroyed as soon as the message is dealt with.
    """

    __tablename__ = "outgoing"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (case_id IS NULL)", name="to_one"),
        CheckConstraint("user_id IS NULL OR envelope IS NULL", name="accounts_have_no_copy"),
        CheckConstraint(
            "envelope IS NULL OR (sent_at IS NULL AND refused_at IS NULL)", name="nothing_kept_afterwards"
        ),
        CheckConstraint("(refused_at IS NULL) = (refusal IS NULL)", name="refusal_has_reason"),
        Index(
            "ix_outgoing_waiting",
            "not_before",
            postgresql_where=text("sent_at IS NULL AND refused_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    channel: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    person_version: Mapped[int | None]  # of the record in which the channel was confirmed safe
    key_id: Mapped[UUID | None]
    envelope: Mapped[bytes | None] = mapped_column(LargeBinary)
    queued_at: Mapped[datetime]
    queued_by: Mapped[UUID]
    not_before: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    attempts: Mapped[int]
    sent_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    refusal: Mapped[str | None] = mapped_column(Text)

"""Tables of the doors: answers already given to a repeated send, and text held for whoever must sign in again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Base
from app.kit.ids import new_id


class Answered(Base):
    """The answer to a send with an idempotency key: the same send again gets it, and does nothing."""

    __tablename__ = "answered"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int]
    location: Mapped[str | None] = mapped_column(Text)
    body: Mapped[str | None] = mapped_column(Text)  # ids and states only
    at: Mapped[datetime]


class HeldText(Base):
    """What was typed when the session ended, sealed, until its writer signs in again."""

    __tablename__ = "held_text"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID]
    path: Mapped[str] = mapped_column(Text)
    key_id: Mapped[UUID]
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]

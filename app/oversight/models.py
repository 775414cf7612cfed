"""Tables of oversight: questions about accesses, and who confirmed that a role is still needed."""

import datetime as dt
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Base
from app.kit.ids import new_id
from app.safeguards.stamps import Stamped


class AccessQuestion(Base):
    """What a supervisor asks about one person's accesses to one case on one day, and what came of it; codes only."""

    __tablename__ = "access_question"
    __table_args__ = (UniqueConstraint("case_id", "user_id", "day"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    day: Mapped[dt.date]
    asked_by: Mapped[UUID]
    asked_at: Mapped[dt.datetime]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[dt.datetime | None]
    outcome: Mapped[str | None] = mapped_column(Text)
    closed_by: Mapped[UUID | None]
    closed_at: Mapped[dt.datetime | None]


class RoleReview(Stamped, Base):
    """That somebody confirmed that a person still needs the role: without one, the role rests in time."""

    __tablename__ = "role_review"
    __table_args__ = (Index(None, "user_id", "confirmed_at"),)
    stamped = ("id", "user_id", "confirmed_by", "confirmed_at")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    confirmed_by: Mapped[UUID]
    confirmed_at: Mapped[dt.datetime]

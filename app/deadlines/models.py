"""The table of running and ended clocks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Base
from app.kit.ids import new_id


class RunningDeadline(Base):
    """A clock of a track: when it is due, who answers for it, how it ended (met, overdue, ended)."""

    __tablename__ = "deadline"
    __table_args__ = (
        Index(None, "case_id"),
        Index(None, "track_id"),
        Index("ix_deadline_running_due", "due_at", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    track_id: Mapped[UUID] = mapped_column(ForeignKey("track.id"))
    slug: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    responsible: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime]
    due_at: Mapped[datetime]
    overdue_at: Mapped[datetime | None]  # when the sweep found it overdue and told somebody
    ended_at: Mapped[datetime | None]  # when the track left the states in which it runs

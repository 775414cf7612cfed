"""The table of running and ended clocks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Base
from app.kit.ids import new_id

# The order in which the sweep deals with them: what fell due first, of these what began first.
IN_TURN = ("look_at", "starts_at", "slug", "name", "id")


class RunningDeadline(Base):
    """A clock of a track: when it is due, who answers for it, how it ended (met, overdue, ended)."""

    __tablename__ = "deadline"
    __table_args__ = (
        Index(None, "case_id"),
        Index(None, "track_id"),
        Index("ix_deadline_look", *IN_TURN, postgresql_where=text("look_at IS NOT NULL")),
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
    look_at: Mapped[datetime | None]  # when the sweep has something to do here; none: dealt with, or ended
    overdue_at: Mapped[datetime | None]  # when the sweep found it overdue and told somebody
    ended_at: Mapped[datetime | None]  # when the track left the states in which it runs

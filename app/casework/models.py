"""Tables of the engine: tracks of a case and the append-only steps taken in them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Base
from app.kit.ids import new_id


class CaseTrack(Base):
    """A track of a case; `marks` are the clear codes and dates that rules and clocks read."""

    __tablename__ = "track"
    __table_args__ = (Index(None, "case_id"), Index(None, "slug", "state"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    slug: Mapped[str] = mapped_column(Text)
    declaration_version: Mapped[int]
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int]  # rises with every step; what a form must name to be in time
    marks: Mapped[dict[str, Any]]
    opened_at: Mapped[datetime]
    entered_at: Mapped[datetime]


class CaseStep(Base):
    """A step taken: who, when, from where to where; the form's fields are sealed parts of this record."""

    __tablename__ = "step"
    __table_args__ = (UniqueConstraint("track_id", "number"), Index(None, "case_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"))
    track_id: Mapped[UUID] = mapped_column(ForeignKey("track.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    from_state: Mapped[str | None] = mapped_column(Text)
    to_state: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[UUID]
    role: Mapped[str] = mapped_column(Text)
    organisation_id: Mapped[UUID | None]
    at: Mapped[datetime]

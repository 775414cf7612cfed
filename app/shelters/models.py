"""Tables of shelters: opaque codes and coarse flags only; a shelter's address lies sealed (category LOC)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Base
from app.kit.ids import new_id


class Shelter(Base):
    """A house; the code says nothing of where it is, the region is as coarse as a compass point."""

    __tablename__ = "shelter"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    region: Mapped[str] = mapped_column(Text)
    women: Mapped[bool]
    men: Mapped[bool]
    children: Mapped[bool]
    accessible: Mapped[bool]
    pets: Mapped[bool] = mapped_column(default=False)
    security_level: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class Place(Base):
    """A place for one person or one family; free, held for somebody who was offered it, or occupied."""

    __tablename__ = "shelter_place"
    __table_args__ = (
        CheckConstraint("state IN ('free', 'held', 'occupied')", name="state"),
        CheckConstraint("(state = 'held') = (held_for IS NOT NULL)", name="held_for_somebody"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    shelter_id: Mapped[UUID] = mapped_column(ForeignKey("shelter.id"), index=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    state: Mapped[str] = mapped_column(Text, default="free")
    sleeps: Mapped[int] = mapped_column(default=1)
    held_for: Mapped[UUID | None] = mapped_column(ForeignKey("case.id"))


class Stay(Base):
    """A case in a place from an instant until an instant; at most one runs for a case, and for a place."""

    __tablename__ = "shelter_stay"
    __table_args__ = (
        Index("ix_shelter_stay_case_now", "case_id", unique=True, postgresql_where=text("until_at IS NULL")),
        Index(
            "ix_shelter_stay_place_now", "place_id", unique=True, postgresql_where=text("until_at IS NULL")
        ),
        CheckConstraint("until_at IS NULL OR until_at >= from_at", name="ends_after_it_began"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    place_id: Mapped[UUID] = mapped_column(ForeignKey("shelter_place.id"), index=True)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]

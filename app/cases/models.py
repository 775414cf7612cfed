"""Tables of the file of a person; they hold no personal data, which lies in sealed parts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Base
from app.kit.ids import new_id


class Case(Base):
    """The container of a person's tracks; a case keeps the profile version that it began under."""

    __tablename__ = "case"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    reference: Mapped[str] = mapped_column(Text, unique=True)
    profile_code: Mapped[str] = mapped_column(Text)
    profile_version: Mapped[int]
    age_class: Mapped[str | None] = mapped_column(Text)  # a coarse code that rules and clocks need
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]


class Person(Base):
    """The person of a case; names, dates and all else lie in the sealed parts of this record."""

    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), unique=True)
    row_version: Mapped[int]

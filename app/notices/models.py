"""The table of notices: what needs attention, by role and organisation, without personal data."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
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

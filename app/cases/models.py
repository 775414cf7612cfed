"""Tables of the file of a person; they hold no personal data, which lies in sealed parts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, Text
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


class KnownCheck(Base):
    """That somebody asked whether the person of a case is known elsewhere, and what was answered."""

    __tablename__ = "known_check"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    user_id: Mapped[UUID]
    at: Mapped[datetime]
    known: Mapped[bool]
    key_id: Mapped[UUID]
    question: Mapped[bytes] = mapped_column(LargeBinary)  # keyed marks, sealed under the key of the case
    asked_at: Mapped[datetime | None]  # when it was asked to be put in touch


class ContactRequest(Base):
    """A request that reaches whoever coordinates another case; whoever asked cannot see it."""

    __tablename__ = "contact_request"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)  # the other's
    check_id: Mapped[UUID]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]


class ContactAnswer(Base):
    """Who is ready to talk, for whoever asked; a no leaves no trace here."""

    __tablename__ = "contact_answer"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    check_id: Mapped[UUID] = mapped_column(index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class Merge(Base):
    """That two cases are of one person: proposed by one, confirmed by another; the cases stay as they are."""

    __tablename__ = "merge"
    __table_args__ = (
        CheckConstraint("kept_id <> other_id", name="two_cases"),
        CheckConstraint("confirmed_by <> proposed_by", name="two_people"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kept_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    other_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    state: Mapped[str] = mapped_column(Text)  # proposed, confirmed, sealed, declined, undone
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[UUID | None]
    confirmed_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]

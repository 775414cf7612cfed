"""Tables of the safeguards: the team of a case, what is lent, sealed parts, wrapped keys, erasures, the ledger."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)  # fmt: skip
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.database import Base
from app.kit.ids import new_id
from app.safeguards.stamps import Stamped


class TeamMember(Stamped, Base):
    """Why somebody may come near a case: one act, one relation, with an end. Written by `access` only."""

    __tablename__ = "team_member"
    __table_args__ = (Index(None, "user_id"), Index(None, "organisation_id", "role"))
    stamped = (
        "id", "case_id", "organisation_id", "user_id", "role", "relation", "reasoned", "categories", "granted_by",
        "from_at", "until_at",
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    # None: whoever has the role there
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[str] = mapped_column(Text)
    relation: Mapped[str] = mapped_column(Text)
    reasoned: Mapped[bool] = mapped_column(default=False)  # a reason was stated; its text is on the ledger
    categories: Mapped[list[str]] = mapped_column(default=list)  # what an emergency opens, and nothing else
    granted_by: Mapped[UUID]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]


class Share(Stamped, Base):
    """A category of a case lent to an organisation, by consent or by a recorded legal basis."""

    __tablename__ = "share"
    stamped = (
        "id", "case_id", "organisation_id", "category", "purpose", "basis", "track_id", "from_at", "until_at",
        "ended_at",
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    category: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(Text)
    track_id: Mapped[UUID]  # the consent or referral that it rests on
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Barring(Stamped, Base):
    """A conflict of interest: for this person, or this organisation, there is no such case, whatever a team says."""

    __tablename__ = "barring"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (organisation_id IS NULL)", name="a_person_or_an_organisation"),
        CheckConstraint("ended_by <> lifting_by", name="lifted_by_two"),
        Index(None, "user_id"),
        Index(None, "organisation_id"),
    )
    stamped = (
        "id", "case_id", "user_id", "organisation_id", "ground", "declared_by", "from_at", "lifting_by", "ended_by",
        "ended_at",
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"))
    ground: Mapped[str] = mapped_column(Text)  # a code; the reason is sealed, and named on the ledger
    declared_by: Mapped[UUID]
    from_at: Mapped[datetime]
    lifting_by: Mapped[UUID | None]  # who proposed to lift it
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]


class Part(Base):
    """The fields of one category of one record, sealed together; a change is a new row version."""

    __tablename__ = "part"
    __table_args__ = (UniqueConstraint("record_id", "category", "row_version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(index=True)  # a case, or a shelter for its address
    record_type: Mapped[str] = mapped_column(Text)
    record_id: Mapped[UUID]
    category: Mapped[str] = mapped_column(Text)
    row_version: Mapped[int]
    author_user_id: Mapped[UUID]
    author_organisation_id: Mapped[UUID | None]
    author_role: Mapped[str] = mapped_column(Text)
    key_id: Mapped[UUID]
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime]


LIVE = text("destroyed_at IS NULL")


class WrappedKey(Base):
    """A data key of one (case, category), wrapped by a key that lives elsewhere; own schema and role."""

    __tablename__ = "wrapped_key"
    __table_args__ = (
        Index("uq_wrapped_key_live", "case_id", "category", unique=True, postgresql_where=LIVE),
        CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name="destroyed_is_empty"),
        {"schema": "keys"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID]
    category: Mapped[str] = mapped_column(Text)
    epoch: Mapped[int]
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]


class KeyHold(Base):
    """A legal hold on a case: while it stands, the database refuses to destroy any of its keys."""

    __tablename__ = "hold"
    __table_args__ = ({"schema": "keys"},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(index=True)
    basis: Mapped[str] = mapped_column(Text)  # a code; the order itself lies with whoever gave it
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Erasure(Base):
    """A decision to destroy keys, made in the transaction of the act; carried out at once, or else by the sweep."""

    __tablename__ = "erasure"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(index=True)
    categories: Mapped[list[str]]
    basis: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    destroyed: Mapped[list[str] | None]  # ids of the keys, once they are destroyed
    certificate: Mapped[str | None] = mapped_column(Text)  # a signed note


class SearchPlan(Base):
    """To how many bits search tokens are cut now; the only row."""

    __tablename__ = "search_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    bits: Mapped[int]
    before: Mapped[int | None]  # while the register is being cut anew


class SearchEntry(Base):
    """By what one category of one record can be found; the whole tokens are sealed under the key of that category."""

    __tablename__ = "search_entry"

    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case.id"), index=True)
    key_id: Mapped[UUID]
    bits: Mapped[int] = mapped_column(index=True)
    tokens: Mapped[int]
    envelope: Mapped[bytes] = mapped_column(LargeBinary)


class SearchToken(Base):
    """One keyed token of an entry, cut so short that it stands for several people; of a number, whole."""

    __tablename__ = "search_token"
    __table_args__ = (
        ForeignKeyConstraint(
            ["record_id", "category"],
            ["search_entry.record_id", "search_entry.category"],
            ondelete="CASCADE",
        ),
        Index(None, "record_id", "category"),
    )

    bits: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    record_id: Mapped[UUID] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[UUID]


class Asking(Base):
    """That somebody searched, opened a case, took data away, asked whether a person is known: all are rationed."""

    __tablename__ = "asking"
    __table_args__ = (Index(None, "user_id", "kind", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    mark: Mapped[bytes | None] = mapped_column(LargeBinary)  # keyed: of one case, however often it was opened


class QuotaLift(Stamped, Base):
    """That a supervisor lifted for an hour what somebody may open or take away, and why, as a code."""

    __tablename__ = "quota_lift"
    stamped = ("id", "user_id", "kind", "reason", "given_by", "from_at", "until_at")

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    kind: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[UUID]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime]


class LedgerEvent(Base):
    """One act. `body` is canonical JSON and what the tree holds; the other columns are computed from it."""

    __tablename__ = "event"
    __table_args__ = (
        Index(None, "case_id"),
        Index(None, "organisation_id"),
        Index(None, "xid"),
        {"schema": "ledger"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    xid: Mapped[int] = mapped_column(BigInteger, server_default=text("(pg_current_xact_id()::text::bigint)"))
    body: Mapped[str] = mapped_column(Text)
    case_id: Mapped[UUID | None] = mapped_column(Computed("((body::jsonb ->> 'case')::uuid)", persisted=True))
    actor_id: Mapped[UUID | None] = mapped_column(
        Computed("((body::jsonb ->> 'actor')::uuid)", persisted=True)
    )
    organisation_id: Mapped[UUID | None] = mapped_column(
        Computed("((body::jsonb ->> 'organisation')::uuid)", persisted=True)
    )
    act: Mapped[str] = mapped_column(Text, Computed("(body::jsonb ->> 'act')", persisted=True))


class LedgerWritten(Base):
    """That a row was written: its digest before and after, noted by a trigger; the sum of an act is an event."""

    __tablename__ = "written"
    __table_args__ = ({"schema": "ledger"},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    act: Mapped[int] = mapped_column(BigInteger)  # the notes of one transaction have one number
    of_table: Mapped[str] = mapped_column(Text)
    row_id: Mapped[UUID]
    was: Mapped[bytes | None] = mapped_column(LargeBinary)  # none: the row is new
    became: Mapped[bytes | None] = mapped_column(LargeBinary)  # none: the row was deleted


class LedgerLeaf(Base):
    """Where an event stands in the tree; the hash outlives the event."""

    __tablename__ = "leaf"
    __table_args__ = ({"schema": "ledger"},)

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class LedgerCheckpoint(Base):
    """A signed head of the tree; `frontier` lets the next sealing go on without reading the leaves."""

    __tablename__ = "checkpoint"
    __table_args__ = ({"schema": "ledger"},)

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    note: Mapped[str] = mapped_column(Text)
    frontier: Mapped[bytes] = mapped_column(LargeBinary)
    before_xid: Mapped[int] = mapped_column(BigInteger)  # all events of earlier transactions are in the tree
    at: Mapped[datetime]

"""Notes of what is written: a digest of each row before and after, and what reads them."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.create_table(
        "written",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("act", sa.BigInteger(), nullable=False),
        sa.Column("of_table", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("was", sa.LargeBinary(), nullable=True),
        sa.Column("became", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_written")),
        schema="ledger",
    )
    op.execute((SQL / "0005-written.sql").read_text("utf-8"))


def downgrade() -> None:
    op.execute((SQL / "0005-written_down.sql").read_text("utf-8"))
    op.drop_table("written", schema="ledger")

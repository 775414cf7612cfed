"""The auditor asks about accesses where an office has no supervisor (ADR 0033), and learns what would explain them."""

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    op.execute((SQL / "0007-auditor-asks.sql").read_text("utf-8"))


def downgrade() -> None:
    op.execute((SQL / "0007-auditor-asks_down.sql").read_text("utf-8"))

"""Roles' rights, row-level security and the functions it reads."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    for name in ("context", "matrix", "policies"):
        op.execute((SQL / f"{name}.sql").read_text("utf-8"))


def downgrade() -> None:
    op.execute((SQL / "policies_down.sql").read_text("utf-8"))

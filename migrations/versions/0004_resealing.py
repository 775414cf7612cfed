"""The owner of the tables may seal envelopes anew; row-level security binds the owner too."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("part", "search_entry", "known_check")


def upgrade() -> None:
    for table in TABLES:
        op.execute(f"CREATE POLICY sealed_anew ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)")
    op.execute("CREATE POLICY sealed_anew ON ledger.event FOR INSERT TO CURRENT_USER WITH CHECK (true)")


def downgrade() -> None:
    for table in (*TABLES, "ledger.event"):
        op.execute(f"DROP POLICY sealed_anew ON {table}")

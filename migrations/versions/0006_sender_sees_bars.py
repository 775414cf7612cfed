"""The sender of messages sees who is barred from a case (ADR 0040)."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("GRANT SELECT (id, case_id, user_id, organisation_id, ended_at) ON barring TO nrm_send")
    op.execute(
        "DROP POLICY IF EXISTS sender ON barring"
    )  # some installations were given it with the first ones
    op.execute("CREATE POLICY sender ON barring FOR SELECT TO nrm_send USING (true)")


def downgrade() -> None:
    op.execute("DROP POLICY sender ON barring")
    op.execute("REVOKE SELECT (id, case_id, user_id, organisation_id, ended_at) ON barring FROM nrm_send")

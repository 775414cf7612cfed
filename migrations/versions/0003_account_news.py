"""What people hear about how they sign in."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

RIGHTS = """
GRANT SELECT, INSERT, UPDATE (seen_at) ON account_news TO nrm_app;
GRANT SELECT, DELETE ON account_news TO nrm_jobs;
GRANT SELECT (id, user_id, at, mailed_at), UPDATE (mailed_at) ON account_news TO nrm_send;
"""


def upgrade() -> None:
    op.create_table(
        "account_news",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_account_news_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_news")),
    )
    op.create_index(op.f("ix_account_news_user_id_at"), "account_news", ["user_id", "at"], unique=False)
    op.execute(RIGHTS)


def downgrade() -> None:
    op.drop_table("account_news")

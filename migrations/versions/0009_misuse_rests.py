"""Whoever misused an emergency access breaks no glass while what followed from it is open (ADR 0013)."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LATE = """
CREATE OR REPLACE FUNCTION nrm.emergency_suspended() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT FROM public.step AS s JOIN public.deadline AS d ON d.track_id = s.track_id
    WHERE d.slug = 'break_glass' AND s.name = 'request' AND s.actor_id = nrm.context_user()
      AND d.name = 'review' AND d.ended_at IS NULL AND d.due_at < nrm.context_now()){misused} $$
"""
MISUSED = """
    OR EXISTS (SELECT FROM public.step AS s JOIN public.track AS t ON t.id = s.track_id
    WHERE t.slug = 'break_glass' AND s.name = 'request' AND s.actor_id = nrm.context_user()
      AND (t.state = 'misuse_found' OR t.state = 'reviewed_abuse' AND EXISTS (SELECT FROM public.track AS b
        WHERE b.case_id = t.case_id AND b.slug = 'data_breach' AND b.opened_at >= s.at
          AND b.state NOT IN ('not_a_breach', 'closed'))))"""


def upgrade() -> None:
    op.execute(LATE.format(misused=MISUSED))


def downgrade() -> None:
    op.execute(LATE.format(misused=""))

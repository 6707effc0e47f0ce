"""words of what has ended apart from what waits"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step: what waits has words of its own, and would only stand before what has ended in a search."""
    op.execute("DELETE FROM case_words WHERE case_id IN (SELECT case_id FROM waiting_words)")


def downgrade() -> None:
    """Takes this step back."""
    op.execute("INSERT INTO case_words (case_id, words) SELECT case_id, words FROM waiting_words")

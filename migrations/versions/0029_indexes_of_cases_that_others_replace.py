"""indexes of cases that others replace"""

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step: SQLite would read all that has ended along the first, in no order a list has."""
    op.drop_index("ix_cases_queue_order", table_name="cases")
    op.drop_index("ix_cases_claimed_by", table_name="cases")


def downgrade() -> None:
    """Takes this step back."""
    op.create_index("ix_cases_queue_order", "cases", ["state", "queue", "priority", "case_id"])
    op.create_index("ix_cases_claimed_by", "cases", ["claimed_by"])

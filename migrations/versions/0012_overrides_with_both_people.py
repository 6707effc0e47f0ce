"""overrides with both people"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_approval_role", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("first_approval_reason", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("corrected_by", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("resolved_role", sa.String(length=20), nullable=True))


def downgrade() -> None:
    """Takes this step back."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_column("resolved_role")
        batch_op.drop_column("corrected_by")
        batch_op.drop_column("first_approval_reason")
        batch_op.drop_column("first_approval_role")

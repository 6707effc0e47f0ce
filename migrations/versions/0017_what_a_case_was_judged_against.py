"""what a case was judged against"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("judged_against", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Takes this step back."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_column("judged_against")

"""routes of cases"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("route", core.columns.CanonicalJson(), nullable=True))


def downgrade() -> None:
    """Takes this step back."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_column("route")

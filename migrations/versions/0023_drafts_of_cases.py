"""what people have typed on a case and not sent"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    op.create_table(
        "case_drafts",
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("typed", core.columns.CanonicalJson(), nullable=False),
        sa.Column("saved_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "author", name=op.f("pk_case_drafts")),
    )


def downgrade() -> None:
    """Takes this step back."""
    op.drop_table("case_drafts")

"""supplier memory"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    op.create_table(
        "remembered_corrections",
        sa.Column("memory_id", sa.String(length=40), nullable=False),
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("paper", core.columns.CanonicalJson(), nullable=True),
        sa.Column("place", core.columns.CanonicalJson(), nullable=True),
        sa.Column("confirmed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("contradicted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("remembered_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("remembered_by", sa.String(length=200), nullable=False),
        sa.Column("changed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("memory_id", name=op.f("pk_remembered_corrections")),
    )
    with op.batch_alter_table("remembered_corrections", schema=None) as batch_op:
        batch_op.create_index("ix_remembered_corrections_document_id", ["document_id"], unique=False)
        batch_op.create_index("ix_remembered_corrections_state", ["state", "memory_id"], unique=False)


def downgrade() -> None:
    """Takes this step back."""
    with op.batch_alter_table("remembered_corrections", schema=None) as batch_op:
        batch_op.drop_index("ix_remembered_corrections_state")
        batch_op.drop_index("ix_remembered_corrections_document_id")

    op.drop_table("remembered_corrections")

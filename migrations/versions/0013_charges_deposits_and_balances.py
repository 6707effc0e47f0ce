"""charges, deposits and balances of billed orders"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    amounts = ("net_amount", "ordered_amount", "balance_amount", "charge_amount", "deposit_amount")
    op.create_table(
        "billed_headers",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("po_number", sa.Text(), nullable=False),
        *(sa.Column(name, core.columns.ExactDecimal(), nullable=False) for name in amounts),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "po_number"),
    )
    op.create_index("ix_billed_headers_po_number", "billed_headers", ["po_number"])


def downgrade() -> None:
    """Takes this step back."""
    op.drop_index("ix_billed_headers_po_number", table_name="billed_headers")
    op.drop_table("billed_headers")

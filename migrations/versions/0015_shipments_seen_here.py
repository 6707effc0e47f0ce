"""shipments seen here"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    op.create_table(
        "known_shipments",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("document_type", sa.String(length=20), nullable=False),
        sa.Column("supplier_id", sa.Text(), nullable=True),
        sa.Column("shipment_number", sa.Text(), nullable=True),
        sa.Column("number_key", sa.Text(), nullable=False),
        sa.Column("shipped_on", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_known_shipments")),
    )
    op.create_index("ix_known_shipments_sha256", "known_shipments", ["sha256"])
    op.create_index("ix_known_shipments_number_key", "known_shipments", ["number_key"])
    op.create_table(
        "shipped_lines",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("po_number", sa.Text(), nullable=False),
        sa.Column("line_number", sa.Text(), nullable=False),
        sa.Column("quantity", core.columns.ExactDecimal(length=64), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "position", name=op.f("pk_shipped_lines")),
    )
    op.create_index("ix_shipped_lines_po_number", "shipped_lines", ["po_number"])


def downgrade() -> None:
    """Takes this step back."""
    op.drop_table("shipped_lines")
    op.drop_table("known_shipments")

"""indexes for planning"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INDEXES = (
    ("purchase_order_lines", "item_id"),
    ("sales_orders", "promised_at"),
    ("stock_levels", "item_id"),
    ("demand", "item_id"),
    ("demand", "date"),
)


def upgrade() -> None:
    """Applies this step."""
    for feed, column in INDEXES:
        op.create_index(f"ix_feed_{feed}_{column}", f"feed_{feed}", [column], unique=False)


def downgrade() -> None:
    """Takes this step back."""
    for feed, column in INDEXES:
        op.drop_index(f"ix_feed_{feed}_{column}", table_name=f"feed_{feed}")

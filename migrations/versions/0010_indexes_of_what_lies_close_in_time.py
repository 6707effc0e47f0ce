"""indexes of what lies close in time"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_feed_changes_row", "feed_changes", ["feed", "row_key"]),
    ("ix_feed_suppliers_supplier_id", "feed_suppliers", ["supplier_id"]),
    ("ix_feed_purchase_orders_supplier_ordered", "feed_purchase_orders", ["supplier_id", "ordered_at"]),
    ("ix_known_invoices_supplier_date", "known_invoices", ["supplier_id", "issue_date"]),
)


def upgrade() -> None:
    """Applies this step."""
    for name, table, columns in _INDEXES:
        op.create_index(name, table, columns)


def downgrade() -> None:
    """Takes this step back."""
    for name, table, _ in _INDEXES:
        op.drop_index(name, table_name=table)

"""erp feeds"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    op.create_table(
        "feed_changes",
        sa.Column("load_id", sa.String(length=40), nullable=False),
        sa.Column("feed", sa.String(length=40), nullable=False),
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("old_row", core.columns.CanonicalJson(), nullable=False),
        sa.Column("new_row", core.columns.CanonicalJson(), nullable=False),
        sa.Column("changed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("load_id", "row_key", name=op.f("pk_feed_changes")),
    )
    with op.batch_alter_table("feed_changes", schema=None) as batch_op:
        batch_op.create_index("ix_feed_changes_feed", ["feed", "changed_at"], unique=False)

    op.create_table(
        "feed_demand",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("item_id", sa.String(length=200), nullable=False),
        sa.Column("location_id", sa.String(length=200), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("quantity", core.columns.ExactDecimal(length=64), nullable=False),
        sa.Column("unit_price", core.columns.ExactDecimal(length=64), nullable=True),
        sa.Column("on_promotion", sa.Boolean(), nullable=True),
        sa.Column("returned", core.columns.ExactDecimal(length=64), nullable=True),
        sa.Column("stocked_out", sa.Boolean(), nullable=True),
        sa.Column("extra", core.columns.CanonicalJson(), nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("changed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_feed_demand")),
    )
    op.create_table(
        "feed_erp_blocks",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("document_ref", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("blocked_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("lifted_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("extra", core.columns.CanonicalJson(), nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("changed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_feed_erp_blocks")),
    )
    with op.batch_alter_table("feed_erp_blocks", schema=None) as batch_op:
        batch_op.create_index("ix_feed_erp_blocks_document_ref", ["document_ref"], unique=False)

    op.create_table(
        "feed_events",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("location_id", sa.String(length=200), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("extra", core.columns.CanonicalJson(), nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("changed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_feed_events")),
    )
    op.create_table(
        "feed_exceptions",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("exception_id", sa.String(length=200), nullable=False),
        sa.Column("opened_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("priority", sa.Text(), nullable=True),
        sa.Column("initial_group", sa.Text(), nullable=True),
        sa.Column("resolved_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("closed_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("resolved_group", sa.Text(), nullable=True),
        sa.Column("resolution_code", sa.Text(), nullable=True),
        sa.Column("sla_met", sa.Boolean(), nullable=True),
        sa.Column("reassignment_count", sa.BigInteger(), nullable=True),
        sa.Column("extra", core.columns.CanonicalJson(), nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("changed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_feed_exceptions")),
    )
    op.create_table(
        "feed_freshness",
        sa.Column("feed", sa.String(length=40), nullable=False),
        sa.Column("loaded_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("rows", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("feed", name=op.f("pk_feed_freshness")),
    )
    op.create_table(
        "feed_goods_receipts",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("receipt_id", sa.String(length=200), nullable=False),
        sa.Column("po_number", sa.String(length=200), nullable=False),
        sa.Column("line_number", sa.String(length=200), nullable=False),
        sa.Column("quantity", core.columns.ExactDecimal(length=64), nullable=False),
        sa.Column("received_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=True),
        sa.Column("extra", core.columns.CanonicalJson(), nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("changed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_feed_goods_receipts")),
    )
    with op.batch_alter_table("feed_goods_receipts", schema=None) as batch_op:
        batch_op.create_index("ix_feed_goods_receipts_po_number", ["po_number"], unique=False)

    op.create_table(
        "feed_items",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("item_id", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("gtin", sa.Text(), nullable=True),
        sa.Column("supplier_item_id", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("case_pack", core.columns.ExactDecimal(length=64), nullable=True),
        sa.Column("min_order_quantity", core.columns.ExactDecimal(length=64), nullable=True),
        sa.Column("max_stock", core.columns.ExactDecimal(length=64), nullable=True),
        sa.Column("unit_cost", core.columns.ExactDecimal(length=64), nullable=True),
        sa.Column("unit_price", core.columns.ExactDecimal(length=64), nullable=True),
        sa.Column("supplier_id", sa.Text(), nullable=True),
        sa.Column("lead_time_days", sa.BigInteger(), nullable=True),
        sa.Column("shelf_life_days", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("extra", core.columns.CanonicalJson(), nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("changed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_feed_items")),
    )
    with op.batch_alter_table("feed_items", schema=None) as batch_op:
        batch_op.create_index("ix_feed_items_item_id", ["item_id"], unique=False)
        batch_op.create_index("ix_feed_items_supplier_id", ["supplier_id"], unique=False)

    op.create_table(
        "feed_loads",
        sa.Column("load_id", sa.String(length=40), nullable=False),
        sa.Column("feed", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("loaded_by", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("rows_new", sa.BigInteger(), nullable=False),
        sa.Column("rows_changed", sa.BigInteger(), nullable=False),
        sa.Column("rows_same", sa.BigInteger(), nullable=False),
        sa.Column("keys_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("load_id", name=op.f("pk_feed_loads")),
    )
    with op.batch_alter_table("feed_loads", schema=None) as batch_op:
        batch_op.create_index("ix_feed_loads_feed", ["feed", "loaded_at"], unique=False)

    op.create_table(
        "feed_locations",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("location_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("capacity", core.columns.ExactDecimal(length=64), nullable=True),
        sa.Column("extra", core.columns.CanonicalJson(), nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("changed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_feed_locations")),
    )
    op.create_table(
        "feed_posted_invoices",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("supplier_id", sa.String(length=200), nullable=False),
        sa.Column("invoice_number", sa.String(length=200), nullable=False),
        sa.Column("invoice_date", sa.Date(), nullable=False),
        sa.Column("total_with_vat", core.columns.ExactDecimal(length=64), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        sa.Column("po_number", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("disputed", sa.Boolean(), nullable=True),
        sa.Column("settled_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("extra", core.columns.CanonicalJson(), nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("changed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_feed_posted_invoices")),
    )
    with op.batch_alter_table("feed_posted_invoices", schema=None) as batch_op:
        batch_op.create_index("ix_feed_posted_invoices_supplier_id", ["supplier_id"], unique=False)

    op.create_table(
        "feed_purchase_order_lines",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("po_number", sa.String(length=200), nullable=False),
        sa.Column("line_number", sa.String(length=200), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("quantity", core.columns.ExactDecimal(length=64), nullable=False),
        sa.Column("unit_price", core.columns.ExactDecimal(length=64), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("supplier_item_id", sa.Text(), nullable=True),
        sa.Column("tax_rate", core.columns.ExactDecimal(length=64), nullable=True),
        sa.Column("promised_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("extra", core.columns.CanonicalJson(), nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("changed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_feed_purchase_order_lines")),
    )
    with op.batch_alter_table("feed_purchase_order_lines", schema=None) as batch_op:
        batch_op.create_index("ix_feed_purchase_order_lines_po_number", ["po_number"], unique=False)

    op.create_table(
        "feed_purchase_orders",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("po_number", sa.String(length=200), nullable=False),
        sa.Column("supplier_id", sa.Text(), nullable=False),
        sa.Column("ordered_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("buyer", sa.Text(), nullable=True),
        sa.Column("ship_to_location_id", sa.Text(), nullable=True),
        sa.Column("legal_entity", sa.Text(), nullable=True),
        sa.Column("extra", core.columns.CanonicalJson(), nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("changed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_feed_purchase_orders")),
    )
    with op.batch_alter_table("feed_purchase_orders", schema=None) as batch_op:
        batch_op.create_index("ix_feed_purchase_orders_po_number", ["po_number"], unique=False)
        batch_op.create_index("ix_feed_purchase_orders_supplier_id", ["supplier_id"], unique=False)

    op.create_table(
        "feed_sales_order_lines",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("order_id", sa.String(length=200), nullable=False),
        sa.Column("line_number", sa.String(length=200), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("quantity", core.columns.ExactDecimal(length=64), nullable=False),
        sa.Column("unit_price", core.columns.ExactDecimal(length=64), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("supplier_id", sa.Text(), nullable=True),
        sa.Column("weight_kg", core.columns.ExactDecimal(length=64), nullable=True),
        sa.Column("fulfil_location_id", sa.Text(), nullable=True),
        sa.Column("extra", core.columns.CanonicalJson(), nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("changed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_feed_sales_order_lines")),
    )
    with op.batch_alter_table("feed_sales_order_lines", schema=None) as batch_op:
        batch_op.create_index("ix_feed_sales_order_lines_order_id", ["order_id"], unique=False)

    op.create_table(
        "feed_sales_orders",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("order_id", sa.String(length=200), nullable=False),
        sa.Column("ordered_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("promised_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("ship_to_country", sa.Text(), nullable=True),
        sa.Column("ship_to_region", sa.Text(), nullable=True),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("order_value", core.columns.ExactDecimal(length=64), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("extra", core.columns.CanonicalJson(), nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("changed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_feed_sales_orders")),
    )
    op.create_table(
        "feed_shipments",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("shipment_id", sa.String(length=200), nullable=False),
        sa.Column("order_id", sa.String(length=200), nullable=False),
        sa.Column("location_id", sa.Text(), nullable=True),
        sa.Column("carrier", sa.Text(), nullable=True),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("shipped_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("delivered_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("recorded_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("extra", core.columns.CanonicalJson(), nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("changed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_feed_shipments")),
    )
    with op.batch_alter_table("feed_shipments", schema=None) as batch_op:
        batch_op.create_index("ix_feed_shipments_order_id", ["order_id"], unique=False)

    op.create_table(
        "feed_stock_levels",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("item_id", sa.String(length=200), nullable=False),
        sa.Column("location_id", sa.String(length=200), nullable=False),
        sa.Column("as_of", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("on_hand", core.columns.ExactDecimal(length=64), nullable=False),
        sa.Column("on_order", core.columns.ExactDecimal(length=64), nullable=True),
        sa.Column("allocated", core.columns.ExactDecimal(length=64), nullable=True),
        sa.Column("extra", core.columns.CanonicalJson(), nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("changed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_feed_stock_levels")),
    )
    op.create_table(
        "feed_suppliers",
        sa.Column("row_key", sa.Text(), nullable=False),
        sa.Column("supplier_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("vat_id", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("iban", sa.Text(), nullable=True),
        sa.Column("payment_terms_days", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("legal_entity", sa.Text(), nullable=True),
        sa.Column("extra", core.columns.CanonicalJson(), nullable=True),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("changed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_feed_suppliers")),
    )


def downgrade() -> None:
    """Takes this step back."""
    op.drop_table("feed_suppliers")
    op.drop_table("feed_stock_levels")
    with op.batch_alter_table("feed_shipments", schema=None) as batch_op:
        batch_op.drop_index("ix_feed_shipments_order_id")

    op.drop_table("feed_shipments")
    op.drop_table("feed_sales_orders")
    with op.batch_alter_table("feed_sales_order_lines", schema=None) as batch_op:
        batch_op.drop_index("ix_feed_sales_order_lines_order_id")

    op.drop_table("feed_sales_order_lines")
    with op.batch_alter_table("feed_purchase_orders", schema=None) as batch_op:
        batch_op.drop_index("ix_feed_purchase_orders_supplier_id")
        batch_op.drop_index("ix_feed_purchase_orders_po_number")

    op.drop_table("feed_purchase_orders")
    with op.batch_alter_table("feed_purchase_order_lines", schema=None) as batch_op:
        batch_op.drop_index("ix_feed_purchase_order_lines_po_number")

    op.drop_table("feed_purchase_order_lines")
    with op.batch_alter_table("feed_posted_invoices", schema=None) as batch_op:
        batch_op.drop_index("ix_feed_posted_invoices_supplier_id")

    op.drop_table("feed_posted_invoices")
    op.drop_table("feed_locations")
    with op.batch_alter_table("feed_loads", schema=None) as batch_op:
        batch_op.drop_index("ix_feed_loads_feed")

    op.drop_table("feed_loads")
    with op.batch_alter_table("feed_items", schema=None) as batch_op:
        batch_op.drop_index("ix_feed_items_supplier_id")
        batch_op.drop_index("ix_feed_items_item_id")

    op.drop_table("feed_items")
    with op.batch_alter_table("feed_goods_receipts", schema=None) as batch_op:
        batch_op.drop_index("ix_feed_goods_receipts_po_number")

    op.drop_table("feed_goods_receipts")
    op.drop_table("feed_freshness")
    op.drop_table("feed_exceptions")
    op.drop_table("feed_events")
    with op.batch_alter_table("feed_erp_blocks", schema=None) as batch_op:
        batch_op.drop_index("ix_feed_erp_blocks_document_ref")

    op.drop_table("feed_erp_blocks")
    op.drop_table("feed_demand")
    with op.batch_alter_table("feed_changes", schema=None) as batch_op:
        batch_op.drop_index("ix_feed_changes_feed")

    op.drop_table("feed_changes")

"""keys of billed invoices"""

from decimal import Decimal

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ROWS_AT_ONCE = 10_000
LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def upgrade() -> None:
    """Applies this step: rows that are there get their keys."""
    with op.batch_alter_table("feed_freshness", schema=None) as batch_op:
        batch_op.add_column(sa.Column("load_id", sa.String(length=40), nullable=True))
    loads = "SELECT load_id FROM feed_loads WHERE feed_loads.feed = feed_freshness.feed"
    op.execute(f"UPDATE feed_freshness SET load_id = ({loads} ORDER BY loaded_at DESC, load_id DESC LIMIT 1)")

    for table in ("feed_posted_invoices", "known_invoices"):
        for name in ("number_key", "gross_key"):
            op.add_column(table, sa.Column(name, sa.Text(), server_default="", nullable=False))
    _fill("feed_posted_invoices", "row_key")
    _fill("known_invoices", "document_id")

    op.drop_index("ix_feed_posted_invoices_supplier_id", table_name="feed_posted_invoices")
    op.create_index("ix_feed_posted_invoices_po_number", "feed_posted_invoices", ["po_number"])
    op.create_index("ix_feed_posted_invoices_supplier_date", "feed_posted_invoices", ["supplier_id", "invoice_date"])
    op.drop_index("ix_known_invoices_supplier_id", table_name="known_invoices")
    for table, last in (("feed_posted_invoices", "invoice_date"), ("known_invoices", "document_id")):
        op.create_index(f"ix_{table}_supplier_number", table, ["supplier_id", "number_key", last])
        op.create_index(f"ix_{table}_supplier_gross", table, ["supplier_id", "gross_key", last])
        op.create_index(f"ix_{table}_number_gross", table, ["number_key", "gross_key", last])


def downgrade() -> None:
    """Takes this step back."""
    for table in ("feed_posted_invoices", "known_invoices"):
        for name in ("supplier_number", "supplier_gross", "number_gross"):
            op.drop_index(f"ix_{table}_{name}", table_name=table)
        op.create_index(f"ix_{table}_supplier_id", table, ["supplier_id"])
    op.drop_index("ix_feed_posted_invoices_supplier_date", table_name="feed_posted_invoices")
    op.drop_index("ix_feed_posted_invoices_po_number", table_name="feed_posted_invoices")
    for table in ("feed_posted_invoices", "known_invoices"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("gross_key")
            batch_op.drop_column("number_key")
    with op.batch_alter_table("feed_freshness", schema=None) as batch_op:
        batch_op.drop_column("load_id")


def _fill(name: str, key: str) -> None:
    table = sa.table(
        name,
        sa.column(key, sa.Text),
        sa.column("invoice_number", sa.Text),
        sa.column("total_with_vat", core.columns.ExactDecimal),
        sa.column("number_key", sa.Text),
        sa.column("gross_key", sa.Text),
    )
    connection = op.get_bind()
    update = (
        sa.update(table)
        .where(table.c[key] == sa.bindparam("which"))
        .values(number_key=sa.bindparam("number"), gross_key=sa.bindparam("gross"))
    )
    after = ""
    while True:
        query = sa.select(table.c[key], table.c.invoice_number, table.c.total_with_vat)
        rows = connection.execute(query.where(table.c[key] > after).order_by(table.c[key]).limit(ROWS_AT_ONCE)).all()
        if not rows:
            return
        connection.execute(
            update,
            [{"which": which, "number": _number_key(number), "gross": _plain(gross)} for which, number, gross in rows],
        )
        after = rows[-1][0]


def _number_key(text: str) -> str:
    return "".join(char for char in text.upper() if char.isalnum()).translate(LOOK_ALIKES)


def _plain(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return "0" if text in {"-0", ""} else text

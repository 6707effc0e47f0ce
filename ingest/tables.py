"""Tables of what came in: documents and their arrivals, the ERP feeds, and the log of their loads."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, text
from sqlalchemy.types import TypeEngine

from core.columns import CanonicalJson, ExactDecimal, UtcInstant, metadata
from ingest.feeds import FEEDS, ColumnSpec, ColumnType, FeedSpec

# Written out, not bound: SQLite uses a partial index only for a condition it can read.
UNDECIDED = text("state <> 'decided'")

documents = Table(
    "documents",
    metadata,
    Column("document_id", String(40), primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("file_name", String(255), nullable=False),
    Column("origin", String(20), nullable=False),
    Column("received_at", UtcInstant, nullable=False),
    Column("received_by", String(200), nullable=False),
    Column("parent_id", String(40), ForeignKey("documents.document_id"), index=True),
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("lease_node", String(200)),
    Column("lease_until", UtcInstant),
    Column("lease_token", BigInteger, nullable=False, server_default="0"),
    Column("decided_at", UtcInstant),
)
Index(
    "ix_documents_undecided",
    documents.c.received_at,
    documents.c.document_id,
    sqlite_where=UNDECIDED,
    postgresql_where=UNDECIDED,
)
Index("ix_documents_received", documents.c.received_at, documents.c.document_id)

document_arrivals = Table(
    "document_arrivals",
    metadata,
    Column("arrival_id", String(40), primary_key=True),
    Column("document_id", String(40), ForeignKey("documents.document_id"), nullable=False, index=True),
    Column("parent_id", String(40), ForeignKey("documents.document_id"), index=True),
    Column("file_name", String(255), nullable=False),
    Column("origin", String(20), nullable=False),
    Column("arrived_at", UtcInstant, nullable=False),
    Column("arrived_by", String(200), nullable=False),
)

feed_loads = Table(
    "feed_loads",
    metadata,
    Column("load_id", String(40), primary_key=True),
    Column("feed", String(40), nullable=False),
    Column("file_name", String(255), nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("loaded_at", UtcInstant, nullable=False),
    Column("loaded_by", String(200), nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("rows_new", BigInteger, nullable=False),
    Column("rows_changed", BigInteger, nullable=False),
    Column("rows_same", BigInteger, nullable=False),
    Column("keys_hash", String(64), nullable=False),
)
Index("ix_feed_loads_feed", feed_loads.c.feed, feed_loads.c.loaded_at)

feed_changes = Table(
    "feed_changes",
    metadata,
    Column("load_id", String(40), primary_key=True),
    Column("feed", String(40), nullable=False),
    Column("row_key", Text, primary_key=True),
    Column("old_row", CanonicalJson, nullable=False),
    Column("new_row", CanonicalJson, nullable=False),
    Column("changed_at", UtcInstant, nullable=False),
)
Index("ix_feed_changes_feed", feed_changes.c.feed, feed_changes.c.changed_at)
Index("ix_feed_changes_row", feed_changes.c.feed, feed_changes.c.row_key)

feed_freshness = Table(
    "feed_freshness",
    metadata,
    Column("feed", String(40), primary_key=True),
    Column("loaded_at", UtcInstant),
    Column("rows", BigInteger, nullable=False, server_default="0"),
    Column("load_id", String(40)),
)

KEY_LENGTH = 200


def _column_type(spec: ColumnSpec) -> TypeEngine[Any]:
    match spec.type:
        case ColumnType.DECIMAL:
            return ExactDecimal()
        case ColumnType.INTEGER:
            return BigInteger()
        case ColumnType.DATE:
            return Date()
        case ColumnType.INSTANT:
            return UtcInstant()
        case ColumnType.BOOLEAN:
            return Boolean()
        case ColumnType.TEXT:
            return String(KEY_LENGTH) if spec.is_key else Text()


def _feed_table(spec: FeedSpec) -> Table:
    """A feed's table. Its primary key is the key columns written as one text.

    SQLite reads a whole table to find many rows by two columns at once, and finds them by one in an instant.
    """
    return Table(
        f"feed_{spec.name}",
        metadata,
        Column("row_key", Text, primary_key=True),
        *(
            Column(column.name, _column_type(column), nullable=column.may_be_empty and not column.is_key)
            for column in spec.columns
        ),
        *(Column(column.name, Text, nullable=False, server_default="") for column in spec.derived),
        Column("extra", CanonicalJson),
        Column("row_hash", String(64), nullable=False),
        Column("loaded_at", UtcInstant, nullable=False),
        Column("changed_at", UtcInstant, nullable=False),
    )


feed_tables: Mapping[str, Table] = MappingProxyType({name: _feed_table(spec) for name, spec in FEEDS.items()})

for _feed, _column in (
    ("suppliers", "supplier_id"),
    ("items", "item_id"),
    ("items", "supplier_id"),
    ("purchase_orders", "po_number"),
    ("purchase_orders", "supplier_id"),
    ("purchase_order_lines", "po_number"),
    ("purchase_order_lines", "item_id"),
    ("goods_receipts", "po_number"),
    ("posted_invoices", "po_number"),
    ("erp_blocks", "ref_key"),
    ("sales_orders", "promised_at"),
    ("sales_order_lines", "order_id"),
    ("stock_levels", "item_id"),
    ("demand", "item_id"),
    ("demand", "date"),
    ("shipments", "order_id"),
):
    Index(f"ix_feed_{_feed}_{_column}", feed_tables[_feed].c[_column])

# An invoice that may be billed again is found by any two of supplier, number and amount, the nearest in date first.
_posted = feed_tables["posted_invoices"].c
Index("ix_feed_posted_invoices_supplier_number", _posted.supplier_id, _posted.number_key, _posted.invoice_date)
Index("ix_feed_posted_invoices_supplier_gross", _posted.supplier_id, _posted.gross_key, _posted.invoice_date)
Index("ix_feed_posted_invoices_number_gross", _posted.number_key, _posted.gross_key, _posted.invoice_date)
Index("ix_feed_posted_invoices_supplier_date", _posted.supplier_id, _posted.invoice_date)

# Orders of a supplier that were placed close together.
_orders = feed_tables["purchase_orders"].c
Index("ix_feed_purchase_orders_supplier_ordered", _orders.supplier_id, _orders.ordered_at)

# What is left of a paper whose retention period is over. `stored` names bytes that are still to be removed.
erased_documents = Table(
    "erased_documents",
    metadata,
    Column("document_id", String(40), primary_key=True),
    Column("erased_at", UtcInstant, nullable=False, index=True),
    Column("erased_by", String(200), nullable=False),
    Column("rule", Text, nullable=False),
    Column("decisions", CanonicalJson, nullable=False),
    Column("stored", CanonicalJson),
)

legal_holds = Table(
    "legal_holds",
    metadata,
    Column("hold_id", String(40), primary_key=True),
    Column("document_id", String(40), index=True),
    Column("legal_entity", Text),
    Column("reason", Text, nullable=False),
    Column("set_by", String(200), nullable=False),
    Column("set_at", UtcInstant, nullable=False),
    Column("lifted_by", String(200)),
    Column("lifted_at", UtcInstant),
)

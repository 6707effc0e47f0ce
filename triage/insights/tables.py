"""Tables of the figures: what became of each item, its counts by day, and how far the audit has been counted."""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, String, Table, Text

from core.columns import CanonicalJson, UtcInstant, metadata

insight_items = Table(
    "insight_items",
    metadata,
    Column("subject", String(220), primary_key=True),
    Column("supplier", String(200), nullable=False),
    Column("json", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Index("ix_insight_items_supplier", "supplier"),
)

# A grain is what the counts are kept by beside day, kind and queue's name: "" for the whole house, `supplier`,
# `site`, `queue`, `legal_entity`, or two of these; `value` is which supplier, site and so on.
insight_days = Table(
    "insight_days",
    metadata,
    Column("grain", String(30), primary_key=True),
    Column("value", String(420), primary_key=True),
    Column("measure", String(20), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("bucket", String(60), primary_key=True),
    Column("n", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Index("ix_insight_days_measure", "grain", "measure", "day", "value", "kind", "bucket", "n", "total"),
    sqlite_with_rowid=False,
)

insight_place = Table(
    "insight_place",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False),
    Column("definitions", Integer, nullable=False),
    Column("counted_at", UtcInstant),
)

insight_versions = Table(
    "insight_versions",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("first_at", UtcInstant, nullable=False),
)

# What takes too long to work out while somebody waits: as it was worked out last.
insight_kept = Table(
    "insight_kept",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("at", UtcInstant, nullable=False),
    Column("json", CanonicalJson, nullable=False),
)

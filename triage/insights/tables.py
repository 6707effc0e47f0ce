"""Tables of the figures: what became of each item, its counts by day and week, how far the audit has been counted."""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, String, Table, Text

from core.columns import CanonicalJson, UtcInstant, metadata

insight_items = Table(
    "insight_items",
    metadata,
    Column("subject", String(220), primary_key=True),
    Column("supplier", String(200), nullable=False),
    Column("last_day", Date, nullable=False),
    Column("json", Text, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Index("ix_insight_items_supplier", "supplier", "last_day"),
)

# What the counts of a row are of: a grain is "" for the whole house, `supplier`, `site`, `queue`, `legal_entity`, or
# two of these; `value` is which supplier, site and so on. A span is a day or a week from its Monday.
insight_counts = Table(
    "insight_counts",
    metadata,
    Column("row_key", String(500), primary_key=True),
    Column("part", String(10), nullable=False),
    Column("grain", String(30), nullable=False),
    Column("value", String(420), nullable=False),
    Column("span", String(1), nullable=False),
    Column("day", Date, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("json", Text, nullable=False),
    Index("ix_insight_counts_asked", "grain", "value", "part", "span", "day"),
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

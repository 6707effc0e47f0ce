"""Tables of how a team shares its work: absences, saved filters, and what was done to many cases at once."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text

from core.columns import CanonicalJson, UtcInstant, metadata

absences = Table(
    "absences",
    metadata,
    Column("absence_id", String(40), primary_key=True),
    Column("person", String(200), nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("substitute", String(200)),
    Column("added_by", String(200), nullable=False),
    Column("added_at", UtcInstant, nullable=False),
    Index("ix_absences_last_day", "last_day"),
)

saved_filters = Table(
    "saved_filters",
    metadata,
    Column("filter_id", String(40), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("name", String(60), nullable=False),
    Column("team", String(20)),
    Column("query", CanonicalJson, nullable=False),
    Column("saved_at", UtcInstant, nullable=False),
    Index("uq_saved_filters_owner_name", "owner", "name", unique=True),
    Index("ix_saved_filters_team", "team"),
)

# A bulk is written before its first case and each result with the change it tells of: a bulk that was cut off says how
# far it came, and can go on.
bulks = Table(
    "bulks",
    metadata,
    Column("bulk_id", String(40), primary_key=True),
    Column("asked_by", String(200), nullable=False),
    Column("asked_at", UtcInstant, nullable=False),
    Column("asked", CanonicalJson, nullable=False),
    Column("is_done", Boolean, nullable=False),
)

bulk_results = Table(
    "bulk_results",
    metadata,
    Column("bulk_id", String(40), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("case_id", String(40), nullable=False),
    Column("became", String(20), nullable=False),
    Column("code", String(60)),
    Column("message", Text),
)

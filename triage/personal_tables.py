"""The table of what holds for one person besides their role: the queues they work, the limits they approve up to."""

from sqlalchemy import Column, String, Table

from core.columns import CanonicalJson, UtcInstant, metadata

personal_rules = Table(
    "personal_rules",
    metadata,
    Column("person", String(64), primary_key=True),
    Column("queues", CanonicalJson),
    Column("approval_limits", CanonicalJson),
    Column("changed_by", String(200), nullable=False),
    Column("changed_at", UtcInstant, nullable=False),
)

"""Tables of who is told of events, and of each telling. Only their repositories import them."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text, text

from core.columns import CanonicalJson, UtcInstant, metadata

# Secrets are sealed: whoever reads this table cannot sign as this house.
webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("endpoint_id", String(40), primary_key=True),
    Column("url", Text, nullable=False),
    Column("event_types", CanonicalJson, nullable=False),
    Column("secret", Text, nullable=False),
    Column("previous_secret", Text),
    Column("previous_until", UtcInstant),
    Column("created_at", UtcInstant, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("disabled_at", UtcInstant),
    Column("disabled_why", Text),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("paused_until", UtcInstant),
    Column("last_success_at", UtcInstant),
    Column("last_failure_at", UtcInstant),
    Column("last_failure", Text),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("delivery_id", String(40), primary_key=True),
    Column("endpoint_id", String(40), nullable=False),
    Column("event_id", String(40), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("subject", String(200), nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("created_at", UtcInstant, nullable=False),
    Column("next_at", UtcInstant, nullable=False),
    Column("lease_until", UtcInstant),
    Column("lease_token", Integer, nullable=False, server_default="0"),
    Column("tried_at", UtcInstant),
    Column("status", Integer),
    Column("failure", Text),
    Column("ended_at", UtcInstant),
    Index("uq_webhook_deliveries_event", "event_id", "endpoint_id", unique=True),
    Index("ix_webhook_deliveries_endpoint", "endpoint_id", "delivery_id"),
)


def _index(name: str, where: str, *columns: str) -> None:
    found = [webhook_deliveries.c[column] for column in columns]
    Index(f"ix_webhook_deliveries_{name}", *found, sqlite_where=text(where), postgresql_where=text(where))


# What waits and what died is a small part of the table: each question about it reads along an index of that part.
_index("waiting", "state = 'waiting'", "endpoint_id", "sequence")
_index("waiting_subject", "state = 'waiting'", "endpoint_id", "subject", "sequence")
_index("waiting_since", "state = 'waiting'", "created_at")
_index("dead", "state = 'dead'", "endpoint_id", "sequence")

"""Tables every room shares: the audit chain and its head."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from core.columns import CanonicalJson, UtcInstant, metadata

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("at", UtcInstant, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("action", String(100), nullable=False),
    Column("subject", String(300), nullable=False, index=True),
    Column("payload", CanonicalJson, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_audit_entries_actor", "actor", "sequence"),
    Index("ix_audit_entries_action", "action", "sequence"),
    Index("ix_audit_entries_at", "at", "sequence"),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)

# Each row is one walk along the whole chain; the newest goes on as the chain grows.
audit_rounds = Table(
    "audit_rounds",
    metadata,
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("started_at", UtcInstant, nullable=False),
    Column("verified_at", UtcInstant, nullable=False),
    Column("verified_to", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("checkpoints", Integer, nullable=False),
    Column("finished_at", UtcInstant),
    Column("damaged_at_sequence", BigInteger),
    Column("damage", Text),
)

# What each worker last said of itself; a row stays for some days after the worker has ended.
worker_beats = Table(
    "worker_beats",
    metadata,
    Column("node", String(200), primary_key=True),
    Column("started_at", UtcInstant, nullable=False),
    Column("seen_at", UtcInstant, nullable=False),
    Column("ended_at", UtcInstant),
    Column("version", String(40), nullable=False),
    Column("said", CanonicalJson, nullable=False),
)

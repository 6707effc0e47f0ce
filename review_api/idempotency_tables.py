"""The table of changes asked for under an `Idempotency-Key`: only its repository imports it."""

from sqlalchemy import Column, Integer, String, Table, Text

from core.columns import CanonicalJson, UtcInstant, metadata

# Neither key nor body is kept, only their hashes; the answer goes when its day is over.
idempotency_claims = Table(
    "idempotency_claims",
    metadata,
    Column("claim_hash", String(64), primary_key=True),
    Column("actor", String(200), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("token", String(40), nullable=False),
    Column("state", String(10), nullable=False),
    Column("made_at", UtcInstant, nullable=False, index=True),
    Column("claimed_until", UtcInstant, nullable=False),
    Column("status", Integer),
    Column("headers", CanonicalJson),
    Column("body", Text),
)

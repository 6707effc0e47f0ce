"""The table of remembered corrections. Only `triage.memory` imports it."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from core.columns import CanonicalJson, UtcInstant, metadata

remembered_corrections = Table(
    "remembered_corrections",
    metadata,
    Column("memory_id", String(40), primary_key=True),
    Column("document_id", String(40), nullable=False),
    Column("case_id", String(40), nullable=False),
    Column("field", String(60), nullable=False),
    Column("value", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("paper", CanonicalJson),
    Column("place", CanonicalJson),
    Column("confirmed", Integer, nullable=False, server_default="0"),
    Column("contradicted", Integer, nullable=False, server_default="0"),
    Column("remembered_at", UtcInstant, nullable=False),
    Column("remembered_by", String(200), nullable=False),
    Column("changed_at", UtcInstant, nullable=False),
    Column("withdrawn_by", String(200)),
    Index("ix_remembered_corrections_state", "state", "memory_id"),
    Index("ix_remembered_corrections_document_id", "document_id"),
)

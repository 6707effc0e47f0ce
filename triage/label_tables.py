"""Tables of labelled history and of the promises derived from it. Only their repositories import them."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table

from core.columns import CanonicalJson, UtcInstant, metadata

paper_labels = Table(
    "paper_labels",
    metadata,
    Column("document_id", String(40), primary_key=True),
    Column("case_id", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("bundle", String(80)),
    Column("drawn", String(10), nullable=False),
    Column("chance", Float, nullable=False),
    Column("otherwise_clear", Boolean, nullable=False),
    Column("wrong", Boolean),
    Column("decided_at", UtcInstant, nullable=False),
    Column("judged_at", UtcInstant, nullable=False),
    Column("judged_by", String(200), nullable=False),
    Index("ix_paper_labels_kind", "kind", "decided_at"),
)

field_labels = Table(
    "field_labels",
    metadata,
    Column("document_id", String(40), primary_key=True),
    Column("field", String(60), primary_key=True),
    Column("source", String(20)),
    Column("confidence", Float),
    Column("was_right", Boolean, nullable=False),
)

promise_versions = Table(
    "promise_versions",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("made_at", UtcInstant, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("why", String(20), nullable=False),
    Column("policy_hash", String(64), nullable=False),
    Column("json", CanonicalJson, nullable=False),
    Index("ix_promise_versions_kind", "kind", "version"),
)

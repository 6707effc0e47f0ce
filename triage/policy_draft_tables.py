"""Tables of policies in the making: each person's draft, and previews that are being made."""

from sqlalchemy import Column, Integer, String, Table, Text

from core.columns import UtcInstant, metadata

policy_drafts = Table(
    "policy_drafts",
    metadata,
    Column("author", String(200), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("base_version", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("saved_at", UtcInstant, nullable=False),
)

policy_preview_runs = Table(
    "policy_preview_runs",
    metadata,
    Column("run_id", String(40), primary_key=True),
    Column("author", String(200), nullable=False, index=True),
    Column("text_hash", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("started_at", UtcInstant, nullable=False),
    Column("seen_at", UtcInstant, nullable=False),
    Column("preview_hash", String(64)),
    Column("code", String(60)),
    Column("message", Text),
    Column("remedy", Text),
)

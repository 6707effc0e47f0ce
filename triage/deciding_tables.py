"""Tables of what belongs to deciding a case: questions that were asked, files that were attached, blind checks."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from core.columns import CanonicalJson, UtcInstant, metadata

case_questions = Table(
    "case_questions",
    metadata,
    Column("question_id", String(40), primary_key=True),
    Column("case_id", String(40), nullable=False, index=True),
    Column("reason_code", String(40), nullable=False),
    Column("whom", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("asked_by", String(200), nullable=False),
    Column("asked_at", UtcInstant, nullable=False),
    Column("until", UtcInstant, nullable=False),
    Column("ended", String(12)),
    Column("ended_at", UtcInstant),
    Column("ended_by", String(200)),
    Column("answer", Text),
)

case_attachments = Table(
    "case_attachments",
    metadata,
    Column("attachment_id", String(40), primary_key=True),
    Column("case_id", String(40), nullable=False, index=True),
    Column("at", UtcInstant, nullable=False),
    Column("author", String(200), nullable=False),
    Column("file_name", String(255), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
)

blind_reviews = Table(
    "blind_reviews",
    metadata,
    Column("review_id", String(40), primary_key=True),
    Column("case_id", String(40), nullable=False),
    Column("place", Integer, nullable=False),
    Column("reviewer", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("resolution", String(30), nullable=False),
    Column("reason_code", String(40), nullable=False),
    Column("comment", Text),
    Column("differs", CanonicalJson, nullable=False),
    Column("salt", String(64), nullable=False),
    Column("agreed", String(10)),
    Index("uq_blind_reviews_case_place", "case_id", "place", unique=True),
    Index("ix_blind_reviews_reviewer", "reviewer", "case_id"),
    Index("ix_blind_reviews_at", "at"),
)

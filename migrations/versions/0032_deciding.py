"""questions, attachments, blind checks, and events that are held"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    op.create_table(
        "case_questions",
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("whom", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("asked_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("until", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("ended", sa.String(length=12), nullable=True),
        sa.Column("ended_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("ended_by", sa.String(length=200), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_case_questions")),
    )
    op.create_table(
        "case_attachments",
        sa.Column("attachment_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_case_attachments")),
    )
    op.create_table(
        "blind_reviews",
        sa.Column("review_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("reviewer", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("resolution", sa.String(length=30), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("differs", core.columns.CanonicalJson(), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("agreed", sa.String(length=10), nullable=True),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_blind_reviews")),
    )
    op.create_index("ix_case_questions_case_id", "case_questions", ["case_id"])
    op.create_index("ix_case_attachments_case_id", "case_attachments", ["case_id"])
    op.create_index("uq_blind_reviews_case_place", "blind_reviews", ["case_id", "place"], unique=True)
    op.create_index("ix_blind_reviews_reviewer", "blind_reviews", ["reviewer", "case_id"])
    op.create_index("ix_blind_reviews_at", "blind_reviews", ["at"])
    for column in (
        sa.Column("waits_for", sa.String(length=200), nullable=True),
        sa.Column("waits_until", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("asked_by", sa.String(length=200), nullable=True),
        sa.Column("review_stage", sa.String(length=10), nullable=True),
        sa.Column("undo_until", core.columns.UtcInstant(length=27), nullable=True),
    ):
        op.add_column("cases", column)
    op.create_index("ix_cases_waits_until", "cases", ["waits_until"])
    for name in ("deliver_after", "withdrawn_at"):
        op.add_column("outbox", sa.Column(name, core.columns.UtcInstant(length=27), nullable=True))
    op.create_index("ix_outbox_subject", "outbox", ["subject"])


def downgrade() -> None:
    """Takes this step back."""
    op.drop_index("ix_outbox_subject", table_name="outbox")
    for name in ("withdrawn_at", "deliver_after"):
        op.drop_column("outbox", name)
    op.drop_index("ix_cases_waits_until", table_name="cases")
    for name in ("undo_until", "review_stage", "asked_by", "waits_until", "waits_for"):
        op.drop_column("cases", name)
    for table in ("blind_reviews", "case_attachments", "case_questions"):
        op.drop_table(table)

"""labelled history and promises"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    op.create_table(
        "paper_labels",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("bundle", sa.String(length=80), nullable=True),
        sa.Column("drawn", sa.String(length=10), nullable=False),
        sa.Column("chance", sa.Float(), nullable=False),
        sa.Column("otherwise_clear", sa.Boolean(), nullable=False),
        sa.Column("wrong", sa.Boolean(), nullable=True),
        sa.Column("decided_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("judged_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("judged_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_paper_labels")),
    )
    with op.batch_alter_table("paper_labels", schema=None) as batch_op:
        batch_op.create_index("ix_paper_labels_kind", ["kind", "decided_at"], unique=False)
    op.create_table(
        "field_labels",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("was_right", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "field", name=op.f("pk_field_labels")),
    )
    op.create_table(
        "promise_versions",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("made_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.Column("policy_hash", sa.String(length=64), nullable=False),
        sa.Column("json", core.columns.CanonicalJson(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_promise_versions")),
    )
    with op.batch_alter_table("promise_versions", schema=None) as batch_op:
        batch_op.create_index("ix_promise_versions_kind", ["kind", "version"], unique=False)


def downgrade() -> None:
    """Takes this step back."""
    with op.batch_alter_table("promise_versions", schema=None) as batch_op:
        batch_op.drop_index("ix_promise_versions_kind")
    op.drop_table("promise_versions")
    op.drop_table("field_labels")
    with op.batch_alter_table("paper_labels", schema=None) as batch_op:
        batch_op.drop_index("ix_paper_labels_kind")
    op.drop_table("paper_labels")

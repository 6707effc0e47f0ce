"""erased documents and legal holds"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    op.create_table(
        "erased_documents",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("erased_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("erased_by", sa.String(length=200), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("decisions", core.columns.CanonicalJson(), nullable=False),
        sa.Column("stored", core.columns.CanonicalJson(), nullable=True),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_erased_documents")),
    )
    op.create_index(op.f("ix_erased_documents_erased_at"), "erased_documents", ["erased_at"])
    op.create_table(
        "legal_holds",
        sa.Column("hold_id", sa.String(length=40), nullable=False),
        sa.Column("document_id", sa.String(length=40), nullable=True),
        sa.Column("legal_entity", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.String(length=200), nullable=False),
        sa.Column("set_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("lifted_by", sa.String(length=200), nullable=True),
        sa.Column("lifted_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.PrimaryKeyConstraint("hold_id", name=op.f("pk_legal_holds")),
    )
    op.create_index(op.f("ix_legal_holds_document_id"), "legal_holds", ["document_id"])


def downgrade() -> None:
    """Takes this step back."""
    op.drop_table("legal_holds")
    op.drop_table("erased_documents")

"""documents and their arrivals"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    op.create_table(
        "documents",
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("received_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("received_by", sa.String(length=200), nullable=False),
        sa.Column("parent_id", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_node", sa.String(length=200), nullable=True),
        sa.Column("lease_until", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("lease_token", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("decided_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["documents.document_id"], name=op.f("fk_documents_parent_id")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_documents")),
        sa.UniqueConstraint("sha256", name=op.f("uq_documents_sha256")),
    )
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_documents_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_documents_received", ["received_at", "document_id"], unique=False)
        batch_op.create_index(
            "ix_documents_undecided",
            ["received_at", "document_id"],
            unique=False,
            sqlite_where=sa.text("state <> 'decided'"),
            postgresql_where=sa.text("state <> 'decided'"),
        )

    op.create_table(
        "document_arrivals",
        sa.Column("arrival_id", sa.String(length=40), nullable=False),
        sa.Column("document_id", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.String(length=40), nullable=True),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("arrived_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("arrived_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.document_id"], name=op.f("fk_document_arrivals_document_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["documents.document_id"], name=op.f("fk_document_arrivals_parent_id")),
        sa.PrimaryKeyConstraint("arrival_id", name=op.f("pk_document_arrivals")),
    )
    with op.batch_alter_table("document_arrivals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_arrivals_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_arrivals_parent_id"), ["parent_id"], unique=False)


def downgrade() -> None:
    """Takes this step back."""
    with op.batch_alter_table("document_arrivals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_arrivals_parent_id"))
        batch_op.drop_index(batch_op.f("ix_document_arrivals_document_id"))

    op.drop_table("document_arrivals")
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_documents_undecided",
            sqlite_where=sa.text("state <> 'decided'"),
            postgresql_where=sa.text("state <> 'decided'"),
        )
        batch_op.drop_index("ix_documents_received")
        batch_op.drop_index(batch_op.f("ix_documents_parent_id"))

    op.drop_table("documents")

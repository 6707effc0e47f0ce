"""what became of each paper and case, and counts by day, for the figures"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    op.create_table(
        "insight_days",
        sa.Column("grain", sa.String(length=30), nullable=False),
        sa.Column("value", sa.String(length=420), nullable=False),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("bucket", sa.String(length=60), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "grain", "value", "measure", "day", "kind", "bucket", name=op.f("pk_insight_days")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_insight_days_measure",
        "insight_days",
        ["grain", "measure", "day", "value", "kind", "bucket", "n", "total"],
    )
    op.create_table(
        "insight_items",
        sa.Column("subject", sa.String(length=220), nullable=False),
        sa.Column("supplier", sa.String(length=200), nullable=False),
        sa.Column("json", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_insight_items")),
    )
    op.create_index("ix_insight_items_supplier", "insight_items", ["supplier"])
    op.create_table(
        "insight_place",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("definitions", sa.Integer(), nullable=False),
        sa.Column("counted_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insight_place")),
    )
    op.create_table(
        "insight_versions",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("first_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_insight_versions")),
    )
    op.create_table(
        "insight_kept",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("json", core.columns.CanonicalJson(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_insight_kept")),
    )


def downgrade() -> None:
    """Takes this step back."""
    for table in ("insight_kept", "insight_versions", "insight_place", "insight_items", "insight_days"):
        op.drop_table(table)

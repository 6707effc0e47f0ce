"""counts of a day or week as one bundle; what was counted before is counted again from the audit"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step. Nothing is lost: counts are made from the audit, by `clearhold work` or `insights`."""
    op.drop_table("insight_days")
    op.drop_table("insight_items")
    op.create_table(
        "insight_counts",
        sa.Column("row_key", sa.String(length=500), nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("grain", sa.String(length=30), nullable=False),
        sa.Column("value", sa.String(length=420), nullable=False),
        sa.Column("span", sa.String(length=1), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("json", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("row_key", name=op.f("pk_insight_counts")),
    )
    op.create_index("ix_insight_counts_asked", "insight_counts", ["grain", "value", "part", "span", "day"])
    _items(sa.Column("last_day", sa.Date(), nullable=False))
    op.create_index("ix_insight_items_supplier", "insight_items", ["supplier", "last_day"])
    op.execute("DELETE FROM insight_place")


def downgrade() -> None:
    """Takes this step back."""
    op.drop_table("insight_counts")
    op.drop_table("insight_items")
    _items()
    op.create_index("ix_insight_items_supplier", "insight_items", ["supplier"])
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
        sa.PrimaryKeyConstraint("grain", "value", "measure", "day", "kind", "bucket", name=op.f("pk_insight_days")),
        sqlite_with_rowid=False,
    )
    columns = ["grain", "measure", "day", "value", "kind", "bucket", "n", "total"]
    op.create_index("ix_insight_days_measure", "insight_days", columns)
    op.execute("DELETE FROM insight_place")


def _items(*more: "sa.Column[object]") -> None:
    op.create_table(
        "insight_items",
        sa.Column("subject", sa.String(length=220), nullable=False),
        sa.Column("supplier", sa.String(length=200), nullable=False),
        *more,
        sa.Column("json", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_insight_items")),
    )

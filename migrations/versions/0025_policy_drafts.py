"""drafts of a policy, and previews in the making"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    op.create_table(
        "policy_drafts",
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.PrimaryKeyConstraint("author", name=op.f("pk_policy_drafts")),
    )
    op.create_table(
        "policy_preview_runs",
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("started_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("seen_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("preview_hash", sa.String(length=64), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("remedy", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_policy_preview_runs")),
    )
    op.create_index("ix_policy_preview_runs_author", "policy_preview_runs", ["author"])


def downgrade() -> None:
    """Takes this step back."""
    op.drop_table("policy_preview_runs")
    op.drop_table("policy_drafts")

"""policy previews and proposals"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    op.create_table(
        "policy_previews",
        sa.Column("preview_hash", sa.String(length=64), nullable=False),
        sa.Column("policy_hash", sa.String(length=64), nullable=False),
        sa.Column("base_hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("result", core.columns.CanonicalJson(), nullable=False),
        sa.PrimaryKeyConstraint("preview_hash", name=op.f("pk_policy_previews")),
    )
    op.create_table(
        "policy_proposals",
        sa.Column("proposal_id", sa.String(length=40), nullable=False),
        sa.Column("preview_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("proposed_by", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("ended_by", sa.String(length=200), nullable=True),
        sa.Column("ended_at", core.columns.UtcInstant(length=27), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_policy_proposals")),
    )
    with op.batch_alter_table("policy_proposals", schema=None) as batch_op:
        batch_op.create_index(
            "uq_policy_proposals_waiting",
            ["state"],
            unique=True,
            sqlite_where=sa.text("state = 'proposed'"),
            postgresql_where=sa.text("state = 'proposed'"),
        )
    with op.batch_alter_table("policies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proposed_by", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("preview_hash", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Takes this step back."""
    with op.batch_alter_table("policies", schema=None) as batch_op:
        batch_op.drop_column("preview_hash")
        batch_op.drop_column("proposed_by")
    op.drop_table("policy_proposals")
    op.drop_table("policy_previews")

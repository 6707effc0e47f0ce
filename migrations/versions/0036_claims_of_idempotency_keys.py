"""claims of idempotency keys"""

import sqlalchemy as sa
from alembic import op

import core.columns

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies this step."""
    op.create_table(
        "idempotency_claims",
        sa.Column("claim_hash", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("token", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("made_at", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("claimed_until", core.columns.UtcInstant(length=27), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", core.columns.CanonicalJson(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("claim_hash", name=op.f("pk_idempotency_claims")),
    )
    with op.batch_alter_table("idempotency_claims", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_claims_made_at"), ["made_at"], unique=False)


def downgrade() -> None:
    """Takes this step back."""
    with op.batch_alter_table("idempotency_claims", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_claims_made_at"))
    op.drop_table("idempotency_claims")
